package grid

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// mirror is a panel as a client keeps it: it applies frames the way docs/protocols.md says.
type mirror struct {
	t interface {
		Fatalf(format string, args ...any)
	}
	windows map[int64]*mirrorWindow
	visits  []visitFrame
	frames  int
}

type mirrorWindow struct {
	Offset, Total, All, Bots, Idle int
	NotShown                       int `json:"not_shown"`
	Counts                         map[string]int
	Order                          []int64
	Lines                          *int
	GroupCount                     *int `json:"group_count"`
	rows                           map[int64]map[string]any
	heads                          map[int64]mirrorHead
}

type mirrorHead struct {
	N     int64
	Key   string
	Count int
	Open  bool
}

type visitFrame struct {
	ID    string
	Gone  bool
	Visit map[string]any
}

func (m *mirror) receive(frame []byte) {
	var head struct {
		T     string
		ID    json.RawMessage
		Order *[]int64
		Rows  []map[string]any
		Patch []map[string]any

		Groups []mirrorHead
	}
	if err := json.Unmarshal(frame, &head); err != nil {
		m.t.Fatalf("frame is not JSON: %v\n%s", err, frame)
	}
	m.frames++
	if head.T == "visit" {
		var v visitFrame
		if err := json.Unmarshal(frame, &v); err != nil {
			m.t.Fatalf("visit frame: %v", err)
		}
		m.visits = append(m.visits, v)
		return
	}
	var id int64
	if err := json.Unmarshal(head.ID, &id); err != nil || head.T != "grid" {
		m.t.Fatalf("neither grid nor visit: %s", frame)
	}
	if m.windows == nil {
		m.windows = map[int64]*mirrorWindow{}
	}
	w := m.windows[id]
	if w == nil {
		w = &mirrorWindow{rows: map[int64]map[string]any{}, heads: map[int64]mirrorHead{}}
		m.windows[id] = w
	}
	before := w.Order
	var totals mirrorWindow
	if err := json.Unmarshal(frame, &totals); err != nil {
		m.t.Fatalf("totals: %v", err)
	}
	totals.rows, totals.heads, totals.Order = w.rows, w.heads, before
	*w = totals
	if head.Order != nil {
		w.Order = *head.Order
		if slices.Equal(before, w.Order) {
			m.t.Fatalf("order sent without a change: %v", before)
		}
	}
	for _, row := range head.Rows {
		n := int64(row["n"].(float64))
		if w.rows[n] != nil {
			m.t.Fatalf("row %d sent to a panel that holds it", n)
		}
		w.rows[n] = row
	}
	for _, patch := range head.Patch {
		row := w.rows[int64(patch["n"].(float64))]
		if row == nil {
			m.t.Fatalf("patch of a row that the panel does not hold: %v", patch)
		}
		maps.Copy(row, patch)
	}
	for _, h := range head.Groups {
		if w.heads[h.N] == h {
			m.t.Fatalf("heading sent without a change: %+v", h)
		}
		w.heads[h.N] = h
	}
	maps.DeleteFunc(w.heads, func(n int64, _ mirrorHead) bool { return !slices.Contains(w.Order, n) })
	for n := range w.rows {
		if !slices.Contains(w.Order, n) {
			delete(w.rows, n)
		}
	}
}

// person is one visitor of the model, plainly.
type person struct {
	row map[string]any
	// order replaces the value of a column where people sort by something else: names for ids.
	order map[string]any
	// searched is everything the text filter may find, folded by hand.
	searched []string
}

var stateRank = map[any]int{"waiting": 1, "active": 2, "browsing": 3, "idle": 4, "ended": 5, "blocked": 6}

// compareValues is the order of one column, said in another way than in column.go.
func compareValues(column string, a, b any, descending bool) int {
	if column == "ip" && a != b {
		a, b = strings.Split(a.(string), ".")[3], strings.Split(b.(string), ".")[3]
		a, b = fmt.Sprintf("%3s", a), fmt.Sprintf("%3s", b)
	}
	empty := func(v any) bool { return v == nil || v == "" }
	if empty(a) || empty(b) {
		switch {
		case empty(a) && empty(b):
			return 0
		case empty(a):
			return 1
		}
		return -1
	}
	result := 0
	switch x := a.(type) {
	case float64:
		result = int(x - b.(float64))
	case bool:
		if y := b.(bool); x != y {
			result = 1
			if y {
				result = -1
			}
		}
	case string:
		if column == "state" {
			result = stateRank[a] - stateRank[b]
		} else {
			result = strings.Compare(plain(x), plain(b.(string)))
		}
	}
	if descending {
		return -result
	}
	return result
}

