package guard

import (
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/network"
)

func TestNetworkOf(t *testing.T) {
	for _, row := range []struct {
		a, b string
		same bool
	}{
		{"200.160.2.3", "200.160.2.3", true},
		{"200.160.2.3", "200.160.2.4", false},
		{"200.160.2.3", "::ffff:200.160.2.3", true},
		{"2804:14d:5c70:8a4f::1", "2804:14d:5c70:8a4f:ffff::2", true},
		{"2804:14d:5c70:8a4f::1", "2804:14d:5c70:8a50::1", false},
		{"127.0.0.1", "::1", true}, // neither is counted
	} {
		if got := network.Counted(netip.MustParseAddr(row.a)) == network.Counted(netip.MustParseAddr(row.b)); got != row.same {
			t.Errorf("%s and %s: %v", row.a, row.b, got)
		}
	}
	if (network.Counted(netip.MustParseAddr("127.0.0.1")) != netip.Prefix{}) || (network.Counted(netip.Addr{}) != netip.Prefix{}) {
		t.Error("counted")
	}
}

// held is a server whose requests to /hold stay until they are let go, and whose agents say so in the path.
type held struct {
	*world
	begun, leave chan struct{}
}

func newHeld(t *testing.T, o Options) *held {
	t.Helper()
	h := &held{begun: make(chan struct{}), leave: make(chan struct{})}
	o.Class = func(r *http.Request) Class {
		return map[string]Class{"/agent": Agent, "/panel": Panel}[r.URL.Path]
	}
	o.Address = func(r *http.Request) netip.Addr {
		from, _ := netip.ParseAddr(r.Header.Get("X-From"))
		return from
	}
	h.world = newWorld(t, o, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hold" {
			h.begun <- struct{}{}
			<-h.leave
		}
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusNoContent)
	})
	return h
}

// hold begins a request of that client with a body of that length, and returns when it is in work.
func (h *held) hold(c *client, from string, length int) {
	c.send(fmt.Sprintf("POST /hold HTTP/1.1\r\nHost: x\r\nX-From: %s\r\nContent-Length: %d\r\n\r\n", from, length))
	<-h.begun
}

