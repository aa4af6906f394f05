package edge

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
)

func TestSocket_ByteByByte(t *testing.T) {
	each(t, sockets, Options{}, func(t *testing.T, b *bed) {
		b.spy.frame = echo
		p := b.socket()
		text := quoted(strings.Repeat("até já ", 30)) // a two-byte length, and characters of several bytes
		for _, one := range masked(ws.OpText, true, text) {
			p.write([]byte{one})
		}
		if got := p.receive(); got != text {
			t.Fatalf("got %q", got)
		}
	})
}

func TestSocket_FramesBehindTheUpgrade(t *testing.T) {
	each(t, sockets, Options{}, func(t *testing.T, b *bed) {
		whole, half := masked(ws.OpText, true, `"first"`), masked(ws.OpText, true, `"second"`)
		p := b.socket(append(whole, half[:5]...)...)
		if got := next(t, b.spy.frames, "frame that came whole"); got != `"first"` {
			t.Fatalf("got %q", got)
		}
		p.write(half[5:])
		if got := next(t, b.spy.frames, "frame that came torn"); got != `"second"` {
			t.Fatalf("got %q", got)
		}
	})
}

func TestSocket_FragmentsWithPingBetween(t *testing.T) {
	each(t, sockets, Options{}, func(t *testing.T, b *bed) {
		p := b.socket()
		// A character is torn between two fragments; an empty one is legal.
		p.write(masked(ws.OpText, false, "\"ol\xc3"))
		p.write(masked(ws.OpPing, true, "are you there"))
		if op, text, err := p.read(); err != nil || op != ws.OpPong || text != "are you there" {
			t.Fatalf("%v %q %v", op, text, err)
		}
		p.write(masked(ws.OpContinuation, false, ""))
		p.write(masked(ws.OpContinuation, true, "\xa1\""))
		if got := next(t, b.spy.frames, "frame"); got != `"olá"` {
			t.Fatalf("got %q", got)
		}
		p.send(`"next"`)
		if got := next(t, b.spy.frames, "frame"); got != `"next"` {
			t.Fatalf("got %q", got)
		}
	})
}

// A message that never ends reaches neither the bound of its length nor the Handler.
func TestSocket_PiecesOfNothingAreCut(t *testing.T) {
	pieces := func(n int) []byte {
		return append(masked(ws.OpText, false, ""), bytes.Repeat(masked(ws.OpContinuation, false, ""), n)...)
	}
	each(t, sockets, Options{FrameRate: 5}, func(t *testing.T, b *bed) {
		fast := b.socket()
		fast.write(pieces(99))
		if code := fast.end(); code != CodeBusy {
			t.Errorf("more than the rate: code %d", code)
		}
		next(t, b.spy.closed, "Closed")
	})
	each(t, sockets, Options{FrameRate: -1}, func(t *testing.T, b *bed) {
		endless := b.socket()
		endless.write(pieces(maxPieces))
		if code := endless.end(); code != CodeProtocol {
			t.Errorf("without end: code %d", code)
		}
		next(t, b.spy.closed, "Closed")
		if got := b.server.Stats(); got.ProtocolErrors != 1 || got.FramesIn != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestSocket_BadFramesCloseWithCode(t *testing.T) {
	unmasked := ws.MustCompileFrame(ws.NewTextFrame([]byte("hi")))
	reserved := masked(ws.OpText, true, "hi")
	reserved[0] |= 0x40
	unknown := masked(ws.OpText, true, "hi")
	unknown[0] = 0x80 | 0x3
	cases := []struct {
		name string
		data []byte
		code int
	}{
		{"unmasked", unmasked, CodeProtocol},
		{"reserved bit", reserved, CodeProtocol},
		{"unknown opcode", unknown, CodeProtocol},
		{"binary", masked(ws.OpBinary, true, "hi"), CodeProtocol},
		{"not UTF-8", masked(ws.OpText, true, "\xff\xfe"), CodeProtocol},
		{"not UTF-8 over fragments", append(masked(ws.OpText, false, "\xc3"), masked(ws.OpContinuation, true, "x")...), CodeProtocol},
		{"continuation of nothing", masked(ws.OpContinuation, true, "hi"), CodeProtocol},
		{"new message inside a fragmented one", append(masked(ws.OpText, false, "a"), masked(ws.OpText, true, "b")...), CodeProtocol},
		{"fragmented ping", masked(ws.OpPing, false, "hi"), CodeProtocol},
		{"long ping", masked(ws.OpPing, true, strings.Repeat("x", 126)), CodeProtocol},
		{"close of one byte", masked(ws.OpClose, true, "x"), CodeProtocol},
		{"close with a reserved code", masked(ws.OpClose, true, "\x03\xed"), CodeProtocol},
		{"close with a code out of range", masked(ws.OpClose, true, "\x13\x88"), CodeProtocol},
		{"close with a reason not UTF-8", masked(ws.OpClose, true, "\x03\xe8\xff"), CodeProtocol},
		{"16-bit length that fits 7", []byte{0x81, 0x80 | 126, 0, 125}, CodeProtocol},
		{"64-bit length that fits 16", []byte{0x81, 0x80 | 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, CodeProtocol},
		{"negative length", []byte{0x81, 0x80 | 127, 0xff, 0, 0, 0, 0, 0, 0, 0}, CodeProtocol},
		{"announced too large", []byte{0x81, 0x80 | 127, 0, 0, 0, 1, 0, 0, 0, 0}, CodeTooLarge},
		{"too large by one", []byte{0x81, 0x80 | 126, 0x40, 0x01}, CodeTooLarge},
		{"too large over fragments", append(masked(ws.OpText, false, strings.Repeat("x", 16<<10)), masked(ws.OpContinuation, true, "x")...), CodeTooLarge},
	}
	for i := range cases { // a header is judged when its mask is there as well
		if c := &cases[i]; len(c.data) < 14 && c.data[0] == 0x81 && c.data[1]&0x7f > 125 {
			c.data = append(c.data, 1, 2, 3, 4)
		}
	}
	each(t, sockets, Options{}, func(t *testing.T, b *bed) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				p := b.socket()
				p.t = t
				p.write(append(c.data, masked(ws.OpText, true, "must not be seen")...))
				if code := p.end(); code != c.code {
					t.Errorf("code %d, want %d", code, c.code)
				}
				next(t, b.spy.closed, "Closed")
				if len(b.spy.frames) > 0 {
					t.Errorf("frame %q", <-b.spy.frames)
				}
			})
		}
		if got := b.server.Stats().ProtocolErrors; got != uint64(len(cases)) {
			t.Errorf("%d protocol errors, want %d", got, len(cases))
		}
	})
}

