package edge

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobwas/ws"
)

// patience is how long a test waits for something that must happen; it is never waited out when the code is right.
const patience = 20 * time.Second

// spy is a Handler that records what it is told and checks that calls for one connection never overlap.
type spy struct {
	t      *testing.T
	admit  func(*http.Request) (any, error)
	frame  func(c *Conn, text string)
	frames chan string
	closed chan *Conn
	inside sync.Map // Conn → *atomic.Int32
	ended  sync.Map // Conn → true
}

func newSpy(t *testing.T) *spy {
	return &spy{t: t, frames: make(chan string, 10_000), closed: make(chan *Conn, 10_000)}
}

func (h *spy) Admit(r *http.Request) (any, error) {
	if h.admit != nil {
		return h.admit(r)
	}
	return "value", nil
}

func (h *spy) enter(c *Conn) func() {
	count, _ := h.inside.LoadOrStore(c, new(atomic.Int32))
	if count.(*atomic.Int32).Add(1) != 1 {
		h.t.Error("two calls for one connection at once")
	}
	return func() { count.(*atomic.Int32).Add(-1) }
}

func (h *spy) Frame(c *Conn, data []byte) {
	defer h.enter(c)()
	if _, over := h.ended.Load(c); over {
		h.t.Error("Frame after Closed")
	}
	text := string(data)
	if h.frame != nil {
		h.frame(c, text)
	}
	h.frames <- text
}

func (h *spy) Closed(c *Conn) {
	defer h.enter(c)()
	if _, twice := h.ended.LoadOrStore(c, true); twice {
		h.t.Error("Closed twice")
	}
	h.closed <- c
}

func next[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatalf("no %s", what)
		panic("unreachable")
	}
}

// echo answers every frame with itself.
func echo(c *Conn, text string) { c.Send([]byte(text)) }

// peer is a client over any carrier.
type peer interface {
	send(texts ...string)
	receive() string
	// end reads until the connection is closed and returns the close code, 0 when it broke without one.
	end() int
	// vanish goes away without a word.
	vanish()
}

// bed is a server under test with a way to reach it.
type bed struct {
	t      *testing.T
	server *Server
	spy    *spy
	http   *httptest.Server
	dial   func() peer
	polled bool
	// serving counts requests for sockets: an answer can be read before its request has been left.
	serving sync.WaitGroup
}

type transport struct {
	name   string
	adapt  func(*Options)
	secure bool
	polled bool
}

var sockets = []transport{
	{name: "native"},
	{name: "portable", adapt: func(o *Options) { o.Portable = true }},
	{name: "tls", secure: true},
}

var everyTransport = append(slices.Clip(sockets), transport{name: "poll", polled: true})

func each(t *testing.T, list []transport, o Options, test func(t *testing.T, b *bed)) {
	for _, tr := range list {
		t.Run(tr.name, func(t *testing.T) { test(t, start(t, tr, o)) })
	}
}

func start(t *testing.T, tr transport, o Options) *bed {
	t.Helper()
	if tr.adapt != nil {
		tr.adapt(&o)
	}
	b := &bed{t: t, spy: newSpy(t), polled: tr.polled}
	b.server = New(b.spy, o)
	mux := http.NewServeMux()
	mux.HandleFunc("/v/socket", func(w http.ResponseWriter, r *http.Request) {
		b.serving.Add(1)
		defer b.serving.Done()
		b.server.ServeSocket(w, r)
	})
	mux.HandleFunc("/v/poll", b.server.ServePoll)
	if tr.secure {
		b.http = httptest.NewTLSServer(mux)
	} else {
		b.http = httptest.NewServer(mux)
	}
	b.dial = func() peer { return b.socket() }
	if tr.polled {
		b.dial = func() peer { return &polling{bed: b} }
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
		cancel()
		_ = b.server.Shutdown(ctx, nil)
		b.http.Close()
		b.http.Client().CloseIdleConnections()
		if n := b.server.Len(); n != 0 {
			t.Errorf("%d connections left", n)
		}
	})
	return b
}

