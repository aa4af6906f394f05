package agent_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

func TestCreate(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		want := agent.Agent{
			ID: a.ID, AccountID: acc, Login: "ana", Name: "Ana Souza", Email: "ana@loja.example", Role: access.Agent, Active: true,
			Status: agent.Offline, Method: agent.Both, ConversationLimit: 5, DepartmentIDs: []string{sales},
			Languages: []string{}, Skills: []string{},
		}
		if !reflect.DeepEqual(a, want) {
			t.Errorf("got %+v, want %+v", a, want)
		}
		if got, err := f.Get(t.Context(), acc, a.ID); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("read %+v, %v", got, err)
		}
		if got, ok := f.presence.Agent(acc, a.ID); !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("in memory %+v, %v", got, ok)
		}
		if kinds := f.recorder.Kinds(t, f.log, acc); !slices.Equal(kinds, []string{agent.SavedKind}) {
			t.Errorf("events %v", kinds)
		}
		for _, r := range f.recorder.Records() {
			if strings.Contains(string(r.Payload), "argon2") || strings.Contains(string(r.Payload), password) {
				t.Errorf("a secret stands in %s", r.Payload)
			}
		}
		n := ana()
		n.Login = "ANA"
		if _, err := f.Create(t.Context(), other, n); fields(err) != "department_ids:unknown" && fields(err) != "login:taken" {
			t.Errorf("the login in another account: %v", err)
		}
		if list, err := f.List(t.Context(), other); err != nil || len(list) != 0 {
			t.Errorf("the other account's agents: %v, %v", list, err)
		}
		if _, err := f.Get(t.Context(), other, a.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("read by the other account: %v", err)
		}
	})
}

func TestCreate_Refuses(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		for want, change := range map[string]func(*agent.New){
			"login:taken":                  func(n *agent.New) { n.Login = "aNA" },
			"login:required":               func(n *agent.New) { n.Login = " " },
			"login:too_short":              func(n *agent.New) { n.Login = "a" },
			"login:too_long":               func(n *agent.New) { n.Login = strings.Repeat("a", 65) },
			"login:invalid":                func(n *agent.New) { n.Login = "ana souza" },
			"name:required":                func(n *agent.New) { n.Name = "" },
			"name:too_long":                func(n *agent.New) { n.Name = strings.Repeat("ã", 81) },
			"email:invalid":                func(n *agent.New) { n.Email = "ana" },
			"password:required":            func(n *agent.New) { n.Password = "" },
			"password:too_short":           func(n *agent.New) { n.Password = "1234567" },
			"password:too_long":            func(n *agent.New) { n.Password = strings.Repeat("a", 129) },
			"role:not_allowed":             func(n *agent.New) { n.Role = "owner" },
			"method:not_allowed":           func(n *agent.New) { n.Method = "luck" },
			"conversation_limit:too_small": func(n *agent.New) { n.ConversationLimit = -1 },
			"conversation_limit:too_large": func(n *agent.New) { n.ConversationLimit = 51 },
			"department_ids:unknown":       func(n *agent.New) { n.DepartmentIDs = []string{alien} },
			"department_ids:too_many":      func(n *agent.New) { n.DepartmentIDs = make([]string, 201) },
		} {
			n := ana()
			n.Login = "outra"
			change(&n)
			if _, err := f.Create(t.Context(), acc, n); fields(err) != want {
				t.Errorf("got %v, want %s", err, want)
			}
		}
		if kinds := f.recorder.Kinds(t, f.log, acc); len(kinds) != 1 {
			t.Errorf("refusals were told: %v", kinds)
		}
		if list, err := f.List(t.Context(), acc); err != nil || len(list) != 1 {
			t.Errorf("refusals left %v, %v", list, err)
		}
	})
}

