package supervision

import (
	"maps"
	"slices"
	"sync"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
)

// watch is a conversation that is watched, and where it stands.
type watch struct {
	accountID, conversationID, departmentID, agentID string
}

// watches are who watches what, in memory. Its reader is asked for every message of every conversation, so it is a look-up.
type watches struct {
	mu sync.RWMutex
	// watchers are never changed once they are here: a reader may keep them.
	watchers map[string][]string // by conversation
	where    map[string]watch
}

func newWatches() watches {
	return watches{watchers: make(map[string][]string), where: make(map[string]watch)}
}

func (w *watches) begin(where watch, agentID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	id := where.conversationID
	w.where[id] = where
	if !slices.Contains(w.watchers[id], agentID) {
		w.watchers[id] = append(slices.Clone(w.watchers[id]), agentID)
	}
}

func (w *watches) end(conversationID, agentID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.remove(conversationID, func(id string) bool { return id == agentID })
}

// leave ends every watch of an agent.
func (w *watches) leave(agentID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range slices.Collect(maps.Keys(w.watchers)) {
		w.remove(id, func(watcher string) bool { return watcher == agentID })
	}
}

// drop ends every watch of a conversation.
func (w *watches) drop(conversationID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.watchers, conversationID)
	delete(w.where, conversationID)
}

// move notes where the conversation stands now, and ends the watches of those whose scope does not reach there.
func (w *watches) move(conversationID, departmentID, agentID string, scopeOf func(agentID string) eventlog.Scope) {
	w.mu.Lock()
	defer w.mu.Unlock()
	where, ok := w.where[conversationID]
	if !ok {
		return
	}
	where.departmentID, where.agentID = departmentID, agentID
	w.where[conversationID] = where
	w.remove(conversationID, func(watcher string) bool { return !scopeOf(watcher).Supervises(departmentID, agentID) })
}

// narrow ends those watches of an agent that the agent's scope does not reach any more.
func (w *watches) narrow(accountID, agentID string, scope eventlog.Scope) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, where := range slices.Collect(maps.Values(w.where)) {
		if where.accountID == accountID && !scope.Supervises(where.departmentID, where.agentID) {
			w.remove(where.conversationID, func(watcher string) bool { return watcher == agentID })
		}
	}
}

// remove takes watchers away; the caller holds the lock.
func (w *watches) remove(conversationID string, gone func(agentID string) bool) {
	left := slices.DeleteFunc(slices.Clone(w.watchers[conversationID]), gone)
	if len(left) == 0 {
		delete(w.watchers, conversationID)
		delete(w.where, conversationID)
		return
	}
	w.watchers[conversationID] = left
}

func (w *watches) of(conversationID string) []string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.watchers[conversationID]
}
