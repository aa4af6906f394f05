// Package conversationtest gives tests an account with a site, two departments and two agents, and conversations in it.
package conversationtest

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/file"
	"github.com/aceno-chat/aceno/internal/platform/blob"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// What every house holds.
const (
	Account = "account"
	Site    = "site"
	Sales   = "sales"
	Support = "support"
	Ana     = "ana"   // serves sales
	Bruno   = "bruno" // serves sales and support
)

// House is a furnished account.
type House struct {
	Store   *store.Store
	Log     *eventlog.Log
	Events  *eventlogtest.Recorder
	Clock   *clock.Fake
	Idents  ident.Generator
	Bucket  *blob.Bucket
	Folder  string
	Box     *secret.Box
	Files   *file.Service
	Service *conversation.Service
	World   *World

	listeners *listeners
}

// listeners are told of the log after the service's board. The log has to know them before it starts, so they come in later.
type listeners struct {
	mu  sync.Mutex
	all []func(eventlog.Record)
}

func (l *listeners) take(r eventlog.Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, fn := range l.all {
		fn(r)
	}
}

// Heard has fn told of what happens from now on.
func (h *House) Heard(fn func(eventlog.Record)) {
	h.listeners.mu.Lock()
	defer h.listeners.mu.Unlock()
	h.listeners.all = append(h.listeners.all, fn)
}

// New furnishes st. Options may change the service's configuration before it is made.
func New(t testing.TB, st *store.Store, options ...func(*conversation.Config)) *House {
	t.Helper()
	eventlogtest.Account(t, st, Account)
	furnish(t, st)
	return build(t, st, &ident.Sequence{}, options...)
}

// Nodes returns the same account as two processes see it: over stores of their own, each with a log and a bus of its own.
func Nodes(t *testing.T, url string) (first, second *House) {
	t.Helper()
	open := func() *store.Store {
		st, err := store.Open(t.Context(), store.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatalf("conversationtest: %v", err)
		}
		t.Cleanup(func() {
			if err := st.Close(); err != nil {
				t.Errorf("conversationtest: %v", err)
			}
		})
		return st
	}
	one := open()
	if err := one.Migrate(t.Context()); err != nil {
		t.Fatalf("conversationtest: %v", err)
	}
	eventlogtest.Account(t, one, Account)
	furnish(t, one)
	return build(t, one, ident.V7{}), build(t, open(), ident.V7{})
}

func build(t testing.TB, st *store.Store, identifiers ident.Generator, options ...func(*conversation.Config)) *House {
	t.Helper()
	h := &House{
		Store: st, Events: &eventlogtest.Recorder{}, Clock: clock.NewFake(time.Date(2026, 3, 4, 15, 0, 0, 0, time.UTC)),
		Idents: identifiers, Box: secret.New([]byte("0123456789abcdef0123456789abcdef")), Folder: t.TempDir(), World: newWorld(),
		listeners: &listeners{},
	}
	var err error
	if h.Bucket, err = blob.Open(t.Context(), "file:"+h.Folder); err != nil {
		t.Fatalf("conversationtest: %v", err)
	}
	quiet := slog.New(slog.DiscardHandler)
	h.Files = file.New(file.Config{Store: st, Bucket: h.Bucket, Box: h.Box, Clock: h.Clock, Idents: h.Idents, Logger: quiet})
	// The service listens to the log it writes to: the listener is there before the service is.
	var heard func(eventlog.Record)
	h.Log = eventlogtest.New(t, st, h.Clock, h.Events.Take, func(r eventlog.Record) { heard(r) }, h.listeners.take)
	config := conversation.Config{
		Store: st, Log: h.Log, Files: h.Files, Agents: h.World, Peers: h.World, Departments: h.World, Visits: h.World, Calendar: h.World,
		Clock: h.Clock, Idents: h.Idents, Logger: quiet,
	}
	for _, option := range options {
		option(&config)
	}
	h.Service = conversation.New(config)
	heard = h.Service.Heard
	return h
}

