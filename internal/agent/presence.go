package agent

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// Grace is how long an agent whose last connection is gone still counts as present: a reload or a short loss does not show.
const Grace = 30 * time.Second

// Connection names one socket of an agent's panel.
type Connection struct {
	AccountID, AgentID, SessionID string
	// ID tells the agent's sockets apart: unique in the cluster.
	ID string
}

// Observer is told of changes, an agent becoming known among them, in the order they happen and after they happened. Its functions may ask Presence anything, must not change
// it, and must be quick: the next change waits for them.
type Observer struct {
	Agent      func(State)
	Department func(accountID, departmentID string, online bool)
}

// Presence knows the agents of all accounts and who of them is here, in memory. It is fed by the event log (who they are and what they
// wish) and by the sockets (who is connected). It starts no goroutine, only a timer for each agent within the grace time.
// It is safe for concurrent use.
type Presence struct {
	observer Observer
	// turn keeps changes and what is told of them in one order; mu guards the data.
	turn sync.Mutex

	mu        sync.RWMutex
	closed    bool
	byID      map[string]*entry
	byAccount map[string]map[string]*entry
	able      map[string]map[string]struct{} // department → agents who make it attended
}

// entry is an agent as Presence knows it. Only change writes to it.
type entry struct {
	accountID   string
	agent       Agent
	known       bool // agent is filled: a socket may be heard of before its agent
	connections map[string]*connection
	session     string      // of the last connection
	leaving     *time.Timer // runs while within the grace time
}

type connection struct {
	Signs

	session string
	silent  *time.Timer // runs out when the panel has given no sign of life for AwakeFor; nil before the first
}

// hush stops waiting for signs of life.
func (c *connection) hush() {
	if c.silent != nil {
		c.silent.Stop()
	}
}

// NewPresence returns a presence that knows nobody. Close it at the end.
func NewPresence(o Observer) *Presence {
	if o.Agent == nil {
		o.Agent = func(State) {}
	}
	if o.Department == nil {
		o.Department = func(string, string, bool) {}
	}
	return &Presence{
		observer: o, byID: make(map[string]*entry), byAccount: make(map[string]map[string]*entry),
		able: make(map[string]map[string]struct{}),
	}
}

// Close stops the timers; nothing is told any more.
func (p *Presence) Close() {
	p.turn.Lock()
	defer p.turn.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, e := range p.byID {
		e.stay()
		for _, c := range e.connections {
			c.hush()
		}
	}
}

// Connected tells that a socket of the agent is open.
func (p *Presence) Connected(c Connection) {
	p.change(c.AccountID, c.AgentID, func(e *entry) {
		e.stay()
		e.session = c.SessionID
		e.drop(c.ID)
		e.connections[c.ID] = &connection{session: c.SessionID}
	})
}

// Disconnected tells that the socket is gone. One that is not known any more is nothing new.
func (p *Presence) Disconnected(c Connection) {
	p.change(c.AccountID, c.AgentID, func(e *entry) {
		if _, ok := e.connections[c.ID]; !ok {
			return
		}
		e.drop(c.ID)
		if len(e.connections) == 0 {
			p.leave(c.AccountID, c.AgentID, e)
		}
	})
}

// drop forgets a socket.
func (e *entry) drop(id string) {
	if c, ok := e.connections[id]; ok {
		c.hush()
		delete(e.connections, id)
	}
}

// Beat is a sign of life of the panel behind the socket, with what it says of itself. It is believed to be awake for AwakeFor.
func (p *Presence) Beat(c Connection, s Signs) {
	p.change(c.AccountID, c.AgentID, func(e *entry) {
		known, ok := e.connections[c.ID]
		if !ok {
			return
		}
		known.Signs = s
		known.hush()
		var timer *time.Timer
		timer = time.AfterFunc(AwakeFor, func() {
			p.change(c.AccountID, c.AgentID, func(e *entry) {
				if known, ok := e.connections[c.ID]; ok && known.silent == timer { // else it answered in the meantime
					known.Awake = false
				}
			})
		})
		known.silent = timer
	})
}

// leave begins the grace time.
func (p *Presence) leave(accountID, agentID string, e *entry) {
	var timer *time.Timer
	timer = time.AfterFunc(Grace, func() {
		p.change(accountID, agentID, func(e *entry) {
			if e.leaving == timer { // else the agent came back in the meantime
				e.leaving = nil
			}
		})
	})
	e.leaving = timer
}

