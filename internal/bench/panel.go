package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

const (
	heartbeat = 5 * time.Second
	// panelFrame is the longest frame that a panel reads.
	panelFrame = 16 << 20
)

// panel is an agent's socket, as the panel of a browser holds it: compressed where the server offers it.
type panel struct {
	who    identity
	conn   *websocket.Conn
	wire   *atomic.Int64 // bytes received, framing and compression as they are on the wire
	end    context.CancelFunc
	done   sync.WaitGroup
	closed atomic.Bool
	// gone is closed when nothing is read any more.
	gone chan struct{}
}

// lost says that the socket has ended though nobody closed it here.
func (p *panel) lost() bool {
	select {
	case <-p.gone:
		return !p.closed.Load()
	default:
		return false
	}
}

// openPanel takes the snapshot's position, or position when that is not negative, and opens the socket from there. It returns when the
// server has said ready. hear gets every frame after that from one goroutine; data is its own.
func (i *installation) openPanel(ctx context.Context, who identity, position int64, hear func(kind string, data []byte)) (*panel, error) {
	if position < 0 {
		var snapshot struct {
			Position int64 `json:"position"`
		}
		if err := i.calls.call(ctx, who, http.MethodGet, "/api/snapshot", nil, &snapshot); err != nil {
			return nil, err
		}
		position = snapshot.Position
	}
	p := &panel{who: who, wire: &atomic.Int64{}, gone: make(chan struct{})}
	if err := p.dial(ctx, i.url+"/api/live"); err != nil {
		return nil, err
	}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	p.end = end
	ready := make(chan error, 1)
	p.done.Go(func() { p.read(life, hear, ready) })
	p.done.Go(func() { p.beat(life) })
	err := p.say(ctx, map[string]any{"t": "start", "position": position})
	if err == nil {
		select {
		case err = <-ready:
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	if err == nil {
		err = p.say(ctx, presence)
	}
	if err != nil {
		p.close()
		return nil, fmt.Errorf("bench: panel: %w", err)
	}
	return p, nil
}

var presence = map[string]any{"t": "presence", "awake": true, "sound": true}

func (p *panel) dial(ctx context.Context, address string) error {
	dialer := &net.Dialer{Timeout: answerWithin}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, fmt.Errorf("bench: %w", err)
			}
			return &countedConn{Conn: conn, read: p.wire}, nil
		},
	}
	conn, answer, err := websocket.Dial(ctx, address, &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: transport}, HTTPHeader: p.who.header(), CompressionMode: websocket.CompressionNoContextTakeover,
	})
	if err != nil {
		if answer != nil && answer.Body != nil {
			_ = answer.Body.Close() // a refusal's problem is in err
		}
		return fmt.Errorf("bench: panel: %w", err)
	}
	conn.SetReadLimit(panelFrame)
	p.conn = conn
	return nil
}

func (p *panel) read(ctx context.Context, hear func(string, []byte), ready chan<- error) {
	defer close(p.gone)
	waiting := true
	for {
		_, data, err := p.conn.Read(ctx)
		if err != nil {
			if waiting {
				ready <- err
			}
			return
		}
		kind := kindOf(data)
		if waiting {
			switch kind {
			case "ready":
				ready <- nil
				waiting = false
			case "reload", "bye":
				ready <- fmt.Errorf("the server says %s", data)
				waiting = false
			}
		}
		hear(kind, data)
	}
}

// beat tells that the agent is there. Its last word is lost with the socket, which the reader notices.
func (p *panel) beat(ctx context.Context) {
	ticker := time.NewTicker(heartbeat)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			_ = p.say(ctx, presence)
		}
	}
}

func (p *panel) say(ctx context.Context, frame any) error {
	data, err := json.Marshal(frame)
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	if err := p.conn.Write(ctx, websocket.MessageText, data); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	return nil
}

// close ends the socket without a farewell and waits for its goroutines.
func (p *panel) close() {
	if p.closed.Swap(true) {
		return
	}
	p.end()
	_ = p.conn.CloseNow() // gone either way
	p.done.Wait()
}

// countedConn counts what is read.
type countedConn struct {
	net.Conn
	read *atomic.Int64
}

// Read reads and counts.
func (c *countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.read.Add(int64(n))
	return n, err //nolint:wrapcheck // io.EOF must stay itself
}

// kindOf returns the value of a frame's t, which the server writes first.
func kindOf(data []byte) string {
	return textAfter(data, `{"t":"`)
}

// textAfter returns what stands between the first occurrence of mark and the next quote. Only for identifiers, which need no escapes.
func textAfter(data []byte, mark string) string {
	_, rest, found := bytes.Cut(data, []byte(mark))
	if !found {
		return ""
	}
	value, _, _ := bytes.Cut(rest, []byte{'"'})
	return string(value)
}

// numberAfter returns the number behind the first occurrence of mark; -1 without any.
func numberAfter(data []byte, mark string) int64 {
	_, rest, found := bytes.Cut(data, []byte(mark))
	if !found {
		return -1
	}
	digits := 0
	for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
		digits++
	}
	n, err := strconv.ParseInt(string(rest[:digits]), 10, 64)
	if err != nil {
		return -1
	}
	return n
}
