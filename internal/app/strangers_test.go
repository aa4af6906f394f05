package app

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/guard"
)

// patience is how long a test waits for what must come: long beyond every deadline of the node, so that only what never comes fails.
const patience = 30 * time.Second

const metricsToken = "0123456789abcdef0123456789abcdef"

// restarted is a node with other options, whose log can be read.
func restarted(t *testing.T, o Options) (*node, *said) {
	t.Helper()
	n, log := newNode(t, ""), &said{}
	n.stop()
	n.config.MetricsToken = metricsToken
	o.Logger = slog.New(slog.NewTextHandler(log, nil))
	n.startWith(o)
	return n, log
}

// said keeps a log.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) has(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(s.text.String(), text)
}

// strange opens a connection and writes to it.
func (n *node) strange(text string) net.Conn {
	n.t.Helper()
	conn, err := net.Dial("tcp", n.app.Addr())
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, text); err != nil {
		n.t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		n.t.Fatal(err)
	}
	return conn
}

var parameter = regexp.MustCompile(`\{[^}]+\}`)

// Every address that may take a body: who sends one slowly is cut and told, whether the route reads before it answers or not.
func TestSlowBodies_EveryRoute(t *testing.T) {
	n, log := restarted(t, Options{Window: 200 * time.Millisecond})
	addresses := []string{"POST /v/poll", "POST /v/leave", "POST /", "POST /nowhere", "POST /api/nowhere", "GET /healthz", "POST /metrics", "POST /v/aceno.js"}
	for _, route := range n.app.api.Routes() {
		addresses = append(addresses, route.Method+" "+parameter.ReplaceAllString(route.Path, "x"))
	}
	var asking sync.WaitGroup
	for _, address := range addresses {
		conn := n.strange(fmt.Sprintf("%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{", address))
		asking.Go(func() {
			reader := bufio.NewReader(conn)
			answer, err := http.ReadResponse(reader, nil)
			if err != nil {
				t.Errorf("%s: no answer: %v", address, err)
				return
			}
			defer func() { _ = answer.Body.Close() }()
			if _, err := io.Copy(io.Discard, reader); err != nil {
				t.Errorf("%s: still open after the answer: %v", address, err)
			}
		})
	}
	asking.Wait()
	if n.app.gate.Reached(guard.LimitBody) == 0 || !log.has("limit=slow_body") {
		t.Error("neither counted nor said")
	}
	_, metrics := n.stranger().do(http.MethodGet, "/metrics", nil, map[string]string{"Authorization": "Bearer " + metricsToken})
	if !bytes.Contains(metrics, []byte(`aceno_limits_reached_total{limit="slow_body"}`)) {
		t.Error("no metric")
	}
}

// Who asks for much and does not read is cut, and what it asked for does not lie in memory meanwhile.
func TestAnswers_NotTaken(t *testing.T) {
	n, log := restarted(t, Options{Window: 200 * time.Millisecond})
	const readers = 20
	conns := make([]net.Conn, readers)
	for i := range conns {
		conns[i] = n.strange("GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n")
	}
	for end := time.Now().Add(patience); n.app.gate.Reached(guard.LimitAnswer) < readers && time.Now().Before(end); {
		runtime.Gosched()
	}
	document, err := n.app.Document()
	if err != nil {
		t.Fatal(err)
	}
	for _, conn := range conns {
		if got, _ := io.Copy(io.Discard, conn); got >= int64(len(document)) {
			t.Fatal("it lay ready to the last byte")
		}
	}
	if !log.has("limit=slow_answer") {
		t.Error("not said")
	}
}

// With few descriptors, silent connections give way; when sockets hold the rest, agents still come in, and visitors are told to wait.
func TestDescriptors_ReserveForAgents(t *testing.T) {
	n, log := restarted(t, Options{Descriptors: 128})
	for range 200 {
		n.strange("")
	}
	if got, _ := n.stranger().do(http.MethodGet, "/healthz", nil, nil); got != http.StatusOK {
		t.Fatalf("a new client behind silent connections: %d", got)
	}
	if n.app.gate.Reached(guard.LimitWaiting) == 0 || !log.has("limit=waiting_closed") {
		t.Error("neither counted nor said")
	}

	const upgrade = "GET /v/socket?k=%s HTTP/1.1\r\nHost: x\r\nOrigin: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	opened, refused := 0, 0
	for refused == 0 && opened < 200 {
		answer, err := http.ReadResponse(bufio.NewReader(n.strange(fmt.Sprintf(upgrade, n.site.Key, shopOrigin))), nil)
		if err != nil {
			t.Fatal(err)
		}
		switch answer.StatusCode {
		case http.StatusSwitchingProtocols:
			opened++
		case http.StatusServiceUnavailable:
			refused++
			if answer.Header.Get("Retry-After") == "" || answer.Header.Get("Access-Control-Allow-Origin") != shopOrigin {
				t.Errorf("a refusal the page can't read: %v", answer.Header)
			}
		default:
			t.Fatalf("a socket: %d", answer.StatusCode)
		}
		_ = answer.Body.Close()
	}
	if opened == 0 || refused == 0 {
		t.Fatalf("%d sockets opened, %d refused", opened, refused)
	}
	ana := n.stranger()
	ana.must(http.MethodPost, "/api/session", map[string]string{"login": "rita", "password": "a good password"}, http.StatusOK, nil)
	ana.must(http.MethodGet, "/api/snapshot", nil, http.StatusOK, nil)
	if !log.has("limit=reserve") {
		t.Error("not said")
	}
}

// Whatever strangers hold, the stop does not wait for them.
func TestStop_DoesNotWaitForStrangers(t *testing.T) {
	n, log := restarted(t, Options{Window: time.Second})
	for range 50 {
		n.strange("")
		n.strange("GET / HTTP/1.1\r\nHost:")
		n.strange("POST /v/poll HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
		n.strange("POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
	}
	n.stop()
	if log.has("requests were cut at the stop") {
		t.Error("it waited as long as it may")
	}
	n.start()
}