func (b *bed) raw() net.Conn {
	b.t.Helper()
	address := b.http.Listener.Addr().String()
	var conn net.Conn
	var err error
	if b.http.TLS != nil {
		conn, err = tls.Dial("tcp", address, b.http.Client().Transport.(*http.Transport).TLSClientConfig)
	} else {
		conn, err = net.Dial("tcp", address)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	return conn
}

const upgradeRequest = "GET /v/socket?k=KEY HTTP/1.1\r\nHost: aceno.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"

// socket connects and upgrades; extra bytes travel in the same packet as the request.
func (b *bed) socket(extra ...byte) *socket {
	b.t.Helper()
	conn := b.raw()
	if _, err := conn.Write(append([]byte(upgradeRequest), extra...)); err != nil {
		b.t.Fatal(err)
	}
	p := &socket{t: b.t, conn: conn, in: bufio.NewReader(conn)}
	answer, err := http.ReadResponse(p.in, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	if answer.StatusCode != http.StatusSwitchingProtocols {
		b.t.Fatalf("upgrade: %s", answer.Status)
	}
	if offered := answer.Header.Get("Sec-WebSocket-Extensions"); offered != "" {
		b.t.Fatalf("negotiated %q", offered)
	}
	return p
}

// socket is a WebSocket client that can also misbehave.
type socket struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
	// skipped counts the text frames that end read on its way.
	skipped int
}

func masked(op ws.OpCode, fin bool, payload string) []byte {
	return ws.MustCompileFrame(ws.MaskFrameWith(ws.NewFrame(op, fin, []byte(payload)), [4]byte{1, 2, 3, 4}))
}

func (p *socket) send(texts ...string) {
	var out []byte
	for _, text := range texts {
		out = append(out, masked(ws.OpText, true, text)...)
	}
	p.write(out)
}

func (p *socket) write(data []byte) {
	p.t.Helper()
	if _, err := p.conn.Write(data); err != nil {
		p.t.Fatal(err)
	}
}

// read returns the next frame.
func (p *socket) read() (ws.OpCode, string, error) {
	h, err := ws.ReadHeader(p.in)
	if err != nil {
		return 0, "", err
	}
	if h.Masked || !h.Fin || h.Rsv != 0 {
		p.t.Errorf("server frame %+v", h)
	}
	payload := make([]byte, h.Length)
	_, err = io.ReadFull(p.in, payload)
	return h.OpCode, string(payload), err
}

func (p *socket) receive() string {
	p.t.Helper()
	for {
		op, text, err := p.read()
		if err != nil {
			p.t.Fatal(err)
		}
		if op == ws.OpText {
			return text
		}
	}
}

// end answers the close frame, as a browser does, and checks that nothing follows it.
func (p *socket) end() int {
	p.t.Helper()
	for {
		op, payload, err := p.read()
		if err != nil {
			if isTimeout(err) {
				p.t.Fatal(err)
			}
			return 0
		}
		if op != ws.OpClose {
			p.skipped++
			continue
		}
		_, _ = p.conn.Write(masked(ws.OpClose, true, payload))
		if op, text, err := p.read(); err == nil {
			p.t.Errorf("after the close frame: %v %q", op, text)
		} else if isTimeout(err) {
			p.t.Fatal(err)
		}
		_ = p.conn.Close()
		code, _ := ws.ParseCloseFrameData([]byte(payload))
		return int(code)
	}
}

func isTimeout(err error) bool {
	var failure net.Error
	return errors.As(err, &failure) && failure.Timeout()
}

func (p *socket) vanish() { _ = p.conn.Close() }

// polling is a long-polling client.
type polling struct {
	bed  *bed
	key  string
	ack  int64
	held []string
}

type pollReply struct {
	Status     int               `json:"status"` // of a problem
	Code       string            `json:"code"`   // of a problem
	Connection string            `json:"c"`
	Number     int64             `json:"n"`
	Frames     []json.RawMessage `json:"frames"`
}

func (b *bed) post(body string) pollReply {
	b.t.Helper()
	answer, err := b.http.Client().Post(b.http.URL+"/v/poll?k=KEY", "text/plain", strings.NewReader(body))
	if err != nil {
		b.t.Error(err)
		return pollReply{}
	}
	defer func() { _ = answer.Body.Close() }()
	var reply pollReply
	raw, _ := io.ReadAll(answer.Body)
	if err := json.NewDecoder(bytes.NewReader(raw)).Decode(&reply); err != nil {
		b.t.Errorf("answer %q: %v", raw, err)
	}
	if reply.Status == 0 && answer.StatusCode != http.StatusOK || reply.Status != 0 && reply.Status != answer.StatusCode {
		b.t.Errorf("status %d for %q", answer.StatusCode, raw)
	}
	return reply
}

func (p *polling) poll(wait bool, frames ...string) pollReply {
	p.bed.t.Helper()
	list, _ := json.Marshal(frames) // every test frame is a JSON string
	if frames == nil {
		list = []byte("[]")
	}
	reply := p.bed.post(fmt.Sprintf(`{"c":%q,"ack":%d,"frames":%s,"wait":%t}`, p.key, p.ack, list, wait))
	if reply.Status == 0 {
		p.key = reply.Connection
		for i, frame := range reply.Frames {
			if number := reply.Number - int64(len(reply.Frames)) + int64(i) + 1; number > p.ack {
				p.held = append(p.held, string(frame))
			}
		}
		p.ack = max(p.ack, reply.Number)
	}
	return reply
}

func (p *polling) send(texts ...string) {
	for len(texts) > 0 {
		n := min(len(texts), maxPollFrames)
		frames := make([]string, n)
		for i, text := range texts[:n] {
			if err := json.Unmarshal([]byte(text), &frames[i]); err != nil {
				p.bed.t.Fatalf("%q is no JSON string", text)
			}
		}
		p.poll(false, frames...)
		texts = texts[n:]
	}
}

func (p *polling) receive() string {
	p.bed.t.Helper()
	for deadline := time.Now().Add(patience); len(p.held) == 0; {
		if reply := p.poll(true); reply.Status != 0 || time.Now().After(deadline) {
			p.bed.t.Fatalf("nothing received: %+v", reply)
		}
	}
	text := p.held[0]
	p.held = p.held[1:]
	return text
}

func (p *polling) end() int {
	p.bed.t.Helper()
	for {
		var bye struct {
			Kind string `json:"t"`
			Code int    `json:"code"`
		}
		if err := json.Unmarshal([]byte(p.receive()), &bye); err == nil && bye.Kind == "bye" {
			if reply := p.poll(false); reply.Status != http.StatusGone {
				p.bed.t.Errorf("after the bye: %+v", reply)
			}
			return bye.Code
		}
	}
}

func (p *polling) vanish() { p.bed.server.expire(p.bed.server.now() + 41*time.Second) }

func quoted(text string) string { return `"` + text + `"` }
