package guard

import (
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
)

const least = 4 << 10

// A body that does not move is cut, wherever it stops, and its sender is told.
func TestBody_StalledIsCut(t *testing.T) {
	for name, sent := range map[string]string{
		"nothing":     "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n",
		"a byte":      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
		"much, once":  "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + strings.Repeat("x", 50000),
		"no length":   "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
		"no chunk":    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
		"unread":      "POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n",
		"half unread": "POST /half HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{}",
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/half":
					_, _ = io.ReadFull(r.Body, make([]byte, 2))
				case "/":
					if _, err := io.Copy(io.Discard, r.Body); err == nil {
						t.Error("the body has an end that was never sent")
					}
				}
				w.WriteHeader(http.StatusUnauthorized)
			})
			c := w.dialed("")
			c.send(sent)
			w.until(LimitBody)
			if got := c.status(); got != http.StatusUnauthorized {
				t.Errorf("answered %d", got)
			}
			if !c.ended() {
				t.Error("goes on with what is left of a body")
			}
		})
	}
}

// The deadline moves with progress: a slow line that moves takes as long as it takes, one that trickles does not.
func TestBody_SlowLine(t *testing.T) {
	for name, row := range map[string]struct {
		step  int
		steps int
		cut   bool
	}{
		"moves":    {step: least, steps: 50},
		"trickles": {step: 1, steps: 50, cut: true},
	} {
		t.Run(name, func(t *testing.T) {
			read, failed := make(chan struct{}), make(chan error, 1)
			w := newWorld(t, Options{}, func(_ http.ResponseWriter, r *http.Request) {
				buffer := make([]byte, row.step)
				for {
					if _, err := io.ReadFull(r.Body, buffer); err != nil {
						failed <- err
						return
					}
					read <- struct{}{}
				}
			})
			c := w.dialed("")
			c.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n")
			cut := false
			for range row.steps {
				c.send(strings.Repeat("x", row.step))
				select {
				case <-read:
				case <-failed:
					cut = true
				}
				if cut {
					break
				}
				w.pass(window * 9 / 10)
			}
			if cut != row.cut {
				t.Errorf("cut: %v", cut)
			}
			_ = c.Close()
			if !cut {
				<-failed
			}
		})
	}
}

// An answer that nobody takes is cut, while the handler writes or after it has returned.
func TestAnswer_NotTakenIsCut(t *testing.T) {
	for name, size := range map[string]int{"large": 1 << 20, "small": 1 << 10} {
		t.Run(name, func(t *testing.T) {
			returned := make(chan error, 1)
			w := newWorld(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
				_, err := w.Write(make([]byte, size))
				returned <- err
			})
			connect := w.dialed
			if size < least {
				connect = w.piped // a kernel would take it
			}
			c := connect("")
			c.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
			w.until(LimitAnswer)
			if err := <-returned; (err == nil) != (size < least) {
				t.Errorf("the handler's write: %v", err)
			}
			for w.gate.Connections() > 0 {
				runtime.Gosched() // it ends by itself
			}
		})
	}
}

// A slow reader who reads gets everything.
func TestAnswer_SlowLine(t *testing.T) {
	const pieces = 50
	wrote := make(chan struct{}, pieces)
	w := newWorld(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
		for range pieces {
			if _, err := w.Write(make([]byte, least)); err != nil {
				t.Error(err)
			}
			wrote <- struct{}{}
		}
	})
	c := w.piped("")
	c.send("GET / HTTP/1.0\r\nHost: x\r\n\r\n")
	for range pieces {
		if _, err := io.ReadFull(c, make([]byte, least)); err != nil {
			t.Fatal(err)
		}
		<-wrote
		w.pass(window * 9 / 10)
	}
	if rest, err := io.ReadAll(c); err != nil || len(rest) == 0 {
		t.Errorf("the end: %d bytes, %v", len(rest), err)
	}
}

// What waits for us and not for the peer is never cut: a handler that thinks, a long poll, a socket, a connection between two requests.
func TestThinking_IsNotCut(t *testing.T) {
	begun, think := make(chan struct{}), make(chan struct{})
	w := newWorld(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/socket" {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			begun <- struct{}{}
			<-think
			_, _ = conn.Write([]byte("HTTP/1.1 204 No Content\r\n\r\n"))
			return
		}
		if _, err := io.ReadAll(r.Body); err != nil {
			t.Error(err)
		}
		begun <- struct{}{}
		<-think
		w.WriteHeader(http.StatusNoContent)
	})
	for _, path := range []string{"/poll", "/socket"} {
		c := w.dialed("")
		c.send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
		<-begun
		for range 100 {
			w.pass(window)
		}
		think <- struct{}{}
		if got := c.status(); got != http.StatusNoContent {
			t.Errorf("%s: %d", path, got)
		}
	}
}

// Over HTTP/2 a stalled request is cut, and the others of its connection go on.
func TestHTTP2(t *testing.T) {
	written := make(chan error, 1)
	w := newWorld(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/large" {
			_, err := w.Write(make([]byte, 16<<20))
			written <- err
			return
		}
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	server := httptest.NewUnstartedServer(w.server.Handler)
	server.EnableHTTP2 = true
	w.gate.Serve(server.Config)
	server.StartTLS()
	defer server.Close()
	client := server.Client()
	ask := func(method, path string, body io.Reader) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, body)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if answer.ProtoMajor != 2 {
			t.Fatal(answer.Proto)
		}
		return answer
	}

	large := ask(http.MethodGet, "/large", nil)
	defer func() { _ = large.Body.Close() }()
	w.until(LimitAnswer)
	if err := <-written; err == nil {
		t.Error("an answer that nobody took was taken")
	}
	body, stalled := io.Pipe()
	defer func() { _ = stalled.Close() }()
	told := make(chan int)
	go func() {
		answer := ask(http.MethodPost, "/", body)
		_ = answer.Body.Close()
		told <- answer.StatusCode
	}()
	_, _ = stalled.Write([]byte("{"))
	w.until(LimitBody)
	if got := <-told; got != http.StatusUnauthorized {
		t.Errorf("a stalled body: %d", got)
	}
	answer := ask(http.MethodGet, "/", nil)
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK || w.gate.Connections() != 1 {
		t.Errorf("afterwards %d, %d connections", answer.StatusCode, w.gate.Connections())
	}
}
