package edge

import (
	"errors"
	"runtime/debug"
	"sync"
	"time"

	"github.com/gobwas/ws"
)

// Conn is one visitor's connection, whatever carries it. All methods may be called from any goroutine, also after its end.
type Conn struct {
	server  *Server
	value   any
	carrier carrier
	parser  parser        // of the goroutine that has the turn
	paced   time.Duration // the same; when all frames so far are due at the permitted rate
	next    *Conn         // in the run queue
	out     *outbox       // nil while nothing waits
	id      uint64
	address addressKey
	slot    int32 // in the registry; -1 while not in it
	fd      int32 // epoll only; -1 when closed

	mu       sync.Mutex // guards what follows, and out and fd
	phase    phase
	events   event
	busy     bool // somebody has the turn: only one goroutine at a time calls the Handler
	greeted  bool
	heard    bool // something arrived since the last ping
	pinged   bool
	polled   bool
	courtesy bool // refused: upgraded only so that the browser can read why; the Handler does not know of it
}

type phase uint8

const (
	phaseOpen phase = iota
	phaseFinishing
	phaseGone
)

// event is what happened to a connection since its last turn.
type event uint8

const (
	eventReadable event = 1 << iota
	eventHangup         // the peer's end or an error: reading must go on until it is seen
	eventWritable
	eventLeftover // bytes came with the upgrade request
	eventClosed   // the Handler must be told
)

// carrier moves frames. Its methods are called with Conn.mu held and never block.
type carrier interface {
	// transmit sends a frame or queues it, whatever the bound.
	transmit(c *Conn, op ws.OpCode, payload []byte) error
	// conclude queues the last words: bye (may be nil), then the close code (0: none).
	conclude(c *Conn, bye []byte, code int, reason string)
	// release frees what the connection holds.
	release(c *Conn)
}

// frameBurst is how far a connection may be ahead of Options.FrameRate.
const frameBurst = 10 * time.Second

// errBroken says that the peer cannot be reached any more.
var errBroken = errors.New("edge: connection broken")

// ID is unique among the connections of this Server.
func (c *Conn) ID() uint64 { return c.id }

// Value returns what Admit gave.
func (c *Conn) Value() any { return c.value }

// Greeted tells that the hello was seen: it ends the HelloWithin deadline.
func (c *Conn) Greeted() {
	c.mu.Lock()
	c.greeted = true
	c.mu.Unlock()
}

// Send sends a text frame, or queues a copy of it; it never blocks. It returns false when the connection is no longer open, or is cut by this
// very frame because more than Options.SendQueue bytes would wait. True is no receipt: the peer may be gone without our knowing.
func (c *Conn) Send(frame []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase != phaseOpen {
		return false
	}
	return c.transmitLocked(ws.OpText, frame)
}

// transmitLocked enforces the bound and ends the connection when it cannot go on.
func (c *Conn) transmitLocked(op ws.OpCode, payload []byte) bool {
	if c.out != nil && c.out.size+len(payload) > c.server.options.SendQueue {
		c.server.stats.slow.Add(1)
		c.finishLocked(nil, CodeSlow, "too slow")
		return false
	}
	if err := c.carrier.transmit(c, op, payload); err != nil {
		c.severLocked()
		return false
	}
	c.server.stats.framesOut.Add(1)
	return true
}

// Close says why and ends the connection; what was sent before still goes out, except after CodeSlow. Further calls do nothing. Closed follows,
// from another goroutine when the caller is inside Frame.
// code is one of the Code constants or another of RFC 6455, 7.4; a reason over 123 bytes is cut. CodeBusy goes with a bye that says when to
// come back: it is no answer to come back at once.
func (c *Conn) Close(code int, reason string) {
	var bye []byte
	if code == CodeBusy {
		bye = byeFrame(code)
	}
	c.finish(bye, code, reason)
}

func (c *Conn) finish(bye []byte, code int, reason string) {
	c.mu.Lock()
	c.finishLocked(bye, code, reason)
	c.mu.Unlock()
}

func (c *Conn) finishLocked(bye []byte, code int, reason string) {
	if c.phase != phaseOpen {
		return
	}
	c.leaveOpen(phaseFinishing)
	c.concludeLocked(bye, code, reason)
}

func (c *Conn) concludeLocked(bye []byte, code int, reason string) {
	if c.phase == phaseFinishing {
		c.carrier.conclude(c, bye, code, reason)
	}
	if c.phase == phaseFinishing { // a broken carrier severs at once
		c.server.lingering.push(c, c.server.now())
	}
}

