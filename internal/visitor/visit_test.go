package visitor

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

func TestVisit_ShowsWhatThePageTells(t *testing.T) {
	w := newWorld(t, nil)
	h := page("/?utm_source=news&utm_campaign=June")
	h.Referrer = "https://www.google.com/"
	name, email := "Maria", "maria@example.com"
	h.Name, h.Email = &name, &email
	tab := w.enter(h)
	v := w.one()
	if v != tab.Visit() {
		t.Error("the grid has another state than the tab")
	}
	got := []any{
		v.Number, v.AccountID, v.SiteID, v.Visits, v.Pages, v.Name(), v.Email(), v.IP.String(), v.Country.String(), v.City.String(),
		v.EntryURL.String(), v.PageTitle.String(), v.ReferrerKind, v.ReferrerName.String(), v.UTMSource.String(), v.Browser.String(),
		v.System.String(), v.Device.String(), v.Language.String(), v.TimeZone.String(), v.Screen.String(), v.Hidden, v.Idle,
		v.StartedAt == v.PageAt && v.PageAt == v.ActivityAt && v.StartedAt == w.live.now(),
	}
	want := []any{
		int64(1), "account", "site", int32(1), int32(1), "Maria", "maria@example.com", "200.160.2.3", "BR", "São Paulo",
		"https://shop.example/?utm_source=news&utm_campaign=June", "Page /?utm_source=news&utm_campaign=June", ReferrerCampaign, "June", "news",
		"Chrome 126", "Windows 10/11", "desktop", "pt-BR", "America/Sao_Paulo", "1366x768", false, false, true,
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: got %v, want %v", i, got[i], want[i])
		}
	}
}

func TestVisit_GoesOnAcrossPagesWithinTheGrace(t *testing.T) {
	w := newWorld(t, nil)
	first := w.enter(page("/"))
	token := first.Token()
	w.pass(10 * time.Second)
	first.Close()
	w.pass(14 * time.Second)
	if len(w.grid.visits) != 1 {
		t.Fatal("left within the grace time")
	}
	next := page("/next")
	next.Token = token
	second := w.enter(next)
	if first.Visit().ID != second.Visit().ID || w.one().Pages != 2 || w.one().PageURL.String() != "https://shop.example/next" {
		t.Errorf("another visit: %+v", w.one())
	}
	d, ok := w.live.Visit("account", second.Visit().ID)
	if !ok || len(d.Trail) != 2 || d.Trail[0].LeftAt != 0 || d.Trail[1].LeftAt-d.Trail[1].At != 10_000 {
		t.Errorf("trail: %+v", d.Trail)
	}
	if heard := w.told(); heard != nil {
		t.Errorf("conversations heard %v", heard)
	}
}

func TestVisit_EndsAfterTheGrace(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enter(page("/"))
	v, token := tab.Visit(), tab.Token()
	w.pass(time.Minute)
	tab.Close()
	w.pass(16 * time.Second)
	if len(w.grid.visits) != 0 || w.live.Online(v.VisitorID) || w.live.Stats("account") != (Stats{}) {
		t.Fatalf("still there: %+v", w.live.Stats("account"))
	}
	if _, ok := w.live.Visit("account", v.ID); ok {
		t.Error("found by its id")
	}
	if heard := w.told(); !slices.Equal(heard, []string{"departed account " + v.VisitorID}) {
		t.Errorf("conversations heard %v", heard)
	}
	saved := w.written()
	if len(saved) != 1 || saved[0].Visit.ID != v.ID || saved[0].EndedAt != v.StartedAt+60_000 || saved[0].Pages != 1 || len(saved[0].Trail) != 1 {
		t.Errorf("written: %+v", saved)
	}
	if len(w.live.shard(v.VisitorID).due) != 0 {
		t.Error("a deadline is left behind")
	}

	again := page("/again")
	again.Token = token
	back := w.enter(again).Visit()
	if back.ID == v.ID || back.VisitorID != v.VisitorID || back.Number != v.Number || back.Visits != 2 || back.Pages != 1 {
		t.Errorf("came back as %+v", back)
	}
	if heard := w.told(); !slices.Equal(heard, []string{"returned account " + v.VisitorID}) {
		t.Errorf("conversations heard %v", heard)
	}
}