func TestUpdate(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, boss())
		a := f.create(t, ana())
		login, name, email, limit, method := "Ana.Lima", "Ana Lima", "lima@loja.example", 50, agent.Manual
		got, err := f.Update(t.Context(), acc, "", a.ID, agent.Changes{
			Login: &login, Name: &name, Email: &email, ConversationLimit: &limit, Method: &method, DepartmentIDs: []string{mail, sales, mail},
		})
		want := a
		want.Login, want.Name, want.Email, want.ConversationLimit, want.Method = "ana.lima", name, email, limit, method
		want.DepartmentIDs = []string{sales, mail}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, %v; want %+v", got, err, want)
		}
		if held, _ := f.presence.Agent(acc, a.ID); !reflect.DeepEqual(held, want) {
			t.Errorf("in memory %+v", held)
		}
		if got, err = f.Update(t.Context(), acc, "", a.ID, agent.Changes{DepartmentIDs: []string{}}); err != nil || len(got.DepartmentIDs) != 0 {
			t.Errorf("unlinked: %+v, %v", got, err)
		}

		taken, bad, far := "CHEFE", "x y", 51
		for want, c := range map[string]agent.Changes{
			"login:taken":            {Login: &taken},
			"department_ids:unknown": {DepartmentIDs: []string{alien}},
			"login:invalid email:invalid conversation_limit:too_large": {Login: &bad, Email: &bad, ConversationLimit: &far},
		} {
			if _, err := f.Update(t.Context(), acc, "", a.ID, c); fields(err) != want {
				t.Errorf("got %v, want %s", err, want)
			}
		}
		if _, err := f.Update(t.Context(), other, "", a.ID, agent.Changes{Name: &name}); !fault.Is(err, fault.NotFound) {
			t.Errorf("by the other account: %v", err)
		}
		if kinds := f.recorder.Kinds(t, f.log, acc); len(kinds) != 4 {
			t.Errorf("events %v, want two made and two changed", kinds)
		}
	})
}

func TestUpdate_InactivatingEndsTheSession(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, boss())
		a := f.create(t, ana())
		s := f.signIn(t, "ana")
		off := false
		got, err := f.Update(t.Context(), acc, "", a.ID, agent.Changes{Active: &off})
		if err != nil || got.Active {
			t.Fatalf("%+v, %v", got, err)
		}
		want := []agent.SessionEnded{{AgentID: a.ID, SessionID: s.ID, Reason: agent.Inactive, Conversations: agent.Return}}
		if got := f.ended(t); !slices.Equal(got, want) {
			t.Errorf("told %v, want %v", got, want)
		}
	})
}

func TestUpdate_AnotherPersonsPasswordEndsTheSession(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		b := f.create(t, boss())
		a := f.create(t, ana())
		mine, hers := f.signIn(t, "chefe"), f.signIn(t, "ana")
		fresh := "outra boa senha"
		for _, id := range []string{a.ID, b.ID} {
			if _, err := f.Update(t.Context(), acc, b.ID, id, agent.Changes{Password: &fresh}); err != nil {
				t.Fatal(err)
			}
		}
		f.actor(t, mine)
		if _, err := f.Actor(t.Context(), hers.Token); !fault.Is(err, fault.SessionEnded) {
			t.Errorf("her session: %v", err)
		}
		if _, err := f.SignIn(t.Context(), "ana", password); !fault.Is(err, fault.InvalidCredentials) {
			t.Errorf("the old password: %v", err)
		}
		if _, err := f.SignIn(t.Context(), "ana", fresh); err != nil {
			t.Errorf("the new password: %v", err)
		}
		if err := f.SetPassword(t.Context(), " CHEFE", password); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Actor(t.Context(), mine.Token); !fault.Is(err, fault.SessionEnded) {
			t.Errorf("after the command line: %v", err)
		}
		f.signIn(t, "chefe")
		if err := f.SetPassword(t.Context(), "nobody", password); !fault.Is(err, fault.NotFound) {
			t.Errorf("unknown login: %v", err)
		}
		if err := f.SetPassword(t.Context(), "ana", "short"); fields(err) != "password:too_short" {
			t.Errorf("short: %v", err)
		}
	})
}

