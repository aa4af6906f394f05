package site_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/site"
)

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
		f := newFixtureAt(t, st, "")
		eventlogtest.Account(t, st, "a")
		eventlogtest.Account(t, st, "b")
		mine, err := f.Create(t.Context(), "a", shop())
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := f.Create(t.Context(), "b", shop())
		if err != nil {
			t.Fatal(err)
		}
		a := api.New(api.Config{Title: "test", Version: "1", Logger: slog.New(slog.DiscardHandler), Sessions: sessions{}})
		f.Routes(a)
		handler := a.Handler(a.Mux)

		const admin, agent = "a/administrator", "a/agent"
		path := "/api/sites/" + mine.ID
		for _, step := range []struct {
			who, method, path, body string
			status                  int
			answer                  string
		}{
			{agent, "GET", "/api/sites", "", 200, `{"sites":[{"id":"` + mine.ID + `","name":"Loja","key":"` + mine.Key + `","allowed_domains":["loja.com.br","*.loja.com.br"],"language":"pt","active":true,"legacy_key":"","settings":{"chat_mode":"widget","call_mode":10,`},
			{agent, "GET", "/api/sites", "", 200, `src=\"http://chat.test/v/aceno.js\" data-key=\"` + mine.Key},
			{admin, "POST", "/api/sites", `{"name":"Blog","allowed_domains":["blog.example"],"language":"es"}`, 201, `"allowed_domains":["blog.example"],"language":"es","active":true`},
			{admin, "POST", "/api/sites", `{"name":"Blog","allowed_domains":[],"language":"es"}`, 422, "validation allowed_domains:too_short"},
			{admin, "POST", "/api/sites", `{"name":"Blog","allowed_domains":["https://x.com"],"language":"es"}`, 422, "validation allowed_domains[0]:invalid"},
			{admin, "POST", "/api/sites", `{"name":"Blog","allowed_domains":["x.com"],"language":"fr"}`, 422, "validation language:not_allowed"},
			{admin, "POST", "/api/sites", `{}`, 422, "validation allowed_domains:required language:required name:required"},
			{agent, "POST", "/api/sites", `{}`, 403, "forbidden"},
			{"", "POST", "/api/sites", `{}`, 401, "not_authenticated"},
			{admin, "PATCH", path, `{"settings":{"chat_mode":"widget"}}`, 422, "validation settings.call_mode:required settings.hide_when_offline:required settings.privacy:required settings.texts:required settings.theme:required"},
			{agent, "PATCH", path, `{"legacy_key":"abcdef"}`, 403, "forbidden"},
			{admin, "PATCH", path, `{"legacy_key":"abcdef"}`, 200, `"legacy_key":"abcdef"`},
			{admin, "PATCH", path, `{"active":false}`, 200, `"active":false`},
			{admin, "PATCH", path, `{"allowed_domains":["*"]}`, 200, `"allowed_domains":["*"]`},
			{admin, "PATCH", path, `{"key":"abcd"}`, 422, "validation key:unknown"},
			{agent, "PATCH", path, `{"active":true}`, 403, "forbidden"},
			{admin, "GET", path + "/identity-secret", "", 200, `{"secret":"` + site.IdentitySecret(secret.New(make([]byte, 32)), mine) + `"}`},
			{agent, "GET", path + "/identity-secret", "", 403, "forbidden"},
			{admin, "GET", "/api/sites/" + theirs.ID + "/identity-secret", "", 404, "not_found"},
			{admin, "PATCH", "/api/sites/" + theirs.ID, `{"active":false}`, 404, "not_found"},
		} {
			status, refusal, body := call(t, handler, step.who, step.method, step.path, step.body)
			if status != step.status || !strings.Contains(body+refusal, step.answer) || (status >= 400 && refusal != step.answer) {
				t.Errorf("%s %s %s %.40s: %d %s %s, want %d %s", step.who, step.method, step.path, step.body, status, refusal, body, step.status, step.answer)
			}
		}
		if kinds := f.recorder.Kinds(t, f.log, "a"); len(kinds) != 5 {
			t.Errorf("events %v, want one for each success", kinds)
		}
	})
}

func call(t *testing.T, h http.Handler, who, method, path, body string) (int, string, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Host = "chat.test"
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
