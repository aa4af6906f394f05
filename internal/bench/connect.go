package bench

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// callersAtOnce connect at the same time, each after its last connection has been answered.
	callersAtOnce = 64
	// keptOpen is how many sockets each of them leaves open before it closes the oldest.
	keptOpen = 32
)

// measureConnect measures how many page views a second can begin: TCP, upgrade, hello, welcome.
func (b *bench) measureConnect(ctx context.Context) error {
	return b.with(ctx, b.DatabaseURL, func(ctx context.Context, i *installation) error {
		for _, known := range []bool{false, true} {
			name, target := "new visitors connect with page view", atLeast(8000)
			if known {
				name, target = "known visitors change the page", nil
			}
			if err := b.connects(ctx, i, known, name, target); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *bench) connects(ctx context.Context, i *installation, known bool, name string, target *Target) error {
	span := time.Duration(b.Seconds) * time.Second
	var latency sample
	var failed atomic.Int64
	var first atomic.Value
	used := i.usage()
	begin := time.Now()
	var group sync.WaitGroup
	for worker := range callersAtOnce {
		group.Go(func() {
			c := connector{installation: i, worker: worker, known: known}
			for start := begin; start.Sub(begin) < span && ctx.Err() == nil; {
				err := c.next(ctx)
				if err != nil {
					failed.Add(1)
					first.CompareAndSwap(nil, err.Error())
				} else {
					latency.add(time.Since(start))
				}
				start = time.Now()
			}
			c.close()
		})
	}
	group.Wait()
	if ctx.Err() != nil {
		return ctx.Err() //nolint:wrapcheck // it was interrupted
	}
	took := time.Since(begin)
	cores := i.usage().since(used)
	how := fmt.Sprintf("TCP, upgrade, hello, welcome; %d callers for %.0f s, each waiting for its answer; server %s", callersAtOnce, took.Seconds(), cores)
	if n := failed.Load(); n > 0 {
		return fmt.Errorf("%d of %d connections failed: %v", n, latency.count()+int(n), first.Load())
	}
	b.report.add(Figure{Scenario: "connect", Name: name, Value: float64(latency.count()) / took.Seconds(), Unit: "/s", Target: target, How: how})
	b.report.add(Figure{Scenario: "connect", Name: "until the welcome, p99", Value: milliseconds(latency.percentile(99)), Unit: "ms"})
	return nil
}

// connector opens one socket after another from one source.
type connector struct {
	*installation
	worker, n int
	known     bool
	token     string
	open      []*guest
}

// next opens the next page: of somebody new, or of the same visitor after leaving the page before.
func (c *connector) next(ctx context.Context) error {
	number := c.worker << 17
	if !c.known {
		number += c.n
	}
	c.n++
	v, err := c.visit(ctx, number, c.token, false, c.source(c.worker))
	if err != nil {
		return err
	}
	keep := keptOpen
	if c.known {
		c.token, keep = v.token, 1
	}
	if c.open = append(c.open, v); len(c.open) > keep {
		_ = c.open[0].socket.Close() // left
		c.open = c.open[1:]
	}
	return nil
}

func (c *connector) close() {
	for _, v := range c.open {
		_ = v.socket.Cut() // the end of the run
	}
}

// usage is the processor time of the server so far.
type usage struct {
	at   time.Time
	used time.Duration
	ok   bool
}

func (i *installation) usage() usage {
	if i.process == nil {
		return usage{at: time.Now()}
	}
	return usage{at: time.Now(), used: i.process.processor(), ok: true}
}

// since returns how many cores were used on average since an earlier look.
func (u usage) since(earlier usage) cores {
	if !u.ok || u.at.Equal(earlier.at) {
		return -1
	}
	return cores((u.used - earlier.used).Seconds() / u.at.Sub(earlier.at).Seconds())
}

// cores is a share of the machine; negative when it is not known.
type cores float64

// String says it in words.
func (c cores) String() string {
	if c < 0 {
		return "at an unknown load"
	}
	return fmt.Sprintf("used %.2f cores", float64(c))
}