// sever ends the connection without a word.
func (c *Conn) sever() {
	c.mu.Lock()
	c.severLocked()
	c.mu.Unlock()
}

func (c *Conn) severLocked() {
	switch c.phase {
	case phaseGone:
		return
	case phaseOpen:
		c.leaveOpen(phaseGone)
	case phaseFinishing:
		c.phase = phaseGone
	}
	c.carrier.release(c)
	c.out = nil
	if c.courtesy {
		c.server.courtesies.Add(-1)
	}
	c.server.registry.remove(c)
}

func (c *Conn) leaveOpen(to phase) {
	c.phase = to
	c.server.stats.open.Add(-1)
	c.raiseLocked(eventClosed)
}

// raiseLocked notes what happened and makes sure that somebody looks at it.
func (c *Conn) raiseLocked(what event) {
	c.events |= what
	if !c.busy {
		c.busy = true
		c.server.queue.push(c)
	}
}

// enter takes the turn for a goroutine that is no worker; false when the connection is not open any more. It must not be called by two
// goroutines at once for one Conn.
func (c *Conn) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase != phaseOpen {
		return false
	}
	c.busy = true
	return true
}

// leave gives the turn back, and calls Closed when that became due.
func (c *Conn) leave() { c.server.run(c, nil) }

// receive parses what arrived; the caller has the turn.
func (c *Conn) receive(data []byte) { c.parser.feed(data, c.server.options.MaxFrame, c) }

// message implements receiver: one whole text message.
func (c *Conn) message(text []byte) bool {
	c.mu.Lock()
	open := c.phase == phaseOpen
	c.mu.Unlock()
	if !open || !c.pace() {
		return false
	}
	c.server.stats.framesIn.Add(1)
	c.server.guard(c, func() { c.server.handler.Frame(c, text) })
	c.mu.Lock()
	open = c.phase == phaseOpen
	c.mu.Unlock()
	return open
}

// fragment implements receiver. Each frame counts, not each message: pieces of nothing cost as much as pings.
func (c *Conn) fragment() bool { return c.pace() }

// pace holds the peer to Options.FrameRate.
func (c *Conn) pace() bool {
	rate := c.server.options.FrameRate
	if rate < 0 {
		return true
	}
	now := c.server.now()
	c.paced = max(c.paced, now) + time.Second/time.Duration(rate)
	if c.paced-now <= frameBurst {
		return true
	}
	c.server.stats.flooding.Add(1)
	c.Close(CodeBusy, "too many frames")
	return false
}

// control implements receiver.
func (c *Conn) control(op ws.OpCode, payload []byte) bool {
	if !c.pace() {
		return false
	}
	switch op {
	case ws.OpPing:
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.phase == phaseOpen && c.transmitLocked(ws.OpPong, payload)
	case ws.OpClose:
		code, bad := parseClose(payload)
		if bad != nil {
			c.violated(bad)
			return false
		}
		c.finish(nil, code, "")
		return false
	}
	return true // a pong: that it arrived is all it says
}

// violated implements receiver.
func (c *Conn) violated(v *violation) {
	c.server.stats.protocolErrors.Add(1)
	c.Close(v.code, v.reason)
}

// beat sends a ping, or drops a peer that said nothing since the last one.
func (c *Conn) beat() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase != phaseOpen || c.polled {
		return
	}
	if c.pinged && !c.heard {
		c.server.stats.dead.Add(1)
		c.severLocked()
		return
	}
	c.pinged, c.heard = true, false
	c.transmitLocked(ws.OpPing, nil)
}

// guard keeps a failing handler from taking the process, and every other visitor, with it.
func (s *Server) guard(c *Conn, call func()) {
	defer func() {
		if failure := recover(); failure != nil {
			s.options.Logger.Error("edge: handler panicked", "panic", failure, "stack", string(debug.Stack()))
			c.Close(CodeInternal, "internal error")
		}
	}()
	call()
}

// run has the turn of c until nothing happens to it any more. buf is for reading.
func (s *Server) run(c *Conn, buf []byte) {
	for {
		c.mu.Lock()
		what := c.events
		c.events = 0
		if what == 0 {
			c.busy = false
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		if what&eventClosed != 0 {
			s.guard(c, func() { s.handler.Closed(c) })
		}
		if what&^eventClosed == 0 {
			continue
		}
		if more := s.poller.turn(c, what, buf); more != 0 { // others first: one busy peer must not hold a worker
			c.mu.Lock()
			c.events |= more
			s.queue.push(c)
			c.mu.Unlock()
			return
		}
	}
}
