package conversation

import (
	"context"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
)

// visitorKey names a visitor of an account.
type visitorKey struct{ accountID, visitorID string }

// departure is a visitor who left at a moment.
type departure struct{ left time.Time }

// departures keeps since when visitors are gone whose conversations are looked after; an alarm looks.
type departures struct {
	leave  func(ctx context.Context, who visitorKey, left time.Time) (next time.Time, err error)
	alarms *alarms
	clock  clock.Clock

	mu        sync.Mutex
	byVisitor map[visitorKey]*departure
}

func newDepartures(leave func(context.Context, visitorKey, time.Time) (time.Time, error), a *alarms, c clock.Clock) *departures {
	return &departures{leave: leave, alarms: a, clock: c, byVisitor: make(map[visitorKey]*departure)}
}

// add notes a departure; the first look is at once. A visitor who has left already stays at the first departure.
func (d *departures) add(key visitorKey, left time.Time) {
	d.mu.Lock()
	_, known := d.byVisitor[key]
	if !known {
		d.byVisitor[key] = &departure{left}
	}
	d.mu.Unlock()
	if !known {
		d.alarms.set(alarm{kind: ofDeparture, accountID: key.accountID, id: key.visitorID}, d.clock.Now())
	}
}

// remove forgets a departure: the visitor is back. Its alarm will find nothing.
func (d *departures) remove(key visitorKey) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.byVisitor, key)
}

// ring looks at what a visitor left behind and returns when to look again, zero for never.
func (d *departures) ring(ctx context.Context, key visitorKey) (time.Time, error) {
	d.mu.Lock()
	known, ok := d.byVisitor[key]
	d.mu.Unlock()
	if !ok {
		return time.Time{}, nil
	}
	next, err := d.leave(ctx, key, known.left)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byVisitor[key] != known {
		return time.Time{}, nil // the visitor returned meanwhile, and may have left again, which set an alarm of its own
	}
	if err == nil && next.IsZero() {
		delete(d.byVisitor, key)
	}
	return next, err
}
