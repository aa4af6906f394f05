package agent

import (
	"context"
	"fmt"
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Load reads every agent of every account into memory. Call it after the log was started: what happens meanwhile waits and is applied
// on top.
func (p *Presence) Load(ctx context.Context, st *store.Store) error {
	p.turn.Lock()
	defer p.turn.Unlock()
	list, err := selectAgents(ctx, st.Read(), "")
	if err != nil {
		return fmt.Errorf("agent: load: %w", err)
	}
	for _, a := range list {
		// The row is at least as new as what was heard before.
		p.changeInTurn(a.AccountID, a.ID, func(e *entry) { e.agent, e.known = a, true })
	}
	return nil
}

// meet makes an agent known whom another process has just created, before the log tells of it here.
func (p *Presence) meet(a Agent) {
	p.change(a.AccountID, a.ID, func(e *entry) {
		if !e.known {
			e.agent, e.known = a, true
		}
	})
}

// Heard keeps the memory true to the log. Register it with the log's Tail.
func (p *Presence) Heard(r eventlog.Record) {
	switch r.Kind {
	case SavedKind, StatusChangedKind, SessionEndedKind:
	default:
		return
	}
	event, err := eventlog.Decode(r)
	if err != nil {
		return // Decode fails only for what this version did not write
	}
	switch event := event.(type) {
	case Saved:
		event.Agent.AccountID = r.AccountID
		p.change(r.AccountID, event.Agent.ID, func(e *entry) { e.agent, e.known = event.Agent, true })
	case StatusChanged:
		p.change(r.AccountID, event.AgentID, func(e *entry) { e.agent.Status = event.Status })
	case SessionEnded:
		p.change(r.AccountID, event.AgentID, func(e *entry) { p.sessionEnded(r.AccountID, e, event) })
	}
}

// sessionEnded forgets the session's sockets. Who left is absent at once; who signed in elsewhere has the grace time to connect there.
func (p *Presence) sessionEnded(accountID string, e *entry, ended SessionEnded) {
	had := len(e.connections)
	for id, c := range e.connections {
		if c.session == ended.SessionID {
			e.drop(id)
		}
	}
	if len(e.connections) > 0 {
		return
	}
	switch {
	case ended.Reason != Replaced && e.session == ended.SessionID:
		e.stay()
	case had > 0:
		p.leave(accountID, ended.AgentID, e)
	}
}

// Agent returns an agent of the account as the log last told, with Present as it is now; false for one that is not known.
// LastAccessAt, FirstConnectionAt and ActiveConversations are those of the last change: ask Service.List for the present ones.
func (p *Presence) Agent(accountID, agentID string) (Agent, bool) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	e, ok := p.byAccount[accountID][agentID]
	if !ok || !e.known {
		return Agent{}, false
	}
	return e.now(), true
}

// Agents returns the account's agents, the inactive ones too, by name. See Agent for what its members say.
func (p *Presence) Agents(accountID string) []Agent {
	p.mu.RLock()
	list := make([]Agent, 0, len(p.byAccount[accountID]))
	for _, e := range p.byAccount[accountID] {
		if e.known {
			list = append(list, e.now())
		}
	}
	p.mu.RUnlock()
	slices.SortFunc(list, byName)
	return list
}

func (e *entry) now() Agent {
	a := e.agent
	a.Present = e.present()
	return a
}
