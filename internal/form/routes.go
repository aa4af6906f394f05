package form

import (
	"context"
	"net/http"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// bodyMax is room for thirty fields of fifty options in three languages.
const bodyMax = 1 << 20

type listOut struct {
	Body struct {
		Forms []Form `json:"forms" nullable:"false"`
	}
}

type createIn struct {
	Body struct {
		Kind Kind `json:"kind" enum:"identification,conversation,contact,survey" doc:"Stays what it is."`
		Draft
	}
}

type replaceIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Version int64 `json:"version" minimum:"1" doc:"The version that was looked at."`
		Draft
	}
}

type removeIn struct {
	ID string `path:"id" maxLength:"36"`
}

type formOut struct{ Body Form }

// Routes declares the routes of forms.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/forms", Tag: "forms", Summary: "All forms of the account",
	}, func(ctx context.Context, _ *struct{}) (*listOut, error) {
		out := &listOut{}
		out.Body.Forms = s.List(api.Actor(ctx).AccountID)
		return out, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/forms", Permission: access.FormManage, Tag: "forms", Summary: "Create a form",
		Status: http.StatusCreated, MaxBody: bodyMax,
	}, func(ctx context.Context, in *createIn) (*formOut, error) {
		f, err := s.Create(ctx, api.Actor(ctx).AccountID, in.Body.Kind, in.Body.Draft)
		return &formOut{Body: f}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/forms/{id}", Permission: access.FormManage, Tag: "forms", Summary: "Write a form anew",
		Errors: []fault.Code{fault.NotFound, fault.StaleWrite}, MaxBody: bodyMax,
	}, func(ctx context.Context, in *replaceIn) (*formOut, error) {
		f, err := s.Replace(ctx, api.Actor(ctx).AccountID, in.ID, in.Body.Version, in.Body.Draft)
		return &formOut{Body: f}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodDelete, Path: "/api/forms/{id}", Permission: access.FormManage, Tag: "forms",
		Summary: "Delete a form; what was answered stays", Status: http.StatusNoContent, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *removeIn) (*struct{}, error) {
		return nil, s.Remove(ctx, api.Actor(ctx).AccountID, in.ID)
	})
}