func furnish(t testing.TB, st *store.Store) {
	t.Helper()
	statements := []string{
		`INSERT INTO sites (id, account_id, name, key, allowed_domains, language, active, created_at)
			VALUES ('site', 'account', 'Shop', 'key', '[]', 'pt', TRUE, 0), ('site2', 'account', 'Blog', 'key2', '[]', 'pt', TRUE, 0)`,
		`INSERT INTO departments (id, account_id, name, display_name, description, position, active, created_at)
			VALUES ('sales', 'account', 'Sales', 'Vendas', '', 1, TRUE, 0), ('support', 'account', 'Support', 'Suporte', '', 2, TRUE, 0)`,
		`INSERT INTO agents (id, account_id, login, password_hash, name, email, role, active, status, method, conversation_limit, preferences, created_at)
			VALUES ('ana', 'account', 'ana', '', 'Ana', 'ana@example.com', 'agent', TRUE, 'online', 'manual', 5, '{}', 0),
			('bruno', 'account', 'bruno', '', 'Bruno', 'bruno@example.com', 'supervisor', TRUE, 'online', 'manual', 5, '{}', 0)`,
		`INSERT INTO agent_departments (agent_id, department_id) VALUES ('ana', 'sales'), ('bruno', 'sales'), ('bruno', 'support')`,
	}
	err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, s := range statements {
			if _, err := tx.Exec(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("conversationtest: %v", err)
	}
}

// Agent returns one of the house's agents as an actor.
func Agent(id string) conversation.AgentActor {
	departments := map[string]map[string]bool{Ana: {Sales: true}, Bruno: {Sales: true, Support: true}}
	return conversation.AgentActor{
		AccountID: Account, ID: id, Scope: eventlog.Scope{AgentID: id, DepartmentIDs: departments[id]},
	}
}

// Supervisor returns an agent who supervises everything and holds nothing.
func Supervisor() conversation.AgentActor {
	return conversation.AgentActor{
		AccountID: Account, ID: "carla", Scope: eventlog.Scope{AgentID: "carla", All: true}, Supervises: true,
	}
}

// Visitor returns a visitor of the house's site.
func Visitor(id string) conversation.VisitorActor {
	return conversation.VisitorActor{AccountID: Account, SiteID: Site, VisitorID: id, VisitID: "visit of " + id}
}

// Open puts a visitor into a queue.
func (h *House) Open(t testing.TB, visitor, department string) conversation.VisitorConversation {
	t.Helper()
	c, _, err := h.Service.Open(t.Context(), Visitor(visitor), conversation.Opening{
		ClientID: h.Idents.New(), DepartmentID: department, Name: "Name of " + visitor, Email: visitor + "@example.com",
	})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return c
}

// Claim gives a waiting conversation to an agent.
func (h *House) Claim(t testing.TB, conversationID, agentID string) conversation.Conversation {
	t.Helper()
	c, ok := h.TryClaim(t, conversationID, agentID)
	if !ok {
		t.Fatalf("claim: %s does not wait", conversationID)
	}
	return c
}

// TryClaim is Claim, or false when the conversation does not wait.
func (h *House) TryClaim(t testing.TB, conversationID, agentID string) (c conversation.Conversation, ok bool) {
	t.Helper()
	err := h.Store.Write(store.InLane(t.Context(), Account), func(ctx context.Context, tx *store.Tx) (err error) {
		c, ok, err = h.Service.Claim(ctx, tx, Account, conversationID, agentID)
		return err
	})
	if err != nil {
		t.Errorf("claim: %v", err)
	}
	return c, ok
}

// Active opens a conversation and gives it to an agent.
func (h *House) Active(t testing.TB, visitor, agentID string) conversation.Conversation {
	t.Helper()
	return h.Claim(t, h.Open(t, visitor, Sales).ID, agentID)
}

// Settle waits until everything that was written was told to the board and to Events.
func (h *House) Settle(t testing.TB) {
	t.Helper()
	if err := h.Log.Settle(t.Context(), Account); err != nil {
		t.Fatalf("settle: %v", err)
	}
}

// Kinds returns the kinds of all events so far, as one line: `queued > message`.
func (h *House) Kinds(t testing.TB) string {
	t.Helper()
	return strings.ReplaceAll(strings.Join(h.Events.Kinds(t, h.Log, Account), " > "), "conversation.", "")
}

// World is who is there, as the tests say. It is safe for concurrent use.
type World struct {
	mu      sync.Mutex
	Zone    *time.Location
	offline map[string]bool // departments, visitors and agents
	closed  map[string]bool
	known   map[string]bool // departments that want to know who asks
	visits  map[string]conversation.Details
}

func newWorld() *World {
	return &World{Zone: time.FixedZone("São Paulo", -3*3600), offline: make(map[string]bool), closed: make(map[string]bool), known: make(map[string]bool), visits: make(map[string]conversation.Details)}
}

// SetOnline says whether a department is attended, or a visitor on the site. Everybody is, at first.
func (w *World) SetOnline(id string, online bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.offline[id] = !online
}

// SetClosed says whether a department is outside its hours. None is, at first.
func (w *World) SetClosed(id string, closed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed[id] = closed
}

// SetIdentityRequired says whether a department attends only visitors whose identity is signed. None does, at first.
func (w *World) SetIdentityRequired(id string, required bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.known[id] = required
}

// SetVisit says what is known of a visit.
func (w *World) SetVisit(visitID string, d conversation.Details) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.visits[visitID] = d
}

