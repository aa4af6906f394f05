package guard

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

const window = 10 * time.Second

// world is a server behind a gate whose clock the test moves, and whose clients say where they come from.
type world struct {
	t      *testing.T
	gate   *Gate
	server *http.Server
	door   *door
	clock  atomic.Int64
	log    bytes.Buffer
}

func newWorld(t *testing.T, o Options, handler http.HandlerFunc) *world {
	t.Helper()
	w := &world{t: t, door: &door{arrived: make(chan net.Conn), ready: make(chan struct{}), fail: make(chan struct{}), closed: make(chan struct{})}}
	o.Window, o.Logger = window, slog.New(slog.NewTextHandler(&w.log, nil))
	o.Problem = func(answer http.ResponseWriter, _ *http.Request, err error) {
		answer.WriteHeader(fault.CodeOf(err).Status())
		_, _ = fmt.Fprint(answer, fault.CodeOf(err))
	}
	w.gate = newGate(o)
	w.gate.now = func() time.Duration { return time.Duration(w.clock.Load()) }
	w.server = &http.Server{Handler: w.gate.Handler(handler), ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	w.gate.Serve(w.server)
	var serving sync.WaitGroup
	serving.Go(func() { _ = w.server.Serve(w.gate.Listener(w.door)) })
	t.Cleanup(func() {
		_ = w.server.Close()
		serving.Wait()
	})
	return w
}

// pass moves the clock, and has the gate look.
func (w *world) pass(d time.Duration) {
	w.clock.Add(int64(d))
	w.gate.sweep()
}

// until lets time fly until the bound has bitten, and not a step longer.
func (w *world) until(limit Limit) {
	for w.gate.Reached(limit) == 0 {
		w.pass(window / 2)
		runtime.Gosched()
	}
}

// client is one connection.
type client struct {
	net.Conn
	t      *testing.T
	answer *bufio.Reader
}

// piped connects without a kernel in between: what is written has been read.
func (w *world) piped(from string) *client {
	ours, theirs := net.Pipe()
	return w.enter(ours, theirs, from)
}

// dialed connects over loopback.
func (w *world) dialed(from string) *client {
	w.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	ours, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		w.t.Fatal(err)
	}
	theirs, err := l.Accept()
	if err != nil {
		w.t.Fatal(err)
	}
	return w.enter(ours, theirs, from)
}

func (w *world) enter(ours, theirs net.Conn, from string) *client {
	if from != "" {
		theirs = &foreign{Conn: theirs, from: net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(from), 4711))}
	}
	w.t.Cleanup(func() { _ = ours.Close() })
	w.door.arrived <- theirs
	<-w.door.ready // the gate has decided about it
	return &client{Conn: ours, t: w.t, answer: bufio.NewReader(ours)}
}

// foreign is a connection from elsewhere.
type foreign struct {
	net.Conn
	from net.Addr
}

func (f *foreign) RemoteAddr() net.Addr { return f.from }

// send writes what the peer may or may not read.
func (c *client) send(text string) { _, _ = c.Write([]byte(text)) }

// status reads an answer's status, 0 when the connection ends without one.
func (c *client) status() int {
	answer, err := http.ReadResponse(c.answer, nil)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	return answer.StatusCode
}

// ask sends a request and reads the answer's status.
func (c *client) ask(path string) int {
	c.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
	return c.status()
}

// ended waits for the connection's end.
func (c *client) ended() bool {
	_, err := c.answer.ReadByte()
	return err != nil
}

// door is a listener through which tests push connections.
type door struct {
	arrived chan net.Conn
	ready   chan struct{} // told to who asks while the server accepts
	closed  chan struct{}
	once    sync.Once
	fail    chan struct{} // the next accept fails
}

var errNoFiles = &net.OpError{Op: "accept", Err: syscall.EMFILE}

func (d *door) Accept() (net.Conn, error) {
	for {
		select {
		case c := <-d.arrived:
			return c, nil
		case <-d.fail:
			return nil, errNoFiles
		case d.ready <- struct{}{}:
		case <-d.closed:
			return nil, net.ErrClosed
		}
	}
}

func (d *door) Close() error {
	d.once.Do(func() { close(d.closed) })
	return nil
}

func (d *door) Addr() net.Addr { return &net.TCPAddr{} }
