package edge

import (
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

func polled(t *testing.T, o Options) *bed {
	return start(t, transport{name: "poll", polled: true}, o)
}

func TestPoll_RepeatsUntilAcknowledged(t *testing.T) {
	b := polled(t, Options{})
	b.spy.frame = echo
	first := b.post(`{"c":"","ack":0,"frames":["a","b"],"wait":false}`)
	if len(first.Frames) != 2 || first.Number != 2 {
		t.Fatalf("%+v", first)
	}
	// The answer is lost; the client asks again with the old acknowledgement.
	again := b.post(`{"c":"` + first.Connection + `","ack":0,"frames":[],"wait":true}`)
	if len(again.Frames) != 2 || again.Number != 2 || string(again.Frames[0]) != `"a"` {
		t.Fatalf("%+v", again)
	}
	part := b.post(`{"c":"` + first.Connection + `","ack":1,"frames":["c"],"wait":true}`)
	if len(part.Frames) != 2 || part.Number != 3 || string(part.Frames[0]) != `"b"` || string(part.Frames[1]) != `"c"` {
		t.Fatalf("%+v", part)
	}
	none := b.post(`{"c":"` + first.Connection + `","ack":3,"frames":[],"wait":false}`)
	if len(none.Frames) != 0 || none.Number != 3 {
		t.Fatalf("%+v", none)
	}
}

func TestPoll_BadRequests(t *testing.T) {
	b := polled(t, Options{})
	b.spy.frame = echo
	known := b.post(`{"frames":["a"]}`).Connection
	frames := strings.TrimSuffix(strings.Repeat(`"x",`, 101), ",")
	for name, c := range map[string]struct {
		body string
		code fault.Code
	}{
		"no JSON":            {`{`, fault.MalformedRequest},
		"empty":              {``, fault.MalformedRequest},
		"wrong type":         {`{"c":1}`, fault.MalformedRequest},
		"not UTF-8":          {"{\"frames\":[\"\xff\"]}", fault.MalformedRequest},
		"opens with nothing": {`{"c":"","frames":[]}`, fault.Validation},
		"too many frames":    {`{"c":"` + known + `","frames":[` + frames + `]}`, fault.Validation},
		"too large":          {`{"frames":["` + strings.Repeat("x", 64<<10) + `"]}`, fault.RequestTooLarge},
		"unknown connection": {`{"c":"nobody","frames":["a"]}`, fault.ConnectionGone},
	} {
		if reply := b.post(c.body); reply.Code != string(c.code) || reply.Status != c.code.Status() {
			t.Errorf("%s: %+v", name, reply)
		}
	}
	if b.server.Len() != 1 {
		t.Fatalf("Len %d", b.server.Len())
	}
}

func TestPoll_AcknowledgesTheFuture(t *testing.T) {
	b := polled(t, Options{})
	b.spy.frame = echo
	p := b.dial().(*polling)
	p.send(`"a"`)
	p.ack = 7
	reply := p.poll(true)
	if len(reply.Frames) != 2 || string(reply.Frames[1]) != `{"t":"bye","code":4000,"retry":null}` {
		t.Fatalf("%+v", reply)
	}
	next(t, b.spy.closed, "Closed")
}

func TestPoll_NewRequestSendsTheOldOneHome(t *testing.T) {
	b := polled(t, Options{})
	held := make(chan *Conn, 2)
	b.server.held = held
	key := b.post(`{"frames":["a"]}`).Connection
	replies := make(chan pollReply, 2)
	request := `{"c":"` + key + `","wait":true}`
	go func() { replies <- b.post(request) }()
	c := next(t, held, "waiting poll")
	go func() { replies <- b.post(request) }()
	if old := next(t, replies, "answer"); len(old.Frames) != 0 || old.Number != 0 {
		t.Fatalf("%+v", old)
	}
	next(t, held, "waiting poll")
	c.Send([]byte(`"for the new one"`))
	if reply := next(t, replies, "answer"); len(reply.Frames) != 1 || reply.Number != 1 {
		t.Fatalf("%+v", reply)
	}
	p := c.carrier.(*poll)
	if late, ok := p.answer(c, p.request-1); !ok || len(late.frames) != 0 || late.number != 0 {
		t.Fatalf("the old request took %+v", late)
	}
}

func TestPoll_RequestsDeliverOneByOne(t *testing.T) {
	b := polled(t, Options{})
	inside := make(chan *Conn, 1)
	proceed := make(chan struct{})
	b.spy.frame = func(c *Conn, text string) {
		if text == `"first"` {
			inside <- c
			<-proceed
		}
	}
	key := b.post(`{"frames":["hello"]}`).Connection
	replies := make(chan pollReply, 2)
	go func() { replies <- b.post(`{"c":"` + key + `","frames":["first"]}`) }()
	c := next(t, inside, "first frame")
	go func() { replies <- b.post(`{"c":"` + key + `","frames":["second"]}`) }()
	for active := 1; active < 2; runtime.Gosched() {
		c.mu.Lock()
		active = c.carrier.(*poll).active
		c.mu.Unlock()
	}
	for range 1000 { // a second request that did not wait would have its turn now; the spy would see it
		runtime.Gosched()
	}
	close(proceed)
	for _, want := range []string{`"hello"`, `"first"`, `"second"`} {
		if got := next(t, b.spy.frames, "frame"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	next(t, replies, "answer")
	next(t, replies, "answer")
}

// The timeouts that protect an HTTP server from slow clients must not end the wait.
func TestPoll_OutlivesTheServersTimeouts(t *testing.T) {
	h := newSpy(t)
	s := New(h, Options{PollWait: 300 * time.Millisecond})
	server := httptest.NewUnstartedServer(http.HandlerFunc(s.ServePoll))
	server.Config.ReadTimeout, server.Config.WriteTimeout = 50*time.Millisecond, 50*time.Millisecond
	server.Start()
	defer server.Close()
	answer, err := server.Client().Post(server.URL, "text/plain", strings.NewReader(`{"frames":["a"],"wait":true}`))
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status)
	}
	if err := s.Shutdown(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

// inBubble runs a polled server on a clock of its own, without sockets.
func inBubble(t *testing.T, test func(t *testing.T, s *Server, h *spy, post func(body string) (int, string))) {
	synctest.Test(t, func(t *testing.T) {
		h := newSpy(t)
		s := New(h, Options{Portable: true})
		test(t, s, h, func(body string) (int, string) {
			w := httptest.NewRecorder()
			s.ServePoll(w, httptest.NewRequest(http.MethodPost, "/v/poll?k=KEY", strings.NewReader(body)))
			return w.Code, w.Body.String()
		})
		if err := s.Shutdown(t.Context(), nil); err != nil {
			t.Error(err)
		}
	})
}

func TestPoll_ClosedWaitsForFrame(t *testing.T) {
	inBubble(t, func(t *testing.T, _ *Server, h *spy, post func(string) (int, string)) {
		h.frame = func(c *Conn, _ string) {
			c.Close(CodeNormal, "")
			synctest.Wait() // whoever would call Closed now, has
			if len(h.closed) != 0 {
				t.Error("Closed during Frame")
			}
		}
		post(`{"frames":["a"]}`)
		synctest.Wait()
		if len(h.closed) != 1 {
			t.Error("not Closed")
		}
	})
}

func TestPoll_ClientHangsUp(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, h *spy, post func(string) (int, string)) {
		h.frame = func(c *Conn, _ string) { c.Greeted() }
		_, answer := post(`{"frames":["a"]}`)
		ctx, hangUp := context.WithCancel(t.Context())
		returned := make(chan struct{})
		go func() {
			defer close(returned)
			body := strings.NewReader(`{"c":"` + keyIn(answer) + `","wait":true}`)
			s.ServePoll(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodPost, "/v/poll", body))
		}()
		synctest.Wait()
		hangUp()
		<-returned
		if s.Len() != 1 {
			t.Fatal("dropped at once: the page may be changing")
		}
		<-time.After(42 * time.Second) // of the bubble's clock
		synctest.Wait()
		if len(h.closed) != 1 {
			t.Fatal("not Closed")
		}
	})
}

