package conversation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aceno-chat/aceno/internal/form"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// Limits of what a visitor fills in.
const (
	MaxNameRunes       = 100
	MaxFields          = 30
	MaxFieldNameRunes  = 60
	MaxFieldValueRunes = 1000
)

// Opening is a visitor's request for contact.
type Opening struct {
	// ClientID makes the request safe to repeat.
	ClientID     string
	DepartmentID string
	// Name and Email are always asked (T150).
	Name  string
	Email string
	// Fields are further answers by name: texts, numbers, booleans.
	Fields map[string]any
	// Answers are those to the identification form, by field; what it does not ask is left out.
	Answers map[string]any
	// Text is the first message; it may be empty.
	Text string
	// OutreachID is what made the visitor ask; it may be empty. What it does not fit is ignored.
	OutreachID string
}

// check returns o cleaned, or a Validation error naming every field at fault.
func (o Opening) check() (Opening, error) {
	var c field.Check
	if !validClientID(o.ClientID) {
		c.Refuse("client_id", fault.FieldInvalid, nil)
	}
	o.Name = c.Line("name", o.Name, 1, MaxNameRunes)
	o.Email = c.Email("email", o.Email)
	if o.DepartmentID == "" {
		c.Refuse("department_id", fault.FieldRequired, nil)
	}
	if len(o.Fields) > MaxFields {
		c.Refuse("fields", fault.FieldTooMany, MaxFields)
	}
	for name, value := range o.Fields {
		if code, limit := checkField(name, value); code != "" {
			c.Refuse("fields", code, limit)
			break
		}
	}
	if strings.TrimSpace(o.Text) == "" {
		o.Text = ""
		return o, c.Err()
	}
	text, err := CleanText(o.Text)
	if wrong, ok := errors.AsType[*fault.Error](err); ok {
		for _, f := range wrong.Fields {
			c.Refuse(f.Name, f.Code, f.Limit)
		}
	}
	o.Text = text
	return o, c.Err()
}

// checkField tells what is wrong with one further answer: it is a short name and a text, number or boolean.
func checkField(name string, value any) (code string, limit any) {
	if visitor.ReadsAsProven(name) {
		return fault.FieldNotAllowed, nil
	}
	if name == "" || utf8.RuneCountInString(name) > MaxFieldNameRunes || strings.ContainsFunc(name, forbiddenInText) {
		return fault.FieldInvalid, nil
	}
	switch value := value.(type) {
	case nil, bool, float64, int, int64, json.Number:
		return "", nil
	case string:
		if utf8.RuneCountInString(value) > MaxFieldValueRunes {
			return fault.FieldTooLong, MaxFieldValueRunes
		}
		if strings.ContainsFunc(strings.ReplaceAll(value, "\r\n", "\n"), forbiddenInText) {
			return fault.FieldControlChars, nil
		}
		return "", nil
	default:
		return fault.FieldInvalid, nil
	}
}

// longestDelay is how late the database may be with what it has to write before who comes new is asked to wait: those who are in
// conversation are served first.
const longestDelay = 3 * time.Second

// TurnedAway is how many openings were refused because the database was late.
func (s *Service) TurnedAway() int64 { return s.turnedAway.Load() }

// errAlready undoes a write that turned out to be done before.
var errAlready = errors.New("conversation: done before")

