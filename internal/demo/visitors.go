package demo

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

const (
	// DefaultVisitors is how many are on the site when nothing else is asked for.
	DefaultVisitors = 300
	// MaxVisitors is as many as one process has sockets for, with room for the server in the same one.
	MaxVisitors = 5000
	// arrivalsWithin is the time in which everybody comes at the start.
	arrivalsWithin = 6 * time.Second
	retryShop      = 500 * time.Millisecond
)

// Options say how many visitors there are and what they draw their lives from.
type Options struct {
	// Visitors is how many are there at a time, 0 to MaxVisitors.
	Visitors int
	// Seed: the same one makes the same people make the same journeys.
	Seed   uint64
	Logger *slog.Logger
}

// Visitors are simulated visitors of the demo shop.
type Visitors struct{ options Options }

// NewVisitors returns visitors that are not there yet. Run brings them.
func NewVisitors(o Options) (*Visitors, error) {
	if o.Visitors < 0 || o.Visitors > MaxVisitors {
		return nil, fmt.Errorf("demo: from 0 to %d visitors, not %d", MaxVisitors, o.Visitors)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Visitors{options: o}, nil
}

// crowd are the visitors of one run, and what they share.
type crowd struct {
	seed     uint64
	key      string
	log      *slog.Logger
	world    world
	shop     *shop
	schedule *schedule
	desk     desk
	guests   []*guest
	// dice and inviting belong to the desk's task.
	dice     *dice
	inviting *task
}

// Run brings the visitors and keeps them coming until ctx ends; it returns when the last socket is closed. It waits for the shop as
// long as that does not answer. server and shopURL are addresses as http://localhost:8080; key is the key of the shop's site.
func (v *Visitors) Run(ctx context.Context, server, shopURL, key string) error {
	origin, err := originOf(shopURL)
	if err != nil {
		return err
	}
	n := newNetwork(server, origin, key)
	defer n.close()
	c := newCrowd(v.options, n, key)
	first := newPersona(c.dice)
	c.shop, err = await(ctx, func() (*shop, error) {
		return explore(ctx, origin, func(ctx context.Context, address string) ([]byte, error) { return n.Fetch(ctx, &first, address, "") })
	})
	if err != nil {
		return nil // ctx has ended, which is how a run ends
	}
	c.run(ctx)
	return nil
}

func newCrowd(o Options, w world, key string) *crowd {
	c := &crowd{seed: o.Seed, key: key, log: o.Logger, world: w, schedule: newSchedule(), dice: newDice(o.Seed, 1<<63)}
	c.inviting = newTask(c.invite)
	for i := range o.Visitors {
		c.guests = append(c.guests, newGuest(c, i))
	}
	return c
}

// run moves everybody until ctx ends, and hangs up.
func (c *crowd) run(ctx context.Context) {
	for _, g := range c.guests {
		c.schedule.in(g.walk, c.dice.between(0, arrivalsWithin))
	}
	if len(c.guests) > 0 {
		c.schedule.in(c.inviting, arrivalsWithin)
	}
	c.schedule.run(ctx)
	for _, g := range c.guests {
		g.mu.Lock()
		g.hangUp()
		g.mu.Unlock()
	}
}

// await tries until it works; its only error is the end of ctx.
func await[T any](ctx context.Context, try func() (T, error)) (T, error) {
	for {
		result, err := try()
		if err == nil {
			return result, nil
		}
		select {
		case <-ctx.Done():
			return result, fmt.Errorf("demo: %w; the last try: %w", ctx.Err(), err)
		case <-time.After(retryShop):
		}
	}
}
