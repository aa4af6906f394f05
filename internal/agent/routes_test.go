package agent_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// browser is somebody who calls the routes and keeps the cookies.
type browser struct {
	handler http.Handler
	cookie  *http.Cookie
	device  *http.Cookie
	from    string // its address; that of httptest when empty
	https   bool
}

func (f *fixture) browser() *browser {
	a := api.New(api.Config{Title: "test", Version: "1", Logger: slog.New(slog.DiscardHandler), Clock: f.clock, Sessions: f})
	f.Routes(a)
	return &browser{handler: a.Handler(a.Mux)}
}

// call returns the status, the code of a refusal with its fields, and the body.
func (b *browser) call(t *testing.T, method, path, body string) (int, string, []byte) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if b.https {
		r.Header.Set("X-Forwarded-Proto", "https")
	}
	if b.from != "" {
		r.RemoteAddr = net.JoinHostPort(b.from, "4711")
	}
	for _, c := range []*http.Cookie{b.cookie, b.device} {
		if c != nil {
			r.AddCookie(c)
		}
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.Name == api.SessionCookie {
			b.cookie = c
		} else {
			b.device = c
		}
	}
	var p api.Problem
	if w.Code >= http.StatusBadRequest {
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, w.Body)
		}
	}
	refusal := string(p.Code)
	for _, f := range p.Fields {
		refusal += " " + f.Field + ":" + f.Code
	}
	return w.Code, refusal, w.Body.Bytes()
}

// as returns a browser in which the agent is signed in.
func (f *fixture) as(t *testing.T, login string) *browser {
	t.Helper()
	b := f.browser()
	if status, refusal, _ := b.call(t, "POST", "/api/session", fmt.Sprintf(`{"login":%q,"password":%q}`, login, password)); status != http.StatusOK {
		t.Fatalf("sign in as %s: %d %s", login, status, refusal)
	}
	return b
}

func decode[T any](t *testing.T, body []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return v
}

func TestSessionRoutes(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		b := f.browser()
		if status, refusal, _ := b.call(t, "GET", "/api/session", ""); status != 401 || refusal != "not_authenticated" {
			t.Errorf("without a cookie: %d %s", status, refusal)
		}
		status, _, body := b.call(t, "POST", "/api/session", `{"login":"ANA","password":"`+password+`"}`)
		me := decode[map[string]any](t, body)
		if status != 200 || me["supervises_all"] != false || me["account"].(map[string]any)["time_zone"] != "America/Sao_Paulo" {
			t.Fatalf("sign in: %d %s", status, body)
		}
		members := []string{"account", "agent", "permissions", "preferences", "returned", "supervises_all"}
		if got := sortedKeys(me); !slices.Equal(got, members) {
			t.Errorf("Me has %v, want %v", got, members)
		}
		members = []string{
			"active", "active_conversations", "conversation_limit", "department_ids", "email", "first_connection_at", "id", "languages",
			"last_access_at", "login", "method", "name", "phone", "photo_url", "portrait_url", "present", "role", "skills", "status",
		}
		if got := sortedKeys(me["agent"].(map[string]any)); !slices.Equal(got, members) {
			t.Errorf("Agent has %v, want %v", got, members)
		}
		c := b.cookie
		if c == nil || !c.HttpOnly || c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.MaxAge <= 0 {
			t.Errorf("cookie %+v", c)
		}
		for _, step := range []struct {
			method, path, body string
			status             int
			answer             string
		}{
			{"GET", "/api/session", "", 200, `"login":"ana"`},
			{"PUT", "/api/session/status", `{"status":"busy"}`, 200, `"status":"busy"`},
			{"PUT", "/api/session/status", `{"status":"away"}`, 422, "validation status:not_allowed"},
			{"PUT", "/api/session/status", `{}`, 422, "validation status:required"},
			{"PUT", "/api/session/preferences", `{"grid":{"width":[1,2.5]}}`, 200, `"preferences":{"grid":{"width":[1,2.5]}}`},
			{"PUT", "/api/session/preferences", `[1]`, 422, "validation body:invalid"},
			{"PUT", "/api/session/preferences", `null`, 422, "validation body:invalid"},
			{"PUT", "/api/session/preferences", `{"a":`, 400, "malformed_request body:invalid"},
			{"PUT", "/api/session/preferences", `{"a":"` + strings.Repeat("x", agent.PreferencesMax) + `"}`, 413, "request_too_large"},
			{"PUT", "/api/session/preferences", `{"a":` + strings.Repeat("[", 13) + strings.Repeat("]", 13) + `}`, 422, "validation preferences:too_large"},
			{"DELETE", "/api/session?conversations=leave", "", 422, "validation conversations:not_allowed"},
			{"DELETE", "/api/session?conversations=keep", "", 204, ""},
		} {
			status, refusal, body := b.call(t, step.method, step.path, step.body)
			if answer := string(body) + refusal; status != step.status || !strings.Contains(answer, step.answer) || (status >= 400 && refusal != step.answer) {
				t.Errorf("%s %s %.40s: %d %s %s, want %d %s", step.method, step.path, step.body, status, refusal, body, step.status, step.answer)
			}
		}
		if b.cookie.Value != "" || b.cookie.MaxAge >= 0 {
			t.Errorf("the cookie stays: %+v", b.cookie)
		}
		b.cookie = c
		if status, refusal, _ := b.call(t, "GET", "/api/session", ""); status != 401 || refusal != "session_ended" {
			t.Errorf("after signing out: %d %s", status, refusal)
		}
		if ended := f.ended(t); len(ended) != 1 || ended[0].Conversations != agent.Keep {
			t.Errorf("told %v", ended)
		}
	})
}