// Open puts a visitor into the queue of a department. When the visitor already has an open conversation on the site, or the
// client id was used before, that conversation is returned and created is false (B02).
// While writing takes longer than longestDelay, nobody new is let in.
// Errors: Validation, VisitorBlocked, DepartmentClosed, DepartmentUnattended, IdentityRequired, Overloaded.
func (s *Service) Open(ctx context.Context, v VisitorActor, o Opening) (_ VisitorConversation, created bool, err error) {
	if o, err = o.check(); err != nil {
		return VisitorConversation{}, false, err
	}
	o.Text = s.maskingOf(v.SiteID).apply(o.Text)
	if c, ok, err := s.existing(ctx, s.store.Read(), v, o.ClientID); err != nil || ok {
		return s.visible(ctx, c), false, err
	}
	if s.blocks != nil && s.blocks.Blocked(v.AccountID, v.Addr) {
		return VisitorConversation{}, false, fault.New(fault.VisitorBlocked)
	}
	if s.delay(ctx, v.AccountID) > longestDelay {
		s.turnedAway.Add(1)
		return VisitorConversation{}, false, fault.New(fault.Overloaded).With("seconds", int(longestDelay/time.Second))
	}
	department, err := s.attending(ctx, v.AccountID, o.DepartmentID)
	if err != nil {
		return VisitorConversation{}, false, err
	}
	year, _, err := s.calendar.Day(ctx, v.AccountID, s.clock.Now())
	if err != nil {
		return VisitorConversation{}, false, fmt.Errorf("conversation: the account's day: %w", err)
	}
	visit, _ := s.visits.VisitDetails(v.AccountID, v.VisitID) // unknown after a restart: then the answers are all there is
	proven := visit.Email == o.Email                          // what was proven, was proven for that address
	visit.Name, visit.Email, visit.Fields = o.Name, o.Email, merged(visit.Fields, o.Fields)
	if !proven {
		visit.VerifiedID = ""
	}
	if department.IdentityRequired && visit.VerifiedID == "" {
		return VisitorConversation{}, false, fault.New(fault.IdentityRequired)
	}
	q := queueing{visitor: v, opening: o, department: department, year: year}
	if q.form, q.answers, q.answered, err = s.identify(v.AccountID, o, visit.Fields); err != nil {
		return VisitorConversation{}, false, err
	}
	maps.Copy(visit.Fields, asFields(q.answers))
	q.visit = visit
	if q.inviter, q.invited, err = s.inviter(ctx, v, o.OutreachID); err != nil {
		return VisitorConversation{}, false, err
	}
	for {
		var result VisitorConversation
		err := s.write(ctx, v.AccountID, func(ctx context.Context, tx *store.Tx) (err error) {
			result, err = s.queue(ctx, tx, q)
			return err
		})
		if err == nil && result.Position != nil {
			result.Estimate = s.Estimate(ctx, v.AccountID, o.DepartmentID, *result.Position)
		}
		if !errors.Is(err, errAlready) {
			return result, err == nil, err
		}
		// Somebody was quicker. It may be over again by now, and then this request opens one after all.
		if c, ok, err := s.existing(ctx, s.store.Read(), v, o.ClientID); err != nil || ok {
			return s.visible(ctx, c), false, err
		}
		if err := ctx.Err(); err != nil {
			return VisitorConversation{}, false, fmt.Errorf("conversation: open: %w", err)
		}
	}
}

// merged adds the visitor's answers to what the site told of the visitor.
func merged(told, answers map[string]any) map[string]any {
	all := make(map[string]any, len(told)+len(answers))
	maps.Copy(all, told)
	maps.Copy(all, answers)
	return all
}

// attending returns the department if somebody there can attend.
func (s *Service) attending(ctx context.Context, accountID, departmentID string) (Department, error) {
	all, err := s.departments.Attending(ctx, accountID)
	if err != nil {
		return Department{}, fmt.Errorf("conversation: departments: %w", err)
	}
	i := slices.IndexFunc(all, func(d Department) bool { return d.ID == departmentID })
	if i < 0 {
		return Department{}, fault.Invalid(fault.Field{Name: "department_id", Code: fault.FieldUnknown})
	}
	if all[i].Closed {
		return Department{}, fault.New(fault.DepartmentClosed)
	}
	if !all[i].Online {
		return Department{}, fault.New(fault.DepartmentUnattended)
	}
	return all[i], nil
}

// existing finds the visitor's open conversation on the site, or the one that was opened under the client id.
func (s *Service) existing(ctx context.Context, q querier, v VisitorActor, clientID string) (Conversation, bool, error) {
	c, ok, err := found(q.QueryRow(ctx, selectClient, v.SiteID, v.VisitorID, clientID))
	if err != nil || ok {
		return c, ok, err
	}
	return found(q.QueryRow(ctx, selectOpen, v.SiteID, v.VisitorID))
}

// queueing is everything an opening needs before its write.
type queueing struct {
	visitor    VisitorActor
	opening    Opening
	department Department
	year       int
	visit      Details
	// invited says that the opening's outreach led here, inviter is the agent who sent it, or empty.
	invited bool
	inviter string
	// answered says that the visitor answered the form.
	answered bool
	form     form.Form
	answers  []form.Answer
}

// InviterFirst is how long an accepted invite is kept for the agent who sent it, if able (T076).
const InviterFirst = 20 * time.Second

func (s *Service) inviter(ctx context.Context, v VisitorActor, outreachID string) (agentID string, ok bool, err error) {
	if outreachID == "" || s.invites == nil {
		return "", false, nil
	}
	if agentID, ok, err = s.invites.Inviter(ctx, v.AccountID, v.VisitorID, outreachID); err != nil {
		return "", false, fmt.Errorf("conversation: the invite: %w", err)
	}
	return agentID, ok, nil
}