func TestUpdate_KeepsAnAdministrator(t *testing.T) {
	off, role := false, access.Supervisor
	for name, change := range map[string]agent.Changes{"inactivated": {Active: &off}, "demoted": {Role: &role}} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, f *fixture) {
				first := f.create(t, boss())
				if _, err := f.Update(t.Context(), acc, first.ID, first.ID, change); !fault.Is(err, fault.LastAdministrator) {
					t.Fatalf("the last one: %v", err)
				}
				if got, err := f.Get(t.Context(), acc, first.ID); err != nil || !got.Active || got.Role != access.Administrator {
					t.Fatalf("%+v, %v", got, err)
				}
				// Three, all of whom lose it at the same time: one stays.
				ids := []string{first.ID}
				for _, login := range []string{"dois", "tres"} {
					n := boss()
					n.Login = login
					ids = append(ids, f.create(t, n).ID)
				}
				var wg sync.WaitGroup
				errs := make([]error, len(ids))
				for i, id := range ids {
					wg.Go(func() { _, errs[i] = f.Update(store.InLane(t.Context(), fmt.Sprint(i)), acc, "", id, change) })
				}
				wg.Wait()
				refused := 0
				for _, err := range errs {
					if fault.Is(err, fault.LastAdministrator) {
						refused++
					} else if err != nil {
						t.Error(err)
					}
				}
				if refused != 1 {
					t.Errorf("%d were refused, want 1: %v", refused, errs)
				}
				n := 0
				err := f.store.Read().QueryRow(t.Context(), "SELECT COUNT(*) FROM agents WHERE role = 'administrator' AND active").Scan(&n)
				if err != nil || n != 1 {
					t.Errorf("%d administrators left, %v", n, err)
				}
			})
		})
	}
}

func TestUpdate_AnInactiveAdministratorMayBeDemoted(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, boss())
		n := boss()
		n.Login = "dois"
		second := f.create(t, n)
		off, role := false, access.Agent
		for _, c := range []agent.Changes{{Active: &off}, {Role: &role}} {
			if _, err := f.Update(t.Context(), acc, "", second.ID, c); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestList(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		b, a := f.create(t, boss()), f.create(t, ana())
		f.active[a.ID] = 3
		actor := f.actor(t, f.signIn(t, "ana"))
		f.presence.Connected(agent.Connection{AccountID: acc, AgentID: a.ID, SessionID: actor.SessionID, ID: "c"})
		if err := f.SetStatus(t.Context(), actor, agent.Busy); err != nil {
			t.Fatal(err)
		}
		list, err := f.List(t.Context(), acc)
		if err != nil || len(list) != 2 || list[0].ID != a.ID || list[1].ID != b.ID {
			t.Fatalf("%+v, %v", list, err)
		}
		if !list[0].Present || list[0].Status != agent.Busy || list[0].ActiveConversations != 3 || list[1].Present || list[1].ActiveConversations != 0 {
			t.Errorf("%+v", list)
		}
	})
}

func TestSetStatus(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		actor := f.actor(t, f.signIn(t, "ana"))
		for _, status := range []agent.Status{agent.Offline, agent.Online, agent.Online, agent.Busy} {
			if err := f.SetStatus(t.Context(), actor, status); err != nil {
				t.Fatal(err)
			}
			if s, _ := f.presence.State(a.ID); s.Status != status {
				t.Errorf("in memory %s right after %s", s.Status, status)
			}
		}
		if err := f.SetStatus(t.Context(), actor, "asleep"); fields(err) != "status:not_allowed" {
			t.Errorf("unknown status: %v", err)
		}
		want := []string{agent.SavedKind, agent.StatusChangedKind, agent.StatusChangedKind}
		if kinds := f.recorder.Kinds(t, f.log, acc); !slices.Equal(kinds, want) {
			t.Errorf("events %v, want %v", kinds, want)
		}
		last := f.recorder.Records()[2]
		if string(last.Payload) != fmt.Sprintf(`{"agent_id":%q,"status":"busy"}`, a.ID) || last.Audience != "account" || last.Subject != a.ID {
			t.Errorf("event %+v", last)
		}
	})
}

