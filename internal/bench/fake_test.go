package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/aceno-chat/aceno/internal/platform/edge"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

func TestMain(m *testing.M) {
	if os.Getenv("BENCH_TEST_SERVER") != "" {
		os.Exit(serveAsProcess())
	}
	goleak.VerifyTestMain(m)
}

// fakeServer is an installation as the bench sees it, in a few lines: what is posted is told at once.
type fakeServer struct {
	t    *testing.T
	mux  *http.ServeMux
	edge *edge.Server

	mu       sync.Mutex
	next     int
	position int
	visitors map[string]*edge.Conn // by token
	panels   map[string]*fakePanel // by login
	talks    map[string]*fakeTalk
	waiting  []string
	told     int // messages and offers
	roulette bool
	// lose and double make every so manieth message or offer lost or told twice; refuse makes the server refuse messages and acknowledgements.
	lose, double int
	refuse       bool
	// broken makes the snapshot fail once there is a conversation.
	broken bool
}

type fakePanel struct {
	conn *websocket.Conn
	ctx  context.Context
}

type fakeTalk struct {
	visitor, agent, name string
	sequence             int
}

func (s *fakeServer) Admit(r *http.Request) (any, error) {
	if r.URL.Query().Get("k") != "key" || r.Header.Get("Origin") != "https://bench.example" {
		return nil, fault.New(fault.SiteUnknown)
	}
	return nil, nil
}

func (s *fakeServer) Frame(c *edge.Conn, data []byte) {
	var hello struct{ T, Token, Tab, URL string }
	if err := json.Unmarshal(data, &hello); err != nil || hello.T != "hello" || !strings.HasPrefix(hello.URL, "https://bench.example/") {
		s.t.Errorf("no hello: %s", data)
	}
	c.Greeted()
	s.mu.Lock()
	defer s.mu.Unlock()
	if hello.Token == "" {
		s.next++
		hello.Token = fmt.Sprint("visitor", s.next)
	}
	s.visitors[hello.Token] = c
	c.Send(fmt.Appendf(nil, `{"t":"welcome","token":%q,"visit":"1","online":true,"conversation":null,"language":"pt"}`, hello.Token))
}

func (s *fakeServer) Closed(*edge.Conn) {}

func newFakeServer(t *testing.T) (*fakeServer, *Command) {
	s := &fakeServer{
		t: t, mux: http.NewServeMux(), visitors: map[string]*edge.Conn{}, panels: map[string]*fakePanel{}, talks: map[string]*fakeTalk{},
	}
	s.edge = edge.New(s, edge.Options{Logger: slog.New(slog.DiscardHandler)})
	s.mux.HandleFunc("GET /v/socket", s.edge.ServeSocket)
	s.mux.HandleFunc("GET /api/live", s.live)
	s.mux.HandleFunc("POST /api/session", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: s.read(r)["login"]})
	})
	s.mux.HandleFunc("PUT /api/session/status", func(http.ResponseWriter, *http.Request) {})
	s.mux.HandleFunc("POST /api/departments", func(w http.ResponseWriter, _ *http.Request) { answer(w, `{"id":"d1"}`) })
	s.mux.HandleFunc("POST /api/agents", func(w http.ResponseWriter, r *http.Request) {
		method := s.read(r)["method"]
		s.mu.Lock()
		s.roulette = method == "roulette"
		s.mu.Unlock()
		answer(w, `{"id":"a1"}`)
	})
	s.mux.HandleFunc("GET /api/snapshot", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.broken && len(s.talks) > 0 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		answer(w, `{"position":0}`)
	})
	s.mux.HandleFunc("GET /api/openapi.json", func(w http.ResponseWriter, _ *http.Request) { answer(w, fakeDocument) })
	s.mux.HandleFunc("GET /api/routing/decisions", func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Query().Get("conversation"), "c") {
			s.t.Errorf("decisions of %q", r.URL)
		}
		answer(w, `{"decisions":[]}`)
	})
	s.mux.HandleFunc("POST /v/conversations", s.open)
	s.mux.HandleFunc("POST /v/conversations/{id}/end", func(http.ResponseWriter, *http.Request) {})
	s.mux.HandleFunc("POST /api/queue/next", s.claim)
	s.mux.HandleFunc("POST /api/offers/{id}/shown", s.shown)
	s.mux.HandleFunc("POST /v/conversations/{id}/messages", s.post)
	s.mux.HandleFunc("POST /api/conversations/{id}/messages", s.post)
	web := httptest.NewServer(s.mux)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Second)
		defer cancel()
		_ = s.edge.Shutdown(ctx, nil)
		web.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return s, &Command{
		URL: web.URL, Key: "key", Origin: "https://bench.example", Login: "admin", Password: "secret", Visitors: 20, Seconds: 1, Rates: []int{100},
		Agents: 2, Conversations: 6, Open: 20, QueueAgents: 3, GridVisitors: 100, GridChanges: 1, Panels: 1, Triggers: 1, Settle: time.Second, Output: io.Discard,
	}
}

