package agent

import (
	"context"
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/network"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// ChangeOwnPassword gives the signed-in agent a new password (T018); the session goes on. Validation of `current` when that is not the
// password, of `password` for the new one; RateLimited after too many wrong ones, which are counted apart from those at the sign-in;
// Unavailable.
func (s *Service) ChangeOwnPassword(ctx context.Context, actor api.ActorInfo, current, password string) error {
	hash, err := selectOwnPassword(ctx, s.config.Store.Read(), actor.AgentID)
	if err != nil {
		return err
	}
	own := bound{"own " + actor.AgentID, freeOfDevice}
	if wait := s.paces.take([]bound{own}); wait > 0 {
		return waitFor(wait)
	}
	origin := api.ClientNetwork(ctx)
	ok, err := s.config.Hasher.Matches(ctx, Caller{Known: true, Network: origin}, current, hash)
	if err != nil {
		s.paces.back([]bound{own})
		return err
	}
	if !ok {
		s.config.Logger.WarnContext(ctx, "the own password was wrong", "agent", actor.AgentID, "network", network.Name(origin))
		return fault.Invalid(fault.Field{Name: "current", Code: fault.FieldInvalid})
	}
	s.paces.forget(own)
	_, err = s.Update(ctx, actor.AccountID, actor.AgentID, actor.AgentID, Changes{Password: &password})
	return err
}

// Returned tells an agent of conversations that went back to the queue while nobody looked after them (T008).
type Returned struct {
	Count  int    `json:"count" minimum:"1"`
	Reason string `json:"reason" enum:"connection_lost,signed_out,session_ended,deactivated"`
	At     int64  `json:"at" doc:"When the last of them went, milliseconds UTC."`
}

// NoteReturned keeps in mind that count conversations of the agent went back to the queue, until the agent has been told.
func (s *Service) NoteReturned(ctx context.Context, accountID, agentID, reason string, count int) error {
	if count == 0 {
		return nil
	}
	at := clock.Millis(s.config.Clock.Now())
	return s.config.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		return addReturned(ctx, tx, accountID, agentID, Returned{Count: count, Reason: reason, At: at})
	})
}

// Told forgets what the agent was told of: whatever went back to the queue up to then.
func (s *Service) Told(ctx context.Context, actor api.ActorInfo, upTo int64) error {
	return s.config.Store.Write(store.InLane(ctx, actor.AccountID), func(ctx context.Context, tx *store.Tx) error {
		return forgetReturned(ctx, tx, actor.AccountID, actor.AgentID, upTo)
	})
}

// EndSessionOf ends the session of an agent whom the actor supervises (T140), and writes that down; nothing happens when there is none.
// The conversations stay for a minute, in case the agent signs in again, then go back to the head of their queue. NotFound, also for
// who is out of scope.
func (s *Service) EndSessionOf(ctx context.Context, actor api.ActorInfo, agentID string) error {
	found, known := s.config.Presence.Agent(actor.AccountID, agentID)
	if !known || !oversees(actor.Scope(), found) {
		return fault.New(fault.NotFound)
	}
	return s.config.Store.Write(store.InLane(ctx, actor.AccountID), func(ctx context.Context, tx *store.Tx) error {
		ended, err := s.endOpenIn(ctx, tx, actor.AccountID, agentID, BySupervisor)
		if err != nil || !ended {
			return err
		}
		return s.config.Witness(ctx, tx, actor.AccountID, actor.AgentID, found)
	})
}

// oversees says whether a scope's supervision reaches an agent: named, or serving a department that is supervised.
func oversees(scope eventlog.Scope, a Agent) bool {
	return scope.Supervises("", a.ID) ||
		slices.ContainsFunc(a.DepartmentIDs, func(id string) bool { return scope.Supervises(id, "") })
}
