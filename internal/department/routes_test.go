package department_test

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
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
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

// defaults are the settings of a new department.
const defaults = `{"order":"round_robin","offer_seconds":15,"answer_seconds":60,"longest_wait_seconds":600,"overflow":{"department_id":null,"after_seconds":0},"sticky":false,"hours":{"time_zone":"","weekly":[],"holidays":[]},"authenticated_only":false,"inactivity":{"warn_minutes":0,"end_minutes":0},"gone_seconds":90,"service_level":{"first_response":{"warn":0,"breach":0},"response":{"warn":0,"breach":0},"handling":{"warn":0,"breach":0}},"form_id":null}`

func TestRoutes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		eventlogtest.Account(t, st, "a")
		eventlogtest.Account(t, st, "b")
		mine, theirs := f.create(t, "a", "Vendas"), f.create(t, "b", "Alheio")
		f.attended[mine.ID] = true
		a := api.New(api.Config{Title: "test", Version: "1", Logger: slog.New(slog.DiscardHandler), Sessions: sessions{}})
		f.Routes(a)
		handler := a.Handler(a.Mux)

		const admin, agent = "a/administrator", "a/agent"
		path := "/api/departments/" + mine.ID
		for _, step := range []struct {
			who, method, path, body string
			status                  int
			answer                  string
		}{
			{agent, "GET", "/api/departments", "", 200, `{"departments":[{"id":"` + mine.ID + `","name":"Vendas","display_name":"Vendas","description":"","email":"","position":0,"active":true,"settings":` + defaults + `,"open":true,"online":true}]}`},
			{admin, "POST", "/api/departments", `{"name":"Suporte","display_name":"Ajuda","description":"Dúvidas","position":7}`, 201, `"name":"Suporte","display_name":"Ajuda","description":"Dúvidas","email":"","position":7,"active":true,"settings":` + defaults + `,"open":true,"online":false}`},
			{admin, "PATCH", path, `{"email":"not an address"}`, 422, "validation email:invalid"},
			{admin, "PATCH", path, `{"email":" vendas@loja.example "}`, 200, `"email":"vendas@loja.example"`},
			{admin, "PATCH", path, `{"email":""}`, 200, `"email":""`},
			{admin, "POST", "/api/departments", `{"name":"Suporte"}`, 422, "validation name:taken"},
			{admin, "POST", "/api/departments", `{}`, 422, "validation name:required"},
			{admin, "POST", "/api/departments", `{"name":" "}`, 422, "validation name:required"},
			{admin, "POST", "/api/departments", `{"name":"x","position":-1}`, 422, "validation position:too_small"},
			{admin, "POST", "/api/departments", `{"name":"x","description":"` + strings.Repeat("x", 401) + `"}`, 422, "validation description:too_long"},
			{agent, "POST", "/api/departments", `{"name":"x"}`, 403, "forbidden"},
			{"", "POST", "/api/departments", `{"name":"x"}`, 401, "not_authenticated"},
			{admin, "PATCH", path, `{"active":false}`, 200, `"open":true,"online":false}`},
			{admin, "PATCH", path, `{"active":true,"position":1000}`, 200, `"position":1000,"active":true,"settings":` + defaults + `,"open":true,"online":true}`},
			{admin, "PATCH", path, `{"position":1001}`, 422, "validation position:too_large"},
			{admin, "PATCH", path, `{"settings":{"offer_seconds":4}}`, 422, "validation settings.offer_seconds:too_small"},
			{admin, "PATCH", path, `{"settings":{"answer_seconds":5}}`, 422, "validation settings.answer_seconds:too_small"},
			{admin, "PATCH", path, `{"settings":{"overflow":{"department_id":"` + theirs.ID + `","after_seconds":30}}}`, 422, "validation settings.overflow.department_id:unknown"},
			{admin, "PATCH", path, `{"settings":{"overflow":{"department_id":"` + mine.ID + `","after_seconds":30}}}`, 422, "validation settings.overflow.department_id:contradiction"},
			{admin, "PATCH", path, `{"settings":{"hours":{"time_zone":"Mars/Base","weekly":[],"holidays":[]}}}`, 422, "validation settings.hours.time_zone:unknown"},
			{admin, "PATCH", path, `{"settings":{"hours":{"time_zone":"","weekly":[{"day":7,"from":"08:00","to":"18:00"}],"holidays":[]}}}`, 422, "validation settings.hours.weekly[0].day:too_large"},
			{admin, "PATCH", path, `{"settings":{"hours":{"time_zone":"","weekly":[{"day":1,"from":"8h","to":"18:00"}],"holidays":[]}}}`, 422, "validation settings.hours.weekly[0].from:invalid"},
			{admin, "PATCH", path, `{"settings":{"colour":"red"}}`, 422, "validation settings.colour:unknown"},
			{agent, "PATCH", path, `{"settings":{"sticky":true}}`, 403, "forbidden"},
			{admin, "PATCH", path, `{"settings":{"sticky":true}}`, 200, `"sticky":true`},
			{admin, "PATCH", path, `{"account_id":"b"}`, 422, "validation account_id:unknown"},
			{agent, "PATCH", path, `{"active":false}`, 403, "forbidden"},
			{admin, "PATCH", "/api/departments/" + theirs.ID, `{"active":false}`, 404, "not_found"},
			{"", "GET", "/api/departments", "", 401, "not_authenticated"},
		} {
			status, refusal, body := call(t, handler, step.who, step.method, step.path, step.body)
			if status != step.status || !strings.Contains(body+refusal, step.answer) || (status >= 400 && refusal != step.answer) {
				t.Errorf("%s %s %s %.40s: %d %s %s, want %d %s", step.who, step.method, step.path, step.body, status, refusal, body, step.status, step.answer)
			}
		}
		if kinds := f.recorder.Kinds(t, f.log, "a"); len(kinds) != 7 {
			t.Errorf("events %v, want one for each success", kinds)
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
