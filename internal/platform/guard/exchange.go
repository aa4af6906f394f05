package guard

import (
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/network"
)

// largeBody is from which size on a body counts as large, in bytes.
const largeBody = 64 << 10

// exchange is one request with its answer.
type exchange struct {
	gate     *Gate
	conn     *conn // nil outside of a server that the gate knows
	single   bool  // HTTP/1 on a known connection: nothing else happens on it meanwhile
	network  netip.Prefix
	large    bool
	counted  bool // guarded by Gate.mu, as released is
	released bool

	mu      sync.Mutex // guards what follows
	control *http.ResponseController
	in, out flow
	unread  bool // the body's end was not seen
	over    bool // the handler has returned: control is not to be used
	cut     bool // the body was cut
	dropped bool // the answer was
}

// flow is one direction. Only time in which somebody waits for the peer counts.
type flow struct {
	waiting bool
	begun   bool
	based   bool
	mark    time.Duration // when the present window began
	left    time.Duration // when the last wait ended
	base    int64         // what had moved at the mark
	moved   int64         // by what the handler read or wrote
}

func (f *flow) wait(now time.Duration) {
	if f.begun {
		f.mark += now - f.left
	} else {
		f.begun, f.mark = true, now
	}
	f.waiting = true
}

func (f *flow) done(now time.Duration, n int) {
	f.waiting, f.left = false, now
	f.moved += int64(n)
}

// stalled says whether too little of what has moved in all moved in the window that now ends.
func (f *flow) stalled(now time.Duration, moved, least int64, window time.Duration) bool {
	switch {
	case !f.based || moved < f.base: // it is known in another way than before
		f.based, f.base = true, moved
	case moved-f.base >= least:
		f.mark, f.base = now, moved
	default:
		return f.waiting && now-f.mark >= window
	}
	return false
}

// begin counts a request. A bound that bites is returned; end must follow all the same.
func (g *Gate) begin(w http.ResponseWriter, r *http.Request) (*exchange, Limit) {
	c := connOf(r.Context())
	x := &exchange{
		gate: g, conn: c, single: c != nil && r.ProtoMajor == 1, network: network.Counted(g.options.Address(r)),
		control: http.NewResponseController(w), unread: r.ContentLength != 0 && r.Body != nil && r.Body != http.NoBody, // HTTP/2 has a body even where there is none
	}
	x.large = x.unread && (r.ContentLength < 0 || r.ContentLength > largeBody)
	limit := Limit("")
	if c != nil && g.isSpare(c) {
		class, sockets := g.options.Class(r), g.options.Sockets()
		g.mu.Lock()
		if !g.mayServeLocked(c, class, sockets) {
			limit = LimitReserve
		}
		g.mu.Unlock()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if limit == "" {
		limit = g.countLocked(x)
	}
	x.counted = limit == ""
	g.active[x] = struct{}{}
	if c != nil {
		g.leaveLocked(c)
		if x.single && !c.gone {
			c.last = x
		}
	}
	return x, limit
}

func (g *Gate) isSpare(c *conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return c.spare
}

func (g *Gate) countLocked(x *exchange) Limit {
	s := g.shareOf(x.network)
	if x.network != (netip.Prefix{}) {
		if most := g.options.PerNetwork; most > 0 && s.requests >= most {
			return LimitRequests
		}
		if most := g.options.LargePerNetwork; x.large && most > 0 && s.large >= most {
			return LimitBodies
		}
	}
	s.requests++
	if x.large {
		s.large++
	}
	return ""
}

// end follows the handler's return. Over HTTP/1 the answer may still be on its way: the server settles that.
func (g *Gate) end(x *exchange) {
	x.mu.Lock()
	x.over = true
	if x.single {
		x.out.wait(g.now())
	}
	x.mu.Unlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	if c := x.conn; !x.single || c.gone || c.last != x {
		g.releaseLocked(x)
	}
}

// settleLocked ends the connection's last exchange: its answer is gone, or nobody is there to take it.
func (g *Gate) settleLocked(c *conn) {
	if c.last != nil {
		g.releaseLocked(c.last)
		c.last = nil
	}
}

func (g *Gate) releaseLocked(x *exchange) {
	if x.released {
		return
	}
	x.released = true
	delete(g.active, x)
	if !x.counted {
		g.forgetEmpty(x.network)
		return
	}
	s := g.shareOf(x.network)
	s.requests--
	if x.large {
		s.large--
	}
	g.forgetEmpty(x.network)
}

// sweepsPerWindow is how often a window is looked at: so much later than due may a cut be.
const sweepsPerWindow = 10

func (g *Gate) sweepLoop() {
	ticker := time.NewTicker(max(g.options.Window/sweepsPerWindow, time.Millisecond))
	defer ticker.Stop()
	for {
		select {
		case <-g.stop:
			return
		case <-ticker.C:
			g.sweep()
		}
	}
}

// sweep cuts what does not move.
func (g *Gate) sweep() {
	now, window := g.now(), g.options.Window
	g.mu.Lock()
	if g.hurried {
		window /= 5
	}
	active := make([]*exchange, 0, len(g.active))
	for x := range g.active {
		active = append(active, x)
	}
	g.mu.Unlock()
	for _, x := range active {
		if limit := x.check(now, window); limit != "" {
			g.tallies.hit(limit, x.network, now)
		}
	}
}

// longPast is a deadline that ends what waits.
var longPast = time.Unix(1, 0)

// check cuts what stalls, and returns the bound that bit.
func (x *exchange) check(now, window time.Duration) Limit {
	x.mu.Lock()
	defer x.mu.Unlock()
	least := x.gate.options.Least
	if !x.cut && x.in.waiting && x.in.stalled(now, x.in.moved, least, window) {
		x.cutBody()
		return LimitBody
	}
	if x.dropped || !x.out.waiting || !x.out.stalled(now, x.taken(), least, window) {
		return ""
	}
	x.out.mark = now
	if x.unread && !x.cut {
		x.cutBody() // the server reads what the handler left of the body before it sends the answer
		return LimitBody
	}
	x.dropped = true
	if x.single {
		_ = x.conn.raw.Close() // nobody is told: the peer sees it
	} else if !x.over {
		_ = x.control.SetWriteDeadline(longPast) // where that can't be, nothing waits for a peer
	}
	return LimitAnswer
}

func (x *exchange) cutBody() {
	x.cut = true
	if x.single {
		_ = x.conn.raw.SetReadDeadline(longPast) // a closed one needs none
	} else if !x.over {
		_ = x.control.SetReadDeadline(longPast) // where that can't be, nothing waits for a peer
	}
}

// taken is how much of the answer has left, as well as it can be known.
func (x *exchange) taken() int64 {
	if x.single {
		if n := acknowledged(x.conn.raw); n > 0 {
			return n
		}
	}
	return x.out.moved
}
