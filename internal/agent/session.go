package agent

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

const (
	// SessionLife is how long a session lasts that nobody uses.
	SessionLife = 12 * time.Hour
	// touchEvery is how often using a session is written down: its end moves in steps of this.
	touchEvery = 5 * time.Minute
	// recheckEvery is how long a session held in memory is believed without asking the database, in case the log is late.
	recheckEvery = 30 * time.Second
	// tokenBytes is how much randomness stands in a session's token.
	tokenBytes = 32
)

// Session is a fresh session. Its token exists nowhere else: the database holds its hash.
type Session struct {
	ID, AccountID, AgentID string
	Token                  string
	ExpiresAt              time.Time

	from device // what the browser had before
}

// Open opens a session for an agent whose identity is proven, and ends the agent's other one. AgentInactive, AccountInactive, NotFound.
func (s *Service) Open(ctx context.Context, accountID, agentID string) (Session, error) {
	now := s.config.Clock.Now()
	account, err := s.config.Account(ctx, accountID, now)
	if err != nil {
		return Session{}, err
	}
	if !account.Active {
		return Session{}, fault.New(fault.AccountInactive)
	}
	if err := s.meet(ctx, accountID, agentID); err != nil {
		return Session{}, err
	}
	session := Session{
		ID: s.config.IDs.New(), AccountID: accountID, AgentID: agentID, Token: ident.Secret(tokenBytes), ExpiresAt: now.Add(SessionLife),
	}
	at := clock.Millis(now)
	err = s.config.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		active, err := touchAgent(ctx, tx, agentID, at)
		if err != nil {
			return err
		}
		if !active {
			return fault.New(fault.AgentInactive)
		}
		replaced, err := endOpenSession(ctx, tx, agentID, Replaced, at)
		if err != nil {
			return err
		}
		if err := insertSession(ctx, tx, session.ID, secret.Hash(session.Token), accountID, agentID, at, clock.Millis(session.ExpiresAt)); err != nil {
			return err
		}
		if err := insertDay(ctx, tx, agentID, account.Today, at); err != nil {
			return err
		}
		if replaced == "" {
			return nil
		}
		return s.endedIn(ctx, tx, accountID, SessionEnded{AgentID: agentID, SessionID: replaced, Reason: Replaced, Conversations: Keep})
	})
	if err != nil {
		return Session{}, err
	}
	return session, nil
}

// meet makes sure that Presence knows the agent: one created by another process may sign in before the log has told of it.
func (s *Service) meet(ctx context.Context, accountID, agentID string) error {
	if _, known := s.config.Presence.State(agentID); known {
		return nil
	}
	a, err := selectAgent(ctx, s.config.Store.Read(), accountID, agentID)
	if errors.Is(err, store.ErrNoRows) {
		return fault.New(fault.NotFound)
	}
	if err != nil {
		return fmt.Errorf("agent: read %s: %w", agentID, err)
	}
	s.config.Presence.meet(a)
	return nil
}

// SignOut ends a session (T004). Ending one that is over already is no error.
func (s *Service) SignOut(ctx context.Context, actor api.ActorInfo, c Conversations) error {
	at := clock.Millis(s.config.Clock.Now())
	return s.config.Store.Write(store.InLane(ctx, actor.AccountID), func(ctx context.Context, tx *store.Tx) error {
		ended, err := endSession(ctx, tx, actor.SessionID, SignedOut, at)
		if err != nil || !ended {
			return err
		}
		return s.endedIn(ctx, tx, actor.AccountID, SessionEnded{
			AgentID: actor.AgentID, SessionID: actor.SessionID, Reason: SignedOut, Conversations: c,
		})
	})
}

// EndSession ends whatever session the agent has, for reason; nothing happens when there is none.
func (s *Service) EndSession(ctx context.Context, accountID, agentID string, reason EndReason) error {
	return s.config.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		_, err := s.endOpenIn(ctx, tx, accountID, agentID, reason)
		return err
	})
}

// endOpenIn reports false when there was no session to end.
func (s *Service) endOpenIn(ctx context.Context, tx *store.Tx, accountID, agentID string, reason EndReason) (bool, error) {
	id, err := endOpenSession(ctx, tx, agentID, reason, clock.Millis(s.config.Clock.Now()))
	if err != nil || id == "" {
		return false, err
	}
	conversations := Return
	if reason == BySupervisor {
		conversations = Keep
	}
	return true, s.endedIn(ctx, tx, accountID, SessionEnded{AgentID: agentID, SessionID: id, Reason: reason, Conversations: conversations})
}

