package edge

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"
)

// poller carries sockets as bare descriptors. They are registered once, edge-triggered: a connection that is quiet costs nothing, and no system
// call is spent on arming it again.
//
// The epoll descriptor itself waits in the Go runtime's poller, so that the loop is a parked goroutine and not a blocked thread.
type poller struct {
	server *Server
	fd     int
	file   *os.File // owns fd
	wait   syscall.RawConn
	done   chan struct{}
	// closing is set before file is closed.
	closing atomic.Bool
}

const (
	watched   = unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLRDHUP | unix.EPOLLET
	hungUp    = unix.EPOLLRDHUP | unix.EPOLLHUP | unix.EPOLLERR
	batch     = 256 // events fetched at once
	turnReads = 4   // reads before others have their turn
	pieces    = 64  // frames written at once
)

var scratch = sync.Pool{New: func() any { b := make([]byte, 0, 2<<10); return &b }}

func newPoller(s *Server) (*poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("edge: epoll: %w", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil { // os.NewFile asks for this to use the runtime's poller
		_ = unix.Close(fd)
		return nil, fmt.Errorf("edge: epoll: %w", err)
	}
	file := os.NewFile(uintptr(fd), "epoll")
	wait, err := file.SyscallConn()
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("edge: epoll: %w", err)
	}
	return &poller{server: s, fd: fd, file: file, wait: wait, done: make(chan struct{})}, nil
}

// takes says whether the connection is a bare stream socket that can be carried without its net.Conn.
func (p *poller) takes(conn net.Conn) bool {
	switch conn.(type) {
	case *net.TCPConn, *net.UnixConn:
		return true
	}
	return false
}

// adopt takes the socket out of conn, which is closed in any case, and registers c; an error means that it is not registered. leftover is what
// was read ahead of it.
func (p *poller) adopt(c *Conn, conn net.Conn, leftover []byte) error {
	fd, err := duplicate(conn)
	_ = conn.Close() // ours is another descriptor of the same socket; the runtime's poller and its memory are no longer needed
	if err != nil {
		return err
	}
	// Our pings find dead peers; the kernel's would only cost it timers.
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 0)

	c.mu.Lock()
	defer c.mu.Unlock()
	c.carrier, c.fd = p, int32(fd)
	if !p.server.register(c) {
		_ = unix.Close(fd)
		return errDraining
	}
	if len(leftover) > 0 {
		c.parser.in = &inbound{rest: append([]byte(nil), leftover...)}
		c.raiseLocked(eventLeftover)
	}
	event := unix.EpollEvent{Events: watched, Fd: c.slot, Pad: int32(uint32(c.id))}
	if err := unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
		p.server.options.Logger.Error("edge: socket not watched", "error", err)
		c.severLocked()
	}
	return nil
}

func duplicate(conn net.Conn) (int, error) {
	stream, ok := conn.(syscall.Conn)
	if !ok {
		return -1, fmt.Errorf("edge: take socket: %w", errors.ErrUnsupported)
	}
	raw, err := stream.SyscallConn()
	if err != nil {
		return -1, fmt.Errorf("edge: take socket: %w", err)
	}
	fd, failure := -1, error(nil)
	err = raw.Control(func(original uintptr) {
		fd, failure = unix.FcntlInt(original, unix.F_DUPFD_CLOEXEC, 0) // keeps O_NONBLOCK
	})
	if err := errors.Join(err, failure); err != nil {
		return -1, fmt.Errorf("edge: take socket: %w", err)
	}
	return fd, nil
}

// loop hands ready connections to the workers until the poller is closed.
func (p *poller) loop() {
	defer close(p.done)
	events := make([]unix.EpollEvent, batch)
	conns := make([]*Conn, 0, batch)
	var n int
	var failure error
	fetch := func(fd uintptr) bool {
		n, failure = unix.EpollWait(int(fd), events, 0)
		return n > 0 || (failure != nil && failure != unix.EINTR)
	}
	for {
		err := p.wait.Read(fetch)
		if err != nil && p.closing.Load() {
			return // the runtime's error for a closed file has no name to compare with
		}
		if err := errors.Join(err, failure); err != nil {
			p.server.options.Logger.Error("edge: epoll stopped", "error", err)
			return
		}
		conns = p.server.registry.ready(events[:n], conns[:0])
		for i, c := range conns {
			if c != nil {
				c.ready(events[i].Events)
			}
		}
	}
}

// ready looks up the connections of events, nil for those that are gone. The identifier tells a slot's present owner from a former one whose
// event was already fetched.
func (g *registry) ready(events []unix.EpollEvent, dst []*Conn) []*Conn {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range events {
		c := g.slots[events[i].Fd]
		if c != nil && int32(uint32(c.id)) != events[i].Pad {
			c = nil
		}
		dst = append(dst, c)
	}
	return dst
}

