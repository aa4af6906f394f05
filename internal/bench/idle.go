package bench

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	openersAtOnce = 64
	// lookEvery is the time between two looks at the server's memory; settledWithin by how much it may still move.
	lookEvery     = time.Second
	settledWithin = 0.005
)

// measureIdle measures what a visitor costs who is there and does nothing.
func (b *bench) measureIdle(ctx context.Context) error {
	return b.with(ctx, b.DatabaseURL, func(ctx context.Context, i *installation) error {
		before, heapBefore, err := b.settled(ctx, i)
		if err != nil {
			return err
		}
		begin := time.Now()
		open, err := i.fill(ctx, b.Visitors)
		if err != nil {
			return err
		}
		defer open.close()
		b.progressf("%d sockets open after %s, waiting for the server's memory to settle", b.Visitors, time.Since(begin).Round(time.Millisecond))
		after, heapAfter, err := b.settled(ctx, i)
		if err != nil {
			return err
		}
		if i.process == nil {
			b.report.add(Figure{Scenario: "idle", Name: "sockets held", Value: float64(b.Visitors), How: "memory is not known of a server elsewhere"})
			return nil
		}
		// What the set-up left behind, as the memory for hashing a password, is used again by the visitors: the smaller number is the
		// one before them.
		before = min(before, i.process.atReady)
		visitors := float64(b.Visitors)
		how := fmt.Sprintf("VmRSS %.1f MB when just ready → %.1f MB with %d sockets, each with hello and welcome, after the server's own garbage collection",
			before/1e6, after/1e6, b.Visitors)
		b.report.add(Figure{
			Scenario: "idle", Name: "resident memory per visitor", Value: (after - before) / visitors / 1024, Unit: "KiB",
			Target: atMost(4), How: how,
		})
		b.report.add(Figure{
			Scenario: "idle", Name: "of it in the Go heap", Value: (heapAfter - heapBefore) / visitors / 1024, Unit: "KiB",
			How: "go_memstats_heap_alloc_bytes, before and after",
		})
		return nil
	})
}

// filled are idle visitors.
type filled struct {
	mu      sync.Mutex
	open    []*guest
	readers sync.WaitGroup
}

// fill opens sockets that only answer pings.
func (i *installation) fill(ctx context.Context, n int) (*filled, error) {
	f := &filled{}
	err := several(ctx, n, openersAtOnce, func(ctx context.Context, k int) error {
		v, err := i.visit(ctx, k, "", false, i.source(k))
		if err != nil {
			return fmt.Errorf("visitor %d: %w", k, err)
		}
		f.readers.Go(func() { v.listen(func(string, []byte) {}) })
		f.mu.Lock()
		f.open = append(f.open, v)
		f.mu.Unlock()
		return nil
	})
	if err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

func (f *filled) close() {
	for _, v := range f.open {
		_ = v.socket.Cut() // gone either way
	}
	f.readers.Wait()
}

// settled waits until the server has collected its garbage once and its memory stays, and returns VmRSS and the Go heap in bytes.
func (b *bench) settled(ctx context.Context, i *installation) (resident, heap float64, err error) {
	if i.process == nil {
		return 0, 0, nil
	}
	asked, last := time.Now(), 0.0
	deadline := asked.Add(b.Settle)
	for steady := 0; steady < 3; {
		select {
		case <-ctx.Done():
			return 0, 0, ctx.Err() //nolint:wrapcheck // it was interrupted
		case <-time.After(lookEvery):
		}
		metrics, err := i.metrics(ctx)
		if err != nil {
			return 0, 0, err
		}
		now := i.process.resident()
		collected := metrics["go_memstats_last_gc_time_seconds"] > float64(asked.UnixMilli())/1000
		if collected && now-last <= settledWithin*now && last-now <= settledWithin*now {
			steady++
		} else {
			steady = 0
		}
		last, heap = now, metrics["go_memstats_heap_alloc_bytes"]
		if time.Now().After(deadline) {
			b.progressf("the memory did not settle within %s", b.Settle)
			break
		}
	}
	return last, heap, nil
}

// metrics returns the server's plain metrics, those without labels.
func (i *installation) metrics(ctx context.Context) (map[string]float64, error) {
	text, err := i.calls.send(ctx, asOperator, "GET", "/metrics", nil)
	if err != nil {
		return nil, fmt.Errorf("bench: metrics: %w", err)
	}
	metrics := map[string]float64{}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if n, err := strconv.ParseFloat(value, 64); err == nil && !strings.HasPrefix(name, "#") {
			metrics[name] = n
		}
	}
	return metrics, nil
}