var plainLetters = strings.NewReplacer("Á", "a", "á", "a", "ç", "c", "Ç", "c", "É", "e", "ã", "a", "Ã", "a")

func plain(s string) string { return strings.ToLower(plainLetters.Replace(s)) }

func (p *person) sortValue(column string) any {
	if v, ok := p.order[column]; ok {
		return v
	}
	return p.row[column]
}

func (p *person) passes(v View, now int64) bool {
	in := func(list []string, name string) bool {
		return len(list) == 0 || p.row[name] != nil && slices.Contains(list, p.row[name].(string))
	}
	for word := range strings.FieldsSeq(plain(v.Text)) {
		if !slices.ContainsFunc(p.searched, func(s string) bool { return strings.Contains(s, word) }) {
			return false
		}
	}
	return in(v.States, "state") && in(v.SiteIDs, "site_id") && in(v.DepartmentIDs, "department_id") && in(v.Countries, "country") &&
		in(v.Devices, "device") && in(v.AgentIDs, "agent_id") &&
		now-int64(p.row["started_at"].(float64)) >= int64(v.MinSecondsOnSite)*1000
}

// expected is what a window must hold.
type expected struct {
	order        []int64
	heads        map[int64]mirrorHead
	total, lines int
	groups       int
}

// expect is the window as it must be: filter everybody, sort everybody, group, cut.
func expect(people map[int64]*person, w wanted, now int64) expected {
	sorts := w.view.Sort
	if len(sorts) == 0 {
		sorts = []Sort{{"started_at", "desc"}}
	}
	e := expected{heads: map[int64]mirrorHead{}}
	for n, p := range people {
		if p.passes(w.view, now) {
			e.order = append(e.order, n)
		}
	}
	slices.SortFunc(e.order, func(a, b int64) int {
		for _, s := range sorts {
			if result := compareValues(s.By, people[a].sortValue(s.By), people[b].sortValue(s.By), s.Dir == "desc"); result != 0 {
				return result
			}
		}
		return int(a - b)
	})
	e.total = len(e.order)
	if w.view.Group != "" {
		e.group(people, w)
	}
	e.lines = len(e.order)
	offset := min(w.at.Offset, e.lines)
	e.order = e.order[offset:min(offset+w.at.Length, e.lines)]
	maps.DeleteFunc(e.heads, func(n int64, _ mirrorHead) bool { return !slices.Contains(e.order, n) })
	return e
}

// group puts the rows, which are in order, under their headings.
func (e *expected) group(people map[int64]*person, w wanted) {
	rows := map[string][]int64{}
	var keys []string
	for _, n := range e.order {
		key, _ := people[n].row[w.view.Group].(string)
		key, _, _ = strings.Cut(key, "?")
		if rows[key] == nil {
			keys = append(keys, key)
		}
		rows[key] = append(rows[key], n)
	}
	// A view that begins with what it is grouped by has its groups in that order already.
	if len(w.view.Sort) == 0 || w.view.Sort[0].By != w.view.Group {
		slices.SortFunc(keys, func(a, b string) int {
			if len(rows[a]) != len(rows[b]) {
				return len(rows[b]) - len(rows[a])
			}
			return strings.Compare(a, b)
		})
	}
	e.groups, e.order = len(keys), nil
	for _, key := range keys {
		head := mirrorHead{N: (&groups{taken: map[int64]bool{}}).number(key), Key: key, Count: len(rows[key])}
		head.Open = w.at.Groups.open(head.N)
		e.heads[head.N] = head
		e.order = append(e.order, head.N)
		if head.Open {
			e.order = append(e.order, rows[key]...)
		}
	}
}

