package grid

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"go.uber.org/goleak"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/visitor"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func arrival(n int64) *visitor.Arrival {
	return &visitor.Arrival{
		Number: n, ID: fmt.Sprintf("visit-%d", n), VisitorID: fmt.Sprintf("visitor-%d", n), AccountID: "account", SiteID: "site",
		StartedAt: 1000 * n, Visits: 2, IP: netip.MustParseAddr("200.160.2.3"), Country: visitor.Intern("BR"), Region: visitor.Intern("Paraná"),
		City: visitor.Intern("Curitiba"), EntryURL: visitor.Intern("https://shop.example/"), EntryTitle: visitor.Intern("Shop"),
		Referrer: visitor.Intern("https://www.google.com/"), ReferrerKind: visitor.ReferrerSearch, ReferrerName: visitor.Intern("Google"),
		UTMSource: visitor.Intern("a"), UTMMedium: visitor.Intern("b"), UTMCampaign: visitor.Intern("c"), Browser: visitor.Intern("Chrome 126"),
		System: visitor.Intern("Windows 10/11"), Device: visitor.Intern("desktop"), Language: visitor.Intern("pt-BR"),
		TimeZone: visitor.Intern("America/Sao_Paulo"), Screen: visitor.Intern("1366x768"),
	}
}

func visit(n int64) *visitor.Visit {
	return &visitor.Visit{
		Arrival: arrival(n), Identity: &visitor.Identity{Name: `Maria "M"`, Email: "maria@example.com", Fields: []visitor.Field{{Key: "plan", Value: "gold"}}},
		PageURL: visitor.Intern("https://shop.example/cart"), PageTitle: visitor.Intern("Cart"), PageAt: 5, ActivityAt: 6, Pages: 3, Hidden: true, Idle: true,
	}
}

// TestFrame_IsWhatTheProtocolSays compares whole frames: docs/protocols.md section 4 and web/contract are written after them.
func TestFrame_IsWhatTheProtocolSays(t *testing.T) {
	var frames []string
	tables := New(Options{Clock: clock.NewFake(time.UnixMilli(1_000_000)), byHand: true, Crowd: func(string) (int, int) { return 4, 2 }})
	panel := tables.Panel("account", func(frame []byte) { frames = append(frames, string(frame)) })
	defer panel.Close()
	tables.VisitChanged(visit(1))
	tables.SetConversation("account", "visitor-1", Overlay{
		State: Waiting, ConversationID: "c1", DepartmentID: "d1", WaitingSince: 7, Conversations: 9, Name: "Other",
	})
	tables.SetOutreach("account", "visitor-1", Outreach{Kind: "invite", State: "shown", Count: 2, AgentID: "a1", At: 5})
	tables.SetLead("account", "visitor-1", Lead{At: 4, Source: "Google"})
	tables.SetLead("account", "nobody", Lead{At: 4})
	tables.SetOutreach("account", "nobody", Outreach{Kind: "invite", State: "shown", Count: 1})
	if err := panel.Watch(3, View{}, Range{Length: 10}); err != nil {
		t.Fatal(err)
	}
	tables.SetConversation("account", "visitor-1", Overlay{State: Active, ConversationID: "c1", DepartmentID: "d1", AgentID: "a1"})
	tables.SetLead("account", "visitor-1", Lead{})
	tables.table("account").flush()
	tables.VisitLeft(visit(1))
	tables.table("account").flush()
	want := []string{
		`{"t":"grid","id":3,"offset":0,"total":1,"all":1,"bots":4,"idle":1,"not_shown":2,"counts":{"waiting":1,"active":0,"browsing":0,"idle":0,"ended":0,"blocked":0},` +
			`"order":[1],"rows":[{"n":1,"id":"visit-1","visitor_id":"visitor-1","state":"waiting","name":"Maria \"M\"","email":"maria@example.com","ip":"200.160.2.3",` +
			`"country":"BR","region":"Paraná","city":"Curitiba","page_url":"https://shop.example/cart","page_title":"Cart","entry_url":"https://shop.example/",` +
			`"entry_title":"Shop","referrer":"https://www.google.com/","referrer_kind":"search","referrer_name":"Google","utm_source":"a","utm_medium":"b",` +
			`"utm_campaign":"c","started_at":1000,"page_at":5,"activity_at":6,"pages":3,"visits":2,"conversations":9,"browser":"Chrome 126",` +
			`"system":"Windows 10/11","device":"desktop","language":"pt-BR","time_zone":"America/Sao_Paulo","screen":"1366x768","site_id":"site",` +
			`"department_id":"d1","agent_id":null,"conversation_id":"c1","waiting_since":7,"outreach":"invite","outreach_state":"shown","outreach_count":2,"invited_by":"a1","invited_at":5,"trigger_id":null,"lead_at":4,"lead_source":"Google","verified_id":null,"identified":true,"hidden":true,"fields":{"plan":"gold"}}]}`,
		`{"t":"grid","id":3,"offset":0,"total":1,"all":1,"bots":4,"idle":1,"not_shown":2,"counts":{"waiting":0,"active":1,"browsing":0,"idle":0,"ended":0,"blocked":0},` +
			`"patch":[{"n":1,"state":"active","conversations":0,"agent_id":"a1","waiting_since":null,"lead_at":null,"lead_source":""}]}`,
		`{"t":"grid","id":3,"offset":0,"total":0,"all":0,"bots":4,"idle":0,"not_shown":2,"counts":{"waiting":0,"active":0,"browsing":0,"idle":0,"ended":0,"blocked":0},"order":[]}`,
	}
	for i := range max(len(want), len(frames)) {
		if i >= len(frames) || i >= len(want) || frames[i] != want[i] {
			t.Fatalf("frame %d of %d:\n got %s\nwant %s", i, len(frames), frames[min(i, len(frames)-1)], want[min(i, len(want)-1)])
		}
	}
}

