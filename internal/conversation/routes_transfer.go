package conversation

import (
	"context"
	"net/http"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

var transferErrors = []fault.Code{
	fault.NotFound, fault.ConversationEnded, fault.ConversationNotYours, fault.ConversationStale,
}

type targetsOut struct {
	Body struct {
		Agents []Target `json:"agents" nullable:"false" doc:"Able ones first; those who serve the conversation's department before the others."`
	}
}

type transferIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		AgentID string `json:"agent_id" maxLength:"36"`
		Note    string `json:"note,omitempty" maxLength:"500" doc:"For the receiver: an internal message in the conversation."`
	}
}

type transferOut struct{ Body Transfer }

type requeueIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		DepartmentID string `json:"department_id" maxLength:"36"`
		Note         string `json:"note,omitempty" maxLength:"500" doc:"For the agents there: an internal message in the conversation."`
	}
}

type transfersOut struct {
	Body struct {
		Transfers []Transfer `json:"transfers" nullable:"false" doc:"Pending, to and from the agent, the oldest first."`
	}
}

func (s *Service) transferRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/conversations/{id}/targets", Tag: "conversations", Summary: "Who the conversation may be transferred to",
		Permission: access.ConversationTransfer, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *byIDIn) (*targetsOut, error) {
		var out targetsOut
		var err error
		out.Body.Agents, err = s.Targets(ctx, ActorOf(ctx), in.ID)
		return &out, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/conversations/{id}/transfer", Tag: "conversations",
		Summary:    "Offer a conversation to another agent, who has a minute to accept; the limit may be passed by one",
		Permission: access.ConversationTransfer,
		Errors: append([]fault.Code{
			fault.TransferPending, fault.TransferTargetInactive, fault.TransferTargetAbsent, fault.TransferTargetFull,
		}, transferErrors...),
	}, func(ctx context.Context, in *transferIn) (*transferOut, error) {
		t, err := s.TransferToAgent(ctx, ActorOf(ctx), in.ID, in.Body.AgentID, in.Body.Note)
		return &transferOut{Body: t}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/conversations/{id}/requeue", Tag: "conversations",
		Summary:    "Send a conversation into the queue of a department; it keeps its number and when it began to wait",
		Permission: access.ConversationTransfer, Errors: append([]fault.Code{fault.DepartmentUnattended}, transferErrors...),
	}, func(ctx context.Context, in *requeueIn) (*conversationOut, error) {
		c, err := s.TransferToDepartment(ctx, ActorOf(ctx), in.ID, in.Body.DepartmentID, in.Body.Note)
		return &conversationOut{Body: c}, err
	})
	s.answerRoutes(a)
}

func (s *Service) answerRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/transfers", Tag: "conversations", Summary: "Pending transfers to and from the agent",
		Permission: access.ConversationView,
	}, func(ctx context.Context, _ *struct{}) (*transfersOut, error) {
		var out transfersOut
		var err error
		actor := api.Actor(ctx)
		out.Body.Transfers, err = s.Transfers(ctx, actor.AccountID, actor.AgentID)
		return &out, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/transfers/{id}/accept", Tag: "conversations", Summary: "Accept a transfer",
		Permission: access.ConversationReply, Errors: []fault.Code{fault.NotFound, fault.TransferOver, fault.TransferTargetFull},
	}, func(ctx context.Context, in *byIDIn) (*conversationOut, error) {
		c, err := s.AcceptTransfer(ctx, ActorOf(ctx), in.ID)
		return &conversationOut{Body: c}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/transfers/{id}/decline", Tag: "conversations", Summary: "Decline a transfer",
		Permission: access.ConversationReply, Errors: []fault.Code{fault.NotFound, fault.TransferOver}, Status: http.StatusNoContent,
	}, func(ctx context.Context, in *byIDIn) (*struct{}, error) {
		return nil, s.DeclineTransfer(ctx, ActorOf(ctx), in.ID)
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/transfers/{id}/withdraw", Tag: "conversations", Summary: "Take a transfer back",
		Permission: access.ConversationTransfer, Errors: []fault.Code{fault.NotFound, fault.TransferOver}, Status: http.StatusNoContent,
	}, func(ctx context.Context, in *byIDIn) (*struct{}, error) {
		return nil, s.WithdrawTransfer(ctx, ActorOf(ctx), in.ID)
	})
}

type joinIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		AgentID string `json:"agent_id" maxLength:"36" doc:"A colleague; or oneself, for who supervises. At most 8 take part."`
	}
}

type tagsIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Tags []string `json:"tags" nullable:"false" maxItems:"20" doc:"1 to 40 characters each; replaces the tags there were."`
	}
}

type tagsOut struct {
	Body struct {
		Tags []string `json:"tags" nullable:"false"`
	}
}

type correctIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Version int64          `json:"version" minimum:"0" doc:"Of the data that were looked at; 0 while nobody has corrected them."`
		Name    string         `json:"name" maxLength:"100" doc:"1 to 100 characters."`
		Email   string         `json:"email" maxLength:"254"`
		Phone   string         `json:"phone" maxLength:"40" doc:"Digits, spaces and + - ( ) . , / # x; may be empty."`
		Fields  map[string]any `json:"fields" nullable:"false" doc:"At most 30: names of up to 60 characters, values are texts of up to 1,000 characters, numbers or booleans. Replaces the fields there were; what the site's server signed for stays."`
	}
}

type holdIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Until *int64 `json:"until" doc:"Milliseconds UTC, at most 24 hours ahead; null takes it off hold."`
	}
}

// partRoutes are what those who take part do beside writing.
func (s *Service) partRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/conversations/{id}/participants", Tag: "conversations",
		Summary: "Bring a colleague into a conversation, or come as a supervisor", Permission: access.ConversationReply,
		Errors: []fault.Code{
			fault.NotFound, fault.ConversationEnded, fault.ConversationNotYours, fault.ConversationStale,
			fault.TransferTargetInactive, fault.TransferTargetAbsent, fault.ParticipantsFull,
		},
	}, func(ctx context.Context, in *joinIn) (*conversationOut, error) {
		c, err := s.Join(ctx, ActorOf(ctx), in.ID, in.Body.AgentID)
		return &conversationOut{Body: c}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/conversations/{id}/leave", Tag: "conversations", Summary: "Leave a conversation one takes part in",
		Permission: access.ConversationReply, Errors: []fault.Code{fault.NotFound, fault.ConversationNotYours, fault.ConversationStale},
	}, func(ctx context.Context, in *byIDIn) (*conversationOut, error) {
		c, err := s.Leave(ctx, ActorOf(ctx), in.ID)
		return &conversationOut{Body: c}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/conversations/{id}/tags", Tag: "conversations", Summary: "Tag a conversation",
		Permission: access.ConversationReply, Errors: []fault.Code{fault.NotFound, fault.ConversationNotYours},
	}, func(ctx context.Context, in *tagsIn) (*conversationOut, error) {
		c, err := s.SetTags(ctx, ActorOf(ctx), in.ID, in.Body.Tags)
		return &conversationOut{Body: c}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/conversations/{id}/visitor", Tag: "conversations", Summary: "Correct the visitor's contact data",
		Description: "What they were is kept in an internal message of the conversation.",
		Permission:  access.ConversationReply, Errors: []fault.Code{fault.NotFound, fault.ConversationNotYours, fault.StaleWrite},
	}, func(ctx context.Context, in *correctIn) (*conversationOut, error) {
		b := in.Body
		c, err := s.CorrectVisitor(ctx, ActorOf(ctx), in.ID, Correction{
			Version: b.Version, Name: b.Name, Email: b.Email, Phone: b.Phone, Fields: b.Fields,
		})
		return &conversationOut{Body: c}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/conversation-tags", Tag: "conversations", Summary: "The tags in use, the most frequent first; at most 100",
		Permission: access.ConversationView,
	}, func(ctx context.Context, _ *struct{}) (*tagsOut, error) {
		var out tagsOut
		var err error
		out.Body.Tags, err = s.Tags(ctx, api.Actor(ctx).AccountID)
		return &out, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/conversations/{id}/hold", Tag: "conversations", Summary: "Put a conversation on hold, with a reminder",
		Permission: access.ConversationReply, Errors: []fault.Code{fault.NotFound, fault.ConversationEnded, fault.ConversationNotYours},
	}, func(ctx context.Context, in *holdIn) (*conversationOut, error) {
		until := int64(0)
		if in.Body.Until != nil {
			until = *in.Body.Until
		}
		c, err := s.Hold(ctx, ActorOf(ctx), in.ID, until)
		return &conversationOut{Body: c}, err
	})
}
