package bench

import (
	"context"
	"time"
)

// measureSustained measures a busy floor as it is for hours: many conversations are open at once, and in each somebody writes every
// second, now the visitor, now the agent.
func (b *bench) measureSustained(ctx context.Context) error {
	return b.with(ctx, b.DatabaseURL, func(ctx context.Context, i *installation) error {
		f, err := i.open(ctx, b.Agents, b.Open)
		if err != nil {
			return err
		}
		defer f.close()
		if _, err := b.hold(ctx, f, 100, time.Second, 0); err != nil { // nobody's first message is measured
			return err
		}
		b.progressf("%d conversations, %d messages/s", b.Open, b.Open)
		h, err := b.hold(ctx, f, float64(b.Open), time.Duration(b.Seconds)*time.Second, 1)
		if err != nil {
			return err
		}
		b.tellLatencies("sustained", b.Open, f, h, [2]*Target{atMost(1), atMost(6)})
		b.tellProcessor("sustained", b.Open, h)
		return f.lost()
	})
}