func TestWatch_RefusesWhatIsOutOfRange(t *testing.T) {
	many := make([]string, MaxChoices+1)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	asc := func(columns ...string) (list []Sort) {
		for _, c := range columns {
			list = append(list, Sort{c, "asc"})
		}
		return list
	}
	for name, row := range map[string]struct {
		view           View
		offset, length int
		want           string
	}{
		"unknown column":   {View{Sort: asc("password")}, 0, 10, "view.sort:unknown"},
		"unknown order":    {View{Sort: []Sort{{"n", "up"}}}, 0, 10, "view.sort:not_allowed"},
		"four sorts":       {View{Sort: asc("n", "name", "ip", "city")}, 0, 10, "view.sort:too_many"},
		"long text":        {View{Text: strings.Repeat("é", MaxText+1)}, 0, 10, "view.text:too_long"},
		"unknown state":    {View{States: []string{"asleep"}}, 0, 10, "view.states:unknown"},
		"empty state":      {View{States: []string{""}}, 0, 10, "view.states:unknown"},
		"many countries":   {View{Countries: many}, 0, 10, "view.countries:too_many"},
		"long id":          {View{AgentIDs: []string{strings.Repeat("x", 65)}}, 0, 10, "view.agent_ids:too_long"},
		"negative seconds": {View{MinSecondsOnSite: -1}, 0, 10, "view.min_seconds_on_site:too_small"},
		"many seconds":     {View{MinSecondsOnSite: MaxSeconds + 1}, 0, 10, "view.min_seconds_on_site:too_large"},
		"unknown group":    {View{Group: "ip"}, 0, 10, "view.group:unknown"},
		"negative offset":  {View{}, -1, 10, "offset:too_small"},
		"no length":        {View{}, 0, 0, "length:too_small"},
		"long window":      {View{}, 0, MaxLength + 1, "length:too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			tables := New(Options{byHand: true})
			panel := tables.Panel("account", func([]byte) { t.Error("a frame was sent") })
			defer panel.Close()
			err := panel.Watch(1, row.view, Range{Offset: row.offset, Length: row.length})
			var f *fault.Error
			if !errors.As(err, &f) || f.Code != fault.Validation || len(f.Fields) != 1 || f.Fields[0].Name+":"+f.Fields[0].Code != row.want {
				t.Errorf("got %v, want %s", err, row.want)
			}
			if len(panel.windows) != 0 {
				t.Error("a window is open")
			}
		})
	}
}

