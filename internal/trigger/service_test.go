package trigger

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// template is one that the account has prepared, as an invite.
const template = "01900000-0000-7000-8000-000000000001"

// fixture is a service in a world under the test's hand.
type fixture struct {
	*Service

	world    *world
	log      *eventlog.Log
	recorder eventlogtest.Recorder
}

func (f *fixture) OfTriggers(context.Context, string) (map[string]Counters, error) {
	return map[string]Counters{f.world.rules[0].ID: {Shown: 2, Accepted: 1}}, nil
}

func (f *fixture) Prepared(_ context.Context, accountID string, kind Kind, id string) (bool, error) {
	return accountID == "a" && kind == Invite && id == template, nil
}

func (f *fixture) Snapshot(accountID string) (list []*visitor.Visit) {
	for _, v := range f.world.visits {
		if v.AccountID == accountID {
			list = append(list, v)
		}
	}
	return list
}

func (f *fixture) Visit(_, visitID string) (visitor.Detail, bool) {
	v := f.world.visits[strings.TrimPrefix(visitID, "visit-")]
	return visitor.Detail{Visit: v, Trail: []visitor.PageView{{URL: v.PageURL}, {URL: visitor.Intern("https://shop.example/cart")}}}, true
}

func newFixture(t *testing.T, st *store.Store) *fixture {
	t.Helper()
	f := &fixture{world: newWorld(t)}
	var heard func(eventlog.Record)
	f.log = eventlogtest.New(t, st, clock.System{}, f.recorder.Take, func(r eventlog.Record) { heard(r) })
	f.Service = New(Config{
		Store: st, Log: f.log, Clock: f.world.clock, IDs: ident.V7{}, Logger: slog.New(slog.DiscardHandler), Box: secret.New([]byte("key")),
		Actions: f.world, World: f.world, Outreach: f, Presence: f,
		HasDepartment: func(account, id string) bool { return account == "a" && id == "sales" },
		HasSite:       func(account, id string) bool { return account == "a" && id == "site" },
	})
	f.world.engine = f.engine
	heard = f.Heard
	if err := f.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f
}

func draft(name string, list ...Condition) Draft {
	if len(list) == 0 {
		list = []Condition{is(Country, "BR")}
	}
	return Draft{Name: name, Active: true, Once: PerVisitor, Match: All, Conditions: list, Action: Action{Kind: Open}}
}

func (f *fixture) create(t *testing.T, account string, d Draft) Trigger {
	t.Helper()
	made, err := f.Create(t.Context(), account, d)
	if err != nil {
		t.Fatal(err)
	}
	f.world.rules = append(f.world.rules, made)
	return made
}

func TestService_KeepsRules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		account := eventlogtest.Account(t, st, "a")
		first := f.create(t, account, draft(" One "))
		high := draft("Two", cond(PageURL, Contains, "x"), cond(Hour, Between, "08:00", "18:00"))
		high.Priority, high.Action = 5, Action{Kind: Invite, TemplateID: template}
		second := f.create(t, account, high)
		again := newFixture(t, st)
		again.world.rules = f.world.rules
		list, err := again.List(t.Context(), account)
		if err != nil || len(list) != 2 || list[0].ID != second.ID || list[1].Name != "One" {
			t.Fatalf("after a restart: %+v, %v", list, err)
		}
		if got, want := fmt.Sprint(list[0].draft()), fmt.Sprint(second.draft()); got != want {
			t.Errorf("after a restart %s, want %s", got, want)
		}
		if list[1].Counters != (Counters{Shown: 2, Accepted: 1}) {
			t.Errorf("counters %+v", list[1].Counters)
		}
		if _, err := f.Create(t.Context(), account, draft("One")); fields(err) != "name:taken" {
			t.Errorf("a name twice: %v", err)
		}
		if err := f.Remove(t.Context(), "b", first.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account removes it: %v", err)
		}
		if err := f.Remove(t.Context(), account, first.ID); err != nil {
			t.Fatal(err)
		}
		if list, _ := f.List(t.Context(), account); len(list) != 1 {
			t.Errorf("%d rules are left, want 1", len(list))
		}
		if kinds := f.recorder.Kinds(t, f.log, account); !slices.Equal(kinds, []string{SavedKind, SavedKind, RemovedKind}) {
			t.Errorf("events %v", kinds)
		}
	})
}

