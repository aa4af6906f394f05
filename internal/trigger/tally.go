package trigger

import "sync"

// tally is what was counted and not yet written down.
type tally struct {
	mu      sync.Mutex
	waiting map[string]Counters // by rule; Evaluated and Fired
}

func (t *tally) add(id string, c Counters) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.waiting == nil {
		t.waiting = make(map[string]Counters)
	}
	sum := t.waiting[id]
	sum.Evaluated += c.Evaluated
	sum.Fired += c.Fired
	t.waiting[id] = sum
}

// take empties the tally.
func (t *tally) take() map[string]Counters {
	t.mu.Lock()
	defer t.mu.Unlock()
	taken := t.waiting
	t.waiting = nil
	return taken
}

// Counted returns what was counted since the last call, by rule.
func (e *Engine) Counted() map[string]Counters {
	e.mu.RLock()
	for _, s := range e.rules {
		e.drain(s)
	}
	e.mu.RUnlock()
	return e.tally.take()
}

// drain moves the page views of a ruleset to its rules.
func (e *Engine) drain(s *ruleset) {
	if views := s.views.Swap(0); views > 0 {
		for _, r := range s.list {
			e.tally.add(r.trigger.ID, Counters{Evaluated: views})
		}
	}
}
