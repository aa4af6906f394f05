package setup_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/account"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/app/setup"
	"github.com/aceno-chat/aceno/internal/department"
	"github.com/aceno-chat/aceno/internal/form"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/quickreply"
	"github.com/aceno-chat/aceno/internal/site"
)

type fixture struct {
	setup.Service
	handler  http.Handler
	recorder eventlogtest.Recorder
}

func newFixture(t *testing.T, st *store.Store) *fixture {
	t.Helper()
	f := &fixture{}
	var heard []func(eventlog.Record)
	f.Log = eventlogtest.New(t, st, clock.System{}, f.recorder.Take, func(r eventlog.Record) {
		for _, fn := range heard {
			fn(r)
		}
	})
	now := clock.NewFake(time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC))
	presence := agent.NewPresence(agent.Observer{})
	t.Cleanup(presence.Close)
	f.Store = st
	f.Accounts = account.NewService(st, f.Log, now, ident.V7{})
	f.Departments = department.NewService(st, f.Log, now, ident.V7{}, presence, func(string) *time.Location { return time.UTC })
	f.Sites = site.NewService(site.Config{Store: st, Log: f.Log, Clock: now, IDs: ident.V7{}, PublicURL: "https://chat.example"})
	f.Replies = quickreply.NewService(st, f.Log, now, ident.V7{}, func(string, string) bool { return true })
	f.Forms = form.NewService(form.Config{Store: st, Log: f.Log, Clock: now, IDs: ident.V7{}, Around: nowhere{}})
	f.Agents = agent.NewService(agent.Config{
		Store: st, Log: f.Log, Clock: now, IDs: ident.V7{}, Presence: presence, Departments: f.Departments,
		Hasher: agent.NewHasher(argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}),
		Account: func(ctx context.Context, id string, now time.Time) (agent.Account, error) {
			a, err := f.Accounts.Get(ctx, id)
			return agent.Account{
				ID: a.ID, Name: a.Name, TimeZone: a.TimeZone, Language: a.Language, Active: a.Active, Today: account.Day(a, now),
			}, err
		},
	})
	heard = []func(eventlog.Record){f.Accounts.Heard, f.Departments.Heard, f.Agents.Heard, f.Sites.Heard, f.Forms.Heard}
	a := api.New(api.Config{Title: "test", Version: "1", Logger: slog.New(slog.DiscardHandler), Clock: now, Sessions: f.Agents})
	f.Routes(a)
	f.Agents.Routes(a)
	f.handler = a.Handler(a.Mux)
	return f
}

func lantern() setup.Input {
	return setup.Input{
		AccountName: "Loja Lanterna", Name: "Dona Lúcia", Login: "Lucia", Email: "lucia@lanterna.example", Password: "uma boa senha",
		TimeZone: "America/Sao_Paulo", Language: "pt", Domain: "https://www.lanterna.example/inicio",
	}
}

// nowhere knows no department's settings.
type nowhere struct{}

func (nowhere) HasDepartment(string, string) bool           { return true }
func (nowhere) ChosenForm(string, form.Kind, string) string { return "" }
func (nowhere) MailWords(context.Context, string, string) (_, _, _ string) {
	return "", "", ""
}

func (f *fixture) prepare(t *testing.T) string {
	t.Helper()
	token, err := f.Prepare(t.Context())
	if err != nil || token == "" {
		t.Fatalf("%q, %v", token, err)
	}
	return token
}

func each(t *testing.T, test func(t *testing.T, f *fixture)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, st *store.Store) { test(t, newFixture(t, st)) })
}

func TestComplete(t *testing.T) {
	for language, name := range map[string]string{"pt": "Atendimento", "en": "Support", "es": "Atención"} {
		t.Run(language, func(t *testing.T) {
			each(t, func(t *testing.T, f *fixture) {
				in := lantern()
				in.Language = language
				made, err := f.Complete(t.Context(), f.prepare(t), in)
				if err != nil {
					t.Fatal(err)
				}
				if made.Account.Name != "Loja Lanterna" || made.Account.Language != language || made.Department.Name != name ||
					made.Agent.Login != "lucia" || made.Agent.Role != access.Administrator || !made.Agent.Serves(made.Department.ID) ||
					made.Site.Language != language || !slices.Equal(made.Site.AllowedDomains, []string{"lanterna.example", "www.lanterna.example"}) {
					t.Errorf("%+v", made)
				}
				if _, ok := f.Sites.ByKey(t.Context(), made.Site.Key); !ok {
					t.Error("the site is not known")
				}
				want := []string{account.SavedKind, department.SavedKind, agent.SavedKind, site.SavedKind, quickreply.SavedKind, form.SavedKind}
				if kinds := slices.Compact(f.recorder.Kinds(t, f.Log, made.Account.ID)); !slices.Equal(kinds, want) {
					t.Errorf("events %v, want %v", kinds, want)
				}
				if _, ok := f.Forms.For(made.Account.ID, form.Conversation, made.Department.ID); !ok || len(f.Forms.List(made.Account.ID)) != 3 {
					t.Errorf("forms %+v", f.Forms.List(made.Account.ID))
				}
				if _, err := f.Agents.SignIn(t.Context(), "lucia", in.Password); err != nil {
					t.Errorf("the administrator can't sign in: %v", err)
				}
			})
		})
	}
}