// endedIn tells of an ended session, and forgets it here as soon as the commit is done.
func (s *Service) endedIn(ctx context.Context, tx *store.Tx, accountID string, e SessionEnded) error {
	tx.AfterCommit(func() { s.sessions.forget(e.AgentID) })
	return s.config.Log.Append(ctx, tx, accountID, e)
}

// Actor returns the agent of a session's token: it is api.Sessions, and answers from memory nearly always.
//
// NotAuthenticated for an unknown token, SessionReplaced or SessionEnded for one that is over, AgentInactive, AccountInactive.
// Using a session moves its end to SessionLife from now.
func (s *Service) Actor(ctx context.Context, token string) (api.ActorInfo, error) {
	hash := secret.Hash(token)
	now := s.config.Clock.Now()
	held, ok := s.sessions.get(hash, now)
	if !ok {
		var err error
		if held, err = s.readSession(ctx, hash, now); err != nil {
			return api.ActorInfo{}, err
		}
	}
	s.used(ctx, held.actor, held.expiresAt.Add(touchEvery-SessionLife), now)
	return held.actor, nil
}

// Used tells that a session is in use without a request, by its socket: call it when the socket opens and at its beats. It keeps the
// session from expiring and costs a write every five minutes at most.
func (s *Service) Used(ctx context.Context, accountID, agentID, sessionID string) {
	s.used(ctx, api.ActorInfo{AccountID: accountID, AgentID: agentID, SessionID: sessionID}, time.Time{}, s.config.Clock.Now())
}

func (s *Service) used(ctx context.Context, actor api.ActorInfo, first, now time.Time) {
	if !s.sessions.due(actor.SessionID, first, now) {
		return
	}
	if found, ok := s.config.Presence.Agent(actor.AccountID, actor.AgentID); ok {
		s.networks.meet(found.Login, api.ClientNetwork(ctx), now)
	}
	if err := s.touch(ctx, actor, now); err != nil {
		// The request this came with is not to fail by it.
		s.config.Logger.WarnContext(ctx, "the use of a session could not be written down", "agent", actor.AgentID, "error", err)
	}
}

func (s *Service) readSession(ctx context.Context, hash string, now time.Time) (heldSession, error) {
	generation := s.sessions.current()
	row, err := selectSession(ctx, s.config.Store.Read(), hash)
	if errors.Is(err, store.ErrNoRows) {
		return heldSession{}, fault.New(fault.NotAuthenticated)
	}
	if err != nil {
		return heldSession{}, fmt.Errorf("agent: read a session: %w", err)
	}
	switch {
	case row.endReason != nil && EndReason(*row.endReason) == Replaced:
		return heldSession{}, fault.New(fault.SessionReplaced)
	case row.endReason != nil:
		return heldSession{}, fault.New(fault.SessionEnded)
	case row.expiresAt <= clock.Millis(now):
		return heldSession{}, fault.New(fault.SessionEnded)
	case !row.agent.Active:
		return heldSession{}, fault.New(fault.AgentInactive)
	}
	account, err := s.config.Account(ctx, row.agent.AccountID, now)
	if err != nil {
		return heldSession{}, err
	}
	if !account.Active {
		return heldSession{}, fault.New(fault.AccountInactive)
	}
	actor := s.actor(row.agent)
	actor.SessionID = row.id
	held := heldSession{actor: actor, expiresAt: time.UnixMilli(row.expiresAt), checkedAt: now}
	s.sessions.put(hash, held, generation)
	return held, nil
}

// touch writes down that the session is used: its end, the agent's last access, the first connection of the day (T006).
func (s *Service) touch(ctx context.Context, actor api.ActorInfo, now time.Time) error {
	account, err := s.config.Account(ctx, actor.AccountID, now)
	if err != nil {
		return err
	}
	return s.config.Store.Write(store.InLane(ctx, actor.AccountID), func(ctx context.Context, tx *store.Tx) error {
		at := clock.Millis(now)
		extended, err := extendSession(ctx, tx, actor.SessionID, at, clock.Millis(now.Add(SessionLife)))
		if err != nil || !extended {
			return err
		}
		if _, err := touchAgent(ctx, tx, actor.AgentID, at); err != nil {
			return err
		}
		return insertDay(ctx, tx, actor.AgentID, account.Today, at)
	})
}