func TestSocket_PeerCloses(t *testing.T) {
	cases := []struct {
		name, sent, want string
	}{
		{"without a code", "", ""},
		{"with a code and a reason", "\x03\xe9leaving", "\x03\xe9"},
		{"with a private code", "\x0f\xa1", "\x0f\xa1"},
	}
	each(t, sockets, Options{}, func(t *testing.T, b *bed) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				p := b.socket()
				p.write(append(masked(ws.OpText, true, `"last"`), masked(ws.OpClose, true, c.sent)...))
				if op, payload, err := p.read(); err != nil || op != ws.OpClose || payload != c.want {
					t.Errorf("%v %q %v", op, payload, err)
				}
				if _, _, err := p.read(); !errors.Is(err, io.EOF) {
					t.Errorf("after the close frame: %v", err)
				}
				next(t, b.spy.frames, "the frame before the close")
				next(t, b.spy.closed, "Closed")
			})
		}
	})
}

func TestSocket_PeerHalfCloses(t *testing.T) {
	each(t, sockets, Options{}, func(t *testing.T, b *bed) {
		p := b.socket()
		p.send(`"last"`)
		if err := p.conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		next(t, b.spy.frames, "the frame before the end")
		next(t, b.spy.closed, "Closed")
	})
}

func TestSocket_Reset(t *testing.T) {
	each(t, sockets[:2], Options{}, func(t *testing.T, b *bed) {
		p := b.socket()
		p.send(`"hello"`)
		next(t, b.spy.frames, "frame")
		_ = p.conn.(*net.TCPConn).SetLinger(0)
		_ = p.conn.Close()
		next(t, b.spy.closed, "Closed")
	})
}

func TestSocket_LingersOnlySoLong(t *testing.T) {
	each(t, sockets, Options{}, func(t *testing.T, b *bed) {
		b.spy.frame = func(c *Conn, _ string) { c.Close(CodeProtocol, "") }
		p := b.socket()
		p.send(`"hello"`)
		next(t, b.spy.closed, "Closed") // at once, though the peer does not hang up
		b.server.expire(b.server.now() + 6*time.Second)
		if all := b.server.registry.bucket(0, 1); len(all) != 0 {
			t.Fatalf("%d connections held", len(all))
		}
	})
}

func TestSocket_PingFindsTheDead(t *testing.T) {
	each(t, sockets, Options{}, func(t *testing.T, b *bed) {
		pong, data, dead := b.socket(), b.socket(), b.socket()
		for _, p := range []*socket{pong, data, dead} {
			p.send(`"hello"`)
			next(t, b.spy.frames, "frame")
		}
		b.server.ping(0, 1)
		if op, payload, err := pong.read(); err != nil || op != ws.OpPing {
			t.Fatalf("%v %q %v", op, payload, err)
		}
		// A ping of their own is answered after what came before it: then the server has heard them.
		pong.write(append(masked(ws.OpPong, true, ""), masked(ws.OpPing, true, "")...))
		data.write(append(masked(ws.OpText, true, `"busy"`), masked(ws.OpPing, true, "")...))
		for _, p := range []*socket{pong, data} {
			for op := ws.OpPing; op != ws.OpPong; {
				var err error
				if op, _, err = p.read(); err != nil {
					t.Fatal(err)
				}
			}
		}
		b.server.ping(0, 1)
		next(t, b.spy.closed, "Closed")
		if stats := b.server.Stats(); stats.Dead != 1 || stats.Open != 2 {
			t.Fatalf("%+v", stats)
		}
		if code := dead.end(); code != 0 {
			t.Fatalf("code %d", code)
		}
	})
}

