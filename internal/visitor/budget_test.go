package visitor

import (
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aceno-chat/aceno/internal/platform/edge"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// mostOfAVisit is what a visit with one open page may count for, with every text as long as it may be: docs/protocols.md says it.
const mostOfAVisit = 64 << 10

// fullHello is a hello in which everything is as long as it may be. Each differs from the others, so that no text is shared.
func fullHello(n int) Hello {
	unique := fmt.Sprintf("%08d", n)
	name, email := unique+strings.Repeat("愛", MaxName-8), unique+"@example.com"
	h := Hello{
		Tab: unique + strings.Repeat("愛", maxTab-8), URL: fullURL("e" + unique), Title: unique + strings.Repeat("愛", MaxTitle-8),
		Referrer: "https://other.example/" + strings.Repeat("r", MaxURL-30) + unique, Language: "pt-BR", Screen: "1366x768", TimeZone: "America/Sao_Paulo",
		Told: Told{Name: &name, Email: &email, Fields: map[string]json.RawMessage{}},
	}
	for i := range MaxFields {
		h.Fields[fmt.Sprintf("%02d", i)+strings.Repeat("愛", MaxKey-2)] = json.RawMessage(`"` + unique + strings.Repeat("愛", maxField-8) + `"`)
	}
	return h
}

func fullURL(unique string) string {
	const base = "https://shop.example/"
	return base + unique + strings.Repeat("u", MaxURL-len(base)-len(unique))
}

// browse opens pages with addresses and titles as long as they may be.
func browse(t *testing.T, tab *Tab, pages int) {
	t.Helper()
	for i := range pages {
		unique := fmt.Sprintf("%s-%d-", tab.Visit().ID, i)
		if ok, err := tab.Page(fullURL(unique), unique+strings.Repeat("愛", MaxTitle-len(unique)), ""); err != nil || !ok {
			t.Fatalf("page %d: %v %v", i, ok, err)
		}
	}
}

func trailText(d Detail) int {
	n := 0
	for _, page := range d.Trail {
		n += len(page.URL.String()) + len(page.Title.String())
	}
	return n
}

func TestTrail_HoldsSixteenKilobytes(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enter(fullHello(1))
	browse(t, tab, 2*maxTrail)
	d, _ := w.live.Visit("account", tab.Visit().ID)
	if got := trailText(d); got > 16<<10 || len(d.Trail) == 0 {
		t.Errorf("%d pages hold %d bytes", len(d.Trail), got)
	}
	if d.Trail[0].URL != d.Visit.PageURL || d.Trail[0].Title != d.Visit.PageTitle || len(d.Visit.PageURL.String()) != MaxURL {
		t.Error("the present page is not whole")
	}
	if want := fullHello(1); d.Visit.EntryURL.String() != want.URL || d.Visit.EntryTitle.String() != want.Title {
		t.Error("the first page is not whole")
	}
	if d.Visit.Pages != 2*maxTrail+1 {
		t.Errorf("%d pages counted", d.Visit.Pages)
	}
}

func TestTrail_KeepsFiftyOrdinaryPages(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enter(page("/"))
	for i := range 60 {
		address := fmt.Sprintf("https://shop.example/category/%d?%s", i, strings.Repeat("x", 150))
		if _, err := tab.Page(address, strings.Repeat("t", 80), ""); err != nil {
			t.Fatal(err)
		}
	}
	if d, _ := w.live.Visit("account", tab.Visit().ID); len(d.Trail) != maxTrail {
		t.Errorf("%d pages", len(d.Trail))
	}
}

// A late title counts too.
func TestTrail_LateTitlesAreBounded(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enter(page("/"))
	for i := range maxTrail {
		address := fullURL(fmt.Sprint(i))[:600]
		for _, title := range []string{"", strings.Repeat("愛", MaxTitle)} {
			if _, err := tab.Page(address, title, ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	d, _ := w.live.Visit("account", tab.Visit().ID)
	if got := trailText(d); got > maxTrailBytes || got != int(tab.visit.trailBytes) {
		t.Errorf("%d bytes, counted as %d", got, tab.visit.trailBytes)
	}
}

func TestVisit_HoldsABoundedNumberOfBytes(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enter(fullHello(1))
	browse(t, tab, 2*maxTrail)
	if got := w.live.Load().Bytes; got > mostOfAVisit || got < 30<<10 {
		t.Errorf("%d bytes", got)
	}
	tab.Close()
	w.pass(time.Minute)
	if got := w.live.Load(); got.Bytes != 0 || got.Visits != 0 {
		t.Errorf("nobody is there: %+v", got)
	}
}

// Whatever visitors do, what is counted is the sum of what the visits are.
func TestBudget_CountsWhatIsThere(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, func(o *Options) { o.Memory = 100_000 })
		var tabs []*Tab
		some := func() *Tab { return rapid.SampledFrom(tabs).Draw(rt, "tab") }
		enter := func(h Hello) {
			if tab, err := w.live.Enter(Origin{Site: shop, UserAgent: chrome, Page: "https://shop.example"}, h, nil); err == nil {
				tabs = append(tabs, tab)
			}
		}
		enter(page("/"))
		rt.Repeat(map[string]func(*rapid.T){
			"new":      func(rt *rapid.T) { enter(fullHello(rapid.IntRange(0, 1000).Draw(rt, "who"))) },
			"tab":      func(*rapid.T) { h := page("/other"); h.Token, h.Tab = some().Token(), "other"; enter(h) },
			"navigate": func(rt *rapid.T) { _, _ = some().Page(fullURL(rapid.StringN(1, 3, 3).Draw(rt, "page")), "title", "") },
			"retitle": func(rt *rapid.T) {
				s := some()
				_, _ = s.Page(s.Visit().PageURL.String(), rapid.StringN(0, 300, 900).Draw(rt, "title"), "")
			},
			"name": func(rt *rapid.T) {
				name := rapid.StringN(0, 50, 100).Draw(rt, "name")
				_, _ = some().Identify(Told{Name: &name})
			},
			"close": func(*rapid.T) { some().Close() },
			"pass":  func(*rapid.T) { w.pass(8 * time.Second) },
			"": func(rt *rapid.T) {
				sum := int64(0)
				for i := range w.live.shards {
					for _, v := range w.live.shards[i].visitors {
						before := v.bytes
						v.weighWho()
						v.weigh()
						if v.bytes != before {
							rt.Fatalf("%d bytes, counted as %d", v.bytes, before)
						}
						sum += int64(v.bytes)
					}
				}
				if got := w.live.Load().Bytes; got != sum {
					rt.Fatalf("%d bytes counted of %d", got, sum)
				}
			},
		})
	})
}

// come lets a visitor in with a connection of its own.
func (w *world) come(h Hello) (*Tab, *fakeConnection, error) {
	c := w.connect()
	c.tab.conn = c
	return c.tab, c, c.tab.enter(h)
}

// However many come, and whatever they say, the visits hold what they may and little more.
func TestBudget_HoldsUnderAFlood(t *testing.T) {
	const limit = 4 << 20
	w := newWorld(t, func(o *Options) { o.Memory = limit })
	most := int64(0)
	for i := range 500 {
		tab, _, err := w.come(fullHello(i))
		if err != nil {
			t.Fatal(err)
		}
		browse(t, tab, 10)
		tab.Close()
		most = max(most, w.live.Load().Bytes)
	}
	if got := w.live.Load(); most > limit+mostOfAVisit || got.Shed == 0 || got.Refused != 0 {
		t.Errorf("at most %d bytes of %d, %+v", most, limit, got)
	}
}

func TestBudget_EndsWhatIsWorthLeastFirst(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Grace = time.Hour })
	w.talks.talking = map[string]bool{}
	name := "Ana"
	named := func(h Hello) Hello { h.Name = &name; return h }
	kinds := []struct {
		name string
		gone bool
		made func(h Hello) Hello
		then func(tab *Tab)
	}{
		{"talking, gone", true, same, func(tab *Tab) { w.talks.talking[tab.Visit().VisitorID] = true }},
		{"talking, here", false, same, func(tab *Tab) { w.talks.talking[tab.Visit().VisitorID] = true }},
		{"proven, here", false, same, func(tab *Tab) { tab.visit.identify(&Identity{Proven: "7"}) }},
		{"named, here", false, named, nil},
		{"unknown, here", false, same, nil},
		{"proven, gone", true, same, func(tab *Tab) { tab.visit.identify(&Identity{Proven: "7"}) }},
		{"named, gone", true, named, nil},
		{"unknown, gone", true, same, nil},
		{"unknown, gone later", true, same, nil},
	}
	// The first to come are worth the most, so that age alone would have them go first.
	visits, connections := map[string]string{}, map[string]*fakeConnection{}
	for _, kind := range kinds {
		w.pass(time.Second)
		tab, c, err := w.come(kind.made(page("/")))
		if err != nil {
			t.Fatal(err)
		}
		if kind.then != nil {
			kind.then(tab)
		}
		if kind.gone {
			tab.Close()
		}
		visits[tab.Visit().VisitorID], connections[kind.name] = kind.name, c
	}
	var went []string
	for range kinds {
		held := w.live.budget.held.Load()
		w.live.shedTo(held - 1) // one has to go
		for visitor, name := range visits {
			if !w.live.Online(visitor) {
				delete(visits, visitor)
				went = append(went, name)
			}
		}
	}
	if !slices.Equal(went, order) {
		t.Errorf("went in the order %q, want %q", went, order)
	}
	if len(visits) != 2 {
		t.Errorf("left: %v", visits)
	}
	for name, c := range connections {
		if wantsClose := name == "unknown, here" || name == "named, here" || name == "proven, here"; (c.code == edge.CodeBusy) != wantsClose {
			t.Errorf("%s: closed with %d", name, c.code)
		}
	}
}