// fakeDocument describes some routes: with and without what they need, and those that the panel does not read.
const fakeDocument = `{"paths":{
	"/api/snapshot":{"get":{"responses":{"200":{"content":{"application/json":{}}}}},"post":{}},
	"/api/routing/decisions":{"get":{"parameters":[{"name":"conversation","in":"query","required":true}],"responses":{"200":{}}}},
	"/api/things":{"get":{"parameters":[{"name":"of","in":"query","required":true}],"responses":{"200":{}}}},
	"/api/things/{id}":{"parameters":[],"get":{"parameters":[{"name":"id","in":"path","required":true}],"responses":{"200":{}}},"delete":{}},
	"/v/site":{"get":{}}
}}`

func answer(w http.ResponseWriter, text string) { _, _ = io.WriteString(w, text) }

func (s *fakeServer) read(r *http.Request) map[string]string {
	var all map[string]any
	if err := json.NewDecoder(r.Body).Decode(&all); err != nil {
		s.t.Errorf("%s: %v", r.URL, err)
	}
	texts := map[string]string{}
	for name, value := range all {
		texts[name] = fmt.Sprint(value)
	}
	return texts
}

func (s *fakeServer) live(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		http.Error(w, "who?", http.StatusUnauthorized)
		return
	}
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	ctx := context.WithoutCancel(r.Context())
	for {
		_, data, err := conn.Read(ctx)
		if err != nil {
			return
		}
		if strings.Contains(string(data), `"start"`) {
			s.mu.Lock()
			s.panels[cookie.Value] = &fakePanel{conn, ctx}
			_ = conn.Write(ctx, websocket.MessageText, []byte(`{"t":"ready","position":0,"now":1}`))
			s.mu.Unlock()
		}
	}
}

// tell sends an event to panels; the lock is held.
func (s *fakeServer) tell(kind, payload string, to ...*fakePanel) {
	s.position++
	for _, p := range to {
		_ = p.conn.Write(p.ctx, websocket.MessageText, fmt.Appendf(nil, `{"t":"event","position":%d,"kind":%q,"at":1,"payload":%s}`, s.position, kind, payload))
	}
}

func (s *fakeServer) open(w http.ResponseWriter, r *http.Request) {
	in := s.read(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	id := fmt.Sprint("c", s.next)
	s.talks[id] = &fakeTalk{visitor: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), name: in["name"]}
	s.waiting = append(s.waiting, id)
	var all []*fakePanel
	for _, p := range s.panels {
		all = append(all, p)
	}
	s.tell("conversation.queued", fmt.Sprintf(`{"conversation":{"visitor":{"name":%q}}}`, in["name"]), all...)
	if s.roulette {
		for range s.times() {
			s.tell("offer.made", fmt.Sprintf(`{"offer":{"id":%q},"number":1,"visitor_name":%q}`, id, in["name"]), all[s.next%len(all)])
		}
	}
	answer(w, fmt.Sprintf(`{"id":%q}`, id))
}

func (s *fakeServer) shown(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse {
		w.WriteHeader(http.StatusConflict)
		return
	}
	answer(w, `{}`)
}

// times says how often the next message or offer is told; the lock is held.
func (s *fakeServer) times() int {
	s.told++
	switch {
	case s.double > 0 && s.told%s.double == 0:
		return 2
	case s.lose > 0 && s.told%s.lose == 0:
		return 0
	default:
		return 1
	}
}

func (s *fakeServer) claim(w http.ResponseWriter, r *http.Request) {
	cookie, _ := r.Cookie(sessionCookie)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("Idempotency-Key") == "" || len(s.waiting) == 0 {
		w.WriteHeader(http.StatusConflict)
		return
	}
	id := s.waiting[0]
	s.waiting = s.waiting[1:]
	s.talks[id].agent = cookie.Value
	answer(w, fmt.Sprintf(`{"id":%q}`, id))
}

func (s *fakeServer) post(w http.ResponseWriter, r *http.Request) {
	in := s.read(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse {
		w.WriteHeader(http.StatusConflict)
		return
	}
	talk := s.talks[r.PathValue("id")]
	for range s.times() {
		if strings.HasPrefix(r.URL.Path, "/v/") {
			s.tell("conversation.message", fmt.Sprintf(`{"message":{"text":%q}}`, in["text"]), s.panels[talk.agent])
			continue
		}
		talk.sequence++
		s.visitors[talk.visitor].Send(fmt.Appendf(nil, `{"t":"message","conversation":"c","message":{"sequence":%d,"text":%q}}`, talk.sequence, in["text"]))
	}
	answer(w, `{}`)
}

// benchOf returns a run that measures quickly.
func benchOf(c *Command) *bench {
	return &bench{
		Command: c, log: io.Discard, luck: rand.New(rand.NewPCG(1, 1)), report: &Report{},
		ladder: ladder{begin: 100, factor: 2, top: 300, span: 200 * time.Millisecond, drain: 2 * time.Second, reads: 3},
	}
}
