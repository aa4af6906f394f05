package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// chaosSpans is how many times --seconds the chaos lasts.
	chaosSpans         = 3
	chaosAgents        = 6
	chaosConversations = 60
	// pauseMost is the longest pause of a writer between two messages.
	pauseMost = 300 * time.Millisecond
	cutEvery  = 60 * time.Millisecond
	killEvery = 4 * time.Second
	// healWithin is how long everybody may take to know everything after the last fault.
	healWithin = 30 * time.Second
)

// measureChaos cuts sockets and kills the server while everybody writes, and then looks for every message: in the database and at its
// receiver (B01).
func (b *bench) measureChaos(ctx context.Context) error {
	return b.with(ctx, b.DatabaseURL, func(ctx context.Context, i *installation) error {
		f, err := i.open(ctx, chaosAgents, chaosConversations)
		if err != nil {
			return err
		}
		f.close() // everybody comes back in their own way
		c := newChaos(b.Seed, f)
		if err := c.rage(ctx, b, chaosSpans*time.Duration(b.Seconds)*time.Second); err != nil {
			return err
		}
		found, err := c.verify(ctx)
		if err != nil {
			return err
		}
		b.tellChaos(c, found)
		return found.err()
	})
}

func (b *bench) tellChaos(c *chaos, v verdict) {
	how := fmt.Sprintf("%d messages acknowledged (%d after being sent again) in %d conversations both ways; %d × kill -9 and restart, %d sockets cut, "+
		"%d times all idle HTTP connections", v.acked, c.again.Load(), len(c.talks), c.kills, c.cuts.Load(), c.idleCuts)
	add := func(name string, value int, how string) {
		b.report.add(Figure{Scenario: "chaos", Name: name, Value: float64(value), Target: atMost(0), How: how})
	}
	add(fmt.Sprintf("in the database: lost=%d doubled=%d", v.stored.lost, v.stored.doubled), v.stored.lost+v.stored.doubled, how)
	add("in the database: out of order", v.stored.disorder, "sequences without gaps, each writer's messages as written")
	add(fmt.Sprintf("at the receivers: lost=%d doubled=%d", v.received.lost, v.received.doubled), v.received.lost+v.received.doubled,
		"visitors resume by their last sequence, panels by their last position")
	add("at the receivers: out of order", v.received.disorder, "events told twice or without their turn")
}

// chaos is a floor under attack.
type chaos struct {
	*floor
	visitors []*chaosVisitor
	agents   []*chaosAgent
	writers  []*writer
	luck     *rand.Rand

	clients         sync.WaitGroup
	again           atomic.Int64
	cuts            atomic.Int64
	kills, idleCuts int
}

func newChaos(seed uint64, f *floor) *chaos {
	c := &chaos{floor: f, luck: newLuck(seed)}
	for k, s := range f.seats {
		c.agents = append(c.agents, &chaosAgent{chaos: c, who: s.who, position: s.position.Load(), luck: newLuck(seed + uint64(k) + 1)})
	}
	for k, t := range f.talks {
		c.visitors = append(c.visitors, newChaosVisitor(c, t, newLuck(seed+uint64(k)+1000)))
		for _, d := range []direction{fromVisitor, fromAgent} {
			c.writers = append(c.writers, &writer{chaos: c, talk: t, direction: d, name: fmt.Sprintf("%s.%c%d", f.run, d, k), luck: newLuck(seed + uint64(k) + 2000)})
		}
	}
	return c
}

func newLuck(seed uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // load needs no secrets
}

// upTo draws a time.
func upTo(luck *rand.Rand, most time.Duration) time.Duration {
	return time.Duration(luck.Int64N(int64(most)))
}

// rage lets everybody write while it breaks things, then waits until all is well again.
func (c *chaos) rage(ctx context.Context, b *bench, span time.Duration) error {
	life, end := context.WithCancel(ctx)
	defer c.clients.Wait()
	defer end()
	for _, a := range c.agents {
		c.clients.Go(func() { a.live(life) })
	}
	for _, v := range c.visitors {
		c.clients.Go(func() { v.live(life) })
	}
	writing, stop := context.WithCancel(life)
	defer stop()
	var writers sync.WaitGroup
	for _, w := range c.writers {
		writers.Go(func() { w.write(writing, life) })
	}
	err := c.breakThings(ctx, b, span)
	stop()
	writers.Wait()
	if err != nil {
		return err
	}
	return c.heal(ctx)
}

