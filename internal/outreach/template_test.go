package outreach

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func TestTemplates_AreChecked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		image, err := w.AddImage(t.Context(), "a", bytes.NewReader(pictureOf(t, 30, 20)))
		if err != nil {
			t.Fatal(err)
		}
		foreign, err := w.AddImage(t.Context(), "b", bytes.NewReader(pictureOf(t, 30, 20)))
		if err != nil {
			t.Fatal(err)
		}
		texts := &Texts{PT: Text{Title: "Olá"}}
		link := new("https://loja.example.com/oferta")
		for name, row := range map[string]struct {
			kind Kind
			c    Changes
			want string
		}{
			"a card":                     {Invite, Changes{Texts: texts}, ""},
			"a picture":                  {Invite, Changes{Style: new(PictureAlone), ImageID: &image.ID, ImageAlt: new("Atendente")}, ""},
			"a promotion":                {Promotion, Changes{Texts: texts, Link: link}, ""},
			"no words":                   {Invite, Changes{}, "texts:required"},
			"no picture":                 {Invite, Changes{Style: new(PictureAlone)}, "image_alt:required image_id:required"},
			"another account's picture":  {Invite, Changes{Texts: texts, ImageID: &foreign.ID}, "image_id:unknown"},
			"a promotion without a link": {Promotion, Changes{Texts: texts}, "link:required"},
			"an invite with a link":      {Invite, Changes{Texts: texts, Link: link}, "link:not_allowed"},
			"a link to a script":         {Promotion, Changes{Texts: texts, Link: new("javascript:alert(1)")}, "link:invalid"},
			"a link to a router":         {Promotion, Changes{Texts: texts, Link: new("http://192.168.1.1/")}, "link:private_network"},
			"a redirect":                 {Redirect, Changes{Texts: texts}, "kind:not_allowed"},
			"another department":         {Invite, Changes{Texts: texts, DepartmentID: new("elsewhere")}, "department_id:unknown"},
			"no department":              {Invite, Changes{Texts: texts, DepartmentID: new("")}, ""},
			"too long to read":           {Invite, Changes{Texts: &Texts{EN: Text{Title: strings.Repeat("x", TitleMax+1)}}}, "texts.en.title:too_long"},
			"for ever":                   {Invite, Changes{Texts: texts, Seconds: new(SecondsMax + 1)}, "seconds:too_large"},
			"outside":                    {Invite, Changes{Texts: texts, Position: new(Position("above"))}, "position:not_allowed"},
			"dancing":                    {Invite, Changes{Texts: texts, Animation: new(Animation("dance"))}, "animation:not_allowed"},
			"for a role there is not":    {Invite, Changes{Texts: texts, UsableBy: &Usable{Roles: []access.Role{"king"}}}, "usable_by.roles:not_allowed"},
		} {
			row.c.Name = new(name)
			_, err := w.Create(t.Context(), "a", row.kind, row.c)
			var got []string
			for _, f := range fault.FieldsOf(err) {
				got = append(got, f.Name+":"+f.Code)
			}
			slices.Sort(got)
			if strings.Join(got, " ") != row.want || row.want == "" && err != nil {
				t.Errorf("%s: %v, want %q", name, err, row.want)
			}
		}
		_, err = w.Create(t.Context(), "a", Invite, Changes{Name: new("a card"), Texts: texts})
		if f := fault.FieldsOf(err); len(f) != 1 || f[0].Code != fault.FieldTaken {
			t.Errorf("the same name again: %v", err)
		}
	})
}

func TestUpdate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		made := w.invite(func(c *Changes) { c.DepartmentID = new("sales") })
		to, err := w.Update(t.Context(), "a", made.ID, Changes{Active: new(false), DepartmentID: new("")})
		if err != nil || to.Active || to.DepartmentID != nil || to.Name != made.Name || to.Texts != made.Texts {
			t.Errorf("%+v, %v", to, err)
		}
		if known, ok := w.Template("a", made.ID); !ok || known.Active || known.UpdatedAt != to.UpdatedAt {
			t.Errorf("memory holds %+v", known)
		}
		_, err = w.Update(t.Context(), "b", made.ID, Changes{Active: new(true)})
		wantCode(t, "another account's", err, fault.NotFound)
	})
}

func TestAddImage_TakesPicturesOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		good := pictureOf(t, 40, 30)
		for name, row := range map[string]struct {
			data []byte
			want fault.Code
		}{
			"a picture":            {good, ""},
			"nothing":              {nil, fault.FileEmpty},
			"an SVG with a script": {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), fault.ImageRefused},
			"a page":               {[]byte("<!doctype html><p>hello"), fault.ImageRefused},
			"half a picture":       {good[:len(good)/2], fault.ImageRefused},
			"only the beginning":   {[]byte("GIF89a"), fault.ImageRefused},
			"too many bytes":       {append(slices.Clone(good), make([]byte, ImageMaxBytes)...), fault.ImageTooLarge},
			"too wide":             {pictureOf(t, ImageMaxSide+1, 1), fault.ImageTooLarge},
			"as wide as it may be": {pictureOf(t, ImageMaxSide, 1), ""},
		} {
			image, err := w.AddImage(t.Context(), "a", bytes.NewReader(row.data))
			wantCode(t, name, err, row.want)
			if err == nil && (image.Width == 0 || image.URL != "/v/images/"+image.ID) {
				t.Errorf("%s: %+v", name, image)
			}
		}
	})
}

