package audit

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
)

// TransformSchema is called by huma: most often nothing is wrong.
func (Verification) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "fault")
}

type listIn struct {
	AgentID string `query:"agent_id" maxLength:"36" doc:"Only what this agent did."`
	Action  string `query:"action" maxLength:"40" doc:"Only this action."`
	Before  int64  `query:"before" minimum:"0" default:"0" doc:"Entries before this sequence; 0 for the newest."`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type listOut struct{ Body Page }

type verifyOut struct{ Body Verification }

// Routes declares the routes of the log.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/audit", Permission: access.AuditView, Tag: "audit", Summary: "Who did what to others' work",
	}, func(ctx context.Context, in *listIn) (*listOut, error) {
		page, err := s.List(ctx, api.Actor(ctx).AccountID, Filter{
			AgentID: in.AgentID, Action: Action(in.Action), Before: in.Before, Limit: in.Limit,
		})
		return &listOut{Body: page}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/audit/verification", Permission: access.AuditView, Tag: "audit",
		Summary: "Check that no entry of the log was changed", Description: "Reads the whole log.",
	}, func(ctx context.Context, _ *struct{}) (*verifyOut, error) {
		v, err := s.Verify(ctx, api.Actor(ctx).AccountID)
		return &verifyOut{Body: v}, err
	})
}