func (h *held) post(from string, length int) (*client, int) {
	c := h.piped("")
	go c.send(fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nX-From: %s\r\nContent-Length: %d\r\n\r\n%s", from, length, strings.Repeat("x", length)))
	return c, c.status()
}

// empty waits until the server has noticed that everybody is gone.
func (h *held) empty() {
	for h.gate.Connections() > 0 {
		runtime.Gosched()
	}
}

// Requests in progress are counted by the client's network; others are not concerned, and what ended does not count.
func TestRequests_ByNetwork(t *testing.T) {
	h := newHeld(t, Options{PerNetwork: 3})
	holding := make([]*client, 3)
	for i := range holding {
		holding[i] = h.piped("")
		h.hold(holding[i], fmt.Sprintf("2804:14d:5c70:8a4f::%d", i+1), 0)
	}
	if c, got := h.post("2804:14d:5c70:8a4f:ffff::9", 0); got != http.StatusTooManyRequests || !c.ended() {
		t.Errorf("over the bound: %d", got)
	}
	for _, from := range []string{"2804:14d:5c70:8a50::1", "200.160.2.3", "127.0.0.1"} {
		if _, got := h.post(from, 0); got != http.StatusNoContent {
			t.Errorf("%s: %d", from, got)
		}
	}
	if h.gate.Reached(LimitRequests) != 1 || !strings.Contains(h.log.String(), "2804:14d:5c70:8a4f::/64") {
		t.Errorf("%d times, log %q", h.gate.Reached(LimitRequests), h.log.String())
	}
	close(h.leave)
	for _, c := range holding {
		if c.status() != http.StatusNoContent || c.ask("/") != http.StatusNoContent { // the second is counted after the first was settled
			t.Error("not answered")
		}
	}
	if _, got := h.post("2804:14d:5c70:8a4f::1", 0); got != http.StatusNoContent {
		t.Errorf("when the others have ended: %d", got)
	}
}

// Large bodies have a bound of their own: each may fill memory.
func TestRequests_LargeBodies(t *testing.T) {
	h := newHeld(t, Options{LargePerNetwork: 2})
	for range 2 {
		h.hold(h.piped(""), "200.160.2.3", 100_000)
	}
	if _, got := h.post("200.160.2.3", 100_000); got != http.StatusTooManyRequests {
		t.Errorf("a third: %d", got)
	}
	if _, got := h.post("200.160.2.3", 1_000); got != http.StatusNoContent {
		t.Errorf("a small one: %d", got)
	}
	if _, got := h.post("200.160.2.4", 100_000); got != http.StatusNoContent {
		t.Errorf("of somebody else: %d", got)
	}
	close(h.leave)
}

// A network over its connections loses its own oldest that waits, never another's; and where none waits, the new one.
func TestConnections_ByNetwork(t *testing.T) {
	h := newHeld(t, Options{PerNetwork: 2})
	other, first, second := h.piped("200.160.2.4"), h.piped("200.160.2.3"), h.piped("200.160.2.3")
	if first.ask("/") != http.StatusNoContent {
		t.Fatal("refused")
	}
	third := h.piped("200.160.2.3")
	if !second.ended() || first.ask("/") != http.StatusNoContent || third.ask("/") != http.StatusNoContent || other.ask("/") != http.StatusNoContent {
		t.Error("not the one that waited longest gave way")
	}
	h.hold(first, "", 0)
	h.hold(third, "", 0)
	if !h.piped("200.160.2.3").ended() {
		t.Error("a third one beside two that work")
	}
	if h.piped("200.160.2.5").ask("/") != http.StatusNoContent || h.gate.Reached(LimitConnections) != 2 {
		t.Errorf("bitten %d times", h.gate.Reached(LimitConnections))
	}
	close(h.leave)
}

// Trusted proxies speak for many: their connections are not counted.
func TestConnections_OfProxies(t *testing.T) {
	h := newHeld(t, Options{PerNetwork: 1, Trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
	first, second := h.piped("10.1.2.3"), h.piped("10.1.2.3")
	if first.ask("/") != http.StatusNoContent || second.ask("/") != http.StatusNoContent {
		t.Error("counted")
	}
}

// With few descriptors, connections that wait give way to new ones, and the last are for agents.
func TestDescriptors_Reserve(t *testing.T) {
	sockets := 0
	h := newHeld(t, Options{Sockets: func() int { return sockets }})
	h.gate.budget, h.gate.reserve = 8, 4
	var idle []*client
	for range 20 {
		idle = append(idle, h.piped(""))
	}
	last := h.piped("")
	if got := last.ask("/"); got != http.StatusNoContent {
		t.Errorf("behind twenty that wait: %d", got)
	}
	for _, c := range idle[:17] {
		if !c.ended() {
			t.Error("an old one is still open")
		}
	}
	for _, c := range idle {
		_ = c.Close()
	}
	_ = last.Close()
	h.empty()
	for _, row := range []struct {
		sockets int
		want    map[string]int // 0: closed without an answer
	}{
		{4, map[string]int{"/": 503, "/panel": 204, "/agent": 204}},
		{6, map[string]int{"/": 503, "/panel": 503, "/agent": 204}}, // more than half of the reserve is used
		{8, map[string]int{"/": 0, "/panel": 0, "/agent": 0}},
		{0, map[string]int{"/": 204, "/panel": 204, "/agent": 204}},
	} {
		sockets = row.sockets
		for path, want := range row.want {
			c := h.piped("")
			if got := c.ask(path); got != want {
				t.Errorf("%d sockets, %s: %d, want %d", sockets, path, got, want)
			}
			_ = c.Close()
			h.empty()
		}
	}
	for _, limit := range []Limit{LimitWaiting, LimitReserve, LimitDescriptors} {
		if h.gate.Reached(limit) == 0 || !strings.Contains(h.log.String(), "limit="+string(limit)) {
			t.Errorf("%s: neither counted nor said", limit)
		}
	}
}

// A connection that was there before goes on, whatever is left: its visitor is in the middle of something.
func TestDescriptors_OldConnectionsGoOn(t *testing.T) {
	sockets := 0
	h := newHeld(t, Options{Sockets: func() int { return sockets }})
	h.gate.budget, h.gate.reserve = 8, 4
	c := h.piped("")
	if c.ask("/") != http.StatusNoContent {
		t.Fatal("refused")
	}
	sockets = 7
	if got := c.ask("/"); got != http.StatusNoContent {
		t.Errorf("refused: %d", got)
	}
}

// When the system gives no descriptor, room is made and it is said.
func TestAccept_Fails(t *testing.T) {
	h := newHeld(t, Options{})
	oldest := h.piped("")
	h.door.fail <- struct{}{}
	if !oldest.ended() || h.piped("").ask("/") != http.StatusNoContent {
		t.Error("no room was made")
	}
	if h.gate.Reached(LimitAccept) != 1 || !strings.Contains(h.log.String(), "limit=accept_failed") {
		t.Errorf("not said: %q", h.log.String())
	}
}

// An attack does not fill the log: a bound is said once a minute, with how often it bit.
func TestLimits_SaidOnceAMinute(t *testing.T) {
	w := newWorld(t, Options{}, func(http.ResponseWriter, *http.Request) {})
	for range 1000 {
		w.gate.Note(LimitSockets, netip.MustParseAddr("200.160.2.3"))
	}
	w.clock.Add(int64(sayEvery))
	w.gate.Note(LimitSockets, netip.MustParseAddr("200.160.2.3"))
	if lines := strings.Count(w.log.String(), "\n"); lines != 2 || !strings.Contains(w.log.String(), "times=1000 ") || w.gate.Reached(LimitSockets) != 1001 {
		t.Errorf("%d lines: %s", lines, w.log.String())
	}
}

// At the stop, connections without a request are closed at once, those that come are too, and a request that stalls has less time.
func TestDrain(t *testing.T) {
	h := newHeld(t, Options{})
	silent, half := h.piped(""), h.piped("")
	half.send("GET / HTTP/1.1\r\n")
	h.hold(h.piped(""), "", 0)
	stalled := h.piped("")
	stalled.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
	h.gate.Hurry()
	for h.gate.Reached(LimitBody) == 0 {
		h.pass(window / 10)
		runtime.Gosched()
	}
	stalled.status()
	h.gate.Drain()
	if !silent.ended() || !half.ended() || !h.piped("").ended() {
		t.Error("still open")
	}
	for h.gate.Connections() > 1 { // the one that works stays
		runtime.Gosched()
	}
	close(h.leave)
}
