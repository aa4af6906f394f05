package edge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

func TestFrames_ArriveInOrder(t *testing.T) {
	each(t, everyTransport, Options{FrameRate: -1}, func(t *testing.T, b *bed) {
		b.spy.frame = echo
		p := b.dial()
		var want []string
		for i := range 300 {
			want = append(want, quoted(fmt.Sprintf("frame %d %s", i, strings.Repeat("ç", i))))
		}
		p.send(want...)
		for _, text := range want {
			if got := next(t, b.spy.frames, "frame"); got != text {
				t.Fatalf("handler got %.40q, want %.40q", got, text)
			}
		}
		for _, text := range want {
			if got := p.receive(); got != text {
				t.Fatalf("peer got %.40q, want %.40q", got, text)
			}
		}
	})
}

func TestConn_KeepsValueAndUniqueID(t *testing.T) {
	each(t, everyTransport, Options{}, func(t *testing.T, b *bed) {
		ids := make(chan uint64, 2)
		b.spy.frame = func(c *Conn, _ string) {
			if c.Value() != "value" {
				t.Errorf("value %v", c.Value())
			}
			ids <- c.ID()
		}
		b.dial().send(`"a"`)
		b.dial().send(`"b"`)
		if first, second := next(t, ids, "id"), next(t, ids, "id"); first == second {
			t.Fatalf("both connections are %d", first)
		}
		if b.server.Len() != 2 {
			t.Fatalf("Len %d", b.server.Len())
		}
	})
}

func TestClose_TellsCodeAfterWhatWasSent(t *testing.T) {
	each(t, everyTransport, Options{}, func(t *testing.T, b *bed) {
		b.spy.frame = func(c *Conn, _ string) {
			c.Send([]byte(`"last"`))
			c.Close(CodeProtocol, strings.Repeat("ã", 100))
			c.Close(CodeRestart, "too late")
			if c.Send([]byte(`"never"`)) {
				t.Error("Send after Close succeeded")
			}
		}
		p := b.dial()
		p.send(`"x"`, `"not delivered any more"`)
		if got := p.receive(); got != `"last"` {
			t.Fatalf("got %q", got)
		}
		if code := p.end(); code != CodeProtocol {
			t.Fatalf("code %d", code)
		}
		next(t, b.spy.closed, "Closed")
		if got := next(t, b.spy.frames, "frame"); got != `"x"` || len(b.spy.frames) != 0 {
			t.Fatalf("frames after Close: %q and %d more", got, len(b.spy.frames))
		}
		if b.server.Len() != 0 {
			t.Fatalf("Len %d", b.server.Len())
		}
	})
}

func TestHello_IsDueInTime(t *testing.T) {
	each(t, everyTransport, Options{}, func(t *testing.T, b *bed) {
		b.spy.frame = func(c *Conn, text string) {
			if text == `"hello"` {
				c.Greeted()
			}
		}
		greeted, silent := b.dial(), b.dial()
		greeted.send(`"hello"`)
		silent.send(`"something else"`)
		next(t, b.spy.frames, "frame")
		next(t, b.spy.frames, "frame")

		b.server.expire(b.server.now() + 9*time.Second)
		if b.server.Len() != 2 {
			t.Fatal("closed before the time")
		}
		b.server.expire(b.server.now() + 10*time.Second)
		if code := silent.end(); code != CodeProtocol {
			t.Fatalf("code %d", code)
		}
		next(t, b.spy.closed, "Closed")
		if b.server.Len() != 1 {
			t.Fatalf("Len %d: the greeted one must stay", b.server.Len())
		}
	})
}

func TestFrame_TooLarge(t *testing.T) {
	each(t, everyTransport, Options{MaxFrame: 1000}, func(t *testing.T, b *bed) {
		p := b.dial()
		p.send(quoted(strings.Repeat("x", 998)))
		next(t, b.spy.frames, "frame of the greatest size")
		p.send(quoted(strings.Repeat("x", 999)))
		if code := p.end(); code != CodeTooLarge {
			t.Fatalf("code %d", code)
		}
		next(t, b.spy.closed, "Closed")
		if got := b.server.Stats().ProtocolErrors; got != 1 {
			t.Fatalf("%d protocol errors", got)
		}
	})
}

func TestFlood_IsCut(t *testing.T) {
	each(t, everyTransport, Options{FrameRate: 5}, func(t *testing.T, b *bed) {
		p := b.dial()
		p.send(slices.Repeat([]string{`"x"`}, 99)...)
		if code := p.end(); code != CodeBusy {
			t.Fatalf("code %d", code)
		}
		next(t, b.spy.closed, "Closed")
		if n := len(b.spy.frames); n < 50 || n > 60 || b.server.Stats().Flooding != 1 { // ten seconds' worth
			t.Fatalf("%d frames let through, %+v", n, b.server.Stats())
		}
	})
}

