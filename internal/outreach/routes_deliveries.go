package outreach

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/text"
)

// SendMax is how many visits one command may send to.
const SendMax = 50

type sendIn struct {
	Body struct {
		ClientID   string   `json:"client_id" maxLength:"64" pattern:"^[!-~]+$" doc:"Made by the client. The same id again sends nothing twice."`
		VisitIDs   []string `json:"visit_ids" minItems:"1" maxItems:"50" nullable:"false"`
		TemplateID *string  `json:"template_id,omitempty" maxLength:"36" nullable:"false" doc:"An invite or a promotion; or else the url."`
		URL        *string  `json:"url,omitempty" maxLength:"2048" nullable:"false" doc:"Where to redirect the visitors."`
	}
}

// SendResult is what became of one visit's sending: a delivery, or why there is none.
type SendResult struct {
	VisitID  string    `json:"visit_id"`
	Delivery *Delivery `json:"delivery"`
	// Refused is the code of the refusal, Detail its text in the caller's language.
	Refused *fault.Code `json:"refused" doc:"visitor_gone, visitor_in_conversation, outreach_blocked, outreach_pending or outreach_limit; null when it was sent."`
	Detail  string      `json:"detail"`
}

// TransformSchema is called by huma.
func (SendResult) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "delivery")
}

type sendOut struct {
	Body struct {
		Results []SendResult `json:"results" nullable:"false" doc:"In the order of visit_ids, each visit once."`
	}
}

type pastIn struct {
	VisitorID string `query:"visitor_id" required:"true" maxLength:"36"`
	Limit     int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type pastOut struct {
	Body struct {
		Deliveries []Delivery `json:"deliveries" nullable:"false" doc:"Newest first."`
	}
}

var sendRate = api.Rate{Burst: 60, Per: time.Minute, By: api.ByAgent}

// perVisitor are the refusals that concern one visit and leave the others be.
var perVisitor = map[fault.Code]bool{
	fault.VisitorGone: true, fault.VisitorInConversation: true, fault.OutreachBlocked: true, fault.OutreachPending: true,
	fault.OutreachLimit: true,
}

func (s *Service) deliveryRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/outreach/deliveries", Tag: "outreach", Summary: "Send an invite, a promotion or a redirect",
		Description: "To up to 50 visits at once; each gets its own answer.", Permission: access.OutreachSend, Rate: &sendRate,
		Errors: []fault.Code{fault.NotFound, fault.TemplateInactive},
	}, func(ctx context.Context, in *sendIn) (*sendOut, error) {
		out := &sendOut{}
		r := SendRequest{By: ByAgent, Kind: Redirect, ClientID: in.Body.ClientID}
		switch {
		case in.Body.TemplateID != nil && in.Body.URL != nil:
			return nil, fault.Invalid(fault.Field{Name: "url", Code: fault.FieldNotAllowed, Limit: "template_id"})
		case in.Body.TemplateID != nil:
			r.TemplateID = *in.Body.TemplateID
		case in.Body.URL != nil:
			r.URL = *in.Body.URL
		default:
			return nil, fault.Invalid(fault.Field{Name: "template_id", Code: fault.FieldRequired})
		}
		var err error
		out.Body.Results, err = s.SendByAgent(ctx, api.Actor(ctx), r, in.Body.VisitIDs)
		return out, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/outreach/deliveries", Tag: "outreach", Summary: "What was sent to a visitor",
		Permission: access.VisitorView,
	}, func(ctx context.Context, in *pastIn) (*pastOut, error) {
		out := &pastOut{}
		var err error
		out.Body.Deliveries, err = s.Past(ctx, api.Actor(ctx).AccountID, in.VisitorID, in.Limit)
		return out, err
	})
}

// SendByAgent sends the same to several visits, on behalf of an agent who may use the template. What is wrong with the request
// itself is an error; what is in the way at one visit stands in its result.
// Errors: NotFound, TemplateInactive, Validation.
func (s *Service) SendByAgent(ctx context.Context, actor api.ActorInfo, r SendRequest, visitIDs []string) ([]SendResult, error) {
	r.AccountID, r.By, r.AgentID, r.AgentName = actor.AccountID, ByAgent, actor.AgentID, actor.Name
	if r.TemplateID != "" {
		t, ok := s.Template(actor.AccountID, r.TemplateID)
		if !ok || !t.UsableBy.by(actor) {
			return nil, fault.New(fault.NotFound)
		}
		r.Kind = t.Kind
	}
	results := make([]SendResult, 0, len(visitIDs))
	done := make(map[string]bool, len(visitIDs))
	for _, visitID := range visitIDs {
		if done[visitID] {
			continue
		}
		done[visitID] = true
		r.VisitID = visitID
		d, err := s.Send(ctx, r)
		code := fault.CodeOf(err)
		switch {
		case err == nil:
			results = append(results, SendResult{VisitID: visitID, Delivery: &d})
		case perVisitor[code]:
			results = append(results, SendResult{VisitID: visitID, Refused: &code, Detail: explain(ctx, err)})
		default:
			return nil, err
		}
	}
	return results, nil
}

func explain(ctx context.Context, err error) string {
	f, _ := errors.AsType[*fault.Error](err)
	return text.Refusal(api.LanguageOf(ctx), f)
}

// Past returns what was sent to a visitor, newest first.
func (s *Service) Past(ctx context.Context, accountID, visitorID string, limit int) ([]Delivery, error) {
	return deliveries(s.store.Read().Query(ctx, selectOfVisitor, accountID, visitorID, limit))
}
