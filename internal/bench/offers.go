package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const (
	offersPerSecond = 50
	// offersVisitors come in turn, so rarely that none opens conversations faster than the server lets one visitor: one in 12 s.
	offersVisitors = 12 * offersPerSecond
)

// measureOffers measures how soon the roulette offers who has entered the queue to one agent. The agents' panels acknowledge what they
// are offered, as those of browsers do when they have painted it, and the visitors end the conversations, so that nobody is ever full.
func (b *bench) measureOffers(ctx context.Context) error {
	return b.with(ctx, b.DatabaseURL, func(ctx context.Context, i *installation) error {
		o := &offers{floor: &floor{installation: i}, patience: b.ladder.drain, free: make(chan *talk, offersVisitors)}
		defer o.close()
		hear := func(s *seat, kind string, data []byte) { o.hear(ctx, s, kind, data) }
		if err := o.gather(ctx, b.QueueAgents, byRoulette, offersVisitors, hear); err != nil {
			return err
		}
		for _, t := range o.talks {
			o.free <- t
		}
		if _, err := b.rush(ctx, o, time.Second); err != nil { // nobody's first offer is measured
			return err
		}
		b.progressf("the roulette turns among %d agents", b.QueueAgents)
		used := i.usage()
		r, err := b.rush(ctx, o, time.Duration(b.Seconds)*time.Second)
		if err != nil {
			return err
		}
		how := fmt.Sprintf("HTTP request → commit → decision → commit → one of %d agents' sockets, %d entries arriving at random; each acknowledged, "+
			"then ended by the visitor; server %s", b.QueueAgents, r.begun, i.usage().since(used))
		for _, p := range []struct {
			name   string
			at     float64
			target *Target
		}{{"p50", 50, nil}, {"p99", 99, atMost(50)}} {
			b.report.add(Figure{
				Scenario: "offers", Name: "queue entry → offer on the agent's socket, " + p.name,
				Value: milliseconds(r.took.percentile(p.at)), Unit: "ms", Target: p.target, How: how,
			})
			how = ""
		}
		b.report.add(Figure{
			Scenario: "offers", Name: fmt.Sprintf("lost=%d doubled=%d refused=%d at", r.lost.Load(), r.doubled.Load(), r.failed.Load()),
			Value: float64(r.took.count()) / r.span.Seconds(), Unit: "/s",
			How: "each visitor has a name of their own that is looked for in the offers: never offered, offered twice, request refused",
		})
		return o.lost()
	})
}

// offers is a floor where the roulette distributes.
type offers struct {
	*floor
	// patience is how long an offer, and its acknowledgement, may take before it counts as lost.
	patience time.Duration
	free     chan *talk // visitors who are in no queue
	number   atomic.Int64
	// entries are those of the rush, by visitor's name.
	entries sync.Map
}

// entrance is one entry into the queue.
type entrance struct {
	rush    *rush
	from    time.Time
	offered atomic.Int64
	// taken is closed when an agent's acknowledgement was accepted.
	taken chan struct{}
	once  sync.Once
}

// rush is a span of entries and what became of them.
type rush struct {
	begun                 int
	span                  time.Duration
	took                  sample
	lost, doubled, failed atomic.Int64
	first                 atomic.Value // of the refusals
}

func (r *rush) refuse(err error) {
	r.failed.Add(1)
	r.first.CompareAndSwap(nil, err.Error())
}

// rush lets visitors into the queue at random times and waits until each was attended. An error is an entry that was lost or doubled.
func (b *bench) rush(ctx context.Context, o *offers, span time.Duration) (*rush, error) {
	r := &rush{span: span}
	r.begun = offer(ctx, b.luck, offersPerSecond, span, func(from time.Time) { o.enter(ctx, r, from) })
	if ctx.Err() != nil {
		return nil, ctx.Err() //nolint:wrapcheck // it was interrupted
	}
	if r.lost.Load() > 0 || r.doubled.Load() > 0 || r.failed.Load() > 0 {
		return nil, fmt.Errorf("of %d entries: lost=%d doubled=%d refused=%d %v",
			r.begun, r.lost.Load(), r.doubled.Load(), r.failed.Load(), r.first.Load())
	}
	if r.begun == 0 {
		return nil, errors.New("bench: nobody entered the queue")
	}
	return r, nil
}

// enter lets a visitor into the queue, waits until an agent has the conversation, and ends it.
func (o *offers) enter(ctx context.Context, r *rush, from time.Time) {
	t := <-o.free
	defer func() { o.free <- t }()
	n := o.number.Add(1)
	name := fmt.Sprint("Roleta ", o.run, " ", n)
	e := &entrance{rush: r, from: from, taken: make(chan struct{})}
	o.entries.Store(name, e)
	if err := o.queueUp(ctx, t, fmt.Sprint(o.run, ".r", n), name); err != nil {
		r.refuse(err)
		return
	}
	select {
	case <-e.taken:
	case <-ctx.Done():
		return
	case <-time.After(o.patience):
		if e.offered.Load() == 0 {
			r.lost.Add(1)
		}
	}
	if err := o.leave(ctx, t); err != nil {
		r.refuse(err)
	}
}

func (o *offers) hear(ctx context.Context, s *seat, kind string, data []byte) {
	if kind != "event" || textAfter(data, `"kind":"`) != "offer.made" {
		return
	}
	now := time.Now()
	found, ours := o.entries.Load(textAfter(data, `"visitor_name":"`))
	if !ours {
		return
	}
	e, ok := found.(*entrance)
	if !ok {
		return
	}
	if e.offered.Add(1) == 1 {
		e.rush.took.add(now.Sub(e.from))
	} else {
		e.rush.doubled.Add(1)
	}
	id := textAfter(data, `"offer":{"id":"`)
	o.readers.Go(func() {
		if err := o.calls.call(ctx, s.who, http.MethodPost, "/api/offers/"+id+"/shown", nil, nil); err != nil {
			e.rush.refuse(err)
			return
		}
		e.once.Do(func() { close(e.taken) })
	})
}
