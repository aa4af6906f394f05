package edge

import (
	"net"

	"github.com/gobwas/ws"
)

// portable carries one socket through its net.Conn: one goroutine reads, another writes while something waits to be written.
type portable struct {
	conn    net.Conn
	writing bool // a writer runs
}

const portableRead = 1 << 10

// adoptPortable registers the connection and starts its reader. conn is closed when it cannot be adopted.
func (s *Server) adoptPortable(c *Conn, conn net.Conn, leftover []byte) error {
	p := &portable{conn: conn}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.carrier = p
	if !s.register(c) {
		_ = conn.Close()
		return errDraining
	}
	first := append([]byte(nil), leftover...)
	s.carriers.Go(func() { p.read(c, first) })
	return nil
}

// read is the connection's goroutine.
func (p *portable) read(c *Conn, first []byte) {
	p.arrived(c, first)
	buf := make([]byte, portableRead)
	for {
		n, err := p.conn.Read(buf)
		p.arrived(c, buf[:n])
		if err != nil {
			c.sever()
			return
		}
	}
}

func (p *portable) arrived(c *Conn, data []byte) {
	if len(data) == 0 {
		return
	}
	c.server.stats.bytesIn.Add(uint64(len(data)))
	c.mu.Lock()
	c.heard = true
	c.mu.Unlock()
	if c.enter() {
		c.receive(data)
		c.leave()
	} else {
		c.parser = parser{} // finishing: what still arrives is thrown away
	}
}

// transmit implements carrier.
func (p *portable) transmit(c *Conn, op ws.OpCode, payload []byte) error {
	if c.out == nil {
		c.out = &outbox{}
	}
	c.out.add(appendFrame(nil, op, payload))
	if !p.writing {
		p.writing = true
		c.server.carriers.Go(func() { p.write(c) })
	}
	return nil
}

// write writes until nothing waits. The frame it writes is in the outbox no more.
func (p *portable) write(c *Conn) {
	for {
		frame, ended := p.take(c)
		if frame == nil {
			if ended {
				p.hangUp(c)
			}
			return
		}
		if _, err := p.conn.Write(frame); err != nil {
			c.sever()
			continue
		}
		c.server.stats.bytesOut.Add(uint64(len(frame)))
	}
}

func (p *portable) take(c *Conn) (frame []byte, ended bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.out == nil {
		p.writing = false
		return nil, c.phase == phaseFinishing
	}
	frame = c.out.frames[0]
	if c.out.advance(len(frame)) {
		c.out = nil
	}
	return frame, false
}

// conclude implements carrier.
func (p *portable) conclude(c *Conn, bye []byte, code int, reason string) {
	if code == CodeSlow {
		c.out = nil
	}
	if bye != nil {
		_ = p.transmit(c, ws.OpText, bye) // only queues
	}
	_ = p.transmit(c, ws.OpClose, closePayload(code, reason))
}

// hangUp shuts our side; the peer's end follows (RFC 6455, 7.1.1). It may wait for the peer (TLS), so Conn.mu is not held.
func (p *portable) hangUp(c *Conn) {
	half, ok := p.conn.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		c.sever()
	}
}

// release implements carrier; reader and writer end by it.
func (p *portable) release(*Conn) {
	conn := p.conn
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = wrapped.NetConn() // closing a tls.Conn waits for its peer
	}
	_ = conn.Close()
}
