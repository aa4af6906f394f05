package demo_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/aceno-chat/aceno/internal/account"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/demo"
	"github.com/aceno-chat/aceno/internal/department"
	"github.com/aceno-chat/aceno/internal/form"
	"github.com/aceno-chat/aceno/internal/outreach"
	"github.com/aceno-chat/aceno/internal/platform/blob"
	"github.com/aceno-chat/aceno/internal/platform/bus"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/routing"
	"github.com/aceno-chat/aceno/internal/site"
	"github.com/aceno-chat/aceno/internal/trigger"
)

// services builds the real ones over st, as after a start of the program.
func services(t *testing.T, st *store.Store) (demo.Services, *agent.Service) {
	t.Helper()
	b, err := bus.Start(t.Context(), bus.Config{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	log := eventlog.New(st, b, clock.System{}, nil)
	presence := agent.NewPresence(agent.Observer{})
	accounts := account.NewService(st, log, clock.System{}, ident.V7{})
	departments := department.NewService(st, log, clock.System{}, ident.V7{}, presence, func(string) *time.Location { return time.UTC })
	sites := site.NewService(site.Config{Store: st, Log: log, Clock: clock.System{}, IDs: ident.V7{}})
	agents := agent.NewService(agent.Config{
		Store: st, Log: log, Clock: clock.System{}, IDs: ident.V7{}, Presence: presence, Departments: departments,
		Hasher: agent.NewHasher(argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}),
		Account: func(ctx context.Context, id string, now time.Time) (agent.Account, error) {
			a, err := accounts.Get(ctx, id)
			return agent.Account{ID: a.ID, Name: a.Name, TimeZone: a.TimeZone, Active: a.Active, Today: account.Day(a, now)}, err
		},
	})
	bucket, err := blob.Open(t.Context(), "file:"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	sent := outreach.New(outreach.Config{
		Store: st, Log: log, Bucket: bucket, Sites: sites, Departments: departments, Clock: clock.System{}, Idents: ident.V7{}, Logger: slog.New(slog.DiscardHandler),
	})
	for _, heard := range []func(eventlog.Record){accounts.Heard, departments.Heard, sites.Heard, agents.Heard, sent.Heard} {
		log.Tail(heard)
	}
	if err := log.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close(); presence.Close(); b.Close() })
	for _, load := range []func(context.Context) error{
		accounts.Load, departments.Load, sites.Load, sent.Load, func(ctx context.Context) error { return presence.Load(ctx, st) },
	} {
		if err := load(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return demo.Services{Accounts: accounts, Departments: departments, Agents: agents, Sites: sites, Outreach: sent, Triggers: &rules{}, Routing: &routes{}, Replies: noReplies{}, Forms: &forms{}}, agents
}

type noReplies struct{}

func (noReplies) SeedAccount(context.Context, string, string) error { return nil }

func TestSeed_MakesTheAccountOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s, agents := services(t, st)
		first, err := demo.Seed(t.Context(), s, "localhost:8081")
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range first.Logins {
			if _, err := agents.SignIn(t.Context(), l.Login, demo.Password); err != nil {
				t.Errorf("%s: %v", l.Login, err)
			}
		}
		list, err := agents.List(t.Context(), first.AccountID)
		if err != nil {
			t.Fatal(err)
		}
		served := map[string]int{}
		for _, a := range list {
			served[a.Login] = len(a.DepartmentIDs)
			if a.Status != agent.Online {
				t.Errorf("%s is %s", a.Login, a.Status)
			}
		}
		if served["ana"] != 2 || served["bruno"] != 1 || served["carla"] != 3 || served["admin"] != 3 || len(list) != 4 {
			t.Errorf("departments of the agents: %v", served)
		}

		s, _ = services(t, st) // another start on the same data, with the shop elsewhere
		second, err := demo.Seed(t.Context(), s, "localhost:9091")
		if err != nil {
			t.Fatal(err)
		}
		if second.AccountID != first.AccountID || second.SiteKey != first.SiteKey {
			t.Errorf("made again: %+v, first %+v", second, first)
		}
		if list := s.Outreach.List(first.AccountID); len(list) != 4 || !slices.ContainsFunc(list, func(o outreach.Template) bool { return o.Image != nil }) {
			t.Errorf("invites and promotions %+v", list)
		}
		sites := s.Sites.List(first.AccountID)
		if len(sites) != 1 || !slices.Equal(sites[0].AllowedDomains, []string{"localhost:9091"}) {
			t.Errorf("sites %+v", sites)
		}
		if n := len(s.Departments.List(first.AccountID)); n != 3 {
			t.Errorf("%d departments", n)
		}
	})
}

// rules keeps the demo's triggers.
type forms struct{ made []form.Form }

func (f *forms) List(string) []form.Form { return f.made }

func (f *forms) Create(_ context.Context, _ string, kind form.Kind, d form.Draft) (form.Form, error) {
	for _, one := range d.Fields {
		if slices.Contains(one.DepartmentIDs, "") {
			return form.Form{}, fmt.Errorf("a field for no department: %+v", d)
		}
	}
	made := form.Form{Kind: kind, Name: d.Name}
	f.made = append(f.made, made)
	return made, nil
}

type rules struct{ made []trigger.Listed }

func (r *rules) List(context.Context, string) ([]trigger.Listed, error) { return r.made, nil }

func (r *rules) Create(_ context.Context, _ string, d trigger.Draft) (trigger.Trigger, error) {
	if d.Action.TemplateID == "" && d.Action.Kind != trigger.Lead || len(d.Conditions) == 0 {
		return trigger.Trigger{}, fmt.Errorf("half a rule: %+v", d)
	}
	made := trigger.Trigger{Name: d.Name}
	r.made = append(r.made, trigger.Listed{Trigger: made})
	return made, nil
}

// routes keeps the demo's routing rules.
type routes struct{ made []routing.Rule }

func (r *routes) Rules(string) []routing.Rule { return r.made }

func (r *routes) CreateRule(_ context.Context, _ string, d routing.RuleDraft) (routing.Rule, error) {
	made := routing.Rule{Name: d.Name}
	r.made = append(r.made, made)
	return made, nil
}
