package agent

import (
	"context"
	"net/netip"
	"slices"
	"sync"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// Bounds of the work strangers can cause: at most hashSlots computations at a time, and so many callers waiting for one.
const (
	hashSlots      = 2
	knownWaiting   = 256
	strangeWaiting = 128
	crowdedSeconds = 5 // when to come again: the line is over by then
)

// Caller is who waits for a password to be computed.
type Caller struct {
	// Known callers have proven before who they are: their turn comes before strangers'.
	Known bool
	// Network is what strangers are told apart by.
	Network netip.Prefix
}

// line hands out the slots: to the known first, in the order of arrival. When too many strangers wait, a newcomer takes the place of the
// last from the network that has most there, so that a flood from one network turns away only its own.
type line struct {
	mu        sync.Mutex
	free      int // slots nobody has; nobody waits while there are any
	known     []*waiter
	strangers []*waiter
}

type waiter struct {
	network netip.Prefix
	turn    chan error // gets one: nil with the slot, or a refusal
}

// enter waits for a slot, which leave gives back. RateLimited for strangers and Unavailable for the known when too many wait; Unavailable
// when the caller gave up.
func (l *line) enter(ctx context.Context, c Caller) error {
	l.mu.Lock()
	if l.free > 0 {
		l.free--
		l.mu.Unlock()
		return nil
	}
	w := &waiter{network: c.Network, turn: make(chan error, 1)}
	err := l.join(w, c.Known)
	l.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case err := <-w.turn:
		return err
	case <-ctx.Done():
		if !l.drop(w) && <-w.turn == nil { // it came to its turn meanwhile
			l.leave()
		}
		return fault.Wrap(fault.Unavailable, ctx.Err())
	}
}

func (l *line) join(w *waiter, known bool) error {
	if known {
		if len(l.known) >= knownWaiting {
			return fault.New(fault.Unavailable)
		}
		l.known = append(l.known, w)
		return nil
	}
	if len(l.strangers) >= strangeWaiting && !l.displace(w.network) {
		return crowded()
	}
	l.strangers = append(l.strangers, w)
	return nil
}

// displace refuses the last of the network that has most strangers waiting; false when network itself would have as many then.
func (l *line) displace(network netip.Prefix) bool {
	waiting := map[netip.Prefix]int{}
	last := 0
	for _, w := range l.strangers {
		waiting[w.network]++
	}
	for i, w := range l.strangers {
		if waiting[w.network] >= waiting[l.strangers[last].network] {
			last = i
		}
	}
	if waiting[l.strangers[last].network] <= waiting[network]+1 {
		return false
	}
	l.strangers[last].turn <- crowded()
	l.strangers = slices.Delete(l.strangers, last, last+1)
	return true
}

// drop takes a waiter out; false when its turn, or its refusal, has come.
func (l *line) drop(w *waiter) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, waiting := range []*[]*waiter{&l.known, &l.strangers} {
		if i := slices.Index(*waiting, w); i >= 0 {
			*waiting = slices.Delete(*waiting, i, i+1)
			return true
		}
	}
	return false
}

// leave gives a slot to who is next.
func (l *line) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, waiting := range []*[]*waiter{&l.known, &l.strangers} {
		if len(*waiting) > 0 {
			next := (*waiting)[0]
			*waiting = slices.Delete(*waiting, 0, 1)
			next.turn <- nil
			return
		}
	}
	l.free++
}

func crowded() error { return fault.New(fault.RateLimited).With("seconds", crowdedSeconds) }