func TestService_Update(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		account := eventlogtest.Account(t, st, "a")
		made := f.create(t, account, draft("One"))
		name, off, stale, kind := "Other", false, made.Version+1, Action{Kind: Department, DepartmentID: "nowhere"}
		for _, tt := range []struct {
			account string
			changes Changes
			want    fault.Code
			fields  string
		}{
			{account, Changes{Name: &name, Version: &stale}, fault.StaleWrite, ""},
			{"b", Changes{Name: &name}, fault.NotFound, ""},
			{account, Changes{Action: &kind}, fault.Validation, "action.department_id:unknown"},
			{account, Changes{Conditions: []Condition{is(Site, "elsewhere")}}, fault.Validation, "conditions.0.values:unknown"},
			{account, Changes{Name: &name, Version: &made.Version}, "", ""},
			{account, Changes{Name: &name, Version: &made.Version}, fault.StaleWrite, ""},
			{account, Changes{Active: &off}, "", ""},
		} {
			_, err := f.Update(t.Context(), tt.account, made.ID, tt.changes)
			if fault.CodeOf(err) != tt.want || fields(err) != tt.fields {
				t.Errorf("%+v: %v, want %s %s", tt.changes, err, tt.want, tt.fields)
			}
		}
		f.world.view("ana", "/", func(v *visitor.Visit) { v.AccountID = account })
		f.world.expect() // it was switched off
	})
}

// The rows, not the memory, decide who was reached.
func TestService_RunsOnceAcrossRestarts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		account := eventlogtest.Account(t, st, "a")
		mine := func(v *visitor.Visit) { v.AccountID = account }
		f := newFixture(t, st)
		made := f.create(t, account, draft("One"))
		byAddress := draft("Two")
		byAddress.Once, byAddress.Priority = PerAddress, 1
		second := f.create(t, account, byAddress)
		f.world.view("ana", "/", mine)
		f.world.expect(second.ID + "→ana")
		f.world.view("rui", "/", mine)
		f.world.expect(made.ID + "→rui")
		f = newFixture(t, st)
		f.world.view("ana", "/", mine)
		f.world.expect(made.ID + "→ana")
		f.world.view("ana", "/", mine)
		f.world.view("rui", "/", mine)
		f.world.expect()
		f.world.answers[made.ID] = Occupied
		f.world.view("eva", "/", mine)
		f.world.answers[made.ID] = Done
		f.world.view("eva", "/", mine)
		f.world.expect(made.ID + "→eva")

		f.world.clock.Advance((runsKept + 1) * 24 * time.Hour)
		if err := f.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.world.view("leo", "/", mine)
		f.world.expect(second.ID + "→leo")
	})
}

