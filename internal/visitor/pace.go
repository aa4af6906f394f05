package visitor

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/network"
)

const (
	// newPerNetwork is how many new visits one network may begin at once: an office or a mobile carrier behind one address fits well
	// within, also where every page of somebody who has not agreed to be known is a visit of its own.
	newPerNetwork = 600
	// paceRefill is how long it takes until as many may begin again.
	paceRefill = 20 * time.Second
	// maxNetworks bounds what is remembered of networks. Should it be full of those that have just been here, all are forgotten: the
	// budget of memory holds without them.
	maxNetworks = 1 << 14
	// saidEvery is the time between two log lines about the same.
	saidEvery = time.Minute
	// comeAgain is when somebody refused may come back, in seconds: what the page waits after a close for busyness.
	comeAgain = 30
)

// pace bounds how many new visits one network may begin. A visit that goes on is not new.
type pace struct {
	burst   int // 0 is no bound
	logger  *slog.Logger
	refused atomic.Int64

	mu       sync.Mutex
	networks map[netip.Prefix]*newcomers
	swept    time.Time
}

// newcomers is what one network may still do, and what it was refused since the last log line.
type newcomers struct {
	*rate.Limiter
	refused int
	said    time.Time
}

// take counts a new visit from an address. Errors: rate_limited.
func (p *pace) take(address netip.Addr, at int64) error {
	prefix := network.Counted(address)
	if !prefix.IsValid() || p.burst <= 0 {
		return nil
	}
	now := time.UnixMilli(at)
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.networks[prefix]
	if n == nil {
		p.sweep(now)
		n = &newcomers{Limiter: rate.NewLimiter(rate.Every(paceRefill/time.Duration(p.burst)), p.burst)}
		p.networks[prefix] = n
	}
	if n.AllowN(now, 1) {
		return nil
	}
	p.refused.Add(1)
	n.refused++
	if now.Sub(n.said) >= saidEvery {
		p.logger.LogAttrs(context.Background(), slog.LevelWarn, "visitor: new visits of a network are refused, it begins too many",
			slog.String("network", prefix.String()), slog.Int("refused", n.refused), slog.Int("allowed_at_once", p.burst))
		n.refused, n.said = 0, now
	}
	return fault.New(fault.RateLimited).With("seconds", comeAgain)
}

// sweep forgets the networks that may begin as many visits again as one that was never here.
func (p *pace) sweep(now time.Time) {
	if p.networks == nil {
		p.networks, p.swept = make(map[netip.Prefix]*newcomers), now
	}
	if len(p.networks) < maxNetworks && now.Sub(p.swept) < saidEvery {
		return
	}
	p.swept = now
	for prefix, n := range p.networks {
		if n.TokensAt(now) >= float64(p.burst) && now.Sub(n.said) >= saidEvery {
			delete(p.networks, prefix)
		}
	}
	if len(p.networks) >= maxNetworks {
		clear(p.networks)
	}
}