func keyIn(answer string) string { return strings.Split(answer, `"`)[3] }

func TestPoll_WaitsAtMost25Seconds(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, h *spy, post func(string) (int, string)) {
		h.frame = func(c *Conn, text string) {
			c.Greeted()
			time.AfterFunc(30*time.Second, func() { c.Send([]byte(text)) })
		}
		began := time.Now()
		status, answer := post(`{"frames":["a"],"wait":true}`)
		if waited := time.Since(began); status != 200 || !strings.HasSuffix(answer, `"n":0,"frames":[]}`) || waited != 25*time.Second {
			t.Fatalf("%d %s after %v", status, answer, waited)
		}
		status, answer = post(`{"c":"` + keyIn(answer) + `","wait":true}`)
		if waited := time.Since(began); status != 200 || !strings.HasSuffix(answer, `"n":1,"frames":["a"]}`) || waited != 30*time.Second {
			t.Fatalf("%d %s after %v", status, answer, waited)
		}
	})
}

func TestPoll_IsGone40SecondsAfterItsLastRequest(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, h *spy, post func(string) (int, string)) {
		h.frame = func(c *Conn, _ string) { c.Greeted() }
		_, answer := post(`{"frames":["a"]}`)
		again := `{"c":"` + keyIn(answer) + `"}`
		for range 3 {
			<-time.After(39 * time.Second) // of the bubble's clock
			if status, answer := post(again); status != 200 {
				t.Fatalf("%d %s", status, answer)
			}
		}
		<-time.After(42 * time.Second)
		synctest.Wait()
		if len(h.closed) != 1 || s.Len() != 0 {
			t.Fatal("still there")
		}
		if status, _ := post(again); status != http.StatusGone {
			t.Fatalf("status %d", status)
		}
	})
}

func TestPoll_HelloWithin10Seconds(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, h *spy, post func(string) (int, string)) {
		began := time.Now()
		_, answer := post(`{"frames":["no hello"],"wait":true}`)
		if waited := time.Since(began); !strings.Contains(answer, `"code":4000`) || waited > 11*time.Second {
			t.Fatalf("%s after %v", answer, waited)
		}
		synctest.Wait()
		if len(h.closed) != 1 {
			t.Fatal("not Closed")
		}
	})
}
