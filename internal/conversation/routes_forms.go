package conversation

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/form"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

type sheetOut struct{ Body Sheet }

type fillInIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		FormID  string         `json:"form_id" maxLength:"36" doc:"The form that was shown."`
		Version int64          `json:"version" minimum:"0" doc:"The version of the answers that are replaced; 0 for the first ones."`
		Answers map[string]any `json:"answers" maxProperties:"30" doc:"By field: texts, numbers, booleans, lists of values chosen."`
	}
}

type givenOut struct{ Body form.Given }

type answersOut struct {
	Body struct {
		Answers []form.Given `json:"answers" nullable:"false"`
	}
}

// TransformSchema is called by huma.
func (Sheet) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "form", "answers")
}

func (s *Service) formRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/conversations/{id}/form", Tag: "conversations",
		Summary:    "The conversation form and what the agent has answered",
		Permission: access.ConversationView, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *byIDIn) (*sheetOut, error) {
		sheet, err := s.Sheet(ctx, ActorOf(ctx), in.ID)
		return &sheetOut{Body: sheet}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/conversations/{id}/form", Tag: "conversations", Summary: "Fill in the conversation form",
		Permission: access.ConversationReply, Errors: []fault.Code{fault.NotFound, fault.ConversationNotYours, fault.StaleWrite},
	}, func(ctx context.Context, in *fillInIn) (*givenOut, error) {
		given, err := s.FillIn(ctx, ActorOf(ctx), in.ID, in.Body.FormID, in.Body.Version, in.Body.Answers)
		return &givenOut{Body: given}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/conversations/{id}/answers", Tag: "conversations",
		Summary:    "Everything that was answered about a conversation: identification, conversation form, survey",
		Permission: access.ConversationView, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *byIDIn) (*answersOut, error) {
		var out answersOut
		var err error
		out.Body.Answers, err = s.Answers(ctx, ActorOf(ctx), in.ID)
		return &out, err
	})
}
