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

// alarmKind says what has its time.
type alarmKind byte

const (
	ofConversation alarmKind = iota
	ofTransfer
)

// alarm names what is looked at when its time has come.
type alarm struct {
	kind          alarmKind
	accountID, id string
}

// alarms keeps what has a time, in one goroutine with one timer. They are only reminders to look: what is due says the database,
// and conditional updates decide when several nodes look.
type alarms struct {
	ring   func(context.Context, alarm) (next time.Time, err error)
	find   func(context.Context) error
	clock  clock.Clock
	logger *slog.Logger

	mu     sync.Mutex
	queue  alarmHeap
	due    map[alarm]time.Time // the valid time of each; others in the queue are stale
	wake   chan struct{}
	cancel context.CancelFunc
	done   chan struct{}
}

func newAlarms(
	ring func(context.Context, alarm) (time.Time, error), find func(context.Context) error, c clock.Clock, logger *slog.Logger,
) *alarms {
	return &alarms{ring: ring, find: find, clock: c, logger: logger, due: make(map[alarm]time.Time), wake: make(chan struct{}, 1)}
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

// start begins to work and finds what an earlier process left.
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
	sweep := time.NewTimer(0)
	defer sweep.Stop()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		timer.Reset(q.untilNext())
		select {
		case <-ctx.Done():
			return
		case <-sweep.C:
			if err := q.find(ctx); err != nil && ctx.Err() == nil {
				q.logger.Error("the times of conversations could not be read; trying again", "error", err)
				sweep.Reset(retryAfter)
			}
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
	group.SetLimit(leavesAtOnce)
	for _, a := range q.takeDue() {
		group.Go(func() error {
			next, err := q.ring(ctx, a)
			if err != nil && ctx.Err() == nil {
				q.logger.Error("what was due in a conversation could not be done; trying again", "id", a.id, "error", err)
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
