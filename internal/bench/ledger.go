package bench

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// direction is who wrote a message.
type direction byte

const (
	fromVisitor direction = 'v'
	fromAgent   direction = 'a'
)

// ledger keeps account of messages: each is written down when it begins, when the server has acknowledged it, and at every arrival at
// its receiver's socket.
type ledger struct {
	prefix string
	epoch  time.Time
	// turn counts the messages given out to conversations.
	turn atomic.Int64

	mu      sync.RWMutex
	entries []*entry
}

// entry is one message. Times are nanoseconds since the ledger's epoch.
type entry struct {
	direction direction
	from      int64
	acked     atomic.Bool
	arrivals  atomic.Int32
	took      atomic.Int64
}

func newLedger(run string, phase int) *ledger {
	return &ledger{prefix: fmt.Sprintf("%s.%d.", run, phase), epoch: time.Now()}
}

// write opens an entry and returns the message's client id.
func (l *ledger) write(d direction, from time.Time) (id string, e *entry) {
	e = &entry{direction: d, from: int64(from.Sub(l.epoch))}
	l.mu.Lock()
	n := len(l.entries)
	l.entries = append(l.entries, e)
	l.mu.Unlock()
	return fmt.Sprintf("%s%c.%d", l.prefix, d, n), e
}

// arrived notes that a message of that client id came to its receiver; those of other ledgers and directions are ignored, such as a
// writer's own message that comes back to it.
func (l *ledger) arrived(id string, d direction) {
	rest, ours := strings.CutPrefix(id, l.prefix)
	letter, digits, ok := strings.Cut(rest, ".")
	if !ours || !ok || letter != string(rune(d)) {
		return
	}
	n := 0
	if _, err := fmt.Sscan(digits, &n); err != nil || n < 0 {
		return
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	if n >= len(l.entries) {
		return
	}
	if e := l.entries[n]; e.arrivals.Add(1) == 1 {
		e.took.Store(int64(time.Since(l.epoch)) - e.from)
	}
}

// account is what a ledger says in the end.
type account struct {
	begun, acked, lost, doubled int
	toAgent, toVisitor          sample
	// lastArrival is since the epoch.
	lastArrival time.Duration
}

// pending says how many acknowledged messages have not arrived.
func (l *ledger) pending() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	n := 0
	for _, e := range l.entries {
		if e.acked.Load() && e.arrivals.Load() == 0 {
			n++
		}
	}
	return n
}

// close waits up to a time for what has not arrived and returns the account.
func (l *ledger) close(within time.Duration) *account {
	for deadline := time.Now().Add(within); l.pending() > 0 && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	a := &account{begun: len(l.entries)}
	for _, e := range l.entries {
		arrivals := e.arrivals.Load()
		if e.acked.Load() {
			a.acked++
			if arrivals == 0 {
				a.lost++
			}
		}
		if arrivals > 1 {
			a.doubled++
		}
		if arrivals == 0 {
			continue
		}
		took := time.Duration(e.took.Load())
		a.lastArrival = max(a.lastArrival, time.Duration(e.from)+took)
		if e.direction == fromVisitor {
			a.toAgent.add(took)
		} else {
			a.toVisitor.add(took)
		}
	}
	return a
}
