package bench

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// latenessAllowed is how much later than due a request may begin without that being counted: the grain of the machine's timers.
const latenessAllowed = 2 * time.Millisecond

// offer begins requests at random times of a mean rate for as long as span, each on its own, and returns when the last has ended.
// fire gets the time from which the request counts. Offer returns how many were begun.
func offer(ctx context.Context, luck *rand.Rand, perSecond float64, span time.Duration, fire func(from time.Time)) int {
	var group sync.WaitGroup
	defer group.Wait()
	begin := time.Now()
	due := begin
	for begun := 0; ; begun++ {
		due = due.Add(time.Duration(luck.ExpFloat64() / perSecond * float64(time.Second)))
		if due.Sub(begin) >= span {
			return begun
		}
		if wait := time.Until(due); wait > 0 {
			select {
			case <-ctx.Done():
				return begun
			case <-time.After(wait):
			}
		} else if ctx.Err() != nil {
			return begun
		}
		from := time.Now()
		if from.Sub(due) > latenessAllowed {
			from = due
		}
		group.Go(func() { fire(from) })
	}
}

// several runs fn for the numbers below n, several at a time, and returns the first error.
func several(ctx context.Context, n, atOnce int, fn func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	numbers := make(chan int)
	var group sync.WaitGroup
	for range min(atOnce, n) {
		group.Go(func() {
			for i := range numbers {
				if err := fn(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
feed:
	for i := range n {
		select {
		case numbers <- i:
		case <-ctx.Done():
			break feed
		}
	}
	close(numbers)
	group.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}
