package conversation

import (
	"context"
	"net/http"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

type historyIn struct {
	ID     string `path:"id" maxLength:"36"`
	Before int64  `query:"before" minimum:"0" doc:"Only those with a lesser number; the newest if absent."`
	Search string `query:"q" maxLength:"100" doc:"Only those in which these words stand, whatever their accents and case; among the newest 200."`
}

type historyOut struct{ Body History }

func (s *Service) historyRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/conversations/{id}/history", Tag: "conversations",
		Summary:    "Other conversations of the same person, the newest first",
		Permission: access.ConversationView, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *historyIn) (*historyOut, error) {
		h, err := s.History(ctx, ActorOf(ctx), in.ID, in.Before, in.Search)
		return &historyOut{Body: h}, err
	})
}
