package integration

import (
	"context"
	"net/http"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/site"
)

type listOut struct {
	Body struct {
		Integrations []Integration `json:"integrations" nullable:"false" doc:"By name, the inactive ones too; at most 10."`
	}
}

// Content is what an integration is made of.
type Content struct {
	Name   string `json:"name" minLength:"1" maxLength:"40" doc:"Unique in the account."`
	URL    string `json:"url" minLength:"1" maxLength:"1000" doc:"https, not of this installation; http only for localhost and 127.0.0.1."`
	Active bool   `json:"active"`
}

func (c Content) draft() Draft { return Draft(c) }

type createIn struct {
	site.Here
	Body struct {
		Content
	}
}

type saveIn struct {
	site.Here
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Content
		Version int64 `json:"version" minimum:"1" doc:"The version that was seen."`
	}
}

type byIDIn struct {
	ID string `path:"id" maxLength:"36"`
}

type integrationOut struct{ Body Integration }

type secretOut struct {
	Body struct {
		Secret string `json:"secret" doc:"For the page's own server: it verifies the context with it."`
	}
}

type framesOut struct {
	Body struct {
		Frames []FramedPage `json:"frames" nullable:"false" doc:"By name."`
	}
}

// Routes declares the routes of integrations.
func (s *Service) Routes(a *api.API) {
	const path = "/api/integrations"
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: path, Permission: access.ConversationView, Tag: "integrations", Summary: "Pages framed beside conversations",
	}, func(ctx context.Context, _ *struct{}) (*listOut, error) {
		var out listOut
		var err error
		out.Body.Integrations, err = s.List(ctx, api.Actor(ctx).AccountID)
		return &out, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: path, Permission: access.IntegrationManage, Tag: "integrations", Summary: "Add a page",
		Status: http.StatusCreated,
	}, func(ctx context.Context, in *createIn) (*integrationOut, error) {
		made, err := s.Create(ctx, api.Actor(ctx).AccountID, in.Body.draft(), in.Base())
		return &integrationOut{Body: made}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: path + "/{id}", Permission: access.IntegrationManage, Tag: "integrations", Summary: "Change a page",
		Errors: []fault.Code{fault.NotFound, fault.StaleWrite},
	}, func(ctx context.Context, in *saveIn) (*integrationOut, error) {
		saved, err := s.Save(ctx, api.Actor(ctx).AccountID, in.ID, in.Body.Version, in.Body.draft(), in.Base())
		return &integrationOut{Body: saved}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodDelete, Path: path + "/{id}", Permission: access.IntegrationManage, Tag: "integrations", Summary: "Remove a page",
		Status: http.StatusNoContent, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *byIDIn) (*struct{}, error) {
		return nil, s.Remove(ctx, api.Actor(ctx).AccountID, in.ID)
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: path + "/{id}/secret", Permission: access.IntegrationManage, Tag: "integrations",
		Summary: "What the page's contexts are signed with", Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *byIDIn) (*secretOut, error) {
		var out secretOut
		var err error
		out.Body.Secret, err = s.SecretOf(ctx, api.Actor(ctx).AccountID, in.ID)
		return &out, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/conversations/{id}/frames", Permission: access.ConversationView, Tag: "integrations",
		Summary: "The pages beside a conversation, each with its signed context, good for five minutes", Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *byIDIn) (*framesOut, error) {
		var out framesOut
		var err error
		out.Body.Frames, err = s.Frames(ctx, conversation.ActorOf(ctx), in.ID)
		return &out, err
	})
}