// world drives the tables and the model with the same changes.
type world struct {
	tables *Tables
	clock  *clock.Fake
	visits map[int64]*visitor.Visit
	overs  map[int64]Overlay
	names  map[string]string
	// blocked are the addresses whose last number divides by it; 0: none.
	blocked byte
}

func (w *world) isBlocked(ip netip.Addr) bool { return w.blocked != 0 && ip.As4()[3]%w.blocked == 0 }

func (w *world) people() map[int64]*person {
	people := map[int64]*person{}
	for n, v := range w.visits {
		o := w.overs[n]
		null := func(s string) any {
			if s == "" {
				return nil
			}
			return s
		}
		state, name := "browsing", v.Name()
		if v.Idle {
			state = "idle"
		}
		if o.State != None {
			state = o.State.String()
		}
		if o.State != Waiting && o.State != Active && w.isBlocked(v.IP) {
			state = "blocked"
		}
		if name == "" {
			name = o.Name
		}
		row := map[string]any{
			"n": float64(n), "state": state, "name": name, "ip": v.IP.String(), "country": v.Country.String(), "page_url": v.PageURL.String(),
			"started_at": float64(v.StartedAt), "activity_at": float64(v.ActivityAt), "pages": float64(v.Pages), "device": v.Device.String(),
			"site_id": v.SiteID, "department_id": null(o.DepartmentID), "agent_id": null(o.AgentID), "waiting_since": nil, "hidden": v.Hidden,
			"identified": name != "" || v.Email() != "",
		}
		if o.WaitingSince != 0 {
			row["waiting_since"] = float64(o.WaitingSince)
		}
		named := func(id string) any {
			if id == "" {
				return nil
			}
			return w.names[id] + "\x00" + id
		}
		order := map[string]any{"site_id": named(v.SiteID), "department_id": named(o.DepartmentID), "agent_id": named(o.AgentID)}
		people[n] = &person{row: row, order: order, searched: []string{
			strconv.FormatInt(n, 10), plain(name), v.IP.String(), plain(v.Country.String()), plain(v.PageURL.String()), v.Device.String(),
			plain(w.names[v.SiteID]), plain(w.names[o.DepartmentID]), plain(w.names[o.AgentID]),
		}}
	}
	return people
}

var (
	someNames     = []string{"", "Ana", "ana", "Álvaro", "Zé", "bruno", "João", "Çelik"}
	someURLs      = []string{"https://loja.example/", "https://loja.example/Sapatos", "https://loja.example/sapatos?p=2", "https://loja.example/ajuda"}
	someCountries = []string{"", "BR", "PT", "US"}
	someDevices   = []string{"desktop", "phone", "tablet"}
	someIDs       = []string{"", "a1", "b2", "c3"}
	sortable      = []string{"n", "state", "name", "ip", "country", "page_url", "started_at", "activity_at", "pages", "device", "site_id", "department_id", "agent_id", "waiting_since", "hidden", "identified"}
)

func drawVisit(t *rapid.T, n, now int64, old *visitor.Visit) *visitor.Visit {
	v := &visitor.Visit{}
	if old != nil {
		v.Arrival = old.Arrival
	} else {
		v.Arrival = &visitor.Arrival{
			Number: n, ID: fmt.Sprintf("visit-%d", n), VisitorID: fmt.Sprintf("visitor-%d", n), AccountID: "account",
			SiteID: rapid.SampledFrom(someIDs[1:]).Draw(t, "site"), StartedAt: now, Visits: 1,
			IP:      netip.AddrFrom4([4]byte{10, 0, 0, rapid.Byte().Draw(t, "ip")}),
			Country: visitor.Intern(rapid.SampledFrom(someCountries).Draw(t, "country")),
			Device:  visitor.Intern(rapid.SampledFrom(someDevices).Draw(t, "device")), ReferrerKind: visitor.ReferrerDirect,
		}
	}
	if name := rapid.SampledFrom(someNames).Draw(t, "name"); name != "" {
		v.Identity = &visitor.Identity{Name: name}
	}
	v.PageURL = visitor.Intern(rapid.SampledFrom(someURLs).Draw(t, "url"))
	v.ActivityAt = now
	v.Pages = int32(rapid.IntRange(1, 5).Draw(t, "pages"))
	v.Hidden = rapid.Bool().Draw(t, "hidden")
	v.Idle = v.Hidden || rapid.Bool().Draw(t, "idle")
	return v
}