func same(h Hello) Hello { return h }

var order = []string{
	"unknown, gone", "unknown, gone later", "named, gone", "proven, gone", "unknown, here", "named, here", "proven, here",
}

// When nothing may go, somebody new is refused; who talks comes back all the same.
func TestBudget_RefusesWhenNothingMayGo(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Memory = 1 })
	w.talks.talking = map[string]bool{}
	tab, _, err := w.come(page("/"))
	if err != nil {
		t.Fatal(err)
	}
	token := tab.Token()
	w.talks.talking[tab.Visit().VisitorID] = true
	if _, _, err := w.come(page("/")); !fault.Is(err, fault.Unavailable) {
		t.Errorf("somebody new: %v", err)
	}
	h := page("/next")
	h.Token = token
	if _, _, err := w.come(h); err != nil {
		t.Errorf("another page of who talks: %v", err)
	}
	w.live.end(tab.visit)
	blocker, _, err := w.come(page("/"))
	if err != nil {
		t.Fatal(err)
	}
	w.talks.talking[blocker.Visit().VisitorID] = true
	if _, _, err := w.come(h); err != nil {
		t.Errorf("who talks, in a new visit: %v", err)
	}
	if got := w.live.Load(); got.Refused != 1 {
		t.Errorf("%+v", got)
	}
}