func TestVisit_ForgedForeignAndOldTokensAreNobody(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enter(page("/"))
	known := tab.Visit()
	foreign := Claims{VisitorID: known.VisitorID, SiteID: "other", VisitID: known.ID, Visits: 1, Number: 1, IssuedAt: w.live.now()}.sign(w.live.options.Box)
	old := Claims{VisitorID: known.VisitorID, SiteID: "site", VisitID: known.ID, IssuedAt: w.live.now() - TokenLife.Milliseconds() - 1}.sign(w.live.options.Box)
	signed, _, _ := strings.Cut(tab.Token(), ".")
	for name, token := range map[string]string{
		"foreign site": foreign, "expired": old, "no signature": signed + ".", "nonsense": "x", "long": strings.Repeat("a", 5000),
		"other purpose": w.live.options.Box.Sign("file", []byte(`{"v":"`+known.VisitorID+`","s":"site"}`)),
	} {
		h := page("/")
		h.Token = token
		if v := w.enter(h).Visit(); v.VisitorID == known.VisitorID || v.Number == known.Number || v.Visits != 1 {
			t.Errorf("%s: taken for the known visitor: %+v", name, v)
		}
	}
}

func TestVisit_GoesOnAcrossARestart(t *testing.T) {
	w := newWorld(t, nil)
	v := w.enter(page("/"))
	token := v.Token()
	w.pass(5 * time.Minute)
	w.enter(page("/somebody else"))
	for i := range w.live.shards {
		for _, v := range w.live.shards[i].visitors {
			w.live.record(v, w.live.now()) // what Stop does
		}
	}
	w.written()
	for name, row := range map[string]struct {
		resumed bool
		after   time.Duration
		goesOn  bool
	}{
		"the same page, at once":        {true, time.Second, true},
		"the same page, much later":     {true, 2 * time.Hour, true},
		"the same page, two days later": {true, 48 * time.Hour, false},
		"the next page, at once":        {false, time.Second, true},
		"the next page, two minutes on": {false, 2 * time.Minute, false},
	} {
		start := w.clock.Now()
		w.restart(nil)
		w.clock.Advance(row.after)
		h := page("/")
		h.Token, h.Resumed = token, row.resumed
		got := w.enter(h).Visit()
		if on := got.ID == v.Visit().ID && got.StartedAt == v.Visit().StartedAt && got.Visits == 1; on != row.goesOn || got.Number != v.Visit().Number {
			t.Errorf("%s: went on %v, want %v: %+v", name, on, row.goesOn, got)
		}
		if fresh := w.enter(page("/")).Visit(); fresh.Number <= 2 {
			t.Errorf("%s: number %d given twice", name, fresh.Number)
		}
		w.clock.Set(start)
	}
}

func TestVisit_ResumedPageIsNotCountedTwice(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enter(page("/"))
	again := page("/")
	again.Token, again.Resumed = tab.Token(), true
	w.pass(30 * time.Second)
	tab.Close() // we hear of the loss late: the page is already here again
	w.pass(5 * time.Second)
	resumed := w.enter(again)
	v := resumed.Visit()
	d, _ := w.live.Visit("account", v.ID)
	if v.Pages != 1 || len(d.Trail) != 1 || d.Trail[0].LeftAt != 0 || v.PageAt != v.StartedAt {
		t.Errorf("counted again: %+v %+v", v, d.Trail)
	}
	resumed.Close()
	w.pass(time.Hour)
	w.enter(again).Close() // the loss was longer than the grace time
	w.pass(time.Minute)
	saved := w.written()
	if len(saved) != 2 || saved[0].Visit.ID != saved[1].Visit.ID || saved[0].Pages+saved[1].Pages != 1 {
		t.Errorf("written: %+v", saved)
	}
}

