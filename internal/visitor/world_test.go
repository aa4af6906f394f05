package visitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/geo"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/site"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"

// shopOff is a site that was switched off.
var shopOff = site.Site{ID: "off", AccountID: "account", Key: "off", AllowedDomains: []string{"*"}, Language: "en"}

var shop = site.Site{ID: "site", AccountID: "account", Key: "key", AllowedDomains: []string{"shop.example"}, Language: "en", Active: true}

// world is a Live with everything around it under the test's hand: time stands still until it is moved, and deadlines are looked at
// only then.
type world struct {
	t       *testing.T
	live    *Live
	clock   *clock.Fake
	grid    *fakeGrid
	talks   *fakeTalks
	records *fakeRecords
}

func newWorld(t *testing.T, change func(*Options)) *world {
	w := &world{t: t, clock: clock.NewFake(time.UnixMilli(1_700_000_000_000)), grid: &fakeGrid{}, talks: &fakeTalks{}, records: &fakeRecords{}}
	w.restart(change)
	return w
}

// restart replaces the node by a fresh one with the same key and database.
func (w *world) restart(change func(*Options)) {
	o := Options{
		Sites:  sites{shop, {ID: "other", AccountID: "account", Key: "other-key", AllowedDomains: []string{"*"}, Language: "pt", Active: true}},
		Places: places{}, Box: secret.New([]byte("0123456789abcdef0123456789abcdef")), Records: w.records, Clock: w.clock, IDs: w.records.ids(),
		Online: func(string) bool { return true },
	}
	if change != nil {
		change(&o)
	}
	w.live = New(o)
	w.live.sink, w.live.conversations = w.grid, w.talks
}

// pass lets time go by.
func (w *world) pass(d time.Duration) {
	for step := time.Second; d > 0; d -= step {
		w.clock.Advance(min(step, d))
		w.live.sweep()
	}
}

// told runs what conversations were told so far.
func (w *world) told() []string {
	for i := range w.live.signals.lanes {
		lane := &w.live.signals.lanes[i]
		for _, s := range lane.waiting {
			s.tell(w.t.Context(), w.talks)
		}
		lane.waiting = nil
	}
	w.talks.mu.Lock()
	defer w.talks.mu.Unlock()
	heard := w.talks.heard
	w.talks.heard = nil
	return heard
}

// written returns the visits that were written by now.
func (w *world) written() []Finished {
	if err := w.live.journal.write(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return w.records.saved
}

func page(path string) Hello {
	return Hello{Tab: "tab", URL: "https://shop.example" + path, Title: "Page " + path, Language: "pt-BR", Screen: "1366x768", TimeZone: "America/Sao_Paulo"}
}

func (w *world) enter(h Hello) *Tab {
	w.t.Helper()
	tab, err := w.live.Enter(Origin{Site: shop, IP: netip.MustParseAddr("200.160.2.3"), UserAgent: chrome, Page: "https://shop.example"}, h, nil)
	if err != nil {
		w.t.Fatalf("enter: %v", err)
	}
	return tab
}

// fakeGrid keeps the visits as the grid does, and complains about an order that cannot be.
type fakeGrid struct {
	mu      sync.Mutex
	visits  map[string]*Visit
	changes int
}

func (g *fakeGrid) VisitChanged(v *Visit) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.visits == nil {
		g.visits = map[string]*Visit{}
	}
	g.visits[v.ID] = v
	g.changes++
}

func (g *fakeGrid) VisitLeft(v *Visit) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.visits[v.ID] == nil {
		panic("left without having been there: " + v.ID)
	}
	delete(g.visits, v.ID)
}

// one returns the only visit in the grid.
func (w *world) one() *Visit {
	w.t.Helper()
	w.grid.mu.Lock()
	defer w.grid.mu.Unlock()
	if len(w.grid.visits) != 1 {
		w.t.Fatalf("%d visits in the grid, want 1", len(w.grid.visits))
	}
	for _, v := range w.grid.visits {
		return v
	}
	return nil
}

type fakeTalks struct {
	mu    sync.Mutex
	heard []string
	open  any
	// talking are the visitors with an open conversation.
	talking map[string]bool
	// sent is what waits for an answer.
	sent any
}

func (f *fakeTalks) Open(context.Context, string, string, string) (any, bool) {
	return f.open, f.open != nil
}

func (f *fakeTalks) hearf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.heard = append(f.heard, fmt.Sprintf(format, args...))
}

