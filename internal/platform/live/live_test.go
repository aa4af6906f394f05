package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/aceno-chat/aceno/internal/platform/bus"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/live"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type happened struct {
	N          int    `json:"n"`
	Department string `json:"department"`
}

func (happened) Kind() string                  { return "test.happened" }
func (h happened) Audience() eventlog.Audience { return eventlog.ToDepartment(h.Department) }
func (h happened) Subject() string             { return fmt.Sprint(h.N) }

type handler struct {
	frames chan string
	closed chan struct{}
}

func (handler) Ready(*live.Session) {}

func (h handler) Frame(s *live.Session, kind string, _ []byte) {
	if kind == "flood" {
		for s.Send([]byte(`{"t":"noise","x":"` + strings.Repeat("x", 1<<15) + `"}`)) {
		}
		return
	}
	h.frames <- kind
}

func (h handler) Closed(*live.Session) { h.closed <- struct{}{} }

type house struct {
	t       *testing.T
	store   *store.Store
	log     *eventlog.Log
	hub     *live.Hub
	server  *httptest.Server
	handler handler
	account string
}

func newHouse(t *testing.T, o live.Options) *house {
	st := storetest.SQLite(t)
	b, err := bus.Start(t.Context(), bus.Config{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{
		t: t, store: st, account: eventlogtest.Account(t, st, "acc"),
		handler: handler{frames: make(chan string, 16), closed: make(chan struct{}, 16)},
	}
	h.log = eventlog.New(st, b, clock.System{}, slog.New(slog.DiscardHandler))
	h.hub = live.New(h.log, clock.System{}, slog.New(slog.DiscardHandler), o)
	if err := h.log.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.hub.Serve(w, r, live.Identity{
			AccountID: h.account, AgentID: "ana",
			Scope: eventlog.Scope{AgentID: "ana", DepartmentIDs: map[string]bool{"sales": true}},
		}, h.handler)
	}))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		h.hub.Shutdown(ctx)
		h.server.Close()
		h.log.Close()
		b.Close()
	})
	return h
}

func (h *house) happen(n int, department string) {
	err := h.store.Write(h.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return h.log.Append(ctx, tx, h.account, happened{N: n, Department: department})
	})
	if err != nil {
		h.t.Error(err)
	}
}

type frame struct {
	T        string   `json:"t"`
	Position int64    `json:"position"`
	Code     int      `json:"code"`
	Reason   string   `json:"reason"`
	Payload  happened `json:"payload"`
}

type client struct {
	t    *testing.T
	conn *websocket.Conn
}

func (h *house) connect() client {
	conn, _, err := websocket.Dial(h.t.Context(), h.server.URL, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	h.t.Cleanup(func() { _ = conn.CloseNow() })
	return client{h.t, conn}
}

func (c client) send(s string) {
	if err := c.conn.Write(c.t.Context(), websocket.MessageText, []byte(s)); err != nil {
		c.t.Fatal(err)
	}
}

func (c client) next() (frame, error) {
	_, data, err := c.conn.Read(c.t.Context())
	if err != nil {
		return frame{}, err
	}
	var f frame
	if err := json.Unmarshal(data, &f); err != nil {
		c.t.Fatalf("%v in %s", err, data)
	}
	return f, nil
}

func (c client) must(kind string) frame {
	c.t.Helper()
	f, err := c.next()
	if err != nil || f.T != kind {
		c.t.Fatalf("got %+v, %v; want a %s frame", f, err, kind)
	}
	return f
}

func (c client) closedWith(code int) {
	c.t.Helper()
	for {
		if _, err := c.next(); err != nil {
			if got := websocket.CloseStatus(err); int(got) != code {
				c.t.Fatalf("closed with %d (%v), want %d", got, err, code)
			}
			return
		}
	}
}

func TestResume_GivesExactlyWhatWasMissedWhileWritesGoOn(t *testing.T) {
	h := newHouse(t, live.Options{})
	const total = 400
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range total {
			h.happen(i, "sales")
		}
	})
	// The connection is cut again and again; each time it comes back with the last position it saw.
	var position int64
	for got := 0; got < total; {
		c := h.connect()
		c.send(fmt.Sprintf(`{"t":"start","position":%d}`, position))
		for seen := 0; seen < 37 && got < total; {
			f, err := c.next()
			if err != nil {
				t.Fatal(err)
			}
			if f.T != "event" {
				continue
			}
			if f.Position != position+1 || f.Payload.N != got {
				t.Fatalf("event %d at %d where %d at %d was due", f.Payload.N, f.Position, got, position+1)
			}
			position, got, seen = f.Position, got+1, seen+1
		}
		_ = c.conn.CloseNow()
		<-h.handler.closed
	}
	wg.Wait()
}