func TestTabs_MakeOneVisitWithThePageInFront(t *testing.T) {
	w := newWorld(t, nil)
	first := w.enter(page("/a"))
	w.pass(time.Second)
	b := page("/b")
	b.Tab, b.Token = "other", first.Token()
	second := w.enter(b)
	if v := w.one(); v.PageURL.String() != "https://shop.example/b" || v.Pages != 2 {
		t.Fatalf("two tabs: %+v", v)
	}
	w.pass(time.Minute)
	first.Hide(true)
	if v := w.one(); v.Hidden || v.Idle {
		t.Error("hidden though one tab is in front")
	}
	second.Hide(true)
	if v := w.one(); !v.Hidden || !v.Idle {
		t.Error("not hidden though both tabs are")
	}
	first.Hide(false)
	if v := w.one(); v.Hidden || v.Idle || v.PageURL.String() != "https://shop.example/a" {
		t.Errorf("the tab in front is not shown: %+v", v)
	}
	first.Close()
	w.pass(time.Hour)
	if v := w.one(); v.PageURL.String() != "https://shop.example/b" {
		t.Errorf("the tab that is left is not shown: %+v", v)
	}
	if n := w.live.Push(w.one().VisitorID, []byte(`{}`)); n != 0 {
		t.Errorf("pushed to %d connections of none", n)
	}
}

func TestTabs_TheSameTabComesBackBeforeItsOldConnectionEnds(t *testing.T) {
	w := newWorld(t, nil)
	old := w.enter(page("/"))
	h := page("/next")
	h.Token = old.Token()
	w.pass(time.Second)
	fresh := w.enter(h)
	fresh.Close()
	w.pass(20 * time.Second)
	if len(w.grid.visits) != 0 {
		t.Error("a dead connection keeps the visitor here")
	}
	if old.Activity() {
		t.Error("a visit that is over took a sign of life")
	}

	// A duplicated tab has the same name and lives: its next frame brings it back.
	one := w.enter(page("/one"))
	h.Token = one.Token()
	two := w.enter(h)
	one.Activity()
	two.Close()
	w.pass(time.Minute)
	if w.one().PageURL.String() != "https://shop.example/one" || w.one().Pages != 2 {
		t.Errorf("the duplicate was forgotten: %+v", w.one())
	}
}

func TestIdle_AfterFiveMinutesUntilTheNextSignOfLife(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enter(page("/"))
	w.pass(299 * time.Second)
	if w.one().Idle {
		t.Fatal("idle too early")
	}
	w.pass(2 * time.Second)
	if !w.one().Idle {
		t.Fatal("not idle")
	}
	tab.Activity()
	if v := w.one(); v.Idle || v.ActivityAt != w.live.now() {
		t.Error("idle after a sign of life")
	}
	changes := w.grid.changes
	for range 9 {
		w.pass(time.Second)
		tab.Activity()
	}
	if w.grid.changes != changes {
		t.Error("signs of life closer than ten seconds were noted")
	}
	for range 40 {
		w.pass(30 * time.Second)
		tab.Activity()
		if w.one().Idle {
			t.Fatal("idle while active")
		}
	}
}