func drawView(t *rapid.T) View {
	some := func(label string, list []string) []string {
		if rapid.IntRange(0, 3).Draw(t, label) > 0 {
			return nil
		}
		return rapid.SliceOfN(rapid.SampledFrom(list), 1, 2).Draw(t, label+" list")
	}
	v := View{
		States: some("states", []string{"waiting", "active", "browsing", "idle", "ended", "blocked"}), SiteIDs: some("sites", someIDs[1:]),
		DepartmentIDs: some("departments", someIDs[1:]), Countries: some("countries", someCountries[1:]), Devices: some("devices", someDevices),
		AgentIDs: some("agents", someIDs[1:]),
		Text:     rapid.SampledFrom([]string{"", "", "ANA", "sapatos br", "alv", "10.0", "nobody", "Vendas"}).Draw(t, "text"),
	}
	v.Group = rapid.SampledFrom([]string{"", "", "country", "page_url", "state", "agent_id"}).Draw(t, "group")
	v.MinSecondsOnSite = rapid.SampledFrom([]int{0, 0, 0, 1, 3}).Draw(t, "seconds")
	for _, by := range rapid.SliceOfNDistinct(rapid.SampledFrom(sortable), 0, 3, rapid.ID).Draw(t, "sort") {
		v.Sort = append(v.Sort, Sort{by, rapid.SampledFrom([]string{"asc", "desc"}).Draw(t, "dir")})
	}
	return v
}

type wanted struct {
	view View
	at   Range
}

func drawRange(t *rapid.T) Range {
	at := Range{Offset: rapid.IntRange(0, 12).Draw(t, "offset"), Length: rapid.IntRange(1, 10).Draw(t, "length")}
	at.Groups.Open = rapid.Bool().Draw(t, "open")
	for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Concat(someCountries, someURLs, someIDs)), 0, 4, rapid.ID).Draw(t, "except") {
		at.Groups.Except = append(at.Groups.Except, (&groups{taken: map[int64]bool{}}).number(key))
	}
	return at
}

// change makes one random change in the world.
func (w *world) change(t *rapid.T, n int64) {
	now := clock.Millis(w.clock.Now())
	v := w.visits[n]
	switch what := rapid.IntRange(0, 9).Draw(t, "change"); {
	case what <= 5 || v == nil:
		next := drawVisit(t, n, now, v)
		w.visits[n] = next
		w.tables.VisitChanged(next)
	case what == 6:
		delete(w.visits, n)
		if o := w.overs[n]; o.State != Waiting && o.State != Active {
			delete(w.overs, n)
		}
		w.tables.VisitLeft(v)
	default:
		o := Overlay{State: rapid.SampledFrom([]State{None, Waiting, Active, Ended}).Draw(t, "state")}
		if o.State != None {
			o.DepartmentID = rapid.SampledFrom(someIDs).Draw(t, "department")
			o.AgentID = rapid.SampledFrom(someIDs).Draw(t, "agent")
			o.Name = rapid.SampledFrom(someNames).Draw(t, "name")
			o.WaitingSince = rapid.Int64Range(0, 5).Draw(t, "since")
		}
		w.overs[n] = o
		w.tables.SetConversation("account", fmt.Sprintf("visitor-%d", n), o)
	}
}

