package bench

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	queueVisitors  = 60
	queuePerSecond = 10
	// noticeWithin is how long the last notices may take.
	noticeWithin = 10 * time.Second
)

// measureQueue measures how soon every agent of a department is told that somebody waits.
func (b *bench) measureQueue(ctx context.Context) error {
	return b.with(ctx, b.DatabaseURL, func(ctx context.Context, i *installation) error {
		q := &queue{floor: &floor{installation: i}, begun: map[string]time.Time{}}
		defer q.close()
		if err := q.gather(ctx, b.QueueAgents, byHand, queueVisitors, q.hear); err != nil {
			return err
		}
		b.progressf("%d agents listen", b.QueueAgents)
		used := i.usage()
		if err := q.enter(ctx, b.Seconds*queuePerSecond); err != nil {
			return err
		}
		how := fmt.Sprintf("HTTP request → commit → each of %d agents' sockets, %d entries at %d/s; server %s",
			b.QueueAgents, b.Seconds*queuePerSecond, queuePerSecond, i.usage().since(used))
		b.report.add(Figure{Scenario: "queue", Name: "queue entry → agents' sockets, p50", Value: milliseconds(q.took.percentile(50)), Unit: "ms", How: how})
		b.report.add(Figure{
			Scenario: "queue", Name: "queue entry → agents' sockets, p99", Value: milliseconds(q.took.percentile(99)), Unit: "ms", Target: atMost(50),
		})
		return q.lost()
	})
}

// queue is a floor where people come and go without being attended.
type queue struct {
	*floor
	took sample

	mu    sync.Mutex
	begun map[string]time.Time // by visitor's name
	left  int                  // frames to come
	all   chan struct{}        // closed when left is 0
}

func (q *queue) hear(_ *seat, kind string, data []byte) {
	if kind != "event" || textAfter(data, `"kind":"`) != "conversation.queued" {
		return
	}
	now := time.Now()
	name := textAfter(data, `"name":"`)
	q.mu.Lock()
	defer q.mu.Unlock()
	from, ours := q.begun[name]
	if !ours {
		return
	}
	q.took.add(now.Sub(from))
	if q.left--; q.left == 0 {
		close(q.all)
	}
}

// enter lets visitors into the queue at a steady rate, each leaving it before coming again, and waits until every agent knows of each.
func (q *queue) enter(ctx context.Context, entries int) error {
	q.left, q.all = entries*len(q.seats), make(chan struct{})
	ticker := time.NewTicker(time.Second / queuePerSecond)
	defer ticker.Stop()
	for n := range entries {
		t := q.talks[n%len(q.talks)]
		if err := q.leave(ctx, t); err != nil {
			return err
		}
		name := fmt.Sprint("Fila ", q.run, " ", n)
		q.mu.Lock()
		q.begun[name] = time.Now()
		q.mu.Unlock()
		if err := q.queueUp(ctx, t, fmt.Sprint(q.run, ".", n), name); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err() //nolint:wrapcheck // it was interrupted
		case <-ticker.C:
		}
	}
	select {
	case <-q.all:
		return nil
	case <-time.After(noticeWithin):
		q.mu.Lock()
		defer q.mu.Unlock()
		return fmt.Errorf("bench: %d of %d notices of the queue did not arrive", q.left, entries*len(q.seats))
	}
}