func TestSocket_SlowSendersHoldNoWorker(t *testing.T) {
	each(t, sockets, Options{Workers: 1}, func(t *testing.T, b *bed) {
		b.spy.frame = echo
		frame := masked(ws.OpText, true, quoted(strings.Repeat("x", 500)))
		var slow []*socket
		for range 20 {
			slow = append(slow, b.socket(frame[:300]...))
		}
		quick := b.socket()
		quick.send(`"quick"`)
		if got := quick.receive(); got != `"quick"` {
			t.Fatalf("got %q", got)
		}
		for _, p := range slow {
			p.write(frame[300:])
			if got := p.receive(); len(got) != 502 {
				t.Fatalf("got %d bytes", len(got))
			}
		}
	})
}

// A reader that pauses gets everything, in order, as long as the bound is not reached.
func TestSocket_QueueDrainsWhenPeerReads(t *testing.T) {
	each(t, sockets, Options{SendQueue: 64 << 20}, func(t *testing.T, b *bed) {
		const frames = 3000
		sent := make(chan bool)
		b.spy.frame = func(c *Conn, _ string) {
			for i := range frames {
				if !c.Send(fmt.Appendf(nil, `"%d %s"`, i, strings.Repeat("x", 4000))) {
					t.Error("cut")
				}
			}
			c.Close(CodeNormal, "done")
			close(sent)
		}
		p := b.socket()
		p.send(`"go"`)
		next(t, sent, "end of sending")
		for i := range frames {
			if got := p.receive(); !strings.HasPrefix(got, fmt.Sprintf(`"%d x`, i)) {
				t.Fatalf("got %.20q, want number %d", got, i)
			}
		}
		if code := p.end(); code != CodeNormal {
			t.Fatalf("code %d", code)
		}
	})
}

// What arrived during a long call is read to its end, however much it is.
func TestSocket_BacklogIsRead(t *testing.T) {
	each(t, sockets, Options{FrameRate: -1}, func(t *testing.T, b *bed) {
		written := make(chan struct{})
		b.spy.frame = func(_ *Conn, text string) {
			if text == `"wait"` {
				<-written
			}
		}
		p := b.socket()
		p.send(`"wait"`)
		const frames = 40
		text := quoted(strings.Repeat("x", 10_000))
		go func() {
			defer close(written)
			for range frames {
				_, _ = p.conn.Write(masked(ws.OpText, true, text)) // the kernel takes it all: 400 KB
			}
		}()
		for range 1 + frames {
			next(t, b.spy.frames, "frame")
		}
	})
}

// A peer that sends without end gets its share, and so do the others.
func TestSocket_FloodIsAnsweredFairly(t *testing.T) {
	each(t, sockets, Options{Workers: 1, FrameRate: -1}, func(t *testing.T, b *bed) {
		b.spy.frame = func(c *Conn, text string) {
			if text == `"quick"` {
				c.Send([]byte(text))
			}
		}
		flood := b.socket()
		stop := make(chan struct{})
		flooded := make(chan struct{})
		go func() {
			defer close(flooded)
			many := bytes.Repeat(masked(ws.OpPong, true, ""), 10_000)
			for {
				select {
				case <-stop:
					return
				default:
					if _, err := flood.conn.Write(many); err != nil {
						return
					}
				}
			}
		}()
		quick := b.socket()
		quick.send(`"quick"`)
		if got := quick.receive(); got != `"quick"` {
			t.Errorf("got %q", got)
		}
		close(stop)
		<-flooded
	})
}

func TestServeSocket_RefusesPlainRequests(t *testing.T) {
	each(t, sockets, Options{}, func(t *testing.T, b *bed) {
		for name, request := range map[string]string{
			"no upgrade": "GET /v/socket HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
			"no key":     strings.Replace(upgradeRequest, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", 1),
		} {
			conn := b.raw()
			if _, err := conn.Write([]byte(request)); err != nil {
				t.Fatal(err)
			}
			answer, err := io.ReadAll(conn)
			if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 400") {
				t.Errorf("%s: %q %v", name, answer, err)
			}
		}
		b.serving.Wait()
		if stats := b.server.Stats(); stats.Refused != 2 || stats.Accepted != 0 {
			t.Errorf("%+v", stats)
		}
		b.server.registry.mu.Lock()
		defer b.server.registry.mu.Unlock()
		if b.server.registry.held != 0 {
			t.Errorf("%d places held", b.server.registry.held)
		}
	})
}
