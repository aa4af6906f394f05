package guard

import (
	"cmp"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/network"
)

// Limit names a bound that can bite.
type Limit string

// The bounds, as the metric and the log name them.
const (
	LimitConnections Limit = "network_connections" // a network's connections: refused
	LimitSockets     Limit = "network_sockets"     // a network's visitor sockets and polls: refused
	LimitRequests    Limit = "network_requests"    // a network's requests in progress: refused
	LimitBodies      Limit = "network_bodies"      // a network's large bodies in progress: refused
	LimitWaiting     Limit = "waiting_closed"      // a connection without a request gave way to a newer one
	LimitReserve     Limit = "reserve"             // only the agents' reserve of descriptors is left: visitors are refused
	LimitDescriptors Limit = "descriptors"         // nor that: refused
	LimitRate        Limit = "rate"                // how often one caller may call a route: refused
	LimitAccept      Limit = "accept_failed"       // the system refused a connection
	LimitBody        Limit = "slow_body"           // a body that does not move: cut
	LimitAnswer      Limit = "slow_answer"         // an answer that is not taken: cut
)

// Limits lists all bounds.
func Limits() []Limit {
	return []Limit{
		LimitConnections, LimitSockets, LimitRequests, LimitBodies, LimitWaiting, LimitReserve, LimitDescriptors, LimitRate, LimitAccept, LimitBody,
		LimitAnswer,
	}
}

// sayEvery is how often one bound is said in the log: an attack must not fill a disk.
const sayEvery = time.Minute

// tallies counts how often each bound has bitten.
type tallies struct {
	logger *slog.Logger
	mu     sync.Mutex
	byName map[Limit]*bites
}

type bites struct {
	times, said uint64
	next        time.Duration // when it may be said again
}

func (t *tallies) hit(limit Limit, from netip.Prefix, now time.Duration) {
	t.mu.Lock()
	b := t.byName[limit]
	if b == nil {
		b = &bites{}
		t.byName[limit] = b
	}
	b.times++
	times, say := b.times-b.said, b.said == 0 || now >= b.next
	if say {
		b.said, b.next = b.times, now+sayEvery
	}
	t.mu.Unlock()
	if say {
		t.logger.Warn("a limit was reached", "limit", string(limit), "times", times, "network", cmp.Or(network.Name(from), "not counted"))
	}
}

// Reached tells how often the bound has bitten since the start.
func (g *Gate) Reached(limit Limit) uint64 {
	g.tallies.mu.Lock()
	defer g.tallies.mu.Unlock()
	if b := g.tallies.byName[limit]; b != nil {
		return b.times
	}
	return 0
}

// Note counts and says a bound that bit elsewhere.
func (g *Gate) Note(limit Limit, from netip.Addr) {
	g.tallies.hit(limit, network.Counted(from), g.now())
}
