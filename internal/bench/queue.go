package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

const (
	queueVisitors  = 60
	queuePerSecond = 10
	// noticeWithin is how long the last notices may take.
	noticeWithin = 10 * time.Second
)

// measureQueue measures how soon every agent of a department is told that somebody waits. The roulette's offer will take the same way
// to one of them.
func (b *bench) measureQueue(ctx context.Context) error {
	return b.with(ctx, b.DatabaseURL, func(ctx context.Context, i *installation) error {
		q := &queue{floor: &floor{installation: i}, begun: map[string]time.Time{}}
		defer q.close()
		if err := q.gather(ctx, b.QueueAgents); err != nil {
			return err
		}
		b.progressf("%d agents listen", b.QueueAgents)
		used := i.usage()
		if err := q.enter(ctx, b.Seconds*queuePerSecond); err != nil {
			return err
		}
		how := fmt.Sprintf("HTTP request → commit → each of %d agents' sockets, %d entries at %d/s; the roulette's offer goes the same way to one; server %s",
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

func (q *queue) gather(ctx context.Context, agents int) error {
	staff, err := q.staff(ctx, agents)
	if err != nil {
		return err
	}
	q.seats = make([]*seat, agents)
	err = several(ctx, agents, signInsAtOnce, func(ctx context.Context, k int) error {
		p, err := q.openPanel(ctx, staff[k], -1, q.hear)
		q.seats[k] = &seat{who: staff[k], panel: p}
		return err
	})
	if err != nil {
		return err
	}
	q.talks = make([]*talk, queueVisitors)
	return several(ctx, queueVisitors, 16, func(ctx context.Context, k int) error {
		v, err := q.visit(ctx, k, "", false, netip.Addr{})
		if err != nil {
			return err
		}
		q.talks[k] = &talk{visitor: v}
		q.readers.Go(func() { v.listen(func(string, []byte) {}) })
		return nil
	})
}

func (q *queue) hear(kind string, data []byte) {
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
		if t.id != "" {
			if err := q.calls.call(ctx, t.visitor.who, http.MethodPost, "/v/conversations/"+t.id+"/end", nil, nil); err != nil {
				return err
			}
		}
		name := fmt.Sprint("Fila ", q.run, " ", n)
		q.mu.Lock()
		q.begun[name] = time.Now()
		q.mu.Unlock()
		var opened struct {
			ID string `json:"id"`
		}
		err := q.calls.call(ctx, t.visitor.who, http.MethodPost, "/v/conversations", map[string]any{
			"client_id": fmt.Sprint(q.run, ".", n), "department_id": q.departmentID, "name": name, "email": "fila@example.com",
			"fields": map[string]string{}, "text": "",
		}, &opened)
		if err != nil {
			return err
		}
		t.id = opened.ID
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
