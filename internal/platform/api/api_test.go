package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

type sessions struct{}

func (sessions) Actor(_ context.Context, token string) (api.ActorInfo, error) {
	switch token {
	case "ana":
		return api.ActorInfo{AccountID: "acc", AgentID: "ana", Permissions: map[api.Permission]bool{"thing.make": true}}, nil
	case "bruno":
		return api.ActorInfo{AccountID: "acc", AgentID: "bruno"}, nil
	}
	return api.ActorInfo{}, fault.New(fault.SessionEnded)
}

type visitors struct{}

func (visitors) Visitor(_ context.Context, token, origin string) (api.VisitorInfo, error) {
	if origin != "https://shop.example" {
		return api.VisitorInfo{}, fault.New(fault.OriginRefused)
	}
	if token != "maria" {
		return api.VisitorInfo{}, fault.New(fault.VisitorUnknown)
	}
	return api.VisitorInfo{VisitorID: "maria"}, nil
}

type makeIn struct {
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"5000"`
		Kind string `json:"kind" enum:"a,b"`
	}
}

type nameOut struct {
	Body struct {
		Name string `json:"name"`
	}
}

func surface(t *testing.T) (*api.API, http.Handler) {
	t.Helper()
	a := api.New(api.Config{
		Title: "test", Version: "1", Logger: slog.New(slog.DiscardHandler), Sessions: sessions{}, Visitors: visitors{},
		Clock: clock.NewFake(time.UnixMilli(0)),
	})
	api.Register(a, api.Route{Method: "POST", Path: "/api/things", Permission: "thing.make", Summary: "Make", Tag: "things", Status: 201, MaxBody: 8 << 10},
		func(ctx context.Context, _ *makeIn) (*nameOut, error) {
			out := &nameOut{}
			out.Body.Name = api.Actor(ctx).AgentID
			return out, nil
		})
	api.Register(a, api.Route{Method: "GET", Path: "/v/me", Visitor: true, Summary: "Me", Tag: "visitor"},
		func(ctx context.Context, _ *struct{}) (*nameOut, error) {
			out := &nameOut{}
			out.Body.Name = api.Visitor(ctx).VisitorID
			return out, nil
		})
	api.Register(a, api.Route{
		Method: "GET", Path: "/api/limited", Public: true, Summary: "Limited", Tag: "things",
		Rate: &api.Rate{Burst: 2, Per: time.Minute, By: api.ByAddress},
	}, func(context.Context, *struct{}) (*nameOut, error) { return &nameOut{}, nil })
	api.Register(a, api.Route{Method: "GET", Path: "/api/fails", Public: true, Summary: "Fails", Tag: "things"},
		func(context.Context, *struct{}) (*nameOut, error) {
			return nil, errors.New("the disk is full of secrets")
		})
	api.Register(a, api.Route{Method: "GET", Path: "/api/panics", Public: true, Summary: "Panics", Tag: "things"},
		func(context.Context, *struct{}) (*nameOut, error) { panic("secrets") })
	api.Register(a, api.Route{Method: "POST", Path: "/api/upload", Public: true, Summary: "Upload", Tag: "things", MaxBody: 1 << 10},
		func(context.Context, *struct{ RawBody multipart.Form }) (*nameOut, error) { return &nameOut{}, nil })
	return a, a.Handler(a.Mux)
}

type call struct {
	method, path, body, cookie, language, bearer, origin, contentType string
}

func do(t *testing.T, h http.Handler, c call) (*httptest.ResponseRecorder, api.Problem) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), c.method, c.path, strings.NewReader(c.body))
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.contentType != "" {
		r.Header.Set("Content-Type", c.contentType)
	}
	if c.cookie != "" {
		r.AddCookie(&http.Cookie{Name: api.SessionCookie, Value: c.cookie})
	}
	if c.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	r.Header.Set("Origin", c.origin)
	r.Header.Set("Accept-Language", c.language)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var p api.Problem
	if w.Code >= 400 {
		if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
			t.Errorf("%s %s: a refusal of type %q: %s", c.method, c.path, got, w.Body)
		}
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatalf("%s %s: %v in %q", c.method, c.path, err, w.Body)
		}
		if p.RequestID == "" || p.RequestID != w.Header().Get("X-Request-Id") || p.Detail == "" || p.Status != w.Code {
			t.Errorf("%s %s: an incomplete problem: %+v", c.method, c.path, p)
		}
	}
	return w, p
}

func TestRoutes_AnswerWithStatusAndCode(t *testing.T) {
	_, h := surface(t)
	good := `{"text":"x","kind":"a"}`
	rows := map[string]struct {
		call   call
		status int
		code   fault.Code
	}{
		"works":             {call{method: "POST", path: "/api/things", body: good, cookie: "ana"}, 201, ""},
		"no session":        {call{method: "POST", path: "/api/things", body: good}, 401, fault.NotAuthenticated},
		"ended session":     {call{method: "POST", path: "/api/things", body: good, cookie: "old"}, 401, fault.SessionEnded},
		"no permission":     {call{method: "POST", path: "/api/things", body: good, cookie: "bruno"}, 403, fault.Forbidden},
		"not JSON":          {call{method: "POST", path: "/api/things", body: "{", cookie: "ana"}, 400, fault.MalformedRequest},
		"not a JSON type":   {call{method: "POST", path: "/api/things", body: good, cookie: "ana", contentType: "text/xml"}, 415, fault.UnsupportedType},
		"too large":         {call{method: "POST", path: "/api/things", body: strings.Repeat(" ", 9<<10) + good, cookie: "ana"}, 413, fault.RequestTooLarge},
		"visitor":           {call{method: "GET", path: "/v/me", bearer: "maria", origin: "https://shop.example"}, 200, ""},
		"visitor forged":    {call{method: "GET", path: "/v/me", bearer: "eve", origin: "https://shop.example"}, 401, fault.VisitorUnknown},
		"visitor elsewhere": {call{method: "GET", path: "/v/me", bearer: "maria", origin: "https://evil.example"}, 403, fault.OriginRefused},
		"visitor unknown":   {call{method: "GET", path: "/v/me"}, 401, fault.VisitorUnknown},
		"fails":             {call{method: "GET", path: "/api/fails"}, 500, fault.Internal},
		"panics":            {call{method: "GET", path: "/api/panics"}, 500, fault.Internal},
		"large upload": {call{
			method: "POST", path: "/api/upload", contentType: "multipart/form-data; boundary=x",
			body: "--x\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n" + strings.Repeat("a", 2<<10) + "\r\n--x--\r\n",
		}, 413, fault.RequestTooLarge},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			w, p := do(t, h, row.call)
			if w.Code != row.status || p.Code != row.code {
				t.Fatalf("%d %s, want %d %s: %s", w.Code, p.Code, row.status, row.code, w.Body)
			}
			if strings.Contains(w.Body.String(), "secrets") {
				t.Fatalf("an internal cause was sent: %s", w.Body)
			}
		})
	}
}

func TestValidation_NamesTheFieldAndTheLimitInTheCallersLanguage(t *testing.T) {
	_, h := surface(t)
	rows := []struct {
		body  string
		field api.ProblemField
	}{
		{`{"text":"` + strings.Repeat("a", 5001) + `","kind":"a"}`, api.ProblemField{Field: "text", Code: "too_long", Detail: "No máximo 5.000 caracteres.", Limit: 5000.0}},
		{`{"text":"","kind":"a"}`, api.ProblemField{Field: "text", Code: "too_short", Detail: "Pelo menos 1 caracteres.", Limit: 1.0}},
		{`{"text":"x"}`, api.ProblemField{Field: "kind", Code: "required", Detail: "Preencha este campo."}},
		{`{"text":"x","kind":"c"}`, api.ProblemField{Field: "kind", Code: "not_allowed", Detail: "Use um destes valores: a, b", Limit: "a, b"}},
		{`{"text":7,"kind":"a"}`, api.ProblemField{Field: "text", Code: "invalid", Detail: "O valor não é válido. string", Limit: "string"}},
		{`{"text":"x","kind":"a","more":1}`, api.ProblemField{Field: "more", Code: "unknown", Detail: "Não existe."}},
	}
	for _, row := range rows {
		w, p := do(t, h, call{method: "POST", path: "/api/things", body: row.body, cookie: "ana", language: "pt-BR"})
		if w.Code != 422 || len(p.Fields) != 1 || p.Fields[0] != row.field {
			t.Errorf("%.40s: %d %+v, want %+v", row.body, w.Code, p.Fields, row.field)
		}
	}
}

func TestRate_RefusesWithTheTimeToWait(t *testing.T) {
	_, h := surface(t)
	for range 2 {
		if w, _ := do(t, h, call{method: "GET", path: "/api/limited"}); w.Code != 200 {
			t.Fatalf("refused within the burst: %d", w.Code)
		}
	}
	w, p := do(t, h, call{method: "GET", path: "/api/limited"})
	if w.Code != 429 || p.Code != fault.RateLimited || w.Header().Get("Retry-After") == "" || strings.Contains(p.Detail, "{") {
		t.Fatalf("%d %+v", w.Code, p)
	}
}

// The addresses of one /64 are one caller, the next /64 is another, and IPv4 counts by address however it is written.
func TestRate_CountsIPv6ByNetwork(t *testing.T) {
	_, h := surface(t)
	for _, row := range []struct {
		from   string
		status int
	}{
		{"[2001:db8:1:2::1]:1", 200},
		{"[2001:db8:1:2::2]:1", 200},
		{"[2001:db8:1:2:ffff:ffff:ffff:ffff]:1", 429},
		{"[2001:db8:1:3::1]:1", 200},
		{"203.0.113.7:1", 200},
		{"[::ffff:203.0.113.7]:1", 200},
		{"203.0.113.7:2", 429},
		{"203.0.113.8:1", 200},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/limited", http.NoBody)
		r.RemoteAddr = row.from
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != row.status {
			t.Errorf("%s: %d, want %d", row.from, w.Code, row.status)
		}
	}
}

func TestDocument_StatesPermissionsErrorsAndLimits(t *testing.T) {
	a, _ := surface(t)
	document, err := json.Marshal(a.Huma.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"x-permission":"thing.make"`, `"maxLength":5000`, "`session_ended`", "At most 2 requests at once", `"cookie"`, "at most 8192 bytes",
		`"conversation_ended"`,
	} {
		if !strings.Contains(string(document), want) {
			t.Errorf("the document does not say %s", want)
		}
	}
	if len(a.Routes()) != 6 {
		t.Errorf("%d routes, want 6", len(a.Routes()))
	}
	if _, ok := a.Huma.OpenAPI().Paths["/api/things"]; !ok || a.Huma.OpenAPI().OpenAPI != "3.1.0" {
		t.Error("no OpenAPI 3.1 path for the route")
	}
	_ = a.Huma
}

