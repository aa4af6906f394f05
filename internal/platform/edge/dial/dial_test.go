package dial_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"go.uber.org/goleak"

	"github.com/aceno-chat/aceno/internal/platform/edge"
	"github.com/aceno-chat/aceno/internal/platform/edge/dial"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo answers every frame with itself, and a few words with more.
type echo struct {
	requests chan *http.Request
	closed   chan struct{}
}

func (e echo) Admit(r *http.Request) (any, error) {
	if r.URL.Query().Get("k") != "key" {
		return nil, fault.New(fault.SiteUnknown)
	}
	e.requests <- r
	return nil, nil
}

func (e echo) Frame(c *edge.Conn, data []byte) {
	c.Greeted()
	switch string(data) {
	case "long":
		c.Send(bytes.Repeat([]byte("x"), 70_000))
	case "end":
		c.Close(edge.CodeRestart, "restart")
	default:
		c.Send(bytes.Clone(data))
	}
}

func (e echo) Closed(*edge.Conn) { e.closed <- struct{}{} }

func newServer(t *testing.T, o edge.Options) (echo, string) {
	t.Helper()
	e := echo{make(chan *http.Request, 4), make(chan struct{}, 4)}
	o.Logger = slog.New(slog.DiscardHandler)
	server := edge.New(e, o)
	web := httptest.NewServer(http.HandlerFunc(server.ServeSocket))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Second)
		defer cancel()
		_ = server.Shutdown(ctx, nil)
		web.Close()
	})
	return e, web.URL
}

func open(t *testing.T, o dial.Options) *dial.Socket {
	t.Helper()
	s, err := dial.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Cut() })
	return s
}

func exchange(t *testing.T, s *dial.Socket, frame string) string {
	t.Helper()
	if err := s.Write([]byte(frame)); err != nil {
		t.Fatal(err)
	}
	answer, err := s.Read()
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

func TestOpen_SpeaksAsAPageOfItsOrigin(t *testing.T) {
	e, url := newServer(t, edge.Options{})
	s := open(t, dial.Options{URL: url + "?k=key", Origin: "http://shop.example", Header: http.Header{"User-Agent": {"Browser/1"}}})
	r := <-e.requests
	if r.Header.Get("Origin") != "http://shop.example" || r.UserAgent() != "Browser/1" {
		t.Errorf("came as %v", r.Header)
	}
	if got := exchange(t, s, `{"t":"hello"}`); got != `{"t":"hello"}` {
		t.Errorf("got %q", got)
	}
	if got := exchange(t, s, "long"); got != strings.Repeat("x", 70_000) {
		t.Errorf("a long frame: got %d bytes", len(got))
	}
}

func TestRead_AnswersPingsAndTellsTheCloseCode(t *testing.T) {
	_, url := newServer(t, edge.Options{PingEvery: 20 * time.Millisecond})
	s := open(t, dial.Options{URL: url + "?k=key"})
	exchange(t, s, "hello")
	read := make(chan error, 1)
	go func() { _, err := s.Read(); read <- err }()
	select {
	case err := <-read:
		t.Fatalf("dropped, though it answers pings: %v", err)
	case <-time.After(200 * time.Millisecond):
	}
	if err := s.Write([]byte("end")); err != nil {
		t.Fatal(err)
	}
	closed, ok := errors.AsType[*dial.ClosedError](<-read)
	if !ok || closed.Code != edge.CodeRestart {
		t.Errorf("got %v", closed)
	}
}

func TestOpen_TellsRefusals(t *testing.T) {
	_, url := newServer(t, edge.Options{})
	s := open(t, dial.Options{URL: url + "?k=other"})
	for {
		_, err := s.Read()
		if err == nil {
			continue // the bye before the close
		}
		if closed, ok := errors.AsType[*dial.ClosedError](err); !ok || closed.Code != edge.CodeRefused {
			t.Errorf("got %v", err)
		}
		break
	}
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	_, err := dial.Open(t.Context(), dial.Options{URL: web.URL})
	if status, ok := errors.AsType[ws.StatusError](err); !ok || status != http.StatusNotFound {
		t.Errorf("got %v", err)
	}
	if _, err := dial.Open(t.Context(), dial.Options{URL: "http://\x00"}); err == nil {
		t.Error("opened no address")
	}
}

func TestClose_IsHeard(t *testing.T) {
	for name, end := range map[string]func(*dial.Socket) error{"closed": (*dial.Socket).Close, "cut": (*dial.Socket).Cut} {
		t.Run(name, func(t *testing.T) {
			e, url := newServer(t, edge.Options{})
			s := open(t, dial.Options{URL: url + "?k=key"})
			exchange(t, s, "hello")
			if err := end(s); err != nil {
				t.Fatal(err)
			}
			<-e.closed
			if _, err := s.Read(); err == nil {
				t.Error("read from an ended socket")
			}
		})
	}
}