// A flood of visits that end is written at once, not given up: their time between two writes never comes here.
func TestJournal_WritesAFloodAtOnce(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Memory, o.WriteEvery = 2<<20, 24*time.Hour })
	w.live.Start(w.grid, w.talks)
	const flood = 100
	for i := range flood {
		tab, _, err := w.come(fullHello(i))
		if err != nil {
			t.Fatal(err)
		}
		browse(t, tab, 10)
		sh := tab.visit.shard
		sh.mu.Lock()
		w.live.end(tab.visit)
		sh.mu.Unlock()
		for w.live.journal.crowded() { // until the writer, which was woken, has been there
			runtime.Gosched()
		}
	}
	if err := w.live.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(w.records.saved) != flood {
		t.Errorf("%d of %d written", len(w.records.saved), flood)
	}
}

func (j *journal) crowded() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.bytes > j.room/2
}

// What waits to be written while the database is away is bounded in bytes too, and the newest stay.
func TestJournal_HoldsABoundedNumberOfBytes(t *testing.T) {
	const limit = 8 << 20
	w := newWorld(t, func(o *Options) { o.Memory = limit })
	w.records.away = true
	for i := range 300 {
		tab, _, err := w.come(fullHello(i))
		if err != nil {
			t.Fatal(err)
		}
		browse(t, tab, 10)
		tab.Close()
		w.pass(time.Minute)
		if i%50 == 0 {
			if err := w.live.journal.write(t.Context()); err == nil {
				t.Fatal("the database is away")
			}
		}
		held := int64(0)
		for _, f := range w.live.journal.waiting {
			held += int64(trailText(f.Detail))
		}
		if held > limit/4+mostOfAVisit {
			t.Fatalf("%d visits wait and hold %d bytes", len(w.live.journal.waiting), held)
		}
	}
	w.records.away = false
	written := w.written()
	if len(written) == 0 || written[len(written)-1].Visit.EntryURL.String() != fullURL("e00000299") {
		t.Errorf("%d written", len(written))
	}
}