func TestOnce_RunsACommandOncePerKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		runs := 0
		command := func(actor, key string, fail error) (string, bool, error) {
			var result string
			var replayed bool
			err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				var err error
				result, replayed, err = api.Once(ctx, tx, "acc", actor, key, 1000, func() (string, error) {
					runs++
					return "done by " + actor, fail
				})
				return err
			})
			return result, replayed, err
		}
		for i, want := range []bool{false, true, true} {
			result, replayed, err := command("ana", "key-1", nil)
			if err != nil || replayed != want || result != "done by ana" {
				t.Fatalf("call %d: %q, replayed %v, %v", i, result, replayed, err)
			}
		}
		if _, replayed, err := command("bruno", "key-1", nil); err != nil || replayed {
			t.Fatalf("another actor's key: replayed %v, %v", replayed, err)
		}
		if _, _, err := command("ana", "key-2", fault.New(fault.QueueEmpty)); !fault.Is(err, fault.QueueEmpty) {
			t.Fatal(err)
		}
		if _, replayed, err := command("ana", "key-2", nil); err != nil || replayed {
			t.Fatalf("after a failure: replayed %v, %v", replayed, err)
		}
		if runs != 4 {
			t.Fatalf("ran %d times, want 4", runs)
		}
		for _, bad := range []string{"", strings.Repeat("k", 65), "a b", "ção"} {
			if _, _, err := command("ana", bad, nil); !fault.Is(err, fault.IdempotencyKey) {
				t.Errorf("key %q: %v", bad, err)
			}
		}
		if err := api.ForgetOnce(t.Context(), st, 2000); err != nil {
			t.Fatal(err)
		}
		if _, replayed, err := command("ana", "key-1", nil); err != nil || replayed {
			t.Fatalf("after forgetting: replayed %v, %v", replayed, err)
		}
	})
}
