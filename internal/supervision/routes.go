package supervision

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// TransformSchema is called by huma: there may be no message yet.
func (Supervision) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "last_message")
}

type byIDIn struct {
	ID string `path:"id" maxLength:"36"`
}

type deskOut struct{ Body Desk }

type conversationOut struct{ Body conversation.Conversation }

type takeOverIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		AgentID string `json:"agent_id" maxLength:"36" doc:"who has the conversation; when somebody else has it by now, it is refused"`
	}
}

type grantIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		All           bool     `json:"all" doc:"Everything; the lists are ignored."`
		DepartmentIDs []string `json:"department_ids" maxItems:"200" nullable:"false"`
		AgentIDs      []string `json:"agent_ids" maxItems:"200" nullable:"false"`
	}
}

type grantOut struct{ Body Grant }

// Routes declares the routes of supervision.
func (s *Service) Routes(a *api.API) {
	s.watchRoutes(a)
	s.interveneRoutes(a)
	s.grantRoutes(a)
}

func (s *Service) watchRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/supervision", Permission: access.SupervisionUse, Tag: "supervision",
		Summary: "The open conversations and the agents that the caller watches over",
	}, func(ctx context.Context, _ *struct{}) (*deskOut, error) {
		d, err := s.Desk(ctx, conversation.ActorOf(ctx))
		return &deskOut{Body: d}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/conversations/{id}/watch", Permission: access.SupervisionUse, Tag: "supervision",
		Summary:     "Watch a conversation",
		Description: "From now on its messages come on the caller's socket. It is written into the audit log; neither the visitor nor the agent is told.",
		Errors:      []fault.Code{fault.NotFound, fault.ConversationEnded},
	}, func(ctx context.Context, in *byIDIn) (*conversationOut, error) {
		c, err := s.Watch(ctx, conversation.ActorOf(ctx), in.ID)
		return &conversationOut{Body: c}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodDelete, Path: "/api/conversations/{id}/watch", Permission: access.SupervisionUse, Tag: "supervision",
		Summary: "Watch a conversation no longer", Status: http.StatusNoContent, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *byIDIn) (*struct{}, error) {
		actor := conversation.ActorOf(ctx)
		if _, err := s.config.Conversations.Get(ctx, actor, in.ID); err != nil {
			return nil, err
		}
		return nil, s.Unwatch(ctx, actor, in.ID)
	})
}

func (s *Service) interveneRoutes(a *api.API) {
	errors := []fault.Code{fault.NotFound, fault.ConversationEnded, fault.ConversationNotYours, fault.ConversationStale}
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/conversations/{id}/take-over", Permission: access.SupervisionUse, Tag: "supervision",
		Summary: "Take over a conversation from its agent", Description: "The visitor and the agent are told, and it is written into the audit log.",
		Errors: errors,
	}, func(ctx context.Context, in *takeOverIn) (*conversationOut, error) {
		c, err := s.config.Conversations.TakeOver(ctx, conversation.ActorOf(ctx), in.ID, in.Body.AgentID)
		return &conversationOut{Body: c}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/conversations/{id}/stop", Permission: access.SupervisionUse, Tag: "supervision",
		Summary: "End a conversation of somebody else's", Description: "The reason is `supervisor`. It is written into the audit log.", Errors: errors,
	}, func(ctx context.Context, in *byIDIn) (*conversationOut, error) {
		c, err := s.config.Conversations.EndBySupervisor(ctx, conversation.ActorOf(ctx), in.ID)
		return &conversationOut{Body: c}, err
	})
}

func (s *Service) grantRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/agents/{id}/supervision", Permission: access.AgentManage, Tag: "supervision",
		Summary: "What an agent watches over as a supervisor", Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *byIDIn) (*grantOut, error) {
		g, err := s.Grant(api.Actor(ctx).AccountID, in.ID)
		return &grantOut{Body: g}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/agents/{id}/supervision", Permission: access.AgentManage, Tag: "supervision",
		Summary:     "Say what an agent watches over as a supervisor",
		Description: "Everything, or what happens in some departments and what some agents do. It has an effect while the role is that of a supervisor.",
		Errors:      []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *grantIn) (*grantOut, error) {
		g, err := s.SetGrant(ctx, api.Actor(ctx), Grant{
			AgentID: in.ID, All: in.Body.All, DepartmentIDs: in.Body.DepartmentIDs, AgentIDs: in.Body.AgentIDs,
		})
		return &grantOut{Body: g}, err
	})
}
