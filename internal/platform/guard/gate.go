package guard

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/network"
)

// Class says what a request may use when descriptors are short.
type Class int

const (
	// Visitor requests never use the reserve.
	Visitor Class = iota
	// Panel requests are an agent's before the sign-in: they may use half of the reserve.
	Panel
	// Agent requests carry a session: they may use all of it.
	Agent
)

// Options of a Gate. A zero field takes the default written beside it.
type Options struct {
	Logger *slog.Logger // nothing is logged
	// Window and Least are the least that must move: Least bytes (4 KiB) in each Window (10 s).
	Window time.Duration
	Least  int64
	// PerNetwork bounds the connections of one network, and its requests in progress; 0 is no bound.
	PerNetwork int
	// LargePerNetwork bounds its requests in progress with a body over 64 KiB: 64; negative is no bound.
	LargePerNetwork int
	// Descriptors is how many files the process may hold open; 0 is no bound.
	Descriptors int
	// Sockets tells how many descriptors connections hold that were taken over from the HTTP server. Default: none.
	Sockets func() int
	// Class tells what a request is. Default: Visitor.
	Class func(*http.Request) Class
	// Address returns the client's address, trusted proxies considered. Default: the zero address, which is not counted.
	Address func(*http.Request) netip.Addr
	// Trusted are the proxies: their connections are not counted, as they are many clients'.
	Trusted []netip.Prefix
	// Problem writes a refusal.
	Problem func(http.ResponseWriter, *http.Request, error)
}

// Gate counts connections and requests. It works until Close.
type Gate struct {
	options Options
	budget  int // descriptors for all clients; 0 is no bound
	reserve int // those of them that are for agents
	epoch   time.Time
	now     func() time.Duration // on the monotonic clock; tests set it
	tallies tallies

	mu       sync.Mutex
	conns    map[net.Conn]*conn
	waiting  queue
	networks map[netip.Prefix]*share
	active   map[*exchange]struct{}
	hurried  bool
	draining bool

	stop    chan struct{}
	sweeper sync.WaitGroup
}

// retrySeconds is when who was refused may come back.
const retrySeconds = 10

// New returns a gate whose sweeper runs.
func New(o Options) *Gate {
	g := newGate(o)
	g.sweeper.Go(g.sweepLoop)
	return g
}

func newGate(o Options) *Gate {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Window == 0 {
		o.Window = 10 * time.Second
	}
	if o.Least == 0 {
		o.Least = 4 << 10
	}
	if o.LargePerNetwork == 0 {
		o.LargePerNetwork = 64
	}
	if o.Sockets == nil {
		o.Sockets = func() int { return 0 }
	}
	if o.Class == nil {
		o.Class = func(*http.Request) Class { return Visitor }
	}
	if o.Address == nil {
		o.Address = func(*http.Request) netip.Addr { return netip.Addr{} }
	}
	g := &Gate{
		options: o, epoch: time.Now(), tallies: tallies{logger: o.Logger, byName: make(map[Limit]*bites)},
		conns: make(map[net.Conn]*conn), networks: make(map[netip.Prefix]*share), active: make(map[*exchange]struct{}), stop: make(chan struct{}),
	}
	g.now = func() time.Duration { return time.Since(g.epoch) }
	g.budget, g.reserve = budget(o.Descriptors)
	return g
}

// budget divides the descriptors: an eighth for the process's own files, from 64 to 512, and of the rest an eighth for agents, up to 256.
func budget(descriptors int) (clients, reserve int) {
	if descriptors <= 0 {
		return 0, 0
	}
	own := min(max(descriptors/8, 64), 512, descriptors/2)
	clients = descriptors - own
	return clients, min(clients/8, 256)
}

// Serve sets the server's hooks. Its handler must go through Handler, its listener through Listener.
func (g *Gate) Serve(s *http.Server) {
	s.ConnContext, s.ConnState = g.connContext, g.connState
	s.HTTP2 = &http.HTTP2Config{WriteByteTimeout: g.options.Window, SendPingTimeout: 2 * g.options.Window, PingTimeout: g.options.Window}
}

// Hurry leaves a stalled request only a fifth of the window: the server is about to stop.
func (g *Gate) Hurry() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hurried = true
}

// Drain closes the connections without a request, now and from now on: the server stops.
func (g *Gate) Drain() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hurried, g.draining = true, true
	for c := g.waiting.oldest(); c != nil; c = g.waiting.oldest() {
		g.dropLocked(c)
	}
}

// Close ends the sweeper. The server has been closed before.
func (g *Gate) Close() {
	close(g.stop)
	g.sweeper.Wait()
}

// Connections is how many connections the HTTP server holds.
func (g *Gate) Connections() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.conns)
}

// Listener says when the system refuses a connection, and makes room.
func (g *Gate) Listener(l net.Listener) net.Listener { return &listener{Listener: l, gate: g} }

type listener struct {
	net.Listener
	gate *Gate
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if err != nil && !errors.Is(err, net.ErrClosed) {
		l.gate.tallies.hit(LimitAccept, netip.Prefix{}, l.gate.now())
		l.gate.mu.Lock()
		if oldest := l.gate.waiting.oldest(); oldest != nil {
			l.gate.dropLocked(oldest)
		}
		l.gate.mu.Unlock()
	}
	return accepted, err //nolint:wrapcheck // the server looks at what kind of error it is
}

type contextKey struct{}

func connOf(ctx context.Context) *conn {
	c, _ := ctx.Value(contextKey{}).(*conn)
	return c
}

// Handler bounds what a request may hold. A refusal is too_many_connections or overloaded, and ends the connection.
func (g *Gate) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x, limit := g.begin(w, r)
		defer g.end(x)
		w = &writer{ResponseWriter: w, x: x}
		if limit != "" {
			g.tallies.hit(limit, network.Counted(g.options.Address(r)), g.now())
			code := fault.TooManyConnections
			if limit == LimitReserve {
				code = fault.Overloaded
			}
			w.Header().Set("Connection", "close")
			g.options.Problem(w, r, fault.New(code).With("seconds", retrySeconds))
			return
		}
		if x.unread {
			bounded := *r // the server compares its own body with what it gave
			bounded.Body = &body{ReadCloser: r.Body, x: x}
			r = &bounded
		}
		next.ServeHTTP(w, r)
	})
}
