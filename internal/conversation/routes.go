package conversation

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/file"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// uploadBody leaves room for the form around the largest file, and for a file a little too large to be told so by its own code.
const uploadBody = 2 * file.MaxBytes

var fileErrors = []fault.Code{
	fault.NotFound, fault.ConversationEnded, fault.RequestTooLarge, fault.FileEmpty, fault.FileTooLarge, fault.FileTypeRefused,
	fault.FileTypeMismatch,
}

// ActorOf returns the agent of a request.
func ActorOf(ctx context.Context) AgentActor {
	a := api.Actor(ctx)
	return AgentActor{
		AccountID: a.AccountID, ID: a.AgentID, Supervises: a.Can(access.SupervisionUse), Scope: a.Scope(),
	}
}

type byIDIn struct {
	ID string `path:"id" maxLength:"36"`
}

type conversationOut struct{ Body Conversation }

type messageOut struct{ Body Message }

type messagesIn struct {
	ID     string `path:"id" maxLength:"36"`
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
		Changed  []Message `json:"changed,omitempty" doc:"With after: the messages up to it that were changed after sending, as they are now; at most 200."`
	}
}

type postIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		ClientID string   `json:"client_id" maxLength:"64" pattern:"^[!-~]+$" doc:"Made by the client. The same id again returns the message of the first time."`
		Text     string   `json:"text" maxLength:"5000" doc:"1 to 5,000 characters after trimming; no control characters but newline and tab."`
		Audience Audience `json:"audience" enum:"visitor,agents" doc:"agents: internal, never shown to the visitor."`
		ReplyTo  int64    `json:"reply_to,omitempty" minimum:"1" doc:"The sequence of a message that is quoted. To the visitor only what the visitor may see."`
	}
}

type fileIn struct {
	ID      string `path:"id" maxLength:"36"`
	RawBody huma.MultipartFormFiles[struct {
		ClientID string        `form:"client_id" required:"true" maxLength:"64" pattern:"^[!-~]+$"`
		Audience Audience      `form:"audience" required:"true" enum:"visitor,agents"`
		File     huma.FormFile `form:"file" required:"true" doc:"1 byte to 2 MiB, of one of the types in the limits."`
	}]
}

func upload(f huma.FormFile) file.Upload {
	return file.Upload{Name: f.Filename, ContentType: f.ContentType, Content: f.File}
}

// Routes declares the agents' and the visitors' routes of conversations.
func (s *Service) Routes(a *api.API) {
	s.readRoutes(a)
	s.writeRoutes(a)
	s.changeRoutes(a)
	s.formRoutes(a)
	s.transferRoutes(a)
	s.partRoutes(a)
	s.historyRoutes(a)
	s.visitorRoutes(a)
}

func (s *Service) readRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/conversations/{id}", Tag: "conversations", Summary: "A conversation",
		Permission: access.ConversationView, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *byIDIn) (*conversationOut, error) {
		c, err := s.Get(ctx, ActorOf(ctx), in.ID)
		return &conversationOut{Body: c}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/conversations/{id}/messages", Tag: "conversations", Summary: "Messages of a conversation",
		Permission: access.ConversationView, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *messagesIn) (*messagesOut, error) {
		var out messagesOut
		var err error
		out.Body.Messages, out.Body.More, err = s.Messages(ctx, ActorOf(ctx), in.ID, in.page())
		if err == nil && in.After > 0 {
			out.Body.Changed, err = s.Changed(ctx, ActorOf(ctx), in.ID, in.After)
		}
		return &out, err
	})
}

func (s *Service) writeRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/conversations/{id}/messages", Tag: "conversations", Summary: "Send a message",
		Permission: access.ConversationReply, Errors: []fault.Code{fault.NotFound, fault.ConversationEnded, fault.ConversationNotYours},
	}, func(ctx context.Context, in *postIn) (*messageOut, error) {
		m, err := s.ReplyByAgent(ctx, ActorOf(ctx), in.ID, in.Body.ClientID, in.Body.Text, in.Body.Audience, in.Body.ReplyTo)
		return &messageOut{Body: m}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/conversations/{id}/files", Tag: "conversations", Summary: "Send a file",
		Permission: access.FileSend, Errors: append([]fault.Code{fault.ConversationNotYours}, fileErrors...), MaxBody: uploadBody,
	}, func(ctx context.Context, in *fileIn) (*messageOut, error) {
		form := in.RawBody.Data()
		m, err := s.PostFileByAgent(ctx, ActorOf(ctx), in.ID, form.ClientID, form.Audience, upload(form.File))
		return &messageOut{Body: m}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/conversations/{id}/end", Tag: "conversations", Summary: "End a conversation",
		Permission: access.ConversationEnd, Errors: []fault.Code{fault.NotFound, fault.ConversationEnded, fault.ConversationNotYours},
	}, func(ctx context.Context, in *byIDIn) (*conversationOut, error) {
		c, err := s.EndByAgent(ctx, ActorOf(ctx), in.ID)
		return &conversationOut{Body: c}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/conversations/{id}/close", Tag: "conversations", Summary: "Close the tab of an ended conversation",
		Permission: access.ConversationReply,
		Errors:     []fault.Code{fault.NotFound, fault.ConversationNotEnded, fault.ConversationNotYours, fault.ConversationFormUnanswered},
	}, func(ctx context.Context, in *byIDIn) (*conversationOut, error) {
		c, err := s.CloseTab(ctx, ActorOf(ctx), in.ID)
		return &conversationOut{Body: c}, err
	})
}