func TestSignInRoute_Refuses(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		b := f.browser()
		for body, want := range map[string]string{
			`{"login":"ana","password":"wrong"}`:                            "invalid_credentials",
			`{"login":"eva","password":"wrong"}`:                            "invalid_credentials",
			`{"login":"","password":"x"}`:                                   "validation login:too_short",
			`{"login":"ana"}`:                                               "validation password:required",
			`{"login":"ana","password":"` + strings.Repeat("a", 129) + `"}`: "validation password:too_long",
			`nonsense`: "malformed_request body:invalid",
		} {
			if _, refusal, _ := b.call(t, "POST", "/api/session", body); refusal != want {
				t.Errorf("%.50s: %s, want %s", body, refusal, want)
			}
		}
		if b.cookie != nil {
			t.Errorf("a refusal set %v", b.cookie)
		}
	})
}

func TestSignInRoute_SecureBehindTLS(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		b := f.browser()
		b.https = true
		if b.call(t, "POST", "/api/session", `{"login":"ana","password":"`+password+`"}`); b.cookie == nil || !b.cookie.Secure {
			t.Errorf("cookie %+v", b.cookie)
		}
	})
}

func TestSignInRoute_EndsTheOtherBrowser(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		first, second := f.as(t, "ana"), f.as(t, "ana")
		if status, refusal, _ := first.call(t, "GET", "/api/session", ""); status != 401 || refusal != string(fault.SessionReplaced) {
			t.Errorf("the first browser: %d %s", status, refusal)
		}
		if status, _, _ := second.call(t, "GET", "/api/session", ""); status != 200 {
			t.Errorf("the second browser: %d", status)
		}
	})
}

func TestAgentRoutes(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, boss())
		f.create(t, ana())
		admin, plain := f.as(t, "chefe"), f.as(t, "ana")
		status, _, body := admin.call(t, "POST", "/api/agents", `{"login":"Bia","name":"Bia","email":"bia@x.io","password":"12345678","role":"supervisor",
			"department_ids":["`+sales+`"],"method":"manual","conversation_limit":2}`)
		bia := decode[agent.Agent](t, body)
		if status != 201 || bia.Login != "bia" || bia.Role != "supervisor" || bia.Method != agent.Manual || bia.ConversationLimit != 2 || !bia.Serves(sales) {
			t.Fatalf("create: %d %s", status, body)
		}
		if strings.Contains(string(body), "password") || strings.Contains(string(body), "argon") {
			t.Errorf("a secret was sent: %s", body)
		}
		path := "/api/agents/" + bia.ID
		for _, step := range []struct {
			who                *browser
			method, path, body string
			status             int
			answer             string
		}{
			{plain, "GET", "/api/agents", "", 200, `"login":"bia"`},
			{plain, "POST", "/api/agents", `{}`, 403, "forbidden"},
			{plain, "PATCH", path, `{"name":"Eva"}`, 403, "forbidden"},
			{f.browser(), "GET", "/api/agents", "", 401, "not_authenticated"},
			{f.browser(), "PATCH", path, `{"name":"Eva"}`, 401, "not_authenticated"},
			{admin, "PATCH", path, `{"name":"Beatriz","active":false}`, 200, `"name":"Beatriz"`},
			{admin, "PATCH", path, `{}`, 200, `"active":false`},
			{admin, "PATCH", path, `{"conversation_limit":0}`, 422, "validation conversation_limit:too_small"},
			{admin, "PATCH", path, `{"conversation_limit":51}`, 422, "validation conversation_limit:too_large"},
			{admin, "PATCH", path, `{"method":"luck"}`, 422, "validation method:not_allowed"},
			{admin, "PATCH", path, `{"login":"ANA"}`, 422, "validation login:taken"},
			{admin, "PATCH", path, `{"department_ids":["` + alien + `"]}`, 422, "validation department_ids:unknown"},
			{admin, "PATCH", path, `{"department_ids":["x"]}`, 422, "validation department_ids:unknown"},
			{admin, "PATCH", path, `{"photo":"x"}`, 422, "validation photo:unknown"},
			{admin, "PATCH", "/api/agents/" + alien, `{"name":"Eva"}`, 404, "not_found"},
			{admin, "PATCH", "/api/agents/1", `{"name":"Eva"}`, 422, "validation id:invalid"},
		} {
			status, refusal, body := step.who.call(t, step.method, step.path, step.body)
			if answer := string(body) + refusal; status != step.status || !strings.Contains(answer, step.answer) || (status >= 400 && refusal != step.answer) {
				t.Errorf("%s %s %.40s: %d %s %s, want %d %s", step.method, step.path, step.body, status, refusal, body, step.status, step.answer)
			}
		}
		me := decode[agent.Me](t, second(admin.call(t, "GET", "/api/session", "")))
		if status, refusal, _ := admin.call(t, "PATCH", "/api/agents/"+me.Agent.ID, `{"role":"agent"}`); status != 409 || refusal != "last_administrator" {
			t.Errorf("the last administrator: %d %s", status, refusal)
		}
	})
}

func second(_ int, _ string, body []byte) []byte { return body }

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