// stay ends the grace time without ending the presence.
func (e *entry) stay() {
	if e.leaving != nil {
		e.leaving.Stop()
		e.leaving = nil
	}
}

// live says whether the agent is connected, or was within the grace time.
func (e *entry) live() bool { return len(e.connections) > 0 || e.leaving != nil }

func (e *entry) present() bool {
	return e.known && e.agent.Active && e.agent.Status != Offline && e.live()
}

// able says whether the agent makes the departments attended that he or she serves.
func (e *entry) able() bool { return e.present() && e.agent.Status == Online }

// change applies fn to the agent's entry and tells what came of it.
func (p *Presence) change(accountID, agentID string, fn func(e *entry)) {
	p.turn.Lock()
	defer p.turn.Unlock()
	p.changeInTurn(accountID, agentID, fn)
}

// changeInTurn is change for a caller that holds turn.
func (p *Presence) changeInTurn(accountID, agentID string, fn func(e *entry)) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return
	}
	e := p.entry(accountID, agentID)
	before, met, served := e.state(agentID), e.known, e.attends()
	fn(e)
	after := e.state(agentID)
	flips := p.serve(agentID, served, e.attends())
	known := e.known
	if !known && !e.live() {
		delete(p.byID, agentID)
		delete(p.byAccount[accountID], agentID)
	}
	p.mu.Unlock()
	if known && (after != before || !met) {
		p.observer.Agent(after)
	}
	for _, departmentID := range slices.Sorted(maps.Keys(flips)) {
		p.observer.Department(accountID, departmentID, flips[departmentID])
	}
}

// entry returns the agent's entry, a fresh one when there is none; the caller holds mu.
func (p *Presence) entry(accountID, agentID string) *entry {
	e, ok := p.byID[agentID]
	if !ok {
		e = &entry{accountID: accountID, connections: make(map[string]*connection)}
		p.byID[agentID] = e
		if p.byAccount[accountID] == nil {
			p.byAccount[accountID] = make(map[string]*entry)
		}
		p.byAccount[accountID][agentID] = e
	}
	return e
}

// attends returns the departments the agent makes attended.
func (e *entry) attends() []string {
	if !e.able() {
		return nil
	}
	return e.agent.DepartmentIDs
}

// serve moves the agent from one set of departments to another and returns those that went online or offline by it.
func (p *Presence) serve(agentID string, before, after []string) map[string]bool {
	flips := map[string]bool{}
	for _, id := range before {
		if slices.Contains(after, id) {
			continue
		}
		delete(p.able[id], agentID)
		if len(p.able[id]) == 0 {
			delete(p.able, id)
			flips[id] = false
		}
	}
	for _, id := range after {
		if p.able[id] == nil {
			p.able[id] = make(map[string]struct{})
		}
		if len(p.able[id]) == 0 {
			flips[id] = true
		}
		p.able[id][agentID] = struct{}{}
	}
	return flips
}

// Present says whether the agent is here: the wish, and a live connection.
func (p *Presence) Present(agentID string) bool {
	s, _ := p.State(agentID)
	return s.Present
}

// Live says whether the agent is connected or was within Grace, whatever the wish.
func (p *Presence) Live(agentID string) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	e, ok := p.byID[agentID]
	return ok && e.live()
}

// State returns how present the agent is; false for one that is not known.
func (p *Presence) State(agentID string) (State, bool) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	e, ok := p.byID[agentID]
	if !ok || !e.known {
		return State{}, false
	}
	return e.state(agentID), true
}

// States returns the state of every agent of the account, the inactive ones too, by identifier.
func (p *Presence) States(accountID string) []State {
	p.mu.RLock()
	defer p.mu.RUnlock()
	states := make([]State, 0, len(p.byAccount[accountID]))
	for _, id := range slices.Sorted(maps.Keys(p.byAccount[accountID])) {
		if e := p.byAccount[accountID][id]; e.known {
			states = append(states, e.state(id))
		}
	}
	return states
}

// DepartmentOnline says whether somebody able serves the department now (T015): present, and online rather than busy.
func (p *Presence) DepartmentOnline(departmentID string) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return len(p.able[departmentID]) > 0
}

// Able returns the agents who make the department attended, by identifier.
func (p *Presence) Able(departmentID string) []string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return slices.Sorted(maps.Keys(p.able[departmentID]))
}