func TestSession_SeesOnlyItsAudience(t *testing.T) {
	h := newHouse(t, live.Options{})
	h.happen(1, "support")
	h.happen(2, "sales")
	c := h.connect()
	c.send(`{"t":"start","position":0}`)
	if f := c.must("event"); f.Position != 2 {
		t.Fatalf("saw %+v, want only the second event", f)
	}
	c.must("ready")
	h.happen(3, "support")
	h.happen(4, "sales")
	if f := c.must("event"); f.Position != 4 {
		t.Fatalf("saw %+v, want only the fourth event", f)
	}
}

func TestStart_TellsToReloadWhatTheLogCannotTell(t *testing.T) {
	h := newHouse(t, live.Options{ResumeMost: 3})
	for i := range 600 {
		h.happen(i, "sales")
	}
	for _, start := range []string{`{"t":"start","position":null}`, `{"t":"start"}`, `{"t":"start","position":-1}`, `{"t":"start","position":9999}`, `{"t":"start","position":0}`} {
		c := h.connect()
		c.send(start)
		c.must("reload")
		// After fetching a snapshot the same connection may start.
		c.send(`{"t":"start","position":599}`)
		c.must("event")
		c.must("ready")
		_ = c.conn.CloseNow()
	}
}

func TestSession_EndsWithACodeThatSaysWhatToDo(t *testing.T) {
	h := newHouse(t, live.Options{QueueBytes: 1 << 20})
	rows := map[string]struct {
		frames []string
		code   int
	}{
		"no start":        {[]string{`{"t":"grid"}`}, live.CodeProtocol},
		"not JSON":        {[]string{`{`}, live.CodeProtocol},
		"no type":         {[]string{`{}`}, live.CodeProtocol},
		"two starts":      {[]string{`{"t":"start","position":0}`, `{"t":"start","position":0}`}, live.CodeProtocol},
		"oversized frame": {[]string{`{"t":"` + strings.Repeat("x", 17<<10) + `"}`}, live.CodeTooLarge},
		"slow reader":     {[]string{`{"t":"start","position":0}`, `{"t":"flood"}`}, live.CodeTooSlow},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			c := h.connect()
			for _, f := range row.frames {
				c.send(f)
			}
			c.closedWith(row.code)
			<-h.handler.closed
		})
	}
	if h.hub.Stats().CutSlow != 1 {
		t.Errorf("%d slow readers counted, want 1", h.hub.Stats().CutSlow)
	}
}

func TestSession_IsDroppedWhenItFallsSilentAndToldPositionsMeanwhile(t *testing.T) {
	h := newHouse(t, live.Options{Silence: 300 * time.Millisecond, Beat: 20 * time.Millisecond})
	c := h.connect()
	c.send(`{"t":"start","position":0}`)
	c.must("ready")
	c.must("position")
	c.send(`{"t":"presence"}`)
	if kind := <-h.handler.frames; kind != "presence" {
		t.Fatalf("the handler got %q", kind)
	}
	for {
		if _, err := c.next(); err != nil {
			break
		}
	}
	<-h.handler.closed
}

func TestShutdown_SaysToComeBack(t *testing.T) {
	h := newHouse(t, live.Options{})
	c := h.connect()
	c.send(`{"t":"start","position":0}`)
	c.must("ready")
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.hub.Shutdown(t.Context())
	}()
	if f := c.must("bye"); f.Code != live.CodeRestart || f.Reason != "restart" {
		t.Fatalf("bye = %+v", f)
	}
	c.closedWith(live.CodeRestart)
	<-done
	late := h.connect()
	late.closedWith(live.CodeRestart)
	if errors.Is(t.Context().Err(), context.Canceled) {
		t.Fatal("the context ended early")
	}
}