func TestService_CountersAddUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		account := eventlogtest.Account(t, st, "a")
		f := newFixture(t, st)
		f.create(t, account, draft("One"))
		for range 2 {
			f.world.view("ana", "/", func(v *visitor.Visit) { v.AccountID = account })
			if _, err := f.List(t.Context(), account); err != nil {
				t.Fatal(err)
			}
		}
		list, err := f.List(t.Context(), account)
		if err != nil || list[0].Counters != (Counters{Evaluated: 2, Fired: 1, Shown: 2, Accepted: 1}) {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestService_Limit(t *testing.T) {
	st := storetest.SQLite(t)
	account := eventlogtest.Account(t, st, "a")
	err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for i := range TriggersMax {
			rule := Trigger{ID: ident.V7{}.New(), accountID: account, Version: 1}.of(draft(fmt.Sprint("rule ", i)), 0)
			if err := insert(ctx, tx, rule); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	f := newFixture(t, st)
	if _, err := f.Create(t.Context(), account, draft("one too many")); fields(err) != "name:too_many" {
		t.Errorf("one too many: %v", err)
	}
	f.world.view("ana", "/", func(v *visitor.Visit) { v.AccountID = account })
	if len(f.world.sent) != 1 {
		t.Errorf("%d of a thousand rules showed something at once, want 1", len(f.world.sent))
	}
}

func TestTry(t *testing.T) {
	st := storetest.SQLite(t)
	f := newFixture(t, st)
	for i, who := range []string{"ana", "rui", "eva", "leo"} {
		f.world.view(who, "/p", func(v *visitor.Visit) { v.AccountID, v.Number, v.Pages = "a", int64(i+1), 2 })
	}
	f.world.view("far", "/p", func(v *visitor.Visit) { v.AccountID = "b" })
	f.world.visits["eva"].Country = visitor.Intern("PT")
	f.world.busy["leo"] = true
	f.world.pasts["rui"] = Past{Attended: true}
	for _, tt := range []struct {
		name  string
		draft Draft
		want  string
	}{
		{"all", draft("x", is(PageURL, "/p")), "reached 3 later 0 busy 1 of 4: 3 now 2 now 1 now"},
		{"some", draft("x", is(Country, "BR")), "reached 2 later 0 busy 1 of 4: 2 now 1 now"},
		{"page", draft("x", cond(Scroll, AtLeast, "50"), is(Country, "PT")), "reached 1 later 0 busy 0 of 4: 3 on_page"},
		{"time", draft("x", cond(SecondsOnSite, AtLeast, "50")), "reached 0 later 3 busy 1 of 4: 3 later 2 later 1 later"},
		{"past", draft("x", is(Attended, "yes")), "reached 1 later 0 busy 0 of 4: 2 now"},
		{"previous", draft("x", is(PreviousURL, "/cart")), "reached 3 later 0 busy 1 of 4: 3 now 2 now 1 now"},
		{"nobody", draft("x", is(Country, "JP")), "reached 0 later 0 busy 0 of 4:"},
		{"in conversation, but unseen", Draft{Name: "x", Once: PerVisitor, Match: All, Conditions: []Condition{is(Country, "BR")}, Action: Action{Kind: Tag, Tag: "t"}}, "reached 3 later 0 busy 0 of 4: 4 now 2 now 1 now"},
	} {
		got, err := f.Try(t.Context(), "a", tt.draft)
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf("reached %d later %d busy %d of %d:", got.Reached, got.Later, got.Busy, got.Of)
		for _, v := range got.Visitors {
			text += fmt.Sprintf(" %d %s", v.N, v.When)
		}
		if text != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, text, tt.want)
		}
	}
	if _, err := f.Try(t.Context(), "a", Draft{Name: "x"}); !fault.Is(err, fault.Validation) {
		t.Errorf("a draft without conditions: %v", err)
	}
	f.world.expect()
}

// sessions takes `account/role` for a token.
type sessions struct{}

func (sessions) Actor(_ context.Context, token string) (api.ActorInfo, error) {
	account, role, ok := strings.Cut(token, "/")
	if !ok {
		return api.ActorInfo{}, fault.New(fault.NotAuthenticated)
	}
	actor := api.ActorInfo{AccountID: account, AgentID: role, Permissions: map[api.Permission]bool{}}
	for _, p := range access.RolePermissions(access.Role(role)) {
		actor.Permissions[p] = true
	}
	return actor, nil
}

