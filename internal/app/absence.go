package app

import (
	"context"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/conversation"
)

// absenceGrace is how long after an agent's connection was lost the open conversations go back to the head of their queue:
// a minute in all, of which presence has waited agent.Grace (spec section 2, T008).
const absenceGrace = time.Minute - agent.Grace

// absences gives back the conversations of agents who are gone. After a start it also looks at those who never came back.
type absences struct {
	app *App

	mu     sync.Mutex
	timers map[string]*time.Timer // by agent
	ended  bool
}

func newAbsences(a *App) *absences { return &absences{app: a, timers: make(map[string]*time.Timer)} }

// start has every agent who holds a conversation but does not connect within a minute of our start count as gone.
func (s *absences) start() {
	s.after("", time.Minute, func() {
		accounts, err := s.app.accounts.All(s.app.background)
		if err != nil {
			s.app.log.Error("absent agents could not be looked for", "error", err)
			return
		}
		for _, acc := range accounts {
			for agentID := range s.app.activeByAgent(acc.ID) {
				s.giveBack(acc.ID, agentID)
			}
		}
	})
}

func (s *absences) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	for _, t := range s.timers {
		t.Stop()
	}
}

// gone begins the grace time of an agent whose last connection is lost.
func (s *absences) gone(accountID, agentID string) {
	s.after(agentID, absenceGrace, func() { s.giveBack(accountID, agentID) })
}

func (s *absences) after(key string, d time.Duration, fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	if t, ok := s.timers[key]; ok {
		t.Stop()
	}
	s.timers[key] = time.AfterFunc(d, func() {
		s.mu.Lock()
		ended := s.ended
		if !ended {
			delete(s.timers, key)
		}
		s.mu.Unlock()
		if !ended {
			fn()
		}
	})
}

func (s *absences) giveBack(accountID, agentID string) {
	if s.app.presence.Live(agentID) {
		return
	}
	s.app.work(func(ctx context.Context) error {
		_, err := s.app.conversations.ReturnAll(ctx, accountID, agentID, conversation.ReasonConnectionLost)
		return err
	})
}

// agentPresenceChanged tells the panels, and watches over the conversations of who is gone.
func (a *App) agentPresenceChanged(s agent.State) {
	a.pushes.presenceChanged(s.AccountID)
	if !s.Present && !a.presence.Live(s.AgentID) {
		a.supervision.Gone(s.AgentID)
		a.absences.gone(s.AccountID, s.AgentID)
	}
}
