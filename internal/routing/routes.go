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

// Status returns the status window for an agent.
func (s *Service) Status(ctx context.Context, actor api.ActorInfo) (QueueStatus, error) {
	return s.StatusOf(ctx, actor.AccountID, actor.Scope())
}

// Routes declares the routes of the queue.
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
}
