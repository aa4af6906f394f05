package api

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/aceno-chat/aceno/internal/platform/clock"
)

// limiter keeps a token bucket per caller and route. Full buckets are forgotten, so a flood of callers costs no lasting memory.
type limiter struct {
	clock   clock.Clock
	mu      sync.Mutex
	buckets map[string]*bucket
	swept   time.Time
}

type bucket struct {
	*rate.Limiter
	full time.Time // when it will have refilled
}

const sweepBuckets = time.Minute

func newLimiter(c clock.Clock) *limiter {
	return &limiter{clock: c, buckets: make(map[string]*bucket), swept: c.Now()}
}

// take uses one token of key's bucket. It returns 0, or how long until there is one again.
func (l *limiter) take(key string, r Rate) time.Duration {
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > sweepBuckets {
		for k, b := range l.buckets {
			if b.full.Before(now) {
				delete(l.buckets, k)
			}
		}
		l.swept = now
	}
	b, ok := l.buckets[key]
	if !ok {
		b = &bucket{Limiter: rate.NewLimiter(rate.Every(r.Per/time.Duration(r.Burst)), r.Burst)}
		l.buckets[key] = b
	}
	b.full = now.Add(r.Per)
	reservation := b.ReserveN(now, 1)
	wait := reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
	}
	return wait
}
