package edge

import (
	"net/netip"
	"sync"

	"github.com/aceno-chat/aceno/internal/platform/network"
)

// addressKey is a network in half the bytes: every connection has one. The zero key is not counted.
type addressKey [16]byte

func keyOf(address netip.Addr) addressKey {
	counted := network.Counted(address)
	if !counted.IsValid() {
		return addressKey{}
	}
	return counted.Addr().As16()
}

// registry knows every connection. Its lock is taken after Conn.mu, never before it.
type registry struct {
	mu        sync.Mutex
	slots     []*Conn
	free      []int32
	held      int // reservations and connections, courtesies apart
	count     int // connections
	addresses map[addressKey]int32
	draining  bool
	drained   chan struct{} // closed when draining and count is 0
}

func newRegistry() registry {
	return registry{addresses: make(map[addressKey]int32), drained: make(chan struct{})}
}

// reserve counts a connection before it is made; false when a bound is reached. A reservation ends with add and remove, or with unreserve.
func (g *registry) reserve(key addressKey, most, mostPerAddress int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if most > 0 && g.held >= most {
		return false
	}
	if key != (addressKey{}) {
		if mostPerAddress > 0 && int(g.addresses[key]) >= mostPerAddress {
			return false
		}
		g.addresses[key]++
	}
	g.held++
	return true
}

func (g *registry) unreserve(key addressKey) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.unreserveLocked(key)
}

func (g *registry) unreserveLocked(key addressKey) {
	g.held--
	if key == (addressKey{}) {
		return
	}
	if g.addresses[key]--; g.addresses[key] <= 0 {
		delete(g.addresses, key)
	}
}

// add gives the connection its slot; false when the server is draining.
func (g *registry) add(c *Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.draining {
		return false
	}
	if n := len(g.free); n > 0 {
		c.slot = g.free[n-1]
		g.free = g.free[:n-1]
		g.slots[c.slot] = c
	} else {
		c.slot = int32(len(g.slots))
		g.slots = append(g.slots, c)
	}
	g.count++
	return true
}

func (g *registry) remove(c *Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.slots[c.slot] = nil
	g.free = append(g.free, c.slot)
	c.slot = -1
	g.count--
	if !c.courtesy {
		g.unreserveLocked(c.address)
	}
	if g.draining && g.count == 0 {
		close(g.drained)
	}
}

// drain refuses new connections from now on and returns those there are. The channel is closed when the last one is gone.
func (g *registry) drain() (all []*Conn, drained <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.draining {
		g.draining = true
		if g.count == 0 {
			close(g.drained)
		}
	}
	return g.every(0, 1), g.drained
}

func (g *registry) isDraining() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.draining
}

// bucket returns the connections of every step-th slot from first: a connection keeps its slot for life, so that going through all buckets
// meets each exactly once, and the load is spread without a timer each.
func (g *registry) bucket(first, step int) []*Conn {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.every(first, step)
}

func (g *registry) every(first, step int) (found []*Conn) {
	for i := first; i < len(g.slots); i += step {
		if c := g.slots[i]; c != nil {
			found = append(found, c)
		}
	}
	return found
}
