package edge

import (
	"log/slog"
	"net/http"
	"net/netip"
	"runtime"
	"time"
)

// Close codes (docs/protocols.md, section 3). The browser comes back after CodeRestart, CodeSlow and CodeBusy; after the others it does not.
const (
	CodeNormal   = 1000 // RFC 6455: done
	CodeTooLarge = 1009 // RFC 6455: a message over Options.MaxFrame
	CodeInternal = 1011 // RFC 6455: the handler failed
	CodeRestart  = 1012 // IANA registry: the server restarts
	CodeProtocol = 4000 // a frame that RFC 6455 or the protocol forbids
	CodeRefused  = 4003 // key or origin
	CodeSlow     = 4008 // the peer does not read: more than Options.SendQueue bytes wait
	CodeBusy     = 4029 // too much: Options.MaxPerAddress, Options.MaxConnections or Options.FrameRate
)

// Options of a Server. A zero field takes the default written beside it.
type Options struct {
	Logger *slog.Logger // nothing is logged

	// MaxFrame is the longest inbound message in bytes, all its fragments together: 16 KiB.
	MaxFrame int
	// FrameRate is how many frames a second, pings and pieces of messages included, a connection may send in the long run: 20; negative is no bound. For short it may
	// send ten seconds' worth at once. Beyond that it is closed with CodeBusy.
	FrameRate int
	// SendQueue is how many bytes may wait for a peer that reads slowly: 256 KiB.
	SendQueue int
	// PingEvery is the time between two pings of a socket: 50 s. No data and no pong between two pings: the peer is dead.
	PingEvery time.Duration
	// HelloWithin is the time from the accept to Conn.Greeted, else the connection is closed with CodeProtocol: 10 s.
	HelloWithin time.Duration
	// Linger is how long a closed connection may take to read its close frame and hang up: 5 s.
	Linger time.Duration
	// PollWait is how long a poll with nothing to say is held: 25 s.
	PollWait time.Duration
	// PollGone is how long a polled connection lives after the end of its last request: 40 s.
	PollGone time.Duration

	// MaxPerAddress bounds the connections of one address: 200; negative is no bound. Loopback addresses are not counted: they are a
	// proxy or a test.
	MaxPerAddress int
	// MaxConnections bounds all connections; 0 is no bound but the process's open files.
	MaxConnections int
	// Crowded is told of each connection refused by MaxPerAddress or MaxConnections. Default: nobody is.
	Crowded func(netip.Addr)
	// Address returns the visitor's address for MaxPerAddress: behind a trusted proxy, the forwarded one. An invalid address is not
	// counted. Default: the peer's of the request.
	Address func(*http.Request) netip.Addr

	// Problem writes a refusal as problem+json (platform/api has the full form). Default: the bare form without translated text.
	Problem func(http.ResponseWriter, *http.Request, error)

	// Workers read descriptors and call the Handler: 4 for each processor, at least 8. A handler that waits holds one of them.
	Workers int
	// Portable forces one goroutine per connection where epoll would do.
	Portable bool
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	byDefault(&o.MaxFrame, 16<<10)
	byDefault(&o.FrameRate, 20)
	byDefault(&o.SendQueue, 256<<10)
	byDefault(&o.PingEvery, 50*time.Second)
	byDefault(&o.HelloWithin, 10*time.Second)
	byDefault(&o.Linger, 5*time.Second)
	byDefault(&o.PollWait, 25*time.Second)
	byDefault(&o.PollGone, 40*time.Second)
	byDefault(&o.MaxPerAddress, 200)
	byDefault(&o.Workers, max(8, 4*runtime.GOMAXPROCS(0)))
	if o.Address == nil {
		o.Address = peerAddress
	}
	if o.Crowded == nil {
		o.Crowded = func(netip.Addr) {}
	}
	if o.Problem == nil {
		o.Problem = bareProblem
	}
	return o
}

func byDefault[T int | time.Duration](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}

// tick is the sweeper's step: fine enough for every deadline, at most a second.
func (o Options) tick() time.Duration {
	shortest := min(o.PingEvery, o.HelloWithin, o.Linger, o.PollGone)
	return min(max(shortest/10, time.Millisecond), time.Second)
}

func peerAddress(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{} // a Unix socket has no address to count
	}
	return peer.Addr()
}
