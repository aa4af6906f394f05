package outreach

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/blob"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/site"
	"github.com/aceno-chat/aceno/internal/visitor"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// database/sql keeps one per pool as long as the pool lives; the pools are closed with their tests.
		goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// world is a service with everything around it under the test's hand.
type world struct {
	*Service

	t      testing.TB
	clock  *clock.Fake
	events *eventlogtest.Recorder

	mu      sync.Mutex
	visits  map[string]*visitor.Visit // by visit
	talking map[string]string         // by visitor: the agent, empty while waiting
	blocked bool
	pushed  []Frame
}

func newWorld(t testing.TB, st *store.Store) *world {
	t.Helper()
	for _, id := range []string{"a", "b"} {
		eventlogtest.Account(t, st, id)
	}
	w := &world{
		t: t, clock: clock.NewFake(time.UnixMilli(1_700_000_000_000)), events: &eventlogtest.Recorder{},
		visits: make(map[string]*visitor.Visit), talking: make(map[string]string),
	}
	w.open(st)
	return w
}

// open makes the service, as at a start of the process.
func (w *world) open(st *store.Store) {
	w.t.Helper()
	bucket, err := blob.Open(w.t.Context(), "file:"+w.t.TempDir())
	if err != nil {
		w.t.Fatal(err)
	}
	var heard func(eventlog.Record)
	log := eventlogtest.New(w.t, st, w.clock, w.events.Take, func(r eventlog.Record) { heard(r) })
	w.Service = New(Config{
		Store: st, Log: log, Bucket: bucket, Visits: present{w}, Sites: w, Conversations: w, Departments: w,
		Blocked: func(string, netip.Addr) bool { return w.blocked },
		Push: func(_, _ string, f Frame) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.pushed = append(w.pushed, f)
		},
		Clock: w.clock, Idents: ident.V7{}, Logger: slog.New(slog.DiscardHandler),
	})
	heard = w.Heard
	if err := w.Load(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// arrive puts a visitor of account a on the site.
func (w *world) arrive(visitorID string) (visitID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	visitID = "visit of " + visitorID
	w.visits[visitID] = &visitor.Visit{Arrival: &visitor.Arrival{
		ID: visitID, VisitorID: visitorID, AccountID: "a", SiteID: "site", Language: visitor.Intern("es-AR"),
		IP: netip.MustParseAddr("203.0.113.9"),
	}}
	return visitID
}

func (w *world) leave(visitorID string) {
	w.t.Helper()
	w.mu.Lock()
	delete(w.visits, "visit of "+visitorID)
	w.mu.Unlock()
	if err := w.Departed(w.t.Context(), "a", visitorID); err != nil {
		w.t.Fatal(err)
	}
	w.settle()
}

func (w *world) settle() {
	w.t.Helper()
	if err := w.log.Settle(w.t.Context(), "a"); err != nil {
		w.t.Fatal(err)
	}
}

// states returns the states of every change so far, in order.
func (w *world) states() []State {
	w.t.Helper()
	w.settle()
	states := []State{}
	for _, r := range w.events.Records() {
		if event, err := eventlog.Decode(r); err == nil {
			if e, ok := event.(Changed); ok {
				states = append(states, e.Delivery.State)
			}
		}
	}
	return states
}

func (w *world) wantStates(want ...State) {
	w.t.Helper()
	if got := w.states(); !slices.Equal(got, want) {
		w.t.Errorf("states %v, want %v", got, want)
	}
}

func (w *world) say(visitorID, deliveryID string, states ...State) {
	w.t.Helper()
	for _, s := range states {
		if err := w.Acknowledge(w.t.Context(), "a", visitorID, deliveryID, s); err != nil {
			w.t.Fatal(err)
		}
		w.settle()
	}
}

// invite makes an invite that everybody may use.
func (w *world) invite(change func(*Changes)) Template { return w.template(Invite, change) }

func (w *world) template(kind Kind, change func(*Changes)) Template {
	w.t.Helper()
	name := string(kind) + " " + ident.V7{}.New()
	texts := Texts{PT: Text{Title: "Olá", Text: "Posso ajudar?", Button: "Conversar"}, ES: Text{Title: "Hola"}}
	c := Changes{Name: &name, Texts: &texts}
	if kind == Promotion {
		link := "https://loja.example.com/oferta"
		c.Link = &link
	}
	if change != nil {
		change(&c)
	}
	made, err := w.Create(w.t.Context(), "a", kind, c)
	if err != nil {
		w.t.Fatalf("create: %v", err)
	}
	return made
}

// send sends as Ana.
func (w *world) send(visitID string, t Template) (Delivery, error) {
	return w.Send(w.t.Context(), SendRequest{
		AccountID: "a", VisitID: visitID, Kind: t.Kind, TemplateID: t.ID, By: ByAgent, AgentID: "ana", AgentName: "Ana",
	})
}

func (w *world) mustSend(visitID string, t Template) Delivery {
	w.t.Helper()
	d, err := w.send(visitID, t)
	if err != nil {
		w.t.Fatalf("send: %v", err)
	}
	return d
}

func wantCode(t testing.TB, what string, err error, code fault.Code) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

// present is the world as Visits.
type present struct{ *world }

func (p present) Visit(accountID, visitID string) (visitor.Detail, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	v, ok := p.visits[visitID]
	return visitor.Detail{Visit: v}, ok && accountID == v.AccountID
}

func (p present) Online(visitorID string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, ok := p.visits["visit of "+visitorID]
	return ok
}

func (w *world) ByID(string) (site.Site, bool) { return site.Site{ID: "site", Language: "pt"}, true }

// List of sites hides the templates' List: the world is asked for sites only by the service.
func (w *world) List(string) []site.Site {
	return []site.Site{{Active: true, AllowedDomains: []string{"loja.example.com"}}}
}

func (w *world) OpenOf(_ context.Context, _, visitorID, _ string) (string, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	agentID, open := w.talking[visitorID]
	return agentID, open, nil
}

func (w *world) InAccount(_ context.Context, _ *store.Tx, accountID string, ids []string) (bool, error) {
	return accountID == "a" && !slices.ContainsFunc(ids, func(id string) bool { return id != "sales" }), nil
}

func actor(id string, permissions ...api.Permission) api.ActorInfo {
	a := api.ActorInfo{AccountID: "a", AgentID: id, Name: id, Role: "agent", Permissions: map[api.Permission]bool{}, DepartmentIDs: map[string]bool{"sales": true}}
	for _, p := range permissions {
		a.Permissions[p] = true
	}
	return a
}

// picture returns a PNG of the size.
func pictureOf(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.Black, color.White})); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