func TestMonitoring_KeepsPagesOutOfTheGrid(t *testing.T) {
	w := newWorld(t, nil)
	off := false
	secretPage := page("/secret")
	secretPage.Monitoring = &off
	tab := w.enter(secretPage)
	if len(w.grid.visits) != 0 || w.live.Stats("account") != (Stats{Visits: 1, Unmonitored: 1}) || !w.live.Online(tab.Visit().VisitorID) {
		t.Fatalf("unmonitored: %+v", w.live.Stats("account"))
	}
	open := page("/open")
	open.Token = tab.Token()
	tab.Close()
	shown := w.enter(open)
	if v := w.one(); v.Pages != 1 || w.live.Stats("account").Unmonitored != 0 {
		t.Errorf("monitored: %+v", v)
	}
	d, _ := w.live.Visit("account", shown.Visit().ID)
	if len(d.Trail) != 1 {
		t.Errorf("the unmonitored page is in the trail: %+v", d.Trail)
	}
	secretPage.Token = shown.Token()
	shown.Close()
	back := w.enter(secretPage)
	w.pass(14 * time.Second)
	if w.one().PageURL.String() != "https://shop.example/open" {
		t.Error("the unmonitored page is shown")
	}
	w.pass(2 * time.Second)
	if len(w.grid.visits) != 0 || !w.live.Online(back.Visit().VisitorID) || w.live.Stats("account").Unmonitored != 1 {
		t.Error("on an unmonitored page for longer than the grace time, and still in the grid")
	}
	back.Close()
	w.pass(time.Minute)
	if w.live.Stats("account") != (Stats{}) || len(w.written()) != 1 {
		t.Errorf("left: %+v, %d written", w.live.Stats("account"), len(w.records.saved))
	}
}

func TestBots_AreCountedApart(t *testing.T) {
	w := newWorld(t, nil)
	for _, agent := range []string{"", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "curl/8.0 bot"} {
		tab, err := w.live.Enter(Origin{Site: shop, UserAgent: agent}, page("/"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(w.grid.visits) != 0 || w.live.Stats("account").Bots != 1 {
			t.Errorf("%q: %+v", agent, w.live.Stats("account"))
		}
		tab.Close()
		w.pass(time.Minute)
	}
	if bots, notShown := w.live.Crowd("account"); bots != 0 || notShown != 0 || len(w.written()) != 0 {
		t.Error("bots left a trace")
	}
}

func TestCrowd_AboveTheLimitIsCountedAndMovesUp(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.MaxShown = 2 })
	tabs := []*Tab{w.enter(page("/")), w.enter(page("/")), w.enter(page("/")), w.enter(page("/"))}
	if got := w.live.Stats("account"); got != (Stats{Visits: 4, Shown: 2, NotShown: 2}) || len(w.grid.visits) != 2 {
		t.Fatalf("%+v", got)
	}
	if !w.live.Online(tabs[3].Visit().VisitorID) || len(w.live.Snapshot("account")) != 2 {
		t.Error("not shown is not away")
	}
	tabs[0].Close()
	w.pass(time.Minute)
	tabs[3].Activity()
	if got := w.live.Stats("account"); got != (Stats{Visits: 3, Shown: 2, NotShown: 1}) || len(w.grid.visits) != 2 {
		t.Errorf("after one left: %+v", got)
	}
	for _, tab := range tabs {
		tab.Close()
	}
	w.pass(time.Minute)
	if got := w.live.Stats("account"); got != (Stats{}) || len(w.written()) != 4 {
		t.Errorf("all left: %+v, written %d", got, len(w.records.saved))
	}
}

func TestMaxVisits_RefusesNewVisitorsOnly(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.MaxVisits = 1 })
	tab := w.enter(page("/"))
	if _, err := w.live.Enter(Origin{Site: shop, UserAgent: chrome}, page("/"), nil); !fault.Is(err, fault.Unavailable) {
		t.Errorf("above the limit: %v", err)
	}
	h := page("/next")
	h.Token = tab.Token()
	w.enter(h)
}

func TestTrail_KeepsTheNewestFifty(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enter(page("/0"))
	for i := 1; i <= 60; i++ {
		w.pass(time.Second)
		if _, err := tab.Page(fmt.Sprintf("https://shop.example/%d", i), "", ""); err != nil {
			t.Fatal(err)
		}
	}
	d, _ := w.live.Visit("account", tab.Visit().ID)
	if len(d.Trail) != 50 || d.Trail[0].URL.String() != "https://shop.example/60" || d.Trail[49].URL.String() != "https://shop.example/11" {
		t.Errorf("%d pages, %v … %v", len(d.Trail), d.Trail[0].URL, d.Trail[len(d.Trail)-1].URL)
	}
	for i, p := range d.Trail[1:] {
		if p.LeftAt-p.At != 1000 {
			t.Errorf("page %d: %d ms", i, p.LeftAt-p.At)
		}
	}
	if tab.Visit().Pages != 61 {
		t.Errorf("%d pages", tab.Visit().Pages)
	}
}