func TestWatch_BoundsTheWindowsOfAPanel(t *testing.T) {
	fake := clock.NewFake(time.UnixMilli(1_000_000))
	tables := New(Options{Clock: fake, byHand: true})
	panel := tables.Panel("account", func([]byte) {})
	defer panel.Close()
	for id := range int64(MaxWindows) {
		if err := panel.Watch(id, View{}, Range{Length: 10}); err != nil {
			t.Fatal(err)
		}
	}
	if err := panel.Watch(99, View{}, Range{Length: 10}); !fault.Is(err, fault.Validation) {
		t.Errorf("one more: %v", err)
	}
	fake.Advance(FlushEvery)
	if err := panel.Watch(3, View{Text: "x"}, Range{Offset: 1_000_000_000, Length: MaxLength}); err != nil {
		t.Errorf("moved: %v", err)
	}
	if len(tables.table("account").indexes) != 2 {
		t.Errorf("%d indexes for two views", len(tables.table("account").indexes))
	}
	panel.Unwatch(0)
	panel.Unwatch(0)
	if err := panel.Watch(99, View{}, Range{Length: 10}); err != nil {
		t.Errorf("after one was closed: %v", err)
	}
}

func TestWatch_AnswersEveryMoveButAtMostFiveTimesASecond(t *testing.T) {
	fake := clock.NewFake(time.UnixMilli(1_000_000))
	tables := New(Options{Clock: fake, byHand: true})
	frames := 0
	panel := tables.Panel("account", func([]byte) { frames++ })
	defer panel.Close()
	watch := func(offset int) {
		t.Helper()
		if err := panel.Watch(1, View{}, Range{Offset: offset, Length: 10}); err != nil {
			t.Fatal(err)
		}
	}
	watch(0)
	for offset := range 20 {
		watch(offset)
	}
	if frames != 1 {
		t.Fatalf("%d frames at once", frames)
	}
	tables.table("account").flush()
	tables.table("account").flush()
	if frames != 2 {
		t.Fatalf("%d frames after the flush", frames)
	}
	fake.Advance(FlushEvery)
	watch(7)
	if frames != 3 {
		t.Errorf("%d frames: no answer at once", frames)
	}
}

func TestTables_CountWithoutAnybodyWatching(t *testing.T) {
	tables := New(Options{})
	for n := range int64(10) {
		tables.VisitChanged(visit(n))
	}
	active := visit(3)
	active.Idle, active.Hidden = false, false
	tables.VisitChanged(active)
	tables.SetConversation("account", "visitor-3", Overlay{State: Active})
	tables.VisitLeft(visit(4))
	tables.VisitLeft(visit(4))
	tables.VisitLeft(visit(77))
	c := tables.Counts("account")
	if tables.Count("account") != 9 || c.All != 9 || c.ByState[Active] != 1 || c.ByState[Idle] != 8 || c.Idle != 8 || tables.Count("another") != 0 {
		t.Errorf("%+v", c)
	}
	if table := tables.table("account"); len(table.dirty) != 0 {
		t.Error("changes are gathered though nobody watches")
	}
}

func TestSetConversation_IsRememberedForWhoComesBack(t *testing.T) {
	tables := New(Options{})
	tables.SetConversation("account", "visitor-1", Overlay{State: Waiting})
	tables.SetConversation("account", "visitor-2", Overlay{State: Ended})
	tables.VisitChanged(visit(1))
	tables.VisitChanged(visit(2))
	if c := tables.Counts("account"); c.ByState[Waiting] != 1 || c.ByState[Idle] != 1 {
		t.Errorf("came: %+v", c)
	}
	tables.SetConversation("account", "visitor-2", Overlay{State: Ended})
	tables.VisitLeft(visit(1))
	tables.VisitLeft(visit(2))
	tables.VisitChanged(visit(1))
	tables.VisitChanged(visit(2))
	if c := tables.Counts("account"); c.ByState[Waiting] != 1 || c.ByState[Idle] != 1 {
		t.Errorf("came back: %+v", c)
	}
	tables.SetConversation("account", "visitor-1", Overlay{})
	if table := tables.table("account"); len(table.overlays) != 0 || table.counts.ByState[Idle] != 2 {
		t.Errorf("%d conversations remembered, %+v", len(table.overlays), table.counts)
	}
}

// visits is the visitors' side of Follow.
type visits struct {
	mu      sync.Mutex
	tell    map[string]func(visitor.Detail, bool)
	details map[string]visitor.Detail
}

