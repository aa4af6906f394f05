// Package dial opens visitors' sockets the way a browser does. It is for the programs that play visitors: the demo and the bench.
package dial

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/gobwas/ws"
)

const (
	// within bounds a handshake and each write.
	within = 10 * time.Second
	// readBuffer is small: a program may hold thousands of idle sockets, and a frame longer than it is read past it.
	readBuffer = 512
	// maxFrame is far above everything the server sends.
	maxFrame = 4 << 20
)

// Options say what to open and as whom.
type Options struct {
	// URL is the socket's address: ws, wss, http or https.
	URL string
	// Origin is the page's, as https://shop.example.
	Origin string
	// Header is sent besides.
	Header http.Header
	// From is the source address; the system's choice when it is the zero value. One source has about 28,000 ports.
	From netip.Addr
}

// ClosedError says that the server closed the socket, and with which code.
type ClosedError struct {
	Code   int
	Reason string
}

func (e *ClosedError) Error() string {
	return fmt.Sprintf("closed with %d %s", e.Code, e.Reason)
}

// Socket is an open WebSocket. One goroutine may read while others write.
type Socket struct {
	conn   net.Conn
	reader *bufio.Reader
	buffer []byte

	mu sync.Mutex // one write at a time
}

// Open opens a socket. A refusal by HTTP status is an error that contains ws.StatusError.
func Open(ctx context.Context, o Options) (*Socket, error) {
	address, err := socketURL(o.URL)
	if err != nil {
		return nil, err
	}
	header := make(http.Header, len(o.Header)+1)
	maps.Copy(header, o.Header)
	if o.Origin != "" {
		header["Origin"] = []string{o.Origin}
	}
	dialer := ws.Dialer{Timeout: within, ReadBufferSize: 1024, WriteBufferSize: 1024, Header: ws.HandshakeHeaderHTTP(header)}
	if o.From.IsValid() {
		plain := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(o.From, 0))}
		dialer.NetDial = plain.DialContext
	}
	conn, early, _, err := dialer.Dial(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	s := &Socket{conn: conn}
	var source io.Reader = conn
	if early != nil { // frames came together with the handshake's answer
		ahead := make([]byte, early.Buffered())
		_, _ = io.ReadFull(early, ahead) // they are in memory
		ws.PutReader(early)
		source = io.MultiReader(bytes.NewReader(ahead), conn)
	}
	s.reader = bufio.NewReaderSize(source, readBuffer)
	return s, nil
}

func socketURL(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil {
		return "", fmt.Errorf("dial: %w", err)
	}
	switch u.Scheme {
	case "http":
		u.Scheme = "ws"
	case "https":
		u.Scheme = "wss"
	}
	return u.String(), nil
}

// Write sends one text frame, masked (RFC 6455, section 5.3).
func (s *Socket) Write(frame []byte) error {
	return s.write(ws.NewTextFrame(frame))
}

func (s *Socket) write(f ws.Frame) error {
	compiled, err := ws.CompileFrame(ws.MaskFrame(f))
	if err != nil {
		return fmt.Errorf("dial: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.conn.SetWriteDeadline(time.Now().Add(within)); err != nil {
		return fmt.Errorf("dial: %w", err)
	}
	if _, err := s.conn.Write(compiled); err != nil {
		return fmt.Errorf("dial: write: %w", err)
	}
	return nil
}

// Read waits for the next text frame; it is valid until the next call. Pings are answered on the way. The server's close is a
// *ClosedError.
func (s *Socket) Read() ([]byte, error) {
	for {
		header, err := ws.ReadHeader(s.reader)
		if err != nil {
			return nil, fmt.Errorf("dial: read: %w", err)
		}
		if header.Length > maxFrame || !header.Fin {
			return nil, fmt.Errorf("dial: read: a frame of %d bytes, final %t", header.Length, header.Fin)
		}
		if int64(cap(s.buffer)) < header.Length {
			s.buffer = make([]byte, header.Length)
		}
		data := s.buffer[:header.Length]
		if _, err := io.ReadFull(s.reader, data); err != nil {
			return nil, fmt.Errorf("dial: read: %w", err)
		}
		switch header.OpCode {
		case ws.OpText:
			return data, nil
		case ws.OpPing:
			if err := s.write(ws.NewPongFrame(data)); err != nil {
				return nil, err
			}
		case ws.OpClose:
			code, reason := ws.ParseCloseFrameData(data)
			_ = s.write(ws.NewCloseFrame(data)) // the peer may not wait for it
			return nil, &ClosedError{Code: int(code), Reason: reason}
		case ws.OpPong, ws.OpBinary, ws.OpContinuation:
		}
	}
}

// Close says goodbye as a page does that is left, and ends the connection. A Read under way returns an error.
func (s *Socket) Close() error {
	_ = s.write(ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusGoingAway, ""))) // nobody needs to hear it
	return s.end()
}

// Cut ends the connection without a word, as a network does.
func (s *Socket) Cut() error {
	if tcp, ok := s.conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset; without it the cut is merely kinder
	}
	return s.end()
}

func (s *Socket) end() error {
	if err := s.conn.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("dial: close: %w", err)
	}
	return nil
}
