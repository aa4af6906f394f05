package outreach

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/site"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// TimeToLive is how long a page has to take a delivery. After it, it never appears.
const TimeToLive = 60 * time.Second

// SendRequest is one sending to one visit.
type SendRequest struct {
	AccountID, VisitID string
	Kind               Kind
	// TemplateID is for invites and promotions, URL for redirects, Text for messages of the team.
	TemplateID, URL, Text string
	By                    Sender
	// AgentID and AgentName are of the sending agent, TriggerID of the sending trigger.
	AgentID, AgentName, TriggerID string
	// ClientID makes the request safe to repeat: the same one to the same visit returns the first delivery. Made up when empty.
	ClientID string
}

// errAlready undoes a write that turned out to be impossible; why is asked outside.
var errAlready = errors.New("outreach: in the way")

// Send sends to one visit. A redirect takes the place of what is still pending; everything else waits its turn. Who waits or is in
// conversation is left alone, but the agent in charge may redirect.
// Errors: NotFound (no such template), Validation (url, text), TemplateInactive, VisitorGone, VisitorInConversation, OutreachBlocked,
// OutreachPending, OutreachLimit.
func (s *Service) Send(ctx context.Context, r SendRequest) (Delivery, error) {
	if r.ClientID == "" {
		r.ClientID = s.idents.New()
	}
	detail, ok := s.visits.Visit(r.AccountID, r.VisitID)
	if !ok {
		return Delivery{}, fault.New(fault.VisitorGone)
	}
	v := detail.Visit
	from, _ := s.sites.ByID(v.SiteID)
	d, err := s.compose(r, v, from)
	if err != nil {
		return Delivery{}, err
	}
	if err := s.mayApproach(ctx, r, v); err != nil {
		return Delivery{}, err
	}
	err = s.store.Write(store.InLane(ctx, r.AccountID), func(ctx context.Context, tx *store.Tx) error {
		return s.record(ctx, tx, &d, r.ClientID)
	})
	if errors.Is(err, errAlready) {
		return s.before(ctx, r)
	}
	if err != nil {
		return Delivery{}, err
	}
	if err := s.log.Settle(ctx, r.AccountID); err != nil {
		return Delivery{}, err
	}
	s.push(r.AccountID, v.VisitorID, d.frame())
	return d, nil
}

// record inserts the delivery, unless the visit had enough, or one is pending.
func (s *Service) record(ctx context.Context, tx *store.Tx, d *Delivery, clientID string) error {
	// Counted inside the account's lane, where nobody else sends meanwhile.
	if err := tx.QueryRow(ctx, countOfVisit, d.VisitID).Scan(&d.PerVisit); err != nil {
		return fmt.Errorf("outreach: count: %w", err)
	}
	if d.Kind == Redirect {
		if err := s.expireAll(ctx, tx, d.accountID, d.VisitorID); err != nil {
			return err
		}
	} else {
		if limit := s.Settings(d.accountID).PerVisit; d.PerVisit >= limit {
			return fault.New(fault.OutreachLimit).With("limit", limit)
		}
		d.PerVisit++
	}
	ok, err := d.insert(ctx, tx, clientID)
	if err != nil {
		return err
	}
	if !ok {
		return errAlready
	}
	return s.tell(ctx, tx, *d)
}

func (s *Service) tell(ctx context.Context, tx *store.Tx, d Delivery) error {
	return s.log.Append(ctx, tx, d.accountID, Changed{Delivery: d, Content: d.content, AgentName: d.agentName})
}

// before returns what the client id made before, or says that another one is pending.
func (s *Service) before(ctx context.Context, r SendRequest) (Delivery, error) {
	d, ok, err := found(s.store.Read().QueryRow(ctx, selectByClient, r.AccountID, r.ClientID, r.VisitID))
	if err != nil {
		return Delivery{}, err
	}
	if !ok {
		return Delivery{}, fault.New(fault.OutreachPending)
	}
	return d, nil
}

// mayApproach says why the visitor is left alone.
func (s *Service) mayApproach(ctx context.Context, r SendRequest, v *visitor.Visit) error {
	agentID, open, err := s.conversations.OpenOf(ctx, r.AccountID, v.VisitorID, v.SiteID)
	switch {
	case err != nil:
		return fmt.Errorf("outreach: open conversations: %w", err)
	case v.Barred || s.blocked(r.AccountID, v.IP):
		return fault.New(fault.OutreachBlocked)
	case open && (r.Kind != Redirect || agentID == "" || agentID != r.AgentID):
		return fault.New(fault.VisitorInConversation)
	}
	return nil
}

// compose settles what the visitor will see.
func (s *Service) compose(r SendRequest, v *visitor.Visit, from site.Site) (Delivery, error) {
	now := s.now()
	d := Delivery{
		ID: s.idents.New(), Kind: r.Kind, State: Queued, SiteID: v.SiteID, VisitorID: v.VisitorID, VisitID: v.ID, QueuedAt: now,
		ExpiresAt: now + TimeToLive.Milliseconds(), Version: 1, accountID: r.AccountID,
		content: Content{Style: Card, Position: BottomRight, Animation: NoAnimation},
	}
	if r.By == ByTrigger {
		d.TriggerID = &r.TriggerID
	} else {
		d.AgentID, d.agentName = &r.AgentID, r.AgentName
	}
	var c field.Check
	switch r.Kind {
	case Invite, Promotion:
		t, ok := s.Template(r.AccountID, r.TemplateID)
		if !ok || t.Kind != r.Kind {
			return Delivery{}, fault.New(fault.NotFound)
		}
		if !t.Active {
			return Delivery{}, fault.New(fault.TemplateInactive)
		}
		d.TemplateID, d.TemplateName, d.DepartmentID = &t.ID, t.Name, t.DepartmentID
		d.content = t.content(v.Language.String(), from.Language)
	case Redirect:
		own := domainsOf(s.sites.List(r.AccountID))
		d.content.URL = checkAddress(&c, "url", r.URL, own, s.Settings(r.AccountID).Redirect == OwnDomains)
	case TeamMessage:
		d.content.Text = c.Text("text", r.Text, 1, TextMax)
		d.content.Animation = Fade
	case OpenChat:
	default:
		c.Refuse("kind", fault.FieldUnknown, nil)
	}
	d.URL = d.content.Link + d.content.URL
	return d, c.Err()
}

// content is the template for a reader of one of the languages, the first one that it is written in.
func (t Template) content(languages ...string) Content {
	words := t.Texts.In(languages...)
	c := Content{
		Style: t.Style, Title: words.Title, Text: words.Text, Button: words.Button, Link: t.Link, Position: t.Position,
		Animation: t.Animation, Seconds: t.Seconds, Department: t.DepartmentID,
	}
	if t.Image != nil {
		c.Image = &FrameImage{URL: t.Image.URL, Alt: t.ImageAlt, Width: t.Image.Width, Height: t.Image.Height}
	}
	return c
}