func (v *visits) Follow(accountID, visitID string, tell func(visitor.Detail, bool)) (func(), bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	d, ok := v.details[visitID]
	if !ok || accountID != "account" {
		return nil, false
	}
	v.tell[visitID] = tell
	tell(d, false)
	return func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		delete(v.tell, visitID)
	}, true
}

func TestFollow_SendsTheDetailsUntilTheVisitIsGone(t *testing.T) {
	one := visitor.Detail{Visit: visit(1), Trail: []visitor.PageView{
		{URL: visitor.Intern("https://shop.example/cart"), Title: visitor.Intern("Cart"), At: 5},
		{URL: visitor.Intern("https://shop.example/"), At: 1, LeftAt: 5},
	}}
	side := &visits{tell: map[string]func(visitor.Detail, bool){}, details: map[string]visitor.Detail{"visit-1": one, "visit-2": {Visit: visit(2)}}}
	tables := New(Options{Visits: side, byHand: true})
	m := &mirror{t: t}
	panel := tables.Panel("account", m.receive)
	defer panel.Close()
	table := tables.table("account")
	last := func() visitFrame {
		t.Helper()
		table.flush()
		if len(m.visits) == 0 {
			t.Fatal("nothing sent")
		}
		return m.visits[len(m.visits)-1]
	}

	panel.Follow("nobody")
	if v := m.visits[0]; v.ID != "nobody" || !v.Gone || v.Visit != nil || table.stop != nil {
		t.Errorf("nobody: %+v", v)
	}
	panel.Follow("visit-1")
	if v := last(); v.Gone || v.Visit["name"] != `Maria "M"` || v.Visit["state"] != "idle" || fmt.Sprint(v.Visit["trail"]) !=
		"[map[at:5 left_at:<nil> title:Cart url:https://shop.example/cart] map[at:1 left_at:5 title: url:https://shop.example/]]" {
		t.Errorf("followed: %+v", v)
	}
	sent := len(m.visits)
	if last(); len(m.visits) != sent {
		t.Error("sent again without a change")
	}
	tables.VisitChanged(one.Visit)
	tables.SetConversation("account", "visitor-1", Overlay{State: Waiting})
	if v := last(); v.Visit["state"] != "waiting" {
		t.Errorf("its conversation: %+v", v)
	}
	side.tell["visit-1"](one, true)
	if v := last(); !v.Gone || v.Visit["state"] != "left" || len(side.tell) != 0 || table.stop != nil {
		t.Errorf("gone: %+v", v)
	}

	panel.Follow("visit-1")
	panel.Follow("visit-2")
	if len(side.tell) != 1 || side.tell["visit-2"] == nil {
		t.Error("two visits are followed")
	}
	panel.Close()
	panel.Follow("visit-1")
	if len(side.tell) != 0 || table.stop != nil {
		t.Error("a closed panel follows")
	}
}

func TestPanel_FlushesByItselfOnlyWhileItIsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tables := New(Options{})
		var mu sync.Mutex
		m := &mirror{t: t}
		panel := tables.Panel("account", func(frame []byte) {
			mu.Lock()
			defer mu.Unlock()
			m.receive(frame)
		})
		if err := panel.Watch(1, View{}, Range{Length: 5}); err != nil {
			t.Fatal(err)
		}
		for n := range int64(100) {
			tables.VisitChanged(visit(n))
			<-time.After(20 * time.Millisecond)
		}
		<-time.After(FlushEvery)
		synctest.Wait()
		mu.Lock()
		// Two seconds of arrivals, the first answer and the last flush.
		if m.frames < 10 || m.frames > 12 || !slices.Equal(m.windows[1].Order, []int64{99, 98, 97, 96, 95}) || m.windows[1].Total != 100 {
			t.Errorf("%d frames, %+v", m.frames, m.windows[1])
		}
		frames := m.frames
		mu.Unlock()
		panel.Close()
		if err := panel.Watch(1, View{}, Range{Length: 5}); err != nil {
			t.Fatal(err)
		}
		tables.VisitChanged(visit(200))
		<-time.After(time.Minute)
		tables.Wait()
		if m.frames != frames {
			t.Errorf("%d frames after the end", m.frames-frames)
		}
	})
}