// queue inserts the conversation with its first messages. errAlready when there is one.
func (s *Service) queue(ctx context.Context, tx *store.Tx, q queueing) (VisitorConversation, error) {
	v, o, now := q.visitor, q.opening, s.now()
	base := int64(q.year) * 1_000_000
	var number int64
	if err := tx.QueryRow(ctx, takeNumber, base, base, v.AccountID).Scan(&number); err != nil {
		return VisitorConversation{}, fmt.Errorf("conversation: number: %w", err)
	}
	c := Conversation{
		ID: s.idents.New(), Number: number, SiteID: v.SiteID, DepartmentID: o.DepartmentID, VisitorID: v.VisitorID, VisitID: v.VisitID,
		State: Waiting, Visitor: Embed(q.visit), VerifiedID: q.visit.VerifiedID, QueueEnteredAt: now, UnansweredSince: &now, Version: 1,
		Participants: Embed([]Participant{}), Tags: Embed([]string{}),
		accountID: v.AccountID, visitorName: o.Name, visitorEmail: o.Email,
	}
	var last *string
	if err := tx.QueryRow(ctx, earlierOf, v.VisitorID, v.AccountID, v.VisitorID, v.AccountID).Scan(&c.Earlier, &last); err != nil && !errors.Is(err, store.ErrNoRows) {
		return VisitorConversation{}, fmt.Errorf("conversation: earlier ones: %w", err)
	}
	triage := s.triageOf(v.AccountID, &c, q.visit, last)
	if q.invited {
		c.OutreachID = &o.OutreachID
	}
	if q.inviter != "" {
		until := now + InviterFirst.Milliseconds()
		c.PreferredAgentID, c.PreferredUntil = &q.inviter, &until
	}
	messages := []Message{s.systemMessage(c.ID, SystemQueued, map[string]string{}, now)}
	if o.Text != "" {
		first := Message{
			ID: s.idents.New(), ConversationID: c.ID, ClientID: o.ClientID, Kind: TextMessage, Audience: ToVisitor, Text: o.Text, At: now,
			Author: Author{Kind: ByVisitor, ID: &v.VisitorID, Name: o.Name},
		}
		messages = append(messages, first)
		text := Embed(LastMessage{Text: o.Text, AuthorKind: ByVisitor, At: now})
		c.LastMessage = &text
	}
	c.LastSequence, c.LastVisitorSequence = int64(len(messages)), int64(len(messages))
	var newest *string
	if c.LastMessage != nil {
		newest = &c.LastMessage.text
	}
	n, err := tx.Exec(ctx, insertOpened, c.ID, v.AccountID, c.Number, o.ClientID, c.SiteID, c.DepartmentID, c.VisitorID, c.VisitID,
		c.Visitor.text, o.Name, o.Email, now, c.LastSequence, c.LastVisitorSequence, newest, now, c.Earlier,
		c.OutreachID, c.PreferredAgentID, c.PreferredUntil, c.QueueOrder, Embed(triage).text)
	if err != nil {
		return VisitorConversation{}, fmt.Errorf("conversation: insert: %w", err)
	}
	if n == 0 {
		return VisitorConversation{}, errAlready
	}
	if err := s.keepTold(ctx, tx, c, q); err != nil {
		return VisitorConversation{}, err
	}
	position, err := position(ctx, tx, c)
	if err != nil {
		return VisitorConversation{}, err
	}
	names := Names{Department: q.department.Name}
	events := s.told(c, &messages, QueuedEvent{Change: Change{Conversation: c, Names: names}, Position: position})
	for i := range messages {
		if _, err := messages[i].insert(ctx, tx, v.AccountID); err != nil {
			return VisitorConversation{}, err
		}
	}
	if err := s.log.Append(ctx, tx, v.AccountID, events...); err != nil {
		return VisitorConversation{}, fmt.Errorf("conversation: open: %w", err)
	}
	return visibleConversation(c, names, position), nil
}

// keepTold keeps what the visitor answered and what the visitor's site signed for.
func (s *Service) keepTold(ctx context.Context, tx *store.Tx, c Conversation, q queueing) error {
	if c.VerifiedID != "" {
		if _, err := tx.Exec(ctx, proves, c.VerifiedID, c.ID, c.accountID); err != nil {
			return fmt.Errorf("conversation: the visitor's proof: %w", err)
		}
	}
	if !q.answered {
		return nil
	}
	given := form.Given{SubjectID: c.ID, DepartmentID: c.DepartmentID, Answers: q.answers}
	if _, err := s.forms.PutIn(ctx, tx, c.accountID, q.form, given, 0); err != nil {
		return fmt.Errorf("conversation: the visitor's answers: %w", err)
	}
	return nil
}

// position counts the place of a waiting conversation in its department's queue, from 1.
func position(ctx context.Context, q querier, c Conversation) (int64, error) {
	var before int64
	err := q.QueryRow(ctx, countBefore, c.accountID, c.DepartmentID, c.QueueOrder, c.QueueOrder, c.Number).Scan(&before)
	if err != nil {
		return 0, fmt.Errorf("conversation: position: %w", err)
	}
	return before + 1, nil
}

// visible builds what the visitor sees of a conversation now, with the place in the queue from the board.
func (s *Service) visible(ctx context.Context, c Conversation) VisitorConversation {
	if c.ID == "" {
		return VisitorConversation{}
	}
	var place int64
	if c.State == Waiting {
		place, _ = s.board.Position(ctx, c.accountID, c.ID)
	}
	visible := visibleConversation(c, s.names(ctx, c), place)
	if visible.Position != nil {
		visible.Estimate = s.Estimate(ctx, c.accountID, c.DepartmentID, place)
	}
	return visible
}
