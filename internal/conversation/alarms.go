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

const (
	// alarmsAtOnce is how many alarms are looked at side by side: what they write shares a commit.
	alarmsAtOnce = 16
	retryAfter   = 5 * time.Second
)

// alarmKind says what has its time.
type alarmKind string

const (
	ofConversation alarmKind = "conversation"
	ofTransfer     alarmKind = "transfer"
	// ofDeparture is a visitor who left; the id is the visitor's.
	ofDeparture alarmKind = "departure"
	// ofAllTimes and ofAllGone find, after a start, what an earlier process knew: everything that has a time, and who left.
	ofAllTimes alarmKind = "all times"
	ofAllGone  alarmKind = "all departures"
)

// alarm names what is looked at when its time has come.
type alarm struct {
	kind          alarmKind
	accountID, id string
}

// alarms keeps what has a time, in one goroutine with one timer. They are only reminders to look: what is due says the database,
// and conditional updates decide when several nodes look. A look that fails is tried again.
type alarms struct {
	ring   func(context.Context, alarm) (next time.Time, err error)
	clock  clock.Clock
	logger *slog.Logger

	mu     sync.Mutex
	queue  alarmHeap
	due    map[alarm]time.Time // the valid time of each; others in the queue are stale
	wake   chan struct{}
	cancel context.CancelFunc
	done   chan struct{}
}

func newAlarms(ring func(context.Context, alarm) (time.Time, error), c clock.Clock, logger *slog.Logger) *alarms {
	return &alarms{ring: ring, clock: c, logger: logger, due: make(map[alarm]time.Time), wake: make(chan struct{}, 1)}
}

// set has a looked at when the time comes; the last time set counts.
func (q *alarms) set(a alarm, due time.Time) {
	q.mu.Lock()
	q.due[a] = due
	heap.Push(&q.queue, timed{a, due})
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// start begins to work.
func (q *alarms) start(ctx context.Context) {
	ctx, q.cancel = context.WithCancel(context.WithoutCancel(ctx))
	q.done = make(chan struct{})
	go q.run(ctx)
}

// stop ends the work and waits for what was begun.
func (q *alarms) stop() {
	if q.cancel == nil {
		return
	}
	q.cancel()
	<-q.done
}

func (q *alarms) run(ctx context.Context) {
	defer close(q.done)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		timer.Reset(q.untilNext())
		select {
		case <-ctx.Done():
			return
		case <-q.wake:
		case <-timer.C:
		}
		q.work(ctx)
	}
}

func (q *alarms) untilNext() time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.queue) == 0 {
		return time.Hour
	}
	return max(q.queue[0].due.Sub(q.clock.Now()), time.Millisecond)
}

// work looks at everything whose time has come.
func (q *alarms) work(ctx context.Context) {
	var group errgroup.Group
	group.SetLimit(alarmsAtOnce)
	for _, a := range q.takeDue() {
		group.Go(func() error {
			next, err := q.ring(ctx, a)
			if err != nil && ctx.Err() == nil {
				q.logger.Error("what was due could not be done; trying again", "of", string(a.kind), "id", a.id, "error", err)
				next = q.clock.Now().Add(retryAfter)
			}
			if !next.IsZero() && ctx.Err() == nil {
				q.again(a, next)
			}
			return nil
		})
	}
	_ = group.Wait() // the functions return no errors
}

// again sets a time unless another was set meanwhile.
func (q *alarms) again(a alarm, due time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if _, ok := q.due[a]; !ok {
		q.due[a] = due
		heap.Push(&q.queue, timed{a, due})
	}
}

func (q *alarms) takeDue() []alarm {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.clock.Now()
	var due []alarm
	for len(q.queue) > 0 {
		first := q.queue[0]
		valid := q.due[first.alarm].Equal(first.due)
		if valid && first.due.After(now) {
			break
		}
		heap.Pop(&q.queue)
		if valid {
			delete(q.due, first.alarm)
			due = append(due, first.alarm)
		}
	}
	return due
}

// timed is an alarm with its time.
type timed struct {
	alarm
	due time.Time
}

// alarmHeap orders alarms by their time.
type alarmHeap []timed

// Len is part of heap.Interface.
func (h alarmHeap) Len() int { return len(h) }

// Less is part of heap.Interface.
func (h alarmHeap) Less(i, j int) bool { return h[i].due.Before(h[j].due) }

// Swap is part of heap.Interface.
func (h alarmHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push is part of heap.Interface.
func (h *alarmHeap) Push(x any) {
	if entry, ok := x.(timed); ok {
		*h = append(*h, entry)
	}
}

// Pop is part of heap.Interface.
func (h *alarmHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
