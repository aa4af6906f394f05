package visitor

import (
	"sync"
	"sync/atomic"
)

// account is what of one account is counted, and its numbers for visitors.
type account struct {
	id                                        string
	visits, shown, crowded, bots, unmonitored atomic.Int64
	numbers                                   numberBlock
}

// accounts finds accounts. The zero value is ready.
type accounts struct {
	mu   sync.RWMutex
	byID map[string]*account
}

func (s *accounts) of(id string) *account {
	s.mu.RLock()
	found := s.byID[id]
	s.mu.RUnlock()
	if found != nil {
		return found
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID == nil {
		s.byID = make(map[string]*account)
	}
	if s.byID[id] == nil {
		s.byID[id] = &account{id: id}
	}
	return s.byID[id]
}

// takePlace takes one of the account's places in the grid, if there is one.
func (a *account) takePlace(limit int) bool {
	if a.shown.Add(1) <= int64(limit) {
		return true
	}
	a.shown.Add(-1)
	return false
}

// count notes that a visit is absent from the grid for another reason than before, or not any more.
func (a *account) count(was, is absence) {
	if was == is {
		return
	}
	if counter := a.absent(was); counter != nil {
		counter.Add(-1)
	}
	if counter := a.absent(is); counter != nil {
		counter.Add(1)
	}
}

func (a *account) absent(why absence) *atomic.Int64 {
	switch why {
	case absenceUnmonitored:
		return &a.unmonitored
	case absenceBot:
		return &a.bots
	case absenceCrowd:
		return &a.crowded
	case absenceNone:
	}
	return nil
}
