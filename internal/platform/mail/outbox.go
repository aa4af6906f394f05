package mail

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
)

// outboxMost is how many messages an outbox keeps.
const outboxMost = 100

// Outbox keeps messages instead of sending them, so that the demo can show them. It is safe for concurrent use.
type Outbox struct {
	clock clock.Clock
	mu    sync.Mutex
	kept  []Kept
}

// Kept is a message that would have been sent.
type Kept struct {
	Message
	At time.Time
}

// NewOutbox returns an empty outbox.
func NewOutbox(c clock.Clock) *Outbox { return &Outbox{clock: c} }

// Send keeps the message; the oldest one goes when there are too many.
func (o *Outbox) Send(_ context.Context, m Message) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kept = append(o.kept, Kept{Message: m, At: o.clock.Now()})
	if len(o.kept) > outboxMost {
		o.kept = o.kept[1:]
	}
	return nil
}

// All returns what was kept, the newest first.
func (o *Outbox) All() []Kept {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := slices.Clone(o.kept)
	slices.Reverse(all)
	return all
}
