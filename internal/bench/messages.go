package bench

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

const (
	// A rate counts as held when of the messages begun sustainedPercent arrive in the span, and the slowest hundredth takes no longer
	// than sustainedP99.
	sustainedPercent = 97
	sustainedP99     = 250 * time.Millisecond
	// narrowings is how often the gap between the last rate held and the first not held is halved.
	narrowings = 2
)

// ladder says how long is measured, and how the highest rate is looked for: from begin in steps of the factor, each held for span, up to top.
type ladder struct {
	begin, factor, top float64
	span               time.Duration
	// drain is how long messages may take to arrive after the load has ended.
	drain time.Duration
	// reads is how often each route is called in the scenario reads.
	reads int
}

var usualLadder = ladder{begin: 1500, factor: 1.35, top: 100_000, span: 5 * time.Second, drain: 10 * time.Second, reads: 40}

// measureMessages measures messages both ways, on SQLite or what was asked for, and on PostgreSQL too if a server was named.
func (b *bench) measureMessages(ctx context.Context) error {
	engines := []struct{ name, url string }{{"SQLite, synchronous=FULL", b.DatabaseURL}}
	switch {
	case b.URL != "":
		engines[0].name = "as installed"
	case b.DatabaseURL != "":
		engines[0].name = "PostgreSQL"
	}
	if b.PostgresURL != "" {
		engines = append(engines, struct{ name, url string }{"PostgreSQL", b.PostgresURL})
	}
	var errs []error
	for _, engine := range engines {
		errs = append(errs, b.with(ctx, engine.url, func(ctx context.Context, i *installation) error {
			return b.messagesOn(ctx, i, engine.name)
		}))
	}
	return errors.Join(errs...)
}

func (b *bench) messagesOn(ctx context.Context, i *installation, engine string) error {
	scenario := "messages, " + engine
	f, err := i.open(ctx, b.Agents, b.Conversations)
	if err != nil {
		return err
	}
	defer f.close()
	if _, err := b.hold(ctx, f, 100, time.Second, 0); err != nil { // nobody's first message is measured
		return err
	}
	phase := 1
	for _, rate := range b.Rates {
		b.progressf("%s: %d messages/s", engine, rate)
		h, err := b.hold(ctx, f, float64(rate), time.Duration(b.Seconds)*time.Second, phase)
		if err != nil {
			return err
		}
		phase++
		target := [2]*Target{}
		if rate == 1000 {
			target = [2]*Target{atMost(1), atMost(6)}
		}
		b.tellLatencies(scenario, rate, f, h, target)
		b.tellProcessor(scenario, rate, h)
	}
	top, err := b.climb(ctx, f, phase)
	if err != nil {
		return err
	}
	highest := Figure{
		Scenario: scenario, Name: "highest sustained rate", Unit: "/s", Target: atLeast(7000),
		How: fmt.Sprintf("steps of %s until p99 > %s or < %d %% arrive in time; ", b.ladder.span, sustainedP99, sustainedPercent),
	}
	if top == nil {
		highest.How += "none was held"
	} else {
		highest.Value = top.achieved
		highest.How += fmt.Sprintf("p99 there %.1f ms; server %s", milliseconds(top.worst()), top.cores)
	}
	b.report.add(highest)
	return f.lost()
}

// held is how a rate went.
type held struct {
	*account
	rate, achieved float64
	cores          cores
	// used is the server's processor time for all of it.
	used     time.Duration
	failed   int64
	disorder int64
}

func (h *held) worst() time.Duration {
	return max(h.toAgent.percentile(99), h.toVisitor.percentile(99))
}

func (h *held) ok() bool {
	return h.worst() <= sustainedP99 && h.achieved*100 >= h.rate*sustainedPercent && h.failed == 0
}

