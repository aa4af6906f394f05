package transcript

import (
	"context"
	"net/http"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

var (
	askRate        = api.Rate{Burst: 2, Per: 10 * time.Minute, By: api.ByVisitor}
	askAddressRate = api.Rate{Burst: 10, Per: 10 * time.Minute, By: api.ByAddress}
)

type askIn struct {
	ID string `path:"id" maxLength:"36"`
}

// Receipt tells a visitor where the transcript goes.
type Receipt struct {
	Email string `json:"email"`
}

type askOut struct{ Body Receipt }

// Routes declares the visitor's route.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/v/conversations/{id}/transcript", Tag: "visitor", Visitor: true,
		Summary: "Have the conversation sent to the address given for it", Status: http.StatusAccepted,
		Errors: []fault.Code{fault.NotFound, fault.MailOff}, Rate: &askRate, AlsoRate: &askAddressRate,
	}, func(ctx context.Context, in *askIn) (*askOut, error) {
		v := api.Visitor(ctx)
		to, err := s.Ask(ctx, conversation.VisitorActor{
			AccountID: v.AccountID, SiteID: v.SiteID, VisitorID: v.VisitorID, VisitID: v.VisitID, Addr: api.ClientAddr(ctx),
		}, in.ID, api.LanguageOf(ctx))
		return &askOut{Body: Receipt{Email: to}}, err
	})
}
