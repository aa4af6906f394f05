package conversation

import (
	"container/heap"
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/aceno-chat/aceno/internal/platform/clock"
)

// leavesAtOnce is how many departures are written side by side: they share a commit.
const leavesAtOnce = 16

// visitorKey names a visitor of an account.
type visitorKey struct{ accountID, visitorID string }

// departure is a visitor who left at a moment and whose conversations are looked at when due. The lock of departures
// guards due and off.
type departure struct {
	visitorKey
	left time.Time
	due  time.Time
	// off is set when the visitor returned; the entry leaves the heap when its time comes.
	off bool
}

// departures keeps the deadlines of those who left, in one goroutine with one timer.
type departures struct {
	leave     func(ctx context.Context, who visitorKey, left time.Time) (next time.Time, err error)
	stillOpen func(context.Context) ([]visitorKey, error)
	clock     clock.Clock
	logger    *slog.Logger

	mu        sync.Mutex
	queue     departureHeap
	byVisitor map[visitorKey]*departure
	wake      chan struct{}
	cancel    context.CancelFunc
	done      chan struct{}
}

func newDepartures(
	leave func(context.Context, visitorKey, time.Time) (time.Time, error), stillOpen func(context.Context) ([]visitorKey, error),
	c clock.Clock, logger *slog.Logger,
) *departures {
	return &departures{
		leave: leave, stillOpen: stillOpen, clock: c, logger: logger,
		byVisitor: make(map[visitorKey]*departure), wake: make(chan struct{}, 1),
	}
}

// add notes a departure; the first look is at once. A visitor who has left already stays at the first departure.
func (d *departures) add(key visitorKey, left time.Time) {
	d.mu.Lock()
	if _, ok := d.byVisitor[key]; !ok {
		entry := &departure{visitorKey: key, left: left, due: d.clock.Now()}
		d.byVisitor[key] = entry
		heap.Push(&d.queue, entry)
	}
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// remove forgets a departure: the visitor is back.
func (d *departures) remove(key visitorKey) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if known, ok := d.byVisitor[key]; ok {
		known.off = true
		delete(d.byVisitor, key)
	}
}

// start begins to work; after sweepAfter those who were left behind by an earlier process are found.
func (d *departures) start(ctx context.Context) {
	ctx, d.cancel = context.WithCancel(context.WithoutCancel(ctx))
	d.done = make(chan struct{})
	go d.run(ctx)
}

// stop ends the work and waits for what was begun.
func (d *departures) stop() {
	if d.cancel == nil {
		return
	}
	d.cancel()
	<-d.done
}

func (d *departures) run(ctx context.Context) {
	defer close(d.done)
	started := d.clock.Now()
	sweep := time.NewTimer(sweepAfter)
	defer sweep.Stop()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		timer.Reset(d.untilNext())
		select {
		case <-ctx.Done():
			return
		case <-sweep.C:
			if !d.sweep(ctx, started) {
				sweep.Reset(retryAfter)
			}
		case <-d.wake:
		case <-timer.C:
		}
		d.work(ctx)
	}
}

func (d *departures) untilNext() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.queue) == 0 {
		return time.Hour
	}
	return max(d.queue[0].due.Sub(d.clock.Now()), time.Millisecond)
}

// sweep enters those whose conversations are open and who are not here. They left, at the latest, when the process began.
func (d *departures) sweep(ctx context.Context, started time.Time) bool {
	keys, err := d.stillOpen(ctx)
	if err != nil {
		if ctx.Err() == nil {
			d.logger.Error("open conversations could not be listed; trying again", "error", err)
		}
		return false
	}
	for _, key := range keys {
		d.add(key, started)
	}
	return true
}

// work looks at every departure whose time has come.
func (d *departures) work(ctx context.Context) {
	var group errgroup.Group
	group.SetLimit(leavesAtOnce)
	for _, entry := range d.takeDue() {
		group.Go(func() error {
			d.look(ctx, entry)
			return nil
		})
	}
	_ = group.Wait() // the functions return no errors
}

func (d *departures) look(ctx context.Context, entry *departure) {
	next, err := d.leave(ctx, entry.visitorKey, entry.left)
	if err != nil && ctx.Err() == nil {
		d.logger.Error("a departed visitor's conversation could not be ended; trying again", "visitor", entry.visitorID, "error", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byVisitor[entry.visitorKey] != entry {
		return // the visitor returned meanwhile, and may have left again
	}
	if err == nil && next.IsZero() {
		delete(d.byVisitor, entry.visitorKey)
		return
	}
	now := d.clock.Now()
	entry.due = next
	if err != nil || !entry.due.After(now) {
		entry.due = now.Add(retryAfter)
	}
	heap.Push(&d.queue, entry)
}

func (d *departures) takeDue() []*departure {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.clock.Now()
	var due []*departure
	for len(d.queue) > 0 && (d.queue[0].off || !d.queue[0].due.After(now)) {
		entry, ok := heap.Pop(&d.queue).(*departure)
		if ok && !entry.off {
			due = append(due, entry)
		}
	}
	return due
}

// departureHeap orders departures by when they are due.
type departureHeap []*departure

// Len is part of heap.Interface.
func (h departureHeap) Len() int { return len(h) }

// Less is part of heap.Interface.
func (h departureHeap) Less(i, j int) bool { return h[i].due.Before(h[j].due) }

// Swap is part of heap.Interface.
func (h departureHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push is part of heap.Interface.
func (h *departureHeap) Push(x any) {
	if entry, ok := x.(*departure); ok {
		*h = append(*h, entry)
	}
}

// Pop is part of heap.Interface.
func (h *departureHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