// hold offers messages at a rate, half of them in each direction, each in a conversation drawn by lot.
func (b *bench) hold(ctx context.Context, f *floor, rate float64, span time.Duration, phase int) (*held, error) {
	l := newLedger(f.run, phase)
	f.ledger.Store(l)
	var failed atomic.Int64
	var first atomic.Value
	disorder, used := f.disorder(), f.usage()
	begin := time.Now()
	begun := offer(ctx, b.luck, rate, span, func(from time.Time) {
		t, d := f.pick(l)
		id, e := l.write(d, from)
		if err := f.send(ctx, t, d, id); err != nil {
			failed.Add(1)
			first.CompareAndSwap(nil, err.Error())
			return
		}
		e.acked.Store(true)
	})
	if ctx.Err() != nil {
		return nil, ctx.Err() //nolint:wrapcheck // it was interrupted
	}
	cores := f.usage().since(used)
	h := &held{account: l.close(b.ladder.drain), cores: cores, failed: failed.Load(), disorder: f.disorder() - disorder}
	h.used = f.usage().used - used.used
	h.rate = float64(begun) / span.Seconds()
	took := max(span, h.lastArrival-begin.Sub(l.epoch))
	h.achieved = float64(h.toAgent.count()+h.toVisitor.count()) / took.Seconds()
	if h.lost > 0 || h.doubled > 0 || h.disorder > 0 {
		return h, fmt.Errorf("at %.0f/s: lost=%d doubled=%d out of order=%d", rate, h.lost, h.doubled, h.disorder)
	}
	if h.failed > 0 && phase == 0 {
		return h, fmt.Errorf("%d of %d messages were refused: %v", h.failed, h.begun, first.Load())
	}
	return h, nil
}

// pick gives messages to the conversations in turn, in alternating directions.
func (f *floor) pick(l *ledger) (*talk, direction) {
	n := l.turn.Add(1)
	d := fromVisitor
	if (n/int64(len(f.talks)))%2 == n%2 {
		d = fromAgent
	}
	return f.talks[n%int64(len(f.talks))], d
}

// tellLatencies adds how long the messages took, with what is to be reached by the half and by 99 of a hundred; nil for nothing.
func (b *bench) tellLatencies(scenario string, rate int, f *floor, h *held, target [2]*Target) {
	how := fmt.Sprintf("HTTP request → commit → socket, %d messages in %d conversations of %d agents, arriving at random; server %s",
		h.acked, len(f.talks), len(f.seats), h.cores)
	for _, way := range []struct {
		name   string
		sample *sample
	}{{"visitor → agent", &h.toAgent}, {"agent → visitor", &h.toVisitor}} {
		name := fmt.Sprintf("%s at %d/s", way.name, rate)
		b.report.add(Figure{Scenario: scenario, Name: name + ", p50", Value: milliseconds(way.sample.percentile(50)), Unit: "ms", Target: target[0], How: how})
		b.report.add(Figure{Scenario: scenario, Name: name + ", p99", Value: milliseconds(way.sample.percentile(99)), Unit: "ms", Target: target[1]})
		how = ""
	}
	b.report.add(Figure{
		Scenario: scenario, Name: fmt.Sprintf("lost=%d doubled=%d refused=%d at", h.lost, h.doubled, h.failed), Value: h.achieved, Unit: "/s",
		How: "each message has an identifier that is looked for at its receiver's socket; events and sequences in order there",
	})
}

// tellProcessor adds what a message costs the server: the figure that hardly depends on what else the machine does.
func (b *bench) tellProcessor(scenario string, rate int, h *held) {
	if h.cores < 0 || h.acked == 0 {
		return
	}
	b.report.add(Figure{
		Scenario: scenario, Name: fmt.Sprintf("server's processor time per message at %d/s", rate),
		Value: float64(h.used.Microseconds()) / float64(h.acked), Unit: "µs", How: "user and system, everything included: HTTP, commit, event, both sockets",
	})
}

// climb raises the rate until it is not held, then looks closer between the last two. It returns the best that was held, nil for none.
func (b *bench) climb(ctx context.Context, f *floor, phase int) (*held, error) {
	var best *held
	try := func(rate float64) (bool, error) {
		phase++
		h, err := b.hold(ctx, f, rate, b.ladder.span, phase)
		if err != nil {
			return false, err
		}
		b.progressf("offered %.0f/s: %.0f/s arrived, p99 %.1f ms, server %s, refused %d", rate, h.achieved, milliseconds(h.worst()), h.cores, h.failed)
		if h.ok() && (best == nil || h.achieved > best.achieved) {
			best = h
		}
		return h.ok(), nil
	}
	good, bad := 0.0, 0.0
	for rate := b.ladder.begin; bad == 0 && rate < b.ladder.top; rate *= b.ladder.factor {
		ok, err := try(rate)
		if err != nil {
			return nil, err
		}
		if ok {
			good = rate
		} else {
			bad = rate
		}
	}
	for range narrowings {
		if bad == 0 {
			break
		}
		rate := (good + bad) / 2
		ok, err := try(rate)
		if err != nil {
			return nil, err
		}
		if ok {
			good = rate
		} else {
			bad = rate
		}
	}
	return best, nil
}
