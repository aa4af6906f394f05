package app

import (
	"context"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/routing"
)

// absenceGrace is how long after an agent's connection was lost the open conversations go back to the head of their queue:
// a minute in all, of which presence has waited agent.Grace.
const absenceGrace = returnAfter - agent.Grace

// returnAfter is how long an agent's open conversations wait for the agent (spec section 2, T008).
const returnAfter = time.Minute

// absences gives back the conversations of agents who are gone. After a start it also looks at those who never came back.
type absences struct {
	app *App

	mu     sync.Mutex
	timers map[string]absence // by agent
	ended  bool
}

// absence is somebody who is waited for.
type absence struct {
	timer *time.Timer
	due   time.Time
}

func newAbsences(a *App) *absences { return &absences{app: a, timers: make(map[string]absence)} }

// start has every agent who holds a conversation but does not connect within a minute of our start count as gone.
func (s *absences) start() {
	s.after("", returnAfter, func() {
		accounts, err := s.app.accounts.All(s.app.background)
		if err != nil {
			s.app.log.Error("absent agents could not be looked for", "error", err)
			return
		}
		for _, acc := range accounts {
			for agentID := range s.app.activeByAgent(acc.ID) {
				s.giveBack(acc.ID, agentID, conversation.ReasonConnectionLost)
			}
		}
	})
}

func (s *absences) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	for _, waited := range s.timers {
		waited.timer.Stop()
	}
}

// gone begins the grace time of an agent whose last connection is lost.
func (s *absences) gone(accountID, agentID string) {
	s.after(agentID, absenceGrace, func() { s.giveBack(accountID, agentID, conversation.ReasonConnectionLost) })
}

// sessionEnded begins the grace time of an agent whose session was ended, with the conversations kept.
func (s *absences) sessionEnded(accountID, agentID, reason string) {
	s.after(agentID, returnAfter, func() { s.giveBack(accountID, agentID, reason) })
}

// after calls fn when d is over. Of two calls for a key the one that is due later stands: a session that was ended is also a connection
// that is gone.
func (s *absences) after(key string, d time.Duration, fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	due := s.app.clock.Now().Add(d)
	waited, ok := s.timers[key]
	if s.ended || (ok && waited.due.After(due)) {
		return
	}
	if ok {
		waited.timer.Stop()
	}
	s.timers[key] = absence{due: due, timer: time.AfterFunc(d, func() {
		s.mu.Lock()
		current := !s.ended && s.timers[key].due.Equal(due)
		if current {
			delete(s.timers, key)
		}
		s.mu.Unlock()
		if current {
			fn()
		}
	})}
}

// giveBack returns the conversations of an agent who has not come back, and leaves a word for the return.
func (s *absences) giveBack(accountID, agentID, reason string) {
	if s.app.presence.Live(agentID) {
		return
	}
	s.app.work(func(ctx context.Context) error {
		returned, err := s.app.conversations.ReturnAll(ctx, accountID, agentID, reason)
		if err != nil {
			return err
		}
		return s.app.agents.NoteReturned(ctx, accountID, agentID, reason, returned)
	})
}

// agentPresenceChanged tells the panels, and watches over the conversations of who is gone.
func (a *App) agentPresenceChanged(s agent.State) {
	a.pushes.presenceChanged(s.AccountID)
	a.routing.Wake(s.AccountID, routing.Event{Kind: routing.AgentChanged, AgentID: s.AgentID})
	if !s.Present && !a.presence.Live(s.AgentID) {
		a.supervision.Gone(s.AgentID)
		a.absences.gone(s.AccountID, s.AgentID)
	}
}
