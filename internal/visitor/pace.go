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
	networks map[netip.Prefix]*network
	swept    time.Time
}

// network is what one network may still do, and what it was refused since the last log line.
type network struct {
	*rate.Limiter
	refused int
	said    time.Time
}

// networkOf returns what visits are counted by: an IPv4 address, or the /64 of an IPv6 one, which is what one household or server gets.
// False for addresses that are not counted: unknown ones, and those of this machine, where a proxy or a test comes from.
func networkOf(address netip.Addr) (netip.Prefix, bool) {
	address = address.Unmap().WithZone("")
	if !address.IsValid() || address.IsLoopback() {
		return netip.Prefix{}, false
	}
	bits := 64
	if address.Is4() {
		bits = 32
	}
	return netip.PrefixFrom(address, bits).Masked(), true
}

// take counts a new visit from an address. Errors: rate_limited.
func (p *pace) take(address netip.Addr, at int64) error {
	prefix, counted := networkOf(address)
	if !counted || p.burst <= 0 {
		return nil
	}
	now := time.UnixMilli(at)
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.networks[prefix]
	if n == nil {
		p.sweep(now)
		n = &network{Limiter: rate.NewLimiter(rate.Every(paceRefill/time.Duration(p.burst)), p.burst)}
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
		p.networks, p.swept = make(map[netip.Prefix]*network), now
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