func (w *World) online(id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.offline[id]
}

// AgentPhotos are the same for all of the house's agents.
func (w *World) AgentPhotos(context.Context, string, string) (square, upright string) {
	return "/v/photos/square", "/v/photos/upright"
}

// AgentName names the house's agents.
func (w *World) AgentName(_ context.Context, _, agentID string) string {
	return map[string]string{Ana: "Ana", Bruno: "Bruno", "carla": "Carla"}[agentID]
}

// Peer is an agent of the house, here unless SetOnline said otherwise, with a limit of five.
func (w *World) Peer(accountID, agentID string) (conversation.Peer, bool) {
	for _, p := range w.Peers(accountID) {
		if p.ID == agentID {
			return p, true
		}
	}
	return conversation.Peer{}, false
}

// Peers lists the agents of the house.
func (w *World) Peers(accountID string) []conversation.Peer {
	if accountID != Account {
		return nil
	}
	peer := func(id, name string, departments ...string) conversation.Peer {
		return conversation.Peer{ID: id, Name: name, Active: true, Present: w.online(id), Status: "online", Limit: 5, DepartmentIDs: departments}
	}
	return []conversation.Peer{peer(Ana, "Ana", Sales), peer(Bruno, "Bruno", Sales, Support)}
}

// Attending lists the house's departments.
func (w *World) Attending(context.Context, string) ([]conversation.Department, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	department := func(id, name string) conversation.Department {
		return conversation.Department{ID: id, Name: name, Online: !w.offline[id] && !w.closed[id], Closed: w.closed[id], IdentityRequired: w.known[id]}
	}
	return []conversation.Department{department(Sales, "Vendas"), department(Support, "Suporte")}, nil
}

// DepartmentName names the house's departments.
func (w *World) DepartmentName(_ context.Context, _, id string) string {
	return map[string]string{Sales: "Vendas", Support: "Suporte"}[id]
}

// VisitDetails tells what SetVisit said.
func (w *World) VisitDetails(_, visitID string) (conversation.Details, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	d, ok := w.visits[visitID]
	return d, ok
}

// VisitorOnline tells what SetOnline said.
func (w *World) VisitorOnline(_, visitorID string) bool { return w.online(visitorID) }

// Day is the calendar of Zone.
func (w *World) Day(_ context.Context, _ string, now time.Time) (int, time.Time, error) {
	year, month, day := now.In(w.Zone).Date()
	return year, time.Date(year, month, day, 0, 0, 0, 0, w.Zone), nil
}