func nested(depth int) agent.Preferences {
	p := map[string]any{}
	for range depth - 1 {
		p = map[string]any{"x": p}
	}
	return p
}

func TestSetPreferences(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		actor := f.actor(t, f.signIn(t, "ana"))
		var p agent.Preferences
		if err := json.Unmarshal([]byte(`{"grid":{"columns":["name","page"],"width":120.5},"sound":true,"html":"<b>\u0000é"}`), &p); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time nothing changes
			if err := f.SetPreferences(t.Context(), actor, p); err != nil {
				t.Fatal(err)
			}
		}
		me, err := f.Me(t.Context(), acc, a.ID)
		if err != nil || !reflect.DeepEqual(me.Preferences, p) {
			t.Errorf("got %v, %v; want %v", me.Preferences, err, p)
		}
		if kinds := f.recorder.Kinds(t, f.log, acc); !slices.Equal(kinds, []string{agent.SavedKind, agent.PreferencesChangedKind}) {
			t.Errorf("events %v", kinds)
		}
		if r := f.recorder.Records()[1]; r.Audience != "agent:"+a.ID {
			t.Errorf("audience %s", r.Audience)
		}
		full := agent.Preferences{"x": strings.Repeat("<", agent.PreferencesMax-len(`{"x":""}`))}
		for _, fine := range []agent.Preferences{nil, {}, nested(12), full} {
			if err := f.SetPreferences(t.Context(), actor, fine); err != nil {
				t.Errorf("%.30v: %v", fine, err)
			}
		}
		over := maps.Clone(full)
		over["y"] = 1
		for want, bad := range map[string]agent.Preferences{"preferences:too_long": over, "preferences:too_large": nested(13)} {
			if err := f.SetPreferences(t.Context(), actor, bad); fields(err) != want {
				t.Errorf("got %v, want %s", err, want)
			}
		}
		if me, err := f.Me(t.Context(), acc, a.ID); err != nil || !reflect.DeepEqual(me.Preferences, full) {
			t.Errorf("a refusal changed something: %v", err)
		}
	})
}

func TestMe(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a, b := f.create(t, ana()), f.create(t, boss())
		me, err := f.Me(t.Context(), acc, a.ID)
		if err != nil || me.Agent.ID != a.ID || me.Account.ID != acc || me.Account.TimeZone == "" || me.SupervisesAll || me.Preferences == nil ||
			!slices.Equal(me.Permissions, access.RolePermissions(access.Agent)) {
			t.Errorf("%+v, %v", me, err)
		}
		if me, err := f.Me(t.Context(), acc, b.ID); err != nil || !me.SupervisesAll || len(me.Permissions) != len(access.All()) {
			t.Errorf("%+v, %v", me, err)
		}
		if _, err := f.Me(t.Context(), other, a.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account: %v", err)
		}
	})
}

func TestCreateIn_LeavesNothingWhenTheWriteFails(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		prepared, err := f.Prepare(t.Context(), ana())
		if err != nil {
			t.Fatal(err)
		}
		err = f.store.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if _, err := f.CreateIn(ctx, tx, acc, prepared); err != nil {
				return err
			}
			return fault.New(fault.SetupDone)
		})
		if !fault.Is(err, fault.SetupDone) {
			t.Fatal(err)
		}
		if list, err := f.List(t.Context(), acc); err != nil || len(list) != 0 {
			t.Errorf("left %v, %v", list, err)
		}
	})
}
