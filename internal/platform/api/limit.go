package api

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/aceno-chat/aceno/internal/platform/clock"
)

// Limiter keeps a token bucket for each key, such as a caller and a route. Full buckets are forgotten, and never more than bucketsMost are
// kept, so a flood of callers costs no lasting memory. It is safe for concurrent use.
type Limiter struct {
	clock   clock.Clock
	mu      sync.Mutex
	buckets map[string]*bucket
	swept   time.Time
}

type bucket struct {
	*rate.Limiter
	full time.Time // when it will have refilled
}

const (
	sweepBuckets = time.Minute
	// bucketsMost bounds what is remembered. Should all be in use, some begin anew: that is kinder than to refuse who was never here.
	bucketsMost = 200_000
)

// NewLimiter returns one in which every bucket is full.
func NewLimiter(c clock.Clock) *Limiter {
	return &Limiter{clock: c, buckets: make(map[string]*bucket), swept: c.Now()}
}

// Take uses one token of key's bucket. It returns 0, or how long until there is one again.
func (l *Limiter) Take(key string, r Rate) time.Duration {
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > sweepBuckets {
		l.sweep(now)
	}
	b, ok := l.buckets[key]
	if !ok {
		l.makeRoom(now)
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

func (l *Limiter) sweep(now time.Time) {
	for k, b := range l.buckets {
		if b.full.Before(now) {
			delete(l.buckets, k)
		}
	}
	l.swept = now
}

// makeRoom sees to it that one more bucket may be kept. A tenth goes at a time, so that a flood does not look through all at each key.
func (l *Limiter) makeRoom(now time.Time) {
	if len(l.buckets) < bucketsMost {
		return
	}
	l.sweep(now)
	for k := range l.buckets {
		if len(l.buckets) < bucketsMost*9/10 {
			return
		}
		delete(l.buckets, k)
	}
}
