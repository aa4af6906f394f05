package teamchat

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/file"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// uploadBody leaves room for the form around the largest file, and for a file a little too large to be told so by its own code.
const uploadBody = 2 * file.MaxBytes

// postRate is far above what a person types, and below what would flood the others.
var postRate = api.Rate{Burst: 60, Per: time.Minute, By: api.ByAgent}

type roomsOut struct {
	Body struct {
		Rooms []Room `json:"rooms" nullable:"false" doc:"Those in which something was said, the liveliest first."`
	}
}

type messagesIn struct {
	ID     string `path:"id" maxLength:"36" doc:"A department's identifier, or another agent's."`
	After  int64  `query:"after" minimum:"-1" default:"-1" doc:"The messages after this sequence."`
	Before int64  `query:"before" minimum:"-1" default:"-1" doc:"The messages before this sequence. Without either: the newest."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (in messagesIn) page() Page {
	p := Page{Limit: in.Limit}
	if in.After >= 0 {
		p.After = &in.After
	}
	if in.Before >= 0 {
		p.Before = &in.Before
	}
	return p
}

type messagesOut struct {
	Body struct {
		Messages []Message `json:"messages" nullable:"false" doc:"In the order of sequences."`
		More     bool      `json:"more" doc:"There are others in the direction asked."`
	}
}

type postIn struct {
	ID   string `path:"id" maxLength:"36" doc:"A department's identifier, or another agent's."`
	Body struct {
		ClientID string   `json:"client_id" maxLength:"64" pattern:"^[!-~]+$" doc:"Made by the client. The same id again returns the message of the first time."`
		Text     string   `json:"text" maxLength:"5000" doc:"1 to 5,000 characters after trimming; no control characters but newline and tab."`
		Mentions []string `json:"mentions,omitempty" maxItems:"20" doc:"Members of the room who are called, by identifier."`
	}
}

type fileIn struct {
	ID      string `path:"id" maxLength:"36" doc:"A department's identifier, or another agent's."`
	RawBody huma.MultipartFormFiles[struct {
		ClientID string        `form:"client_id" required:"true" maxLength:"64" pattern:"^[!-~]+$"`
		File     huma.FormFile `form:"file" required:"true" doc:"1 byte to 2 MiB, of one of the types in the limits."`
	}]
}

type markIn struct {
	ID   string `path:"id" maxLength:"36" doc:"A department's identifier, or another agent's."`
	Body struct {
		Sequence int64 `json:"sequence" minimum:"1" doc:"The last message that was read."`
	}
}

type byIDIn struct {
	ID string `path:"id" maxLength:"36"`
}

type messageOut struct{ Body Message }

func actorOf(ctx context.Context) Actor {
	a := api.Actor(ctx)
	return Actor{AccountID: a.AccountID, AgentID: a.AgentID, Scope: a.Scope()}
}

// Stream answers with the bytes of a file the agent may see; file.Service.Stream is it.
type Stream func(ctx context.Context, f file.File) (*huma.StreamResponse, error)

// Routes declares the routes of the team chat.
func (s *Service) Routes(a *api.API, stream Stream) {
	s.readRoutes(a, stream)
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/team/rooms/{id}/messages", Tag: "team", Summary: "Say something in a room",
		Permission: access.TeamChat, Errors: []fault.Code{fault.NotFound, fault.TeamMemberInactive}, Rate: &postRate,
	}, func(ctx context.Context, in *postIn) (*messageOut, error) {
		m, err := s.Post(ctx, actorOf(ctx), in.ID, New{ClientID: in.Body.ClientID, Text: in.Body.Text, Mentions: in.Body.Mentions})
		return &messageOut{Body: m}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/team/rooms/{id}/files", Tag: "team", Summary: "Send a file to a room",
		Permission: access.TeamChat, MaxBody: uploadBody, Rate: &postRate, Errors: []fault.Code{
			fault.NotFound, fault.TeamMemberInactive, fault.RequestTooLarge, fault.FileEmpty, fault.FileTooLarge, fault.FileTypeRefused,
			fault.FileTypeMismatch,
		},
	}, func(ctx context.Context, in *fileIn) (*messageOut, error) {
		form := in.RawBody.Data()
		m, err := s.PostFile(ctx, actorOf(ctx), in.ID, form.ClientID, file.Upload{
			Name: form.File.Filename, ContentType: form.File.ContentType, Content: form.File.File,
		})
		return &messageOut{Body: m}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/team/rooms/{id}/read", Tag: "team", Summary: "Note how far the agent has read a room",
		Permission: access.TeamChat, Errors: []fault.Code{fault.NotFound}, Status: http.StatusNoContent,
	}, func(ctx context.Context, in *markIn) (*struct{}, error) {
		return nil, s.Mark(ctx, actorOf(ctx), in.ID, in.Body.Sequence)
	})
}

func (s *Service) readRoutes(a *api.API, stream Stream) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/team/rooms", Tag: "team", Summary: "The agent's rooms of the team chat, with what is unread",
		Permission: access.TeamChat,
	}, func(ctx context.Context, _ *struct{}) (*roomsOut, error) {
		var out roomsOut
		var err error
		out.Body.Rooms, err = s.Rooms(ctx, actorOf(ctx))
		return &out, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/team/rooms/{id}/messages", Tag: "team", Summary: "Messages of a room",
		Permission: access.TeamChat, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *messagesIn) (*messagesOut, error) {
		var out messagesOut
		var err error
		out.Body.Messages, out.Body.More, err = s.Messages(ctx, actorOf(ctx), in.ID, in.page())
		return &out, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/team/files/{id}", Tag: "team", Summary: "The bytes of a room's file, as an attachment",
		Permission: access.TeamChat, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *byIDIn) (*huma.StreamResponse, error) {
		f, err := s.File(ctx, actorOf(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return stream(ctx, f)
	})
}
