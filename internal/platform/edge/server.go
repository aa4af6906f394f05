package edge

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Handler is what the connections are for. Its methods are called from several goroutines, for one Conn never from two at once.
type Handler interface {
	// Admit decides on a connection before the upgrade and returns its Value. It must hold nothing that needs to be given back: an admitted
	// request may still fail to become a connection, and then nothing follows. fault.SiteUnknown and fault.OriginRefused become a close with
	// CodeRefused, since a browser cannot read the status of a refused socket; every other error becomes a problem with its status.
	Admit(r *http.Request) (value any, err error)
	// Frame takes one inbound message, valid UTF-8 of at most Options.MaxFrame bytes; data is valid only during the call. It holds a worker:
	// it should not wait for long.
	Frame(c *Conn, data []byte)
	// Closed is called exactly once when c is no longer open, whoever ended it.
	Closed(c *Conn)
}

// Server accepts and holds the visitors' connections. It works until Shutdown.
type Server struct {
	handler  Handler
	options  Options
	registry registry
	queue    runQueue
	poller   *poller // nil: every socket is portable
	polls    pollTable
	stats    counters
	epoch    time.Time
	ids      atomic.Uint64

	hellos    delayQueue // connections that owe a hello
	lingering delayQueue // finishing ones whose peer must hang up
	resting   delayQueue // polls between two requests

	courtesies atomic.Int64
	stop       chan struct{}
	background sync.WaitGroup // workers, loop and sweeper
	carriers   sync.WaitGroup // goroutines of portable connections and of poll requests
	shutdown   sync.Once

	held chan<- *Conn // told of polls that begin to wait; for tests
}

var errDraining = errors.New("edge: shutting down")

// New starts a server for the handler.
func New(h Handler, o Options) *Server {
	o = o.withDefaults()
	s := &Server{
		handler:   h,
		options:   o,
		registry:  newRegistry(),
		polls:     pollTable{byKey: make(map[string]*Conn)},
		epoch:     time.Now(),
		hellos:    delayQueue{delay: o.HelloWithin},
		lingering: delayQueue{delay: o.Linger},
		resting:   delayQueue{delay: o.PollGone},
		stop:      make(chan struct{}),
	}
	s.queue.some.L = &s.queue.mu
	if !o.Portable {
		p, err := newPoller(s)
		if err != nil {
			o.Logger.Info("edge: one goroutine per connection", "reason", err)
		} else {
			s.poller = p
			s.background.Go(p.loop)
		}
	}
	for range o.Workers {
		s.background.Go(s.work)
	}
	s.background.Go(s.sweepLoop)
	return s
}

// Descriptors is how many sockets this server holds, those that are ending or were refused included.
func (s *Server) Descriptors() int {
	s.registry.mu.Lock()
	held := s.registry.count
	s.registry.mu.Unlock()
	s.polls.mu.Lock()
	defer s.polls.mu.Unlock()
	return max(0, held-len(s.polls.byKey))
}

// Len is the number of open connections, polled ones included.
func (s *Server) Len() int { return int(s.stats.open.Load()) }

// now is the time since the server's start, on the monotonic clock.
func (s *Server) now() time.Duration { return time.Since(s.epoch) }

// readSize fits the longest frame with its header, so that a whole one is parsed where it was read.
func (o Options) readSize() int { return o.MaxFrame + 14 }

func (s *Server) work() {
	buf := make([]byte, s.options.readSize())
	for c := s.queue.pop(); c != nil; c = s.queue.pop() {
		s.run(c, buf)
	}
}

// register makes c a connection of this server; false while shutting down. Conn.mu is held.
func (s *Server) register(c *Conn) bool {
	if !s.registry.add(c) {
		return false
	}
	if !c.courtesy {
		s.stats.accepted.Add(1)
		s.stats.open.Add(1)
		s.hellos.push(c, s.now())
	}
	return true
}

// Shutdown says bye (a frame; nil for none) to everybody and closes with CodeRestart, waits until ctx ends for the peers to take it, cuts the
// rest, and returns when every Closed has been called and every goroutine has ended. New connections are refused from its start. It returns
// ctx's error when connections had to be cut. Only the first call does the work; later ones wait for it.
//
// A request that still waits in ServePoll gets the bye as its answer; the http.Server must be shut down after this, not before.
func (s *Server) Shutdown(ctx context.Context, bye []byte) error {
	var err error
	s.shutdown.Do(func() { err = s.end(ctx, bye) })
	return err
}

func (s *Server) end(ctx context.Context, bye []byte) error {
	all, drained := s.registry.drain()
	for _, c := range all {
		c.finish(bye, CodeRestart, "restart")
		if p, ok := c.carrier.(*poll); ok {
			p.abandonIdle(c)
		}
	}
	var err error
	select {
	case <-drained:
	case <-ctx.Done():
		err = ctx.Err()
		for _, c := range s.registry.bucket(0, 1) {
			c.sever()
		}
	}
	s.carriers.Wait()
	close(s.stop)
	if s.poller != nil {
		s.poller.close()
	}
	s.queue.close()
	s.background.Wait()
	return err
}