// breakThings cuts and kills for a while.
func (c *chaos) breakThings(ctx context.Context, b *bench, span time.Duration) error {
	begin, killed := time.Now(), time.Now()
	for time.Since(begin) < span {
		if err := wait(ctx, cutEvery/2+upTo(c.luck, cutEvery)); err != nil {
			return err
		}
		switch n := c.luck.IntN(10); {
		case time.Since(killed) > killEvery:
			c.process.kill()
			c.kills++
			if err := c.restart(ctx); err != nil {
				return err
			}
			killed = time.Now()
			b.progressf("killed and restarted: ready after %s", c.process.readyAfter.Round(time.Millisecond))
		case n < 6:
			c.visitors[c.luck.IntN(len(c.visitors))].cut()
		case n < 9:
			c.agents[c.luck.IntN(len(c.agents))].cut()
		default:
			c.calls.cutIdle()
			c.idleCuts++
		}
	}
	return nil
}

// heal waits until every receiver has what the writers have got acknowledged.
func (c *chaos) heal(ctx context.Context) error {
	deadline := time.Now().Add(healWithin)
	for {
		missing := c.missing()
		if missing == 0 || time.Now().After(deadline) {
			return nil // verify tells what is lost
		}
		if err := wait(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

func (c *chaos) missing() int {
	n := 0
	for _, w := range c.writers {
		n += w.acknowledged() - c.receiver(w).count(w.name)
	}
	return n
}

// receiver is who gets what a writer writes.
func (c *chaos) receiver(w *writer) *received {
	if w.direction == fromAgent {
		for _, v := range c.visitors {
			if v.talk == w.talk {
				return &v.received
			}
		}
	}
	for k, s := range c.seats {
		if s == w.talk.seat {
			return &c.agents[k].received
		}
	}
	return &received{}
}

// faults is what was wrong with messages somewhere.
type faults struct{ lost, doubled, disorder int }

// verdict is what was found in the end.
type verdict struct {
	acked            int
	stored, received faults
	// confusions say what was out of order.
	confusions []string
}

func (v verdict) err() error {
	if v.stored == (faults{}) && v.received == (faults{}) {
		return nil
	}
	return fmt.Errorf("messages were lost, doubled or put out of order %v", v.confusions)
}

// confused adds what a receiver was told in a wrong order.
func (v *verdict) confused(r *received) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v.received.disorder += r.disorder
	if r.confusion != "" {
		v.confusions = append(v.confusions, r.confusion)
	}
}

// verify looks for every acknowledged message.
func (c *chaos) verify(ctx context.Context) (verdict, error) {
	var v verdict
	var mu sync.Mutex
	err := several(ctx, len(c.talks), 8, func(ctx context.Context, k int) error {
		stored, err := c.stored(ctx, c.talks[k])
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		v.stored.disorder += stored.disorder
		if stored.confusion != "" {
			v.confusions = append(v.confusions, stored.confusion)
		}
		for _, w := range c.writers {
			if w.talk != c.talks[k] {
				continue
			}
			acked := w.acknowledged()
			v.acked += acked
			v.stored.add(stored, w.name, acked)
			v.received.add(c.receiver(w), w.name, acked)
		}
		return nil
	})
	for _, a := range c.agents {
		v.confused(&a.received)
	}
	for _, one := range c.visitors {
		v.confused(&one.received)
	}
	return v, err
}

// add judges what is known of one writer's messages, which are numbered from 1.
func (f *faults) add(r *received, writer string, acked int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	times := map[int]int{}
	last := 0
	for _, n := range r.byWriter[writer] {
		if times[n]++; times[n] > 1 {
			f.doubled++
		}
		if n < last {
			f.disorder++
		}
		last = n
	}
	for n := 1; n <= acked; n++ {
		if times[n] == 0 {
			f.lost++
		}
	}
}
