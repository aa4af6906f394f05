package routing

import (
	"context"
	"net/http"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

type nextIn struct {
	Key string `header:"Idempotency-Key" doc:"1 to 64 printable ASCII characters. The same key again returns the same conversation."`
}

type nextOut struct{ Body conversation.Conversation }

type statusOut struct{ Body QueueStatus }

type idIn struct {
	ID string `path:"id" maxLength:"36"`
}

type orderIn struct {
	Body struct {
		DepartmentID    string   `json:"department_id" maxLength:"36"`
		Version         int64    `json:"version" minimum:"0" doc:"order_version of the department in the list that was put in order"`
		ConversationIDs []string `json:"conversation_ids" minItems:"1" maxItems:"500" nullable:"false" doc:"Waiting conversations of the department in their new order; they share the places they had."`
	}
}

type rouletteIn struct {
	Body struct {
		Version int64           `json:"version" minimum:"0" doc:"roulette_version of the list that was put in order"`
		Agents  []RouletteAgent `json:"agents" minItems:"1" maxItems:"500" nullable:"false" doc:"Agents in their new order; they share the turns they had."`
	}
}

type decisionsIn struct {
	Conversation string `query:"conversation" required:"true" maxLength:"36"`
	Before       string `query:"before" format:"uuid" pattern:"^[0-9a-f-]{36}$" doc:"A decision: those made before it. Empty for the newest."`
}

type decisionsOut struct {
	Body struct {
		Decisions []DecisionRecord `json:"decisions" nullable:"false" doc:"At most 20, oldest first."`
		More      bool             `json:"more" doc:"There are older ones: ask with the first one's id as before."`
		Offers    []Offer          `json:"offers" nullable:"false" doc:"What these decisions offered to whom, and what became of it, oldest first."`
	}
}

type decisionOut struct{ Body DecisionRecord }

// Status returns the status window for an agent.
func (s *Service) Status(ctx context.Context, actor api.ActorInfo) (QueueStatus, error) {
	return s.StatusOf(ctx, actor.AccountID, actor.Scope())
}

// Routes declares the routes of the queue and the roulette.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/queue/next", Tag: "queue", Summary: "Attend who waits longest", Permission: access.QueueTake,
		Description: "The agent does not choose: the order is the queue's.",
		Errors: []fault.Code{
			fault.QueueEmpty, fault.ConversationLimitReached, fault.AgentAbsent, fault.AgentInactive, fault.IdempotencyKey, fault.StaleWrite,
		},
	}, func(ctx context.Context, in *nextIn) (*nextOut, error) {
		actor := api.Actor(ctx)
		c, err := s.Next(ctx, actor.AccountID, actor.AgentID, in.Key)
		return &nextOut{Body: c}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/queue", Tag: "queue", Summary: "Who waits, who attends, and who is next", Permission: access.QueueView,
	}, func(ctx context.Context, _ *struct{}) (*statusOut, error) {
		status, err := s.Status(ctx, api.Actor(ctx))
		return &statusOut{Body: status}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/offers/{id}/shown", Tag: "queue", Summary: "Acknowledge an offer: the panel shows it",
		Permission:  access.QueueTake,
		Description: "Only now the conversation is the agent's. Saying it again returns the same conversation.",
		Errors:      []fault.Code{fault.NotFound, fault.OfferOver, fault.StaleWrite},
	}, func(ctx context.Context, in *idIn) (*nextOut, error) {
		actor := api.Actor(ctx)
		c, err := s.Acknowledge(ctx, actor.AccountID, actor.AgentID, in.ID)
		return &nextOut{Body: c}, err
	})
	s.orderRoutes(a)
	s.decisionRoutes(a)
	s.ruleRoutes(a)
}

func (s *Service) orderRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/queue/order", Tag: "queue", Summary: "Put a department's queue in another order",
		Permission: access.SupervisionUse, Errors: []fault.Code{fault.NotFound, fault.Validation, fault.StaleWrite},
	}, func(ctx context.Context, in *orderIn) (*statusOut, error) {
		actor := api.Actor(ctx)
		err := s.ArrangeQueue(ctx, actor.AccountID, actor.Scope(), in.Body.DepartmentID, in.Body.Version, in.Body.ConversationIDs)
		return s.after(ctx, actor, err)
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/roulette", Tag: "queue", Summary: "Put the roulette's agents in another order, skip some, let some in again",
		Permission: access.SupervisionUse, Errors: []fault.Code{fault.NotFound, fault.Validation, fault.StaleWrite},
	}, func(ctx context.Context, in *rouletteIn) (*statusOut, error) {
		actor := api.Actor(ctx)
		err := s.ArrangeAgents(ctx, actor.AccountID, actor.Scope(), in.Body.Version, in.Body.Agents)
		return s.after(ctx, actor, err)
	})
}

// after answers a change with what the status window shows now.
func (s *Service) after(ctx context.Context, actor api.ActorInfo, err error) (*statusOut, error) {
	if err != nil {
		return nil, err
	}
	if err := s.config.Log.Settle(ctx, actor.AccountID); err != nil {
		return nil, err //nolint:wrapcheck // the request was given up
	}
	status, err := s.Status(ctx, actor)
	return &statusOut{Body: status}, err
}

func (s *Service) decisionRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/routing/decisions", Tag: "queue", Summary: "Why a conversation went to whom it went",
		Permission: access.QueueView, Errors: []fault.Code{fault.NotFound},
		Description: "Every assignment with all candidates and the reason why each was picked or passed over.",
	}, func(ctx context.Context, in *decisionsIn) (*decisionsOut, error) {
		actor := api.Actor(ctx)
		if err := s.mayAsk(ctx, in.Conversation); err != nil {
			return nil, err
		}
		out := &decisionsOut{}
		var err error
		out.Body.Decisions, out.Body.More, err = s.Decisions(ctx, actor.AccountID, in.Conversation, in.Before)
		if err != nil {
			return nil, err
		}
		out.Body.Offers, err = s.offersFor(ctx, actor.AccountID, in.Conversation, out.Body.Decisions)
		return out, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/routing/decisions/{id}", Tag: "queue", Summary: "One decision, explained",
		Permission: access.QueueView, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *idIn) (*decisionOut, error) {
		r, err := s.decision(ctx, api.Actor(ctx).AccountID, in.ID)
		if err == nil {
			err = s.mayAsk(ctx, r.Decision.ConversationID)
		}
		return &decisionOut{Body: r}, err
	})
}

// mayAsk refuses who may not see the conversation. Error: NotFound.
func (s *Service) mayAsk(ctx context.Context, conversationID string) error {
	_, err := s.config.Conversations.Get(ctx, conversation.ActorOf(ctx), conversationID)
	return err //nolint:wrapcheck // a coded error, or one that names the statement
}