func TestSlowReader_IsCut(t *testing.T) {
	each(t, everyTransport, Options{SendQueue: 20_000}, func(t *testing.T, b *bed) {
		cut := make(chan int, 1)
		b.spy.frame = func(c *Conn, _ string) {
			frame := []byte(quoted(strings.Repeat("x", 998)))
			sent := 0
			for c.Send(frame) {
				sent++
			}
			cut <- sent
		}
		p := b.dial()
		p.send(`"go"`)
		sent := next(t, cut, "cut")
		if sent < 19 { // a frame has up to 4 bytes of header
			t.Fatalf("cut after %d frames, before the bound", sent)
		}
		next(t, b.spy.closed, "Closed")
		if b.server.Stats().Slow != 1 || b.server.Len() != 0 {
			t.Fatalf("%+v", b.server.Stats())
		}
		if code := p.end(); code != CodeSlow { // a slow reader that wakes up learns why
			t.Fatalf("code %d", code)
		}
		if s, ok := p.(*socket); ok && s.skipped > sent-15 {
			t.Fatalf("%d of %d frames came before the close: it must overtake what waits", s.skipped, sent)
		}
	})
}

func TestVanished_IsClosedOnce(t *testing.T) {
	each(t, everyTransport, Options{}, func(t *testing.T, b *bed) {
		p := b.dial()
		p.send(`"hello"`)
		next(t, b.spy.frames, "frame")
		p.vanish()
		next(t, b.spy.closed, "Closed")
		if b.server.Len() != 0 {
			t.Fatalf("Len %d", b.server.Len())
		}
	})
}