// TestWindows_EqualTheModel: whatever happens, each window holds what sorting and cutting everybody would give (B03).
func TestWindows_EqualTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fake := clock.NewFake(time.UnixMilli(1_000_000))
		w := &world{clock: fake, visits: map[int64]*visitor.Visit{}, overs: map[int64]Overlay{}, names: map[string]string{}}
		tables := New(Options{Clock: fake, byHand: true, Blocked: func(_ string, ip netip.Addr) bool { return w.isBlocked(ip) }})
		w.tables = tables
		mirrors := []*mirror{{t: t}, {t: t}}
		var panels []*Panel
		for _, m := range mirrors {
			panels = append(panels, tables.Panel("account", m.receive))
		}
		windows := []map[int64]wanted{{}, {}}
		table := tables.table("account")
		check := func() {
			people := w.people()
			for i, m := range mirrors {
				for id, want := range windows[i] {
					got, e := m.windows[id], expect(people, want, clock.Millis(fake.Now()))
					if !slices.Equal(got.Order, e.order) || got.Total != e.total || got.All != len(people) || got.Offset != want.at.Offset ||
						!maps.Equal(got.heads, e.heads) {
						t.Fatalf("window %d/%d of %+v:\n got %+v\nwant %+v of %d", i, id, want, got, e, len(people))
					}
					if grouped := want.view.Group != ""; grouped != (got.Lines != nil) || grouped && (*got.Lines != e.lines || *got.GroupCount != e.groups) {
						t.Fatalf("window %d/%d of %+v: %v lines, %v groups, want %+v", i, id, want, got.Lines, got.GroupCount, e)
					}
					checkRows(t, got, people)
				}
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"change": func(t *rapid.T) {
				for range rapid.IntRange(1, 8).Draw(t, "changes") {
					w.change(t, rapid.Int64Range(1, 20).Draw(t, "n"))
				}
			},
			"names": func(t *rapid.T) {
				w.names = map[string]string{}
				for _, id := range someIDs[1:] {
					w.names[id] = rapid.SampledFrom([]string{"", "Vendas", "suporte", "Álbum"}).Draw(t, "name")
				}
				w.names["a1"] = "Vendas " + w.names["a1"]
				tables.SetNames("account", w.names)
			},
			"block": func(t *rapid.T) {
				w.blocked = rapid.ByteRange(0, 3).Draw(t, "blocked")
				tables.BlocksChanged("account")
			},
			"watch": func(t *rapid.T) {
				i, id := rapid.IntRange(0, 1).Draw(t, "panel"), rapid.Int64Range(1, 2).Draw(t, "window")
				want := wanted{drawView(t), drawRange(t)}
				if old, ok := windows[i][id]; ok && rapid.Bool().Draw(t, "same view") {
					want.view = old.view
				}
				if err := panels[i].Watch(id, want.view, want.at); err != nil {
					t.Fatal(err)
				}
				windows[i][id] = want
			},
			"unwatch": func(t *rapid.T) {
				i, id := rapid.IntRange(0, 1).Draw(t, "panel"), rapid.Int64Range(1, 2).Draw(t, "window")
				panels[i].Unwatch(id)
				delete(windows[i], id)
				delete(mirrors[i].windows, id)
			},
			"flush": func(t *rapid.T) {
				fake.Advance(time.Duration(rapid.IntRange(0, 1500).Draw(t, "ms")) * time.Millisecond)
				table.flush()
				check()
				frames := mirrors[0].frames + mirrors[1].frames
				table.flush()
				if mirrors[0].frames+mirrors[1].frames != frames {
					t.Fatalf("frames without a change")
				}
			},
		})
		for _, p := range panels {
			p.Close()
		}
		if len(table.indexes) != 0 || table.stop != nil || len(table.panels) != 0 {
			t.Fatalf("left behind: %d indexes, %d panels", len(table.indexes), len(table.panels))
		}
	})
}

func checkRows(t *rapid.T, got *mirrorWindow, people map[int64]*person) {
	if len(got.rows)+len(got.heads) != len(got.Order) {
		t.Fatalf("%d rows and %d headings for %d places", len(got.rows), len(got.heads), len(got.Order))
	}
	states := map[string]int{"waiting": 0, "active": 0, "browsing": 0, "idle": 0, "ended": 0, "blocked": 0}
	for _, p := range people {
		states[p.row["state"].(string)]++
	}
	for state, n := range states {
		if got.Counts[state] != n {
			t.Fatalf("%d are %s, told %d", n, state, got.Counts[state])
		}
	}
	for _, n := range got.Order {
		if n < 0 {
			continue
		}
		for name, want := range people[n].row {
			if got.rows[n][name] != want {
				t.Fatalf("row %d, %s: got %v, want %v", n, name, got.rows[n][name], want)
			}
		}
		if len(got.rows[n]) != len(columns) {
			t.Fatalf("row %d has %d fields", n, len(got.rows[n]))
		}
	}
}