func TestRoutes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		eventlogtest.Account(t, st, "a")
		eventlogtest.Account(t, st, "b")
		mine, theirs := f.create(t, "a", draft("Mine")), f.create(t, "b", draft("Theirs"))
		a := api.New(api.Config{Title: "test", Version: "1", Logger: slog.New(slog.DiscardHandler), Sessions: sessions{}})
		f.Routes(a)
		handler := a.Handler(a.Mux)

		const admin, agent, list, try = "a/administrator", "a/agent", "/api/triggers", "/api/triggers/try"
		const rule = `{"name":"New","once":"visitor","match":"all","conditions":[{"field":"country","operator":"is","values":["BR"]}],"action":{"kind":"open"}}`
		path := list + "/" + mine.ID
		for _, step := range []struct {
			who, method, path, body string
			status                  int
			answer                  string
		}{
			{admin, "GET", list, "", 200, `"name":"Mine"`},
			{admin, "GET", list, "", 200, `"counters":{"evaluated":0,"fired":0,"shown":2,"accepted":1}`},
			{agent, "GET", list, "", 403, "forbidden"},
			{"", "GET", list, "", 401, "not_authenticated"},
			{admin, "POST", list, rule, 201, `"active":false,"priority":0`},
			{admin, "POST", list, rule, 422, "validation name:taken"},
			{admin, "POST", list, `{"name":"x","once":"visitor","match":"all","conditions":[],"action":{"kind":"open"}}`, 422, "validation conditions:required"},
			{admin, "POST", list, strings.Replace(rule, `"BR"`, strings.Repeat(`"BR",`, 50)+`"BR"`, 1), 422, "validation conditions[0].values:too_many"},
			{admin, "POST", list, strings.Replace(rule, `"open"`, `"invite","template_id":"`+ident.V7{}.New()+`"`, 1), 422, "validation action.template_id:unknown"},
			{agent, "POST", list, rule, 403, "forbidden"},
			{admin, "PATCH", path, `{"active":false,"version":1}`, 200, `"active":false`},
			{admin, "PATCH", path, `{"active":true,"version":1}`, 409, "stale"},
			{admin, "PATCH", path, `{"priority":101}`, 422, "validation priority:too_large"},
			{admin, "PATCH", list + "/" + theirs.ID, `{"active":false}`, 404, "not_found"},
			{admin, "POST", try, rule, 200, `{"reached":0,"later":0,"busy":0,"of":0,"on_page":false,"visitors":[]}`},
			{agent, "POST", try, rule, 403, "forbidden"},
			{admin, "DELETE", list + "/" + theirs.ID, "", 404, "not_found"},
			{agent, "DELETE", path, "", 403, "forbidden"},
			{admin, "DELETE", path, "", 204, ""},
			{admin, "DELETE", path, "", 404, "not_found"},
		} {
			status, refusal, body := call(t, handler, step.who, step.method, step.path, step.body)
			if status != step.status || !strings.Contains(body+refusal, step.answer) || (status >= 400 && refusal != step.answer) {
				t.Errorf("%s %s %s %.60s: %d %s %s, want %d %s", step.who, step.method, step.path, step.body, status, refusal, body, step.status, step.answer)
			}
		}
	})
}

func call(t *testing.T, h http.Handler, who, method, path, body string) (int, string, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if who != "" {
		r.AddCookie(&http.Cookie{Name: api.SessionCookie, Value: who})
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var p api.Problem
	if w.Code >= http.StatusBadRequest {
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
	}
	refusal := string(p.Code)
	for _, f := range p.Fields {
		refusal += " " + f.Field + ":" + f.Code
	}
	return w.Code, refusal, w.Body.String()
}

func TestTidy_ForgetsTheRunsOfRemovedRules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		account := eventlogtest.Account(t, st, "a")
		f := newFixture(t, st)
		gone, stays := f.create(t, account, draft("One")), f.create(t, account, draft("Two"))
		many := store.BiteRows + 3
		err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for i := range 2 * many {
				id := []string{gone.ID, stays.ID}[i%2]
				if _, err := tx.Exec(ctx, "INSERT INTO trigger_runs (trigger_id, subject, at) VALUES (?, ?, ?)", id, fmt.Sprint(i), f.world.clock.Now().UnixMilli()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Remove(t.Context(), account, gone.ID); err != nil {
			t.Fatal(err)
		}
		if err := f.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string]int{
			"SELECT count(*) FROM trigger_runs WHERE trigger_id = '" + gone.ID + "'":  0,
			"SELECT count(*) FROM trigger_runs WHERE trigger_id = '" + stays.ID + "'": many,
			"SELECT count(*) FROM trigger_removals":                                   0,
		} {
			var n int
			if err := st.Read().QueryRow(t.Context(), query).Scan(&n); err != nil || n != want {
				t.Errorf("%s: %d, %v; want %d", query, n, err, want)
			}
		}
	})
}