func TestPage_SameAddressOnlyRenewsTheTitle(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enter(page("/"))
	w.pass(time.Minute)
	before := tab.Visit()
	if _, err := tab.Page("https://shop.example/", "Late title", ""); err != nil {
		t.Fatal(err)
	}
	after := w.one()
	if after.PageTitle.String() != "Late title" || after.Pages != before.Pages || after.PageAt != before.PageAt || after.ActivityAt != before.ActivityAt {
		t.Errorf("%+v", after)
	}
	d, _ := w.live.Visit("account", after.ID)
	if len(d.Trail) != 1 || d.Trail[0].Title.String() != "Late title" {
		t.Errorf("%+v", d.Trail)
	}
}

func TestSetIdentity(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enter(page("/"))
	id := tab.Visit().VisitorID
	if err := w.live.SetIdentity(id, "Zé", "ze@example.com", map[string]string{"plan": "gold"}); err != nil {
		t.Fatal(err)
	}
	if v := w.one(); v.Name() != "Zé" || v.Email() != "ze@example.com" || !slices.Equal(v.Fields(), []Field{{"plan", "gold"}}) {
		t.Errorf("%+v", v.Identity)
	}
	if err := w.live.SetIdentity(id, "", "", nil); err != nil || w.one().Name() != "Zé" {
		t.Errorf("nothing told: %v, %+v", err, w.one().Identity)
	}
	if err := w.live.SetIdentity("nobody", "X", "", nil); err != nil {
		t.Error(err)
	}
	if err := w.live.SetIdentity(id, "X", "no address", nil); !fault.Is(err, fault.Validation) || w.one().Name() != "Zé" {
		t.Errorf("a bad address: %v", err)
	}
}

func TestFollow_TellsEveryChangeAndTheEnd(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enter(page("/"))
	id := tab.Visit().ID
	var pages []string
	ended := false
	stop, ok := w.live.Follow("account", id, func(d Detail, gone bool) {
		pages = append(pages, d.Trail[0].URL.String())
		ended = gone
	})
	if !ok {
		t.Fatal("not found")
	}
	if _, err := tab.Page("https://shop.example/2", "", ""); err != nil {
		t.Fatal(err)
	}
	if _, ok := w.live.Follow("other account", id, func(Detail, bool) {}); ok {
		t.Error("followed a visit of another account")
	}
	tab.Close()
	w.pass(time.Minute)
	if !ended || pages[0] != "https://shop.example/" || pages[1] != "https://shop.example/2" {
		t.Errorf("told %v, ended %v", pages, ended)
	}
	stop()
	if _, ok := w.live.Follow("account", id, func(Detail, bool) {}); ok {
		t.Error("followed a visit that is over")
	}
	for i := range w.live.shards {
		if len(w.live.shards[i].followers) != 0 {
			t.Error("a follower is left behind")
		}
	}
}

func TestEnter_TwoFirstPagesOfOneVisitorMakeOneVisit(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enter(page("/"))
	token, id := tab.Token(), tab.Visit().VisitorID
	tab.Close()
	w.pass(time.Minute)
	done := make(chan *Tab)
	for i := range 8 {
		go func() {
			h := page("/")
			h.Token, h.Tab = token, fmt.Sprint(i)
			tab, err := w.live.Enter(Origin{Site: shop, UserAgent: chrome, IP: netip.MustParseAddr("::1")}, h, nil)
			if err != nil {
				t.Error(err)
			}
			done <- tab
		}()
	}
	visits := map[string]bool{}
	for range 8 {
		visits[(<-done).Visit().ID] = true
	}
	if v := w.one(); len(visits) != 1 || v.VisitorID != id || v.Pages != 8 || v.Visits != 2 || w.live.Stats("account").Visits != 1 {
		t.Errorf("%d visits: %+v", len(visits), v)
	}
}