func TestShutdown_SaysByeAndWaits(t *testing.T) {
	each(t, everyTransport, Options{}, func(t *testing.T, b *bed) {
		const visitors = 20
		held := make(chan *Conn, visitors)
		b.server.held = held
		codes := make(chan int, visitors)
		var peers sync.WaitGroup
		for range visitors {
			p := b.dial()
			p.send(`"hello"`)
			next(t, b.spy.frames, "frame")
			peers.Go(func() {
				if got := p.receive(); got != `{"t":"bye","code":1012,"retry":250}` {
					t.Errorf("got %q", got)
				}
				if b.polled {
					codes <- CodeRestart // the bye is all there is
				} else {
					codes <- p.end()
				}
			})
		}
		if b.polled {
			for range visitors {
				next(t, held, "waiting poll")
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		if err := b.server.Shutdown(ctx, []byte(`{"t":"bye","code":1012,"retry":250}`)); err != nil {
			t.Fatal(err)
		}
		if len(b.spy.closed) != visitors {
			t.Fatalf("%d Closed", len(b.spy.closed))
		}
		peers.Wait()
		for range visitors {
			if code := <-codes; code != CodeRestart {
				t.Fatalf("code %d", code)
			}
		}
		answer, err := b.http.Client().Post(b.http.URL+"/v/poll", "text/plain", strings.NewReader(`{"frames":["hello"]}`))
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusServiceUnavailable {
			t.Fatalf("after Shutdown: %s", answer.Status)
		}
	})
}

func TestShutdown_CutsWhoDoesNotLeave(t *testing.T) {
	each(t, sockets, Options{}, func(t *testing.T, b *bed) {
		b.dial().send(`"hello"`) // never reads
		next(t, b.spy.frames, "frame")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := b.server.Shutdown(ctx, nil); !errors.Is(err, context.Canceled) {
			t.Fatalf("error %v", err)
		}
		if len(b.spy.closed) != 1 {
			t.Fatal("not Closed")
		}
	})
}

func TestAdmit_FaultBecomesProblem(t *testing.T) {
	each(t, everyTransport, Options{}, func(t *testing.T, b *bed) {
		b.spy.admit = func(*http.Request) (any, error) { return nil, fault.New(fault.Unavailable) }
		request, _ := http.NewRequest(http.MethodGet, b.http.URL+"/v/socket", http.NoBody)
		if b.polled {
			request, _ = http.NewRequest(http.MethodPost, b.http.URL+"/v/poll", strings.NewReader(`{"frames":["hello"]}`))
		}
		request.Header.Set("Upgrade", "websocket")
		request.Header.Set("Connection", "Upgrade")
		answer, err := b.http.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Content-Type") != "application/problem+json" {
			t.Fatalf("%s %s", answer.Status, answer.Header.Get("Content-Type"))
		}
		if stats := b.server.Stats(); stats.Refused != 1 || stats.Accepted != 0 {
			t.Fatalf("%+v", stats)
		}
	})
}

func TestAdmit_KeyAndOriginAreExplained(t *testing.T) {
	for _, code := range []fault.Code{fault.SiteUnknown, fault.OriginRefused} {
		each(t, everyTransport, Options{}, func(t *testing.T, b *bed) {
			b.spy.admit = func(*http.Request) (any, error) { return nil, fault.New(code) }
			switch p := b.dial().(type) {
			case *socket:
				p.send(`"hello"`) // a browser sends before it reads
				if got := p.receive(); got != `{"t":"bye","code":4003,"retry":null}` {
					t.Fatalf("got %q", got)
				}
				if got := p.end(); got != CodeRefused {
					t.Fatalf("code %d", got)
				}
			case *polling:
				if reply := p.poll(true, "hello"); reply.Status != http.StatusForbidden || reply.Code != string(code) {
					t.Fatalf("%+v", reply)
				}
			}
			if len(b.spy.frames)+len(b.spy.closed) != 0 || b.server.Len() != 0 {
				t.Fatal("the handler heard of a refused connection")
			}
		})
	}
}

func TestMaxPerAddress(t *testing.T) {
	visitor := netip.MustParseAddr("203.0.113.7")
	o := Options{MaxPerAddress: 2, Address: func(*http.Request) netip.Addr { return visitor }}
	each(t, everyTransport, o, func(t *testing.T, b *bed) {
		first := b.dial()
		first.send(`"hello"`)
		b.dial().send(`"hello"`)
		next(t, b.spy.frames, "frame")
		next(t, b.spy.frames, "frame")
		switch p := b.dial().(type) {
		case *socket:
			if got := p.receive(); got != `{"t":"bye","code":4029,"retry":30000}` {
				t.Fatalf("got %q", got)
			}
			if code := p.end(); code != CodeBusy {
				t.Fatalf("code %d", code)
			}
		case *polling:
			if reply := p.poll(true, "hello"); reply.Status != http.StatusTooManyRequests || reply.Code != string(fault.TooManyConnections) {
				t.Fatalf("%+v", reply)
			}
		}
		first.vanish()
		next(t, b.spy.closed, "Closed")
		again := b.dial() // the place is free again
		again.send(`"hello"`)
		next(t, b.spy.frames, "frame")
	})
}

func TestMaxConnections(t *testing.T) {
	each(t, sockets, Options{MaxConnections: 1}, func(t *testing.T, b *bed) {
		b.dial().send(`"hello"`)
		next(t, b.spy.frames, "frame")
		if code := b.dial().end(); code != CodeBusy {
			t.Fatalf("code %d", code)
		}
	})
}

// Who is sent away because there is too much is told when to come back.
func TestClose_BusySaysWhenToComeBack(t *testing.T) {
	each(t, sockets, Options{}, func(t *testing.T, b *bed) {
		b.spy.frame = func(c *Conn, _ string) { c.Close(CodeBusy, "rate_limited") }
		p := b.dial()
		p.send(`"hello"`)
		if got := p.receive(); got != `{"t":"bye","code":4029,"retry":30000}` {
			t.Fatalf("got %q", got)
		}
		if code := p.end(); code != CodeBusy {
			t.Fatalf("code %d", code)
		}
	})
}

func TestHandlerPanic_CostsOneConnection(t *testing.T) {
	each(t, everyTransport, Options{}, func(t *testing.T, b *bed) {
		b.spy.frame = func(c *Conn, text string) {
			if text == `"bad"` {
				panic("bug in a handler")
			}
			c.Send([]byte(text))
		}
		p, other := b.dial(), b.dial()
		p.send(`"bad"`)
		if code := p.end(); code != CodeInternal {
			t.Fatalf("code %d", code)
		}
		next(t, b.spy.closed, "Closed")
		other.send(`"good"`)
		if got := other.receive(); got != `"good"` {
			t.Fatalf("got %q", got)
		}
	})
}

func TestSend_FromManyGoroutines(t *testing.T) {
	each(t, everyTransport, Options{}, func(t *testing.T, b *bed) {
		b.spy.frame = func(c *Conn, _ string) {
			var senders sync.WaitGroup
			for sender := range 8 {
				senders.Go(func() {
					for n := range 100 {
						c.Send(fmt.Appendf(nil, `"%d:%d"`, sender, n))
					}
				})
			}
			senders.Wait()
		}
		p := b.dial()
		p.send(`"go"`)
		var seen [8]int
		for range 800 {
			var sender, n int
			if _, err := fmt.Sscanf(p.receive(), `"%d:%d"`, &sender, &n); err != nil {
				t.Fatal(err)
			}
			if seen[sender] != n {
				t.Fatalf("sender %d: got %d, want %d", sender, n, seen[sender])
			}
			seen[sender]++
		}
	})
}
