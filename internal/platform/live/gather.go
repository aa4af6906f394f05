package live

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// gatherFor is how long an event for many may wait for others, so that they go in one write: of a whole department's sockets every
	// write is a system call. What concerns one agent never waits, and takes along what does.
	gatherFor = 20 * time.Millisecond
	// mostGathered bytes are written together.
	mostGathered = 64 << 10
)

// gatherer has what many are told wait for a moment.
type gatherer struct {
	mu      sync.Mutex
	waiting []*Session
}

// later wakes the session's writer in a moment.
func (g *gatherer) later(s *Session) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.waiting == nil {
		time.AfterFunc(gatherFor, g.wake)
	}
	g.waiting = append(g.waiting, s)
}

func (g *gatherer) wake() {
	g.mu.Lock()
	waiting := g.waiting
	g.waiting = nil
	g.mu.Unlock()
	for _, s := range waiting {
		s.signal()
	}
}

// hijacked is an answer whose connection, once it is taken over, can hold back what is written to it.
type hijacked struct {
	http.ResponseWriter
	wire *wire
}

// Hijack takes over the connection.
func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, fmt.Errorf("live: take over: %w", err)
	}
	h.wire = &wire{Conn: conn}
	buffered.Writer.Reset(h.wire)
	return h.wire, buffered, nil
}

// wire is a connection that writes what comes between hold and release together.
type wire struct {
	net.Conn
	mu   sync.Mutex
	held *[]byte // nil when nothing is held back
	// within is how long a write of what was held back may take.
	within time.Duration
}

// buffers are lent to wires while they hold something back.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// hold begins to hold back what is written.
func (w *wire) hold(within time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if held, ok := buffers.Get().(*[]byte); ok {
		w.held, w.within = held, within
	}
}

// Write holds data back, or writes it at once.
func (w *wire) Write(data []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.held == nil {
		return w.Conn.Write(data) //nolint:wrapcheck // it is the connection
	}
	*w.held = append(*w.held, data...)
	if len(*w.held) >= mostGathered {
		return len(data), w.flush()
	}
	return len(data), nil
}

// release writes what was held back.
func (w *wire) release() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	err := w.flush()
	buffers.Put(w.held)
	w.held = nil
	return err
}

func (w *wire) flush() error {
	if len(*w.held) == 0 {
		return nil
	}
	defer func() { *w.held = (*w.held)[:0] }()
	if err := w.SetWriteDeadline(time.Now().Add(w.within)); err != nil {
		return fmt.Errorf("live: write: %w", err)
	}
	if _, err := w.Conn.Write(*w.held); err != nil {
		return fmt.Errorf("live: write: %w", err)
	}
	if err := w.SetWriteDeadline(time.Time{}); err != nil {
		return fmt.Errorf("live: write: %w", err)
	}
	return nil
}
