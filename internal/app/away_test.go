package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// gate stands between a node and its PostgreSQL. Closed, it cuts every connection and lets nobody in, as a server that is stopped.
type gate struct {
	listener        net.Listener
	network, target string
	running         sync.WaitGroup

	mu     sync.Mutex
	closed bool
	open   map[net.Conn]bool
}

// newGate returns a gate before the database at address, and the address behind which it stands.
func newGate(t *testing.T, address string) (*gate, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{network: "tcp", target: u.Host, open: make(map[net.Conn]bool)}
	query := u.Query()
	if folder := query.Get("host"); folder != "" {
		g.network, g.target = "unix", filepath.Join(folder, ".s.PGSQL.5432")
	}
	if g.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	query.Del("host")
	u.Host, u.RawQuery = g.listener.Addr().String(), query.Encode()
	g.running.Go(g.serve)
	t.Cleanup(func() {
		_ = g.listener.Close()
		g.shut(true)
		g.running.Wait()
	})
	return g, u.String()
}

func (g *gate) serve() {
	for {
		client, err := g.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial(g.network, g.target)
		if err != nil || !g.take(client, server) {
			_ = client.Close()
			continue
		}
		for _, way := range [][2]net.Conn{{client, server}, {server, client}} {
			g.running.Go(func() {
				_, _ = io.Copy(way[0], way[1])
				_, _ = client.Close(), server.Close()
			})
		}
	}
}

// take keeps a pair of connections, unless the gate is closed.
func (g *gate) take(client, server net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		_ = server.Close()
		return false
	}
	g.open[client], g.open[server] = true, true
	return true
}

// shut closes the gate, or opens it.
func (g *gate) shut(closed bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = closed
	if closed {
		for conn := range g.open {
			_ = conn.Close()
		}
		clear(g.open)
	}
}

// insist repeats a request until it is answered well: what a client does who knows that repeating is safe. Only a database that is away
// and a writer who is too quick may refuse it.
func insist(t *testing.T, do func() (int, []byte)) []byte {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		status, data := do()
		switch {
		case status < http.StatusMultipleChoices:
			return data
		case status != http.StatusTooManyRequests && status < http.StatusInternalServerError:
			t.Fatalf("%d %s", status, data)
		case time.Now().After(deadline):
			t.Fatalf("still refused: %d %s", status, data)
		}
		<-time.After(50 * time.Millisecond) // a client waits before it repeats
	}
}

// awayFor is how long the database is away. The server's own waits are one and two seconds, so that thirty would show nothing more.
const awayFor = 4 * time.Second

// TestDatabase_Away cuts a node off from its PostgreSQL while an agent and a visitor write, an offer stands and somebody asks for contact.
// The node says that it is not ready, and goes on by itself when the database is back: nothing is lost, nothing is there twice.
func TestDatabase_Away(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		if !strings.HasPrefix(address, "postgres") {
			return // a file is not away
		}
		g, behind := newGate(t, address)
		n := newNode(t, behind)
		patient := map[string]any{"settings": map[string]any{"offer_seconds": 60}}
		n.admin.must(http.MethodPatch, "/api/departments/"+n.department, patient, http.StatusOK, nil)
		ana := n.agent("ana", map[string]any{"method": "roulette"})
		panel := ana.awake()
		maria := n.guest("")
		talk := maria.open()
		shown := func(conversation string) {
			path := "/api/offers/" + panel.offerOf(conversation) + "/shown"
			insist(t, func() (int, []byte) { return ana.do(http.MethodPost, path, nil, nil) })
		}
		shown(talk)
		joao := n.guest("")
		offered := joao.open()
		offer := panel.offerOf(offered)

		ready := func(want int) {
			t.Helper()
			deadline := time.Now().Add(20 * time.Second)
			for status := 0; status != want; status, _ = n.stranger().do(http.MethodGet, "/readyz", nil, nil) {
				if time.Now().After(deadline) {
					t.Fatalf("/readyz says %d, want %d", status, want)
				}
				<-time.After(20 * time.Millisecond) // as a supervisor of processes asks
			}
		}
		write := func(k int) {
			message := map[string]any{"client_id": fmt.Sprint("m", k), "text": fmt.Sprint("v", k)}
			insist(t, func() (int, []byte) {
				return maria.do(http.MethodPost, "/v/conversations/"+talk+"/messages", message)
			})
			answer := map[string]any{"client_id": fmt.Sprint("m", k), "text": fmt.Sprint("a", k), "audience": "visitor"}
			insist(t, func() (int, []byte) {
				return ana.do(http.MethodPost, "/api/conversations/"+talk+"/messages", answer, nil)
			})
		}
		for k := range 3 {
			write(k)
		}
		g.shut(true)
		ready(http.StatusServiceUnavailable)
		pedro := n.guest("") // presence lives in memory
		if status, data := pedro.do(http.MethodPost, "/v/conversations", n.opening("open-1")); status < http.StatusInternalServerError {
			t.Fatalf("asked for contact without a database: %d %s", status, data)
		}
		back := time.AfterFunc(awayFor, func() { g.shut(false) })
		defer back.Stop()
		for k := 3; k < 6; k++ {
			write(k)
		}
		ready(http.StatusOK)
		var third struct {
			ID string `json:"id"`
		}
		data := insist(t, func() (int, []byte) { return pedro.do(http.MethodPost, "/v/conversations", n.opening("open-1")) })
		if err := json.Unmarshal(data, &third); err != nil {
			t.Fatal(err)
		}
		insist(t, func() (int, []byte) { return ana.do(http.MethodPost, "/api/offers/"+offer+"/shown", nil, nil) })
		shown(third.ID)

		want := map[string]int{}
		for k := range 6 {
			want[fmt.Sprint("v", k)], want[fmt.Sprint("a", k)] = 1, 1
		}
		checkTexts(t, ana, talk, want)
		for _, id := range []string{talk, offered, third.ID} {
			if story := ana.story(id); story != "queued joined" {
				t.Errorf("the story of %s is %q", id, story)
			}
		}
	})
}

// checkTexts checks that a conversation has each of the texts as often as wanted, in places without a gap.
func checkTexts(t *testing.T, p *person, conversationID string, want map[string]int) {
	t.Helper()
	var list struct {
		Messages []struct {
			Sequence int64  `json:"sequence"`
			Text     string `json:"text"`
		} `json:"messages"`
	}
	p.must(http.MethodGet, "/api/conversations/"+conversationID+"/messages", nil, http.StatusOK, &list)
	got := map[string]int{}
	for i, m := range list.Messages {
		if m.Sequence != int64(i+1) {
			t.Errorf("message %d has the sequence %d", i+1, m.Sequence)
		}
		got[m.Text]++
	}
	for text, times := range want {
		if got[text] != times {
			t.Errorf("%q is there %d times", text, got[text])
		}
	}
}
