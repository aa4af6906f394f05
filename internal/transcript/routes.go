package transcript

import (
	"context"
	"net/http"
	"time"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/text"
)

var (
	askRate        = api.Rate{Burst: 2, Per: 10 * time.Minute, By: api.ByVisitor}
	askAddressRate = api.Rate{Burst: 10, Per: 10 * time.Minute, By: api.ByAddress}
	// A code of six digits may be tried five times while it stays the same.
	confirmRate        = api.Rate{Burst: 5, Per: 20 * time.Minute, By: api.ByVisitor}
	confirmAddressRate = api.Rate{Burst: 30, Per: 20 * time.Minute, By: api.ByAddress}
)

type askIn struct {
	ID string `path:"id" maxLength:"36"`
}

type confirmIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Code string `json:"code" minLength:"6" maxLength:"10" doc:"The six digits of the mail."`
	}
}

type askOut struct{ Body Receipt }

type previewIn struct {
	ID       string        `path:"id" maxLength:"36"`
	Language text.Language `query:"language" enum:"pt,en,es" default:"pt"`
}

type previewOut struct{ Body Preview }

type sendIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Email    string        `json:"email" minLength:"3" maxLength:"254"`
		Language text.Language `json:"language" enum:"pt,en,es"`
	}
}

// Routes declares the agents' and the visitor's routes.
func (s *Service) Routes(a *api.API) {
	const path = "/api/conversations/{id}/transcript"
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: path, Tag: "conversations", Permission: access.ConversationReply,
		Summary: "The transcript as it would be sent: only what the visitor saw", Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *previewIn) (*previewOut, error) {
		if err := s.Conversations.MayView(ctx, in.ID); err != nil {
			return nil, err
		}
		p, err := s.Preview(ctx, api.Actor(ctx).AccountID, in.ID, in.Language)
		return &previewOut{Body: p}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: path, Tag: "conversations", Permission: access.ConversationReply,
		Summary: "Send the transcript by e-mail", Status: http.StatusAccepted, Errors: []fault.Code{fault.NotFound, fault.MailOff},
	}, func(ctx context.Context, in *sendIn) (*askOut, error) {
		if err := s.Conversations.MayView(ctx, in.ID); err != nil {
			return nil, err
		}
		to, err := s.Send(ctx, api.Actor(ctx).AccountID, in.ID, in.Body.Email, in.Body.Language)
		return &askOut{Body: Receipt{Email: to}}, err
	})
	s.visitorRoutes(a)
}

func (s *Service) visitorRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/v/conversations/{id}/transcript", Tag: "visitor", Visitor: true,
		Summary: "Have the conversation sent to the address given for it", Status: http.StatusAccepted,
		Description: "Once to each address. Unless the site's server has signed for it, a code goes there first, at most three at once and one " +
			"more in twenty minutes.",
		Errors: []fault.Code{fault.NotFound, fault.MailOff, fault.TranscriptSent, fault.RateLimited}, Rate: &askRate, AlsoRate: &askAddressRate,
	}, func(ctx context.Context, in *askIn) (*askOut, error) {
		r, err := s.Ask(ctx, visitorOf(ctx), in.ID, api.LanguageOf(ctx))
		return &askOut{Body: r}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/v/conversations/{id}/transcript/confirmation", Tag: "visitor", Visitor: true,
		Summary: "Have the conversation sent to whom the code came", Status: http.StatusAccepted,
		Errors: []fault.Code{fault.NotFound, fault.MailOff, fault.TranscriptSent}, Rate: &confirmRate, AlsoRate: &confirmAddressRate,
	}, func(ctx context.Context, in *confirmIn) (*askOut, error) {
		r, err := s.Confirm(ctx, visitorOf(ctx), in.ID, in.Body.Code, api.LanguageOf(ctx))
		return &askOut{Body: r}, err
	})
}

func visitorOf(ctx context.Context) conversation.VisitorActor {
	v := api.Visitor(ctx)
	return conversation.VisitorActor{AccountID: v.AccountID, SiteID: v.SiteID, VisitorID: v.VisitorID, VisitID: v.VisitID, Addr: api.ClientAddr(ctx)}
}