type sessions struct{}

func (sessions) Actor(_ context.Context, token string) (api.ActorInfo, error) {
	return actor(token, access.RolePermissions(access.Role(token))...), nil
}

func TestRoutes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		a := api.New(api.Config{Title: "test", Version: "1", Logger: slog.New(slog.DiscardHandler), Sessions: sessions{}})
		w.Routes(a)
		handler := a.Handler(a.Mux)
		do := func(who, method, path, contentType string, body []byte) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, path, bytes.NewReader(body))
			r.Header.Set("Content-Type", contentType)
			r.AddCookie(&http.Cookie{Name: api.SessionCookie, Value: who})
			answer := httptest.NewRecorder()
			handler.ServeHTTP(answer, r)
			return answer
		}
		var form bytes.Buffer
		m := multipart.NewWriter(&form)
		part, _ := m.CreateFormFile("file", "evil.html")
		_, _ = part.Write(pictureOf(t, 30, 20))
		_ = m.Close()
		answer := do("administrator", "POST", "/api/outreach/images", m.FormDataContentType(), form.Bytes())
		var image Image
		if err := json.Unmarshal(answer.Body.Bytes(), &image); err != nil || answer.Code != http.StatusCreated || image.Width != 30 {
			t.Fatalf("upload: %d %s", answer.Code, answer.Body)
		}
		answer = do("", "GET", image.URL, "", nil)
		if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != "image/png" || answer.Header().Get("X-Content-Type-Options") != "nosniff" ||
			!strings.HasPrefix(answer.Header().Get("Content-Security-Policy"), "sandbox") || !strings.Contains(answer.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("picture: %d %v", answer.Code, answer.Header())
		}
		visit := w.arrive("maria")
		template := w.invite(func(c *Changes) { c.UsableBy = &Usable{Roles: []access.Role{access.Supervisor}} })
		for _, step := range []struct {
			who, method, path, body string
			status                  int
			answer                  string
		}{
			{"administrator", "POST", "/api/outreach/templates", `{"kind":"invite","name":"Oi","texts":{"pt":{"title":"Oi","text":"","button":""},"en":{"title":"","text":"","button":""},"es":{"title":"","text":"","button":""}},"image_id":"` + image.ID + `"}`, 201, `"url":"` + image.URL + `"`},
			{"administrator", "POST", "/api/outreach/templates", `{"kind":"invite","name":"Nada"}`, 422, "texts"},
			{"agent", "POST", "/api/outreach/templates", `{"kind":"invite","name":"Nada"}`, 403, "forbidden"},
			{"agent", "GET", "/api/outreach/templates", "", 200, `"name":"Oi"`},
			{"administrator", "GET", "/api/outreach/templates", "", 200, template.ID},
			{"agent", "POST", "/api/outreach/deliveries", `{"client_id":"1","visit_ids":["` + visit + `"],"template_id":"` + template.ID + `"}`, 404, "not_found"},
			{"agent", "POST", "/api/outreach/deliveries", `{"client_id":"1","visit_ids":["` + visit + `"]}`, 422, "template_id"},
			{"agent", "POST", "/api/outreach/deliveries", `{"client_id":"1","visit_ids":["` + visit + `"],"url":"http://10.0.0.1/"}`, 422, "private_network"},
			{"agent", "POST", "/api/outreach/deliveries", `{"client_id":"1","visit_ids":["` + visit + `"],"url":"https://loja.example.com/"}`, 200, `"state":"queued"`},
			{"agent", "POST", "/api/outreach/deliveries", `{"client_id":"1","visit_ids":[],"url":"https://loja.example.com/"}`, 422, "visit_ids"},
			{"agent", "GET", "/api/outreach/deliveries?visitor_id=maria", "", 200, `"kind":"redirect"`},
			{"administrator", "PUT", "/api/outreach/settings", `{"per_visit":0,"redirect":"anywhere"}`, 422, "per_visit"},
			{"administrator", "PUT", "/api/outreach/settings", `{"per_visit":2,"redirect":"own_domains"}`, 200, `"per_visit":2`},
			{"agent", "PUT", "/api/outreach/settings", `{"per_visit":2,"redirect":"own_domains"}`, 403, "forbidden"},
			{"agent", "GET", "/api/outreach/settings", "", 200, `"redirect":"own_domains"`},
			{"agent", "POST", "/api/outreach/deliveries", `{"client_id":"2","visit_ids":["` + visit + `"],"url":"https://elsewhere.example/"}`, 422, "loja.example.com"},
		} {
			answer := do(step.who, step.method, step.path, "application/json", []byte(step.body))
			if answer.Code != step.status || !strings.Contains(answer.Body.String(), step.answer) {
				t.Errorf("%s %s %s %s: %d %s, want %d %s", step.who, step.method, step.path, step.body, answer.Code, answer.Body, step.status, step.answer)
			}
		}
		if answer := do("agent", "GET", "/api/outreach/templates", "", nil); strings.Contains(answer.Body.String(), template.ID) {
			t.Error("agents see what only supervisors may use")
		}
	})
}