func TestComplete_Once(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		token := f.prepare(t)
		var wg sync.WaitGroup
		results := make([]error, 5)
		for i := range results {
			wg.Go(func() {
				in := lantern()
				in.Login = fmt.Sprintf("lucia%d", i)
				_, results[i] = f.Complete(t.Context(), token, in)
			})
		}
		wg.Wait()
		won := 0
		for _, err := range results {
			switch {
			case err == nil:
				won++
			case !fault.Is(err, fault.SetupDone) && !fault.Is(err, fault.SetupTokenInvalid):
				t.Error(err)
			}
		}
		all, err := f.Accounts.All(t.Context())
		if err != nil || won != 1 || len(all) != 1 {
			t.Errorf("%d won, %d accounts, %v", won, len(all), err)
		}
		if token, err := f.Prepare(t.Context()); err != nil || token != "" {
			t.Errorf("prepared again: %q, %v", token, err)
		}
	})
}

func TestComplete_LeavesNothingWhenRefused(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		token := f.prepare(t)
		bad := lantern()
		bad.AccountName, bad.Login, bad.Password, bad.TimeZone, bad.Domain = "", "a b", "short", "Mars/Base", "my shop"
		_, err := f.Complete(t.Context(), token, bad)
		var names []string
		for _, field := range fault.FieldsOf(err) {
			names = append(names, field.Name+":"+field.Code)
		}
		want := []string{"account_name:required", "time_zone:unknown", "login:invalid", "password:too_short", "domain:invalid"}
		if !slices.Equal(names, want) {
			t.Errorf("got %v, want %v", names, want)
		}
		if _, err := f.Complete(t.Context(), "wrong", lantern()); !fault.Is(err, fault.SetupTokenInvalid) {
			t.Errorf("wrong token: %v", err)
		}
		if all, err := f.Accounts.All(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("left %v, %v", all, err)
		}
		if _, err := f.Complete(t.Context(), token, lantern()); err != nil {
			t.Errorf("the token was used up by a refusal: %v", err)
		}
	})
}

func TestMake_AddsAnAccount(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		if _, err := f.Complete(t.Context(), f.prepare(t), lantern()); err != nil {
			t.Fatal(err)
		}
		second := lantern()
		if _, err := f.Make(t.Context(), second); len(fault.FieldsOf(err)) != 1 || fault.FieldsOf(err)[0].Code != fault.FieldTaken {
			t.Errorf("the login twice: %v", err)
		}
		second.Login = "outra"
		if _, err := f.Make(t.Context(), second); err != nil {
			t.Error(err)
		}
		if all, err := f.Accounts.All(t.Context()); err != nil || len(all) != 2 {
			t.Errorf("%d accounts, %v", len(all), err)
		}
	})
}

// call returns the status, the code of a refusal with its fields, and the answer.
func (f *fixture) call(t *testing.T, method, path, body string, cookies ...*http.Cookie) (string, *http.Response, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, r)
	answer := w.Body.String()
	var p api.Problem
	if w.Code >= http.StatusBadRequest {
		if err := json.Unmarshal([]byte(answer), &p); err != nil {
			t.Fatalf("%v: %s", err, answer)
		}
	}
	refusal := string(p.Code)
	for _, field := range p.Fields {
		refusal += " " + field.Field + ":" + field.Code
	}
	response := w.Result()
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return refusal, response, answer
}

func TestRoutes(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		token := f.prepare(t)
		body := func(token, domain string) string {
			return fmt.Sprintf(`{"token":%q,"account_name":"Loja","name":"Lúcia","login":"lucia","email":"lucia@loja.example",
				"password":"uma boa senha","time_zone":"America/Sao_Paulo","language":"pt","domain":%q}`, token, domain)
		}
		if _, _, answer := f.call(t, "GET", "/api/setup", ""); !strings.Contains(answer, `{"needed":true}`) {
			t.Errorf("needed: %s", answer)
		}
		for _, step := range []struct{ body, refusal string }{
			{body("wrong", "loja.example"), "setup_token_invalid"},
			{body(token, "not a site"), "validation domain:invalid"},
			{`{}`, "validation account_name:required domain:required email:required language:required login:required name:required password:required time_zone:required token:required"},
		} {
			if refusal, r, _ := f.call(t, "POST", "/api/setup", step.body); refusal != step.refusal || len(r.Cookies()) != 0 {
				t.Errorf("%.60s: %s, want %s", step.body, refusal, step.refusal)
			}
		}
		refusal, r, answer := f.call(t, "POST", "/api/setup", body(token, "loja.example"))
		if refusal != "" || len(r.Cookies()) != 2 || !strings.Contains(answer, `"login":"lucia"`) || !strings.Contains(answer, `"agent.manage"`) {
			t.Fatalf("%s %s", refusal, answer)
		}
		if refusal, _, me := f.call(t, "GET", "/api/session", "", r.Cookies()...); refusal != "" || !strings.Contains(me, `"supervises_all":true`) {
			t.Errorf("with the cookie: %s %s", refusal, me)
		}
		if _, _, answer := f.call(t, "GET", "/api/setup", ""); !strings.Contains(answer, `{"needed":false}`) {
			t.Errorf("needed: %s", answer)
		}
		if refusal, _, _ := f.call(t, "POST", "/api/setup", body(token, "loja.example")); refusal != "setup_done" {
			t.Errorf("again: %s", refusal)
		}
		limited := false
		for range 10 {
			refusal, _, _ := f.call(t, "POST", "/api/setup", body("guess", "loja.example"))
			limited = limited || refusal == "rate_limited"
		}
		if !limited {
			t.Error("guesses are not limited")
		}
	})
}