// TestPanels_ManyAtOnce is for the race detector.
func TestPanels_ManyAtOnce(t *testing.T) {
	tables := New(Options{Visits: &visits{tell: map[string]func(visitor.Detail, bool){}, details: map[string]visitor.Detail{"visit-1": {Visit: visit(1)}}}})
	var group sync.WaitGroup
	for worker := range int64(4) {
		group.Go(func() {
			for i := range int64(300) {
				v := visit(worker*1000 + i%50)
				tables.VisitChanged(v)
				tables.SetConversation("account", v.VisitorID, Overlay{State: State(i % 3)})
				if i%3 == 0 {
					tables.VisitLeft(v)
				}
				tables.Counts("account")
			}
		})
		group.Go(func() {
			for i := range 100 {
				m := &mirror{t: t}
				panel := tables.Panel("account", m.receive)
				for id := range int64(3) {
					if err := panel.Watch(id, View{Text: []string{"", "maria"}[i%2], Sort: []Sort{{"activity_at", "desc"}}}, Range{Offset: i % 7, Length: 20}); err != nil {
						t.Error(err)
					}
				}
				panel.Follow("visit-1")
				tables.table("account").flush()
				panel.Unwatch(1)
				panel.Close()
			}
		})
	}
	group.Wait()
	tables.Wait()
	if table := tables.table("account"); table.stop != nil || len(table.indexes) != 0 {
		t.Error("left behind")
	}
}

func TestColumns_AreTheFieldsOfTheContract(t *testing.T) {
	if len(columns) > 64 {
		t.Fatal("a columnSet has 64 bits")
	}
	for i, c := range columns {
		if columnIndex(c.name) != i {
			t.Errorf("%s stands twice", c.name)
		}
	}
	if columnIndex("password") >= 0 {
		t.Error("an unknown column is known")
	}
}

func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "plain", `"\`, "\x00\n\u2028", "\xff\xfe", "é\xe9", "👋"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var got string
		if err := json.Unmarshal(appendString(nil, s), &got); err != nil || got != strings.ToValidUTF8(s, "\uFFFD") && utf8.ValidString(s) {
			t.Errorf("%q became %q, %v", s, got, err)
		}
	})
}

func FuzzFold(f *testing.F) {
	f.Add("Álvaro", "alvaro")
	f.Add("ZÉ", "ze\u0301")
	f.Add("\u0301", "")
	f.Add("a\xff", "ÿ")
	f.Fuzz(func(t *testing.T, a, b string) {
		if got, want := compareFold(a, b), strings.Compare(string([]rune(fold(a))), string([]rune(fold(b)))); got != want && utf8.ValidString(a) && utf8.ValidString(b) {
			t.Errorf("compareFold(%q, %q) = %d, folded they compare %d", a, b, got, want)
		}
		if compareFold(a, b) != -compareFold(b, a) {
			t.Errorf("%q and %q: no order", a, b)
		}
		if fold(fold(a)) != fold(a) && utf8.ValidString(a) {
			t.Errorf("%q folds to %q and then to %q", a, fold(a), fold(fold(a)))
		}
	})
}

func TestFold(t *testing.T) {
	for _, pair := range [][2]string{{"Álvaro", "ALVARO"}, {"São", "sao"}, {"Ação", "ACA\u0303O"}, {"ñ", "N"}, {"Ü", "u"}, {"Σ", "σ"}} {
		if compareFold(pair[0], pair[1]) != 0 || fold(pair[0]) != fold(pair[1]) {
			t.Errorf("%q and %q differ", pair[0], pair[1])
		}
	}
	if compareFold("a", "ab") >= 0 || compareFold("b", "Á") <= 0 || compareFold("", "a") >= 0 {
		t.Error("not in order")
	}
}

func TestTables_ALimitedVisitIsBlockedByTheAddressThatIsNotShown(t *testing.T) {
	tables := New(Options{byHand: true, Blocked: func(string, netip.Addr) bool { return false }})
	v := visit(1)
	v.Idle = false
	tables.VisitChanged(v)
	for _, barred := range []bool{true, false} {
		next := *v
		next.Barred = barred
		tables.VisitChanged(&next)
		if c := tables.Counts("account"); c.All != 1 || (c.ByState[Blocked] == 1) != barred || (c.ByState[Browsing] == 1) == barred {
			t.Errorf("barred %v: %+v", barred, c)
		}
	}
}
