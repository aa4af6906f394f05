package grid

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

type viewsOutput struct {
	Body struct {
		Views []SavedView `json:"views" nullable:"false"`
	}
}

type viewBody struct {
	Name   string `json:"name" minLength:"1" maxLength:"60" doc:"At most 100 views of an agent."`
	Shared bool   `json:"shared" doc:"Shown to every agent of the account."`
	Definition
}

type createViewInput struct{ Body viewBody }

type saveViewInput struct {
	ID   string `path:"id" format:"uuid"`
	Body viewBody
}

type viewOutput struct{ Body SavedView }

type removeViewInput struct {
	ID string `path:"id" format:"uuid"`
}

type exportInput struct{ Body Export }

func (b viewBody) of(agentID, id string) SavedView {
	return SavedView{ID: id, AgentID: agentID, Name: b.Name, Shared: b.Shared, Definition: b.Definition}
}

// Routes declares the routes of saved views.
func (s *SavedViews) Routes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/grid-views", Permission: access.VisitorView, Tag: "grid",
		Summary: "The agent's saved views of the grid and the shared ones, by name",
	}, func(ctx context.Context, _ *struct{}) (*viewsOutput, error) {
		actor := api.Actor(ctx)
		out := &viewsOutput{}
		var err error
		out.Body.Views, err = s.List(ctx, actor.AccountID, actor.AgentID)
		return out, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/grid-views", Permission: access.VisitorView, Tag: "grid",
		Summary: "Save a view of the grid", Status: http.StatusCreated,
	}, func(ctx context.Context, in *createViewInput) (*viewOutput, error) {
		actor := api.Actor(ctx)
		v, err := s.Create(ctx, actor.AccountID, in.Body.of(actor.AgentID, ""))
		return &viewOutput{Body: v}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/grid-views/{id}", Permission: access.VisitorView, Tag: "grid",
		Summary: "Replace a saved view of one's own", Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *saveViewInput) (*viewOutput, error) {
		actor := api.Actor(ctx)
		v, err := s.Save(ctx, actor.AccountID, in.Body.of(actor.AgentID, in.ID))
		return &viewOutput{Body: v}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodDelete, Path: "/api/grid-views/{id}", Permission: access.VisitorView, Tag: "grid",
		Summary: "Forget a saved view of one's own; who supervises everything may forget shared ones",
		Status:  http.StatusNoContent, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *removeViewInput) (*struct{}, error) {
		actor := api.Actor(ctx)
		return nil, s.Remove(ctx, actor.AccountID, actor.AgentID, in.ID, actor.Can(access.SupervisionAll))
	})
}

// Routes declares the export. zone tells an account's time zone.
func (t *Tables) Routes(a *api.API, zone func(ctx context.Context, accountID string) (*time.Location, error)) {
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/visitors/export", Permission: access.VisitorExport, Tag: "grid",
		Summary: "Everybody of a view of the grid, as a CSV file", Rate: &api.Rate{Burst: 10, Per: time.Minute, By: api.ByAgent},
		Description: "UTF-8 with a byte order mark. Times are the account's; cells that a spreadsheet would take for a formula begin with an apostrophe.",
	}, func(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
		accountID := api.Actor(ctx).AccountID
		where, err := zone(ctx, accountID)
		if err != nil {
			return nil, fmt.Errorf("grid: export: %w", err)
		}
		in.Body.Zone = where
		write, err := t.Export(accountID, in.Body)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
			hc.SetHeader("Content-Disposition", `attachment; filename="visitors.csv"`)
			hc.SetHeader("X-Content-Type-Options", "nosniff")
			hc.SetHeader("Cache-Control", "no-store")
			hc.SetStatus(http.StatusOK)
			_ = write(hc.BodyWriter()) // who asked is gone: nobody to tell
		}}, nil
	})
}