func (f *fakeTalks) Talking(_ context.Context, _, visitor string) bool { return f.talking[visitor] }

func (f *fakeTalks) Outreach(string) (any, bool) { return f.sent, f.sent != nil }

func (f *fakeTalks) Acknowledged(_ context.Context, account, _, delivery, state string) {
	f.hearf("acknowledged %s %s %s", account, delivery, state)
}

func (f *fakeTalks) Typing(_ context.Context, account, _, conversation, text string) {
	f.hearf("typing %s %s %q", account, conversation, text)
}

func (f *fakeTalks) Seen(_ context.Context, account, _, conversation string, sequence int64) {
	f.hearf("seen %s %s %d", account, conversation, sequence)
}

func (f *fakeTalks) Departed(_ context.Context, account, visitor string) {
	f.hearf("departed %s %s", account, visitor)
}

func (f *fakeTalks) Returned(_ context.Context, account, visitor string) {
	f.hearf("returned %s %s", account, visitor)
}

var errAway = errors.New("the database is away")

type fakeRecords struct {
	mu       sync.Mutex
	last     int64
	saved    []Finished
	away     bool
	sequence *ident.Sequence
}

func (r *fakeRecords) ids() ident.Generator {
	if r.sequence == nil {
		r.sequence = &ident.Sequence{}
	}
	return r.sequence
}

func (r *fakeRecords) Reserve(_ context.Context, _ string, n int64) (int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away {
		return 0, errAway
	}
	r.last += n
	return r.last - n + 1, nil
}

func (r *fakeRecords) Save(_ context.Context, visits []Finished) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away {
		return errAway
	}
	r.saved = append(r.saved, visits...)
	return nil
}

type sites []site.Site

func (s sites) ByKey(_ context.Context, key string) (site.Site, bool) {
	i := slices.IndexFunc(s, func(s site.Site) bool { return s.Key == key })
	if i < 0 {
		return site.Site{}, false
	}
	return s[i], true
}

func (s sites) ByID(id string) (site.Site, bool) {
	i := slices.IndexFunc(s, func(s site.Site) bool { return s.ID == id })
	if i < 0 {
		return site.Site{}, false
	}
	return s[i], true
}

type places struct{}

func (places) Lookup(addr netip.Addr) geo.Place {
	if addr.Is4() {
		return geo.Place{Country: "BR", City: "São Paulo"}
	}
	return geo.Place{}
}

// fakeConnection is a browser's end of a connection.
type fakeConnection struct {
	t       *testing.T
	tab     *Tab
	live    *Live
	sent    []map[string]any
	code    int
	greeted bool
}

func (w *world) connect() *fakeConnection {
	return &fakeConnection{
		t: w.t, live: w.live,
		tab: &Tab{live: w.live, origin: &Origin{Site: shop, IP: netip.MustParseAddr("200.160.2.3"), UserAgent: chrome, Page: "https://shop.example"}},
	}
}

func (c *fakeConnection) Send(frame []byte) bool {
	if c.code != 0 {
		return false
	}
	var data map[string]any
	if err := json.Unmarshal(frame, &data); err != nil {
		c.t.Errorf("sent what is not JSON: %s", frame)
	}
	c.sent = append(c.sent, data)
	return true
}

func (c *fakeConnection) Close(code int, _ string) {
	if c.code == 0 {
		c.code = code
		c.tab.Close()
	}
}
func (c *fakeConnection) Greeted() { c.greeted = true }

// say sends a frame as a browser would.
func (c *fakeConnection) say(frame string) { c.live.frame(c.tab, c, []byte(frame)) }

// hear returns the newest frame, which must be of this type.
func (c *fakeConnection) hear(kind string) map[string]any {
	c.t.Helper()
	if len(c.sent) == 0 || c.sent[len(c.sent)-1]["t"] != kind {
		c.t.Fatalf("heard %v, want %s", c.sent, kind)
	}
	return c.sent[len(c.sent)-1]
}

// refused returns the code and the fields of the newest frame, which must be an error.
func (c *fakeConnection) refused() (code string, fields []string) {
	c.t.Helper()
	problem := c.hear("error")["problem"].(map[string]any)
	if list, ok := problem["fields"].([]any); ok {
		for _, f := range list {
			fields = append(fields, f.(map[string]any)["field"].(string)+":"+f.(map[string]any)["code"].(string))
		}
	}
	return problem["code"].(string), fields
}
