package quickreply

import (
	"context"
	"net/http"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

func actorOf(ctx context.Context) Actor {
	a := api.Actor(ctx)
	return Actor{
		AccountID: a.AccountID, AgentID: a.AgentID, DepartmentIDs: a.DepartmentIDs, All: a.All, Manages: a.Can(access.QuickReplyManage),
	}
}

type listOut struct {
	Body struct {
		Replies []Reply `json:"replies" nullable:"false" doc:"By folder and title."`
	}
}

// Content is what a reply is made of.
type Content struct {
	Title        string  `json:"title" minLength:"1" maxLength:"80"`
	Shortcut     string  `json:"shortcut,omitempty" maxLength:"33" doc:"Letters, digits, - and _; typed after a slash. Unique among its owner's."`
	Folder       string  `json:"folder,omitempty" maxLength:"60"`
	Text         string  `json:"text" minLength:"1" maxLength:"5000" doc:"May hold {visitor}, {first_name}, {agent}, {department}, {number} and {greeting}, which the panel fills."`
	Share        Share   `json:"share" enum:"nobody,department,everybody" doc:"The account's are for a department or for everybody."`
	DepartmentID *string `json:"department_id,omitempty" maxLength:"36"`
}

func (c Content) reply() Reply {
	return Reply{Title: c.Title, Shortcut: c.Shortcut, Folder: c.Folder, Text: c.Text, Share: c.Share, DepartmentID: c.DepartmentID}
}

type createIn struct {
	Body struct {
		Content
		Own bool `json:"own" doc:"The agent's own; else the account's, which takes quickreply.manage. At most 200 and 1,000."`
	}
}

type saveIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Content
		Version int64 `json:"version" minimum:"1" doc:"The version that was seen."`
	}
}

type replyOut struct{ Body Reply }

type byIDIn struct {
	ID string `path:"id" maxLength:"36"`
}

// Routes declares the routes of quick replies.
func (s *Service) Routes(a *api.API) {
	const path = "/api/quick-replies"
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: path, Permission: access.ConversationReply, Tag: "quick replies",
		Summary: "The quick replies that the agent may use",
	}, func(ctx context.Context, _ *struct{}) (*listOut, error) {
		var out listOut
		var err error
		out.Body.Replies, err = s.List(ctx, actorOf(ctx))
		return &out, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: path, Permission: access.ConversationReply, Tag: "quick replies",
		Summary: "Write a quick reply", Status: http.StatusCreated,
	}, func(ctx context.Context, in *createIn) (*replyOut, error) {
		actor, r := actorOf(ctx), in.Body.reply()
		if in.Body.Own {
			r.AgentID = &actor.AgentID
		}
		made, err := s.Create(ctx, actor, r)
		return &replyOut{Body: made}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: path + "/{id}", Permission: access.ConversationReply, Tag: "quick replies",
		Summary: "Change a quick reply", Errors: []fault.Code{fault.NotFound, fault.StaleWrite},
	}, func(ctx context.Context, in *saveIn) (*replyOut, error) {
		r := in.Body.reply()
		r.ID, r.Version = in.ID, in.Body.Version
		saved, err := s.Save(ctx, actorOf(ctx), r)
		return &replyOut{Body: saved}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodDelete, Path: path + "/{id}", Permission: access.ConversationReply, Tag: "quick replies",
		Summary: "Remove a quick reply", Status: http.StatusNoContent, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *byIDIn) (*struct{}, error) {
		return nil, s.Remove(ctx, actorOf(ctx), in.ID)
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: path + "/{id}/uses", Permission: access.ConversationReply, Tag: "quick replies",
		Summary: "Count that a quick reply was inserted", Status: http.StatusNoContent, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *byIDIn) (*struct{}, error) {
		return nil, s.Used(ctx, actorOf(ctx), in.ID)
	})
}
