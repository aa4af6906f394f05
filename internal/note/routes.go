package note

import (
	"context"
	"net/http"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

type listIn struct {
	ID string `path:"id" maxLength:"36" doc:"The conversation."`
}

type listOut struct {
	Body struct {
		Notes []Note `json:"notes" nullable:"false" doc:"The newest first, at most 200."`
	}
}

type writeIn struct {
	ID   string `path:"id" maxLength:"36" doc:"The conversation."`
	Body struct {
		ClientID string `json:"client_id" maxLength:"64" pattern:"^[!-~]+$" doc:"Made by the client. The same id again returns the note of the first time."`
		Text     string `json:"text" maxLength:"2000" doc:"1 to 2,000 characters after trimming."`
	}
}

type changeIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Text    string `json:"text" maxLength:"2000" doc:"1 to 2,000 characters after trimming."`
		Version int64  `json:"version" minimum:"1" doc:"The version that was looked at."`
	}
}

type removeIn struct {
	ID string `path:"id" maxLength:"36"`
}

type noteOut struct{ Body Note }

// Routes declares the routes of notes.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/conversations/{id}/notes", Tag: "notes", Summary: "Notes about a conversation's visitor",
		Permission: access.ConversationView, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *listIn) (*listOut, error) {
		var out listOut
		var err error
		out.Body.Notes, err = s.List(ctx, conversation.ActorOf(ctx), in.ID)
		return &out, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/conversations/{id}/notes", Tag: "notes", Summary: "Note something about a conversation's visitor",
		Permission: access.ConversationReply, Status: http.StatusCreated, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *writeIn) (*noteOut, error) {
		n, err := s.Write(ctx, conversation.ActorOf(ctx), in.ID, in.Body.ClientID, in.Body.Text)
		return &noteOut{Body: n}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPatch, Path: "/api/notes/{id}", Tag: "notes", Summary: "Change one's own note",
		Permission: access.ConversationReply, Errors: []fault.Code{fault.NotFound, fault.StaleWrite},
	}, func(ctx context.Context, in *changeIn) (*noteOut, error) {
		n, err := s.Change(ctx, conversation.ActorOf(ctx), in.ID, in.Body.Text, in.Body.Version)
		return &noteOut{Body: n}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodDelete, Path: "/api/notes/{id}", Tag: "notes", Summary: "Remove a note: one's own, or anybody's who supervises everything",
		Permission: access.ConversationReply, Status: http.StatusNoContent, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *removeIn) (*struct{}, error) {
		return nil, s.Remove(ctx, conversation.ActorOf(ctx), in.ID)
	})
}
