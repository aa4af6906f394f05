package demo

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// workers is how many moves may be made at the same time: enough that one slow answer does not hold up everybody.
const workers = 4

// task is something to do at a time. It belongs to one schedule, stands in it at most once, and never runs twice at once.
type task struct {
	do func(ctx context.Context)

	when     time.Time
	place    int // in the heap; -1 when it is not there
	running  bool
	followUp bool // it was set again while it ran
}

func newTask(do func(ctx context.Context)) *task { return &task{do: do, place: -1} }

// schedule runs tasks at their times with a fixed number of workers and one timer.
type schedule struct {
	mu    sync.Mutex
	queue taskHeap
	wake  chan struct{}
}

func newSchedule() *schedule { return &schedule{wake: make(chan struct{}, 1)} }

// set makes t run at when; a time set before is forgotten. It may be called from t itself.
func (s *schedule) set(t *task, when time.Time) {
	s.mu.Lock()
	t.when = when
	switch {
	case t.running:
		t.followUp = true
	case t.place >= 0:
		heap.Fix(&s.queue, t.place)
	default:
		heap.Push(&s.queue, t)
	}
	first := len(s.queue) > 0 && s.queue[0] == t
	s.mu.Unlock()
	if first {
		s.poke()
	}
}

// in makes t run after a while.
func (s *schedule) in(t *task, after time.Duration) { s.set(t, time.Now().Add(after)) }

func (s *schedule) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// run makes the tasks run until ctx ends, and returns when the last one has.
func (s *schedule) run(ctx context.Context) {
	due := make(chan *task)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for t := range due {
				t.do(ctx)
				s.finish(t)
			}
		})
	}
	defer group.Wait()
	defer close(due)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		t, wait := s.next()
		if t != nil {
			select {
			case due <- t:
				continue
			case <-ctx.Done():
				return
			}
		}
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-s.wake:
		case <-ctx.Done():
			return
		}
	}
}

// next takes a task that is due, or tells how long to wait for the next one.
func (s *schedule) next() (*task, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return nil, time.Hour
	}
	if wait := time.Until(s.queue[0].when); wait > 0 {
		return nil, wait
	}
	t := heap.Pop(&s.queue).(*task) //nolint:forcetypeassert // nothing else is pushed
	t.running = true
	return t, 0
}

func (s *schedule) finish(t *task) {
	s.mu.Lock()
	t.running = false
	again := t.followUp
	t.followUp = false
	s.mu.Unlock()
	if again {
		s.set(t, t.when)
	}
}

// taskHeap orders tasks by time (container/heap).
type taskHeap []*task

func (h taskHeap) Len() int           { return len(h) }
func (h taskHeap) Less(i, j int) bool { return h[i].when.Before(h[j].when) }

func (h taskHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i, j
}

// Push appends a task.
func (h *taskHeap) Push(x any) {
	t := x.(*task) //nolint:forcetypeassert // only this file pushes
	t.place = len(*h)
	*h = append(*h, t)
}

// Pop takes the last task.
func (h *taskHeap) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	t.place = -1
	return t
}
