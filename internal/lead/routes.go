package lead

import (
	"context"
	"net/http"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

type listIn struct {
	Since  int64  `query:"since" minimum:"0" maximum:"8640000000000000" doc:"Those marked from then on, milliseconds UTC; all if absent."`
	SiteID string `query:"site_id" maxLength:"36" doc:"Every site if absent."`
	Before string `query:"before" format:"uuid" pattern:"^[0-9a-f-]{36}$" doc:"The last id of the page before; the newest if absent."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type listOut struct{ Body Page }

type removeIn struct {
	ID string `path:"id" maxLength:"36"`
}

// Routes declares the routes of leads.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/leads", Permission: access.TriggerManage, Tag: "leads",
		Summary: "Visitors whom rules marked as leads, the newest first, and who brought them the first time",
	}, func(ctx context.Context, in *listIn) (*listOut, error) {
		page, err := s.List(ctx, api.Actor(ctx).AccountID, Filter{Since: in.Since, SiteID: in.SiteID, Before: in.Before, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		return &listOut{Body: page}, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodDelete, Path: "/api/leads/{id}", Permission: access.TriggerManage, Tag: "leads",
		Summary: "Take the mark of a lead away; the same rule does not set it again", Status: http.StatusNoContent,
		Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *removeIn) (*struct{}, error) {
		return nil, s.Remove(ctx, api.Actor(ctx).AccountID, in.ID)
	})
}