func (c *Conn) ready(flags uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var what event
	if flags&unix.EPOLLIN != 0 {
		what |= eventReadable
	}
	if flags&hungUp != 0 {
		what |= eventReadable | eventHangup
	}
	if flags&unix.EPOLLOUT != 0 && c.out != nil { // a socket is nearly always writable: only of interest when something waits
		what |= eventWritable
	}
	if what != 0 && c.phase != phaseGone {
		c.raiseLocked(what)
	}
}

// turn does what the events ask for and returns what is left to do in another turn.
func (p *poller) turn(c *Conn, what event, buf []byte) (more event) {
	if what&eventWritable != 0 {
		c.mu.Lock()
		p.flush(c)
		c.mu.Unlock()
	}
	if what&eventLeftover != 0 {
		c.receive(nil)
	}
	if what&(eventReadable|eventHangup) == 0 {
		return 0
	}
	for range turnReads {
		n, open, ok := p.read(c, buf)
		if !ok {
			return 0
		}
		if open {
			c.receive(buf[:n])
		} else {
			c.parser = parser{}
		}
		// A short read has emptied the socket (epoll(7)), but the peer's end shows only in a further read.
		if n < len(buf) && what&eventHangup == 0 {
			return 0
		}
	}
	return what & (eventReadable | eventHangup)
}

// read reads once; ok is false when there was nothing.
func (p *poller) read(c *Conn, buf []byte) (n int, open, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase == phaseGone {
		return 0, false, false
	}
	n, err := again(func() (int, error) { return unix.Read(int(c.fd), buf) })
	if err == unix.EAGAIN {
		return 0, false, false
	}
	if err != nil || n == 0 {
		c.severLocked()
		return 0, false, false
	}
	c.heard = true
	p.server.stats.bytesIn.Add(uint64(n))
	return n, c.phase == phaseOpen, true
}

// transmit implements carrier.
func (p *poller) transmit(c *Conn, op ws.OpCode, payload []byte) error {
	if c.out != nil {
		c.out.add(appendFrame(nil, op, payload))
		return nil
	}
	pooled, _ := scratch.Get().(*[]byte) // the pool holds nothing else
	frame := appendFrame((*pooled)[:0], op, payload)
	n, err := again(func() (int, error) { return unix.Write(int(c.fd), frame) })
	if err == unix.EAGAIN {
		n, err = 0, nil
	}
	if err == nil && n < len(frame) {
		c.out = &outbox{}
		c.out.add(append([]byte(nil), frame...))
		c.out.advance(n)
	}
	if cap(frame) <= 64<<10 {
		*pooled = frame
		scratch.Put(pooled)
	}
	if err != nil {
		return errBroken
	}
	p.server.stats.bytesOut.Add(uint64(n))
	return nil
}

// flush writes what waits, as far as the socket takes it. Conn.mu is held.
func (p *poller) flush(c *Conn) {
	var store [pieces][]byte
	for c.out != nil && c.phase != phaseGone {
		n, err := again(func() (int, error) { return unix.Writev(int(c.fd), c.out.front(store[:0], pieces)) })
		if err == unix.EAGAIN {
			return // the socket tells when it is writable again
		}
		if err != nil {
			c.severLocked()
			return
		}
		p.server.stats.bytesOut.Add(uint64(n))
		if c.out.advance(n) {
			c.out = nil
			if c.phase == phaseFinishing {
				p.hangUp(c)
			}
		}
	}
}

// conclude implements carrier.
func (p *poller) conclude(c *Conn, bye []byte, code int, reason string) {
	if code == CodeSlow && c.out != nil {
		c.out.truncate()
	}
	var err error
	if bye != nil {
		err = p.transmit(c, ws.OpText, bye)
	}
	if err == nil {
		err = p.transmit(c, ws.OpClose, closePayload(code, reason))
	}
	if err != nil {
		c.severLocked()
		return
	}
	if c.out == nil {
		p.hangUp(c)
	}
}

// hangUp shuts our side; the peer's end follows (RFC 6455, 7.1.1).
func (p *poller) hangUp(c *Conn) { _ = unix.Shutdown(int(c.fd), unix.SHUT_WR) }

// release implements carrier. Closing the only descriptor of the socket also takes it out of epoll.
func (p *poller) release(c *Conn) {
	_ = unix.Close(int(c.fd))
	c.fd = -1
}

// close ends the loop and waits for it.
func (p *poller) close() {
	p.closing.Store(true)
	_ = p.file.Close()
	<-p.done
}

func again(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != unix.EINTR {
			return n, err
		}
	}
}
