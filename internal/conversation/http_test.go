package conversation_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/file"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/site"
)

// door answers over HTTP: the token of an agent's cookie or a visitor's header is the identifier.
type door struct {
	*conversationtest.House
	handler http.Handler
}

func (door) Actor(_ context.Context, token string) (api.ActorInfo, error) {
	a := conversationtest.Agent(token)
	info := api.ActorInfo{AccountID: a.AccountID, AgentID: token, DepartmentIDs: a.Scope.DepartmentIDs, Permissions: map[api.Permission]bool{}}
	for _, p := range access.RolePermissions(access.Agent) {
		info.Permissions[p] = true
	}
	if token == "stranger" {
		info.AccountID = "other"
	}
	return info, nil
}

func (door) Visitor(_ context.Context, token, _ string) (api.VisitorInfo, error) {
	if token == "" {
		return api.VisitorInfo{}, fault.New(fault.VisitorUnknown)
	}
	v := conversationtest.Visitor(token)
	return api.VisitorInfo{AccountID: v.AccountID, SiteID: v.SiteID, VisitorID: v.VisitorID, VisitID: v.VisitID}, nil
}

func (door) ByID(id string) (site.Site, bool) {
	return site.Site{ID: id, Key: "key", Name: "Shop", Language: "pt"}, id == conversationtest.Site
}

func newDoor(t *testing.T, st *store.Store) *door {
	t.Helper()
	d := &door{}
	d.House = conversationtest.New(t, st, func(c *conversation.Config) { c.Sites = d })
	a := api.New(api.Config{Title: "test", Logger: slog.New(slog.DiscardHandler), Clock: d.Clock, Sessions: d, Visitors: d})
	d.Service.Routes(a)
	d.Files.Routes(a, d.Service.MayView)
	d.handler = a.Handler(a.Mux)
	return d
}

// ask sends a request. who is `agent:ID`, `visitor:ID` or nobody; body is JSON text, or an upload.
func (d *door) ask(t *testing.T, who, method, path string, body any) *httptest.ResponseRecorder {
	t.Helper()
	var reader io.Reader = http.NoBody
	contentType := "application/json"
	switch body := body.(type) {
	case string:
		reader = strings.NewReader(body)
	case upload:
		reader, contentType = body.encode(t)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, reader)
	r.Header.Set("Content-Type", contentType)
	kind, id, _ := strings.Cut(who, ":")
	switch kind {
	case "agent":
		r.AddCookie(&http.Cookie{Name: api.SessionCookie, Value: id})
	case "visitor":
		r.Header.Set("Authorization", "Bearer "+id)
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w
}

// upload is a multipart upload.
type upload struct {
	fields             map[string]string
	name, contentType  string
	content            []byte
	withoutFilePresent bool
}

func (f upload) encode(t *testing.T) (io.Reader, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range f.fields {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if !f.withoutFilePresent {
		header := textproto.MIMEHeader{}
		header.Set("Content-Disposition", `form-data; name="file"; filename="`+f.name+`"`)
		header.Set("Content-Type", f.contentType)
		part, err := w.CreatePart(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(f.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b, w.FormDataContentType()
}

func decode[T any](t *testing.T, w *httptest.ResponseRecorder) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return v
}

func code(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	if w.Code < 400 {
		return ""
	}
	p := decode[api.Problem](t, w)
	if len(p.Fields) > 0 {
		return string(p.Code) + " " + p.Fields[0].Field + ":" + p.Fields[0].Code
	}
	return string(p.Code)
}

func TestHTTP_Site(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		d := newDoor(t, st)
		d.World.SetVisit("visit of maria", conversation.Details{Name: "Maria", Email: "m@example.com"})
		start := decode[conversation.VisitorSite](t, d.ask(t, "visitor:maria", "GET", "/v/site?k=key", nil))
		if start.Site.Name != "Shop" || !start.Online || len(start.Departments) != 2 || start.Visitor.Name != "Maria" || start.Conversation != nil ||
			start.Limits.Text != 5000 || start.Limits.FileBytes != 2097152 || len(start.Limits.FileTypes) < 15 {
			t.Fatalf("site %+v", start)
		}
	})
}

func TestHTTP_TheMainJob(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		d := newDoor(t, st)
		opening := `{"client_id":"o1","department_id":"sales","name":"Maria","email":"m@example.com","fields":{"plan":"gold"},"text":"Oi"}`
		opened := d.ask(t, "visitor:maria", "POST", "/v/conversations", opening)
		if opened.Code != http.StatusCreated {
			t.Fatalf("%d %s", opened.Code, opened.Body)
		}
		id := decode[conversation.VisitorConversation](t, opened).ID
		if again := d.ask(t, "visitor:maria", "POST", "/v/conversations", opening); again.Code != http.StatusOK {
			t.Fatalf("again: %d %s", again.Code, again.Body)
		}
		d.Claim(t, id, conversationtest.Ana)
		answer := d.ask(t, "agent:ana", "POST", "/api/conversations/"+id+"/messages", `{"client_id":"a1","text":"Olá!","audience":"visitor"}`)
		if m := decode[conversation.Message](t, answer); m.Sequence != 4 || m.Author.Name != "Ana" {
			t.Fatalf("answer %+v", m)
		}
		sent := d.ask(t, "visitor:maria", "POST", "/v/conversations/"+id+"/files", upload{
			fields: map[string]string{"client_id": "f1"}, name: "C:\\nota ção.png", contentType: "image/png", content: png,
		})
		theirs := decode[conversation.VisitorMessage](t, sent)
		if sent.Code != http.StatusOK || theirs.Kind != conversation.FileMessage || theirs.File.Name != "nota ção.png" || theirs.File.Size != int64(len(png)) {
			t.Fatalf("%d %s", sent.Code, sent.Body)
		}
		download := d.ask(t, "", "GET", theirs.File.URL, nil)
		if download.Code != http.StatusOK || !bytes.Equal(download.Body.Bytes(), png) {
			t.Fatalf("%d %s", download.Code, download.Body)
		}
		checkDownload(t, download.Header())
		list := decode[struct {
			Messages []conversation.Message
			More     bool
		}](t, d.ask(t, "agent:ana", "GET", "/api/conversations/"+id+"/messages?after=4", nil))
		if len(list.Messages) != 1 || list.More || list.Messages[0].File.URL != "/api/files/"+list.Messages[0].File.ID {
			t.Fatalf("messages %+v", list)
		}
		if got := d.ask(t, "agent:ana", "GET", list.Messages[0].File.URL, nil); got.Code != http.StatusOK || !bytes.Equal(got.Body.Bytes(), png) {
			t.Fatalf("the agent's download: %d %s", got.Code, got.Body)
		}
		if got := d.ask(t, "agent:ana", "POST", "/api/conversations/"+id+"/end", nil); got.Code != http.StatusOK {
			t.Fatalf("end: %d %s", got.Code, got.Body)
		}
		if got := d.ask(t, "agent:ana", "POST", "/api/conversations/"+id+"/close", nil); !decode[conversation.Conversation](t, got).Closed {
			t.Fatalf("close: %s", got.Body)
		}
		page := decode[conversation.VisitorPage](t, d.ask(t, "visitor:maria", "GET", "/v/conversations/"+id+"?after=3", nil))
		if len(page.Messages) != 3 || page.Conversation.State != conversation.Ended || page.Messages[1].File.URL == "" {
			t.Fatalf("catching up %+v", page)
		}
		c := decode[map[string]any](t, d.ask(t, "agent:ana", "GET", "/api/conversations/"+id, nil))
		details, _ := c["visitor"].(map[string]any)
		if c["number"] != 2026000001.0 || details["name"] != "Maria" || details["fields"].(map[string]any)["plan"] != "gold" {
			t.Fatalf("conversation %v", c)
		}
	})
}

func checkDownload(t *testing.T, header http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"Content-Type":                 "image/png",
		"Content-Disposition":          `attachment; filename="nota __o.png"; filename*=UTF-8''nota%20%C3%A7%C3%A3o.png`,
		"Content-Security-Policy":      "sandbox; default-src 'none'",
		"X-Content-Type-Options":       "nosniff",
		"Cross-Origin-Resource-Policy": "cross-origin",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestHTTP_Refusals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		d := newDoor(t, st)
		id := d.Active(t, "maria", conversationtest.Ana).ID
		ended := d.Active(t, "lia", conversationtest.Ana).ID
		foreign := d.Open(t, "rita", conversationtest.Support).ID
		if _, err := d.Service.EndByAgent(t.Context(), conversationtest.Agent(conversationtest.Ana), ended); err != nil {
			t.Fatal(err)
		}
		before := d.Kinds(t)
		tooLong := `{"client_id":"x","text":"` + strings.Repeat("é", 5001) + `"`
		attach := func(name, contentType string, content []byte) upload {
			return upload{fields: map[string]string{"client_id": "f", "audience": "visitor"}, name: name, contentType: contentType, content: content}
		}
		rows := []struct {
			who, method, path string
			body              any
			status            int
			code              string
		}{
			{"", "GET", "/api/conversations/" + id, nil, 401, "not_authenticated"},
			{"agent:ana", "GET", "/api/conversations/" + foreign, nil, 404, "not_found"},
			{"agent:stranger", "GET", "/api/conversations/" + id, nil, 404, "not_found"},
			{"agent:ana", "GET", "/api/conversations/" + id + "/messages?limit=201", nil, 422, "validation limit:too_large"},
			{"agent:ana", "POST", "/api/conversations/" + id + "/messages", tooLong + `,"audience":"visitor"}`, 422, "validation text:too_long"},
			{"agent:ana", "POST", "/api/conversations/" + id + "/messages", `{"client_id":"x","text":"a\u0000","audience":"visitor"}`, 422, "validation text:control_characters"},
			{"agent:ana", "POST", "/api/conversations/" + id + "/messages", `{"client_id":"x","text":" ","audience":"visitor"}`, 422, "validation text:required"},
			{"agent:ana", "POST", "/api/conversations/" + id + "/messages", `{"client_id":"x","text":"a","audience":"all"}`, 422, "validation audience:not_allowed"},
			{"agent:ana", "POST", "/api/conversations/" + id + "/messages", `{"client_id":"","text":"a","audience":"agents"}`, 422, "validation client_id:invalid"},
			{"agent:ana", "POST", "/api/conversations/" + ended + "/messages", `{"client_id":"x","text":"a","audience":"agents"}`, 409, "conversation_ended"},
			{"agent:bruno", "POST", "/api/conversations/" + id + "/messages", `{"client_id":"x","text":"a","audience":"agents"}`, 403, "conversation_not_yours"},
			{"agent:ana", "POST", "/api/conversations/" + id + "/close", nil, 409, "conversation_not_ended"},
			{"agent:ana", "POST", "/api/conversations/" + foreign + "/end", nil, 404, "not_found"},
			{"agent:ana", "POST", "/api/conversations/" + id + "/files", attach("a.exe", "", []byte("MZ...")), 415, "file_type_refused"},
			{"agent:ana", "POST", "/api/conversations/" + id + "/files", attach("a.png", "image/png", []byte("hello")), 415, "file_type_mismatch"},
			{"agent:ana", "POST", "/api/conversations/" + id + "/files", attach("a.png", "text/html", png), 415, "file_type_mismatch"},
			{"agent:ana", "POST", "/api/conversations/" + id + "/files", attach("a.txt", "text/plain", nil), 422, "file_empty"},
			{"agent:ana", "POST", "/api/conversations/" + id + "/files", attach("a.txt", "text/plain", bytes.Repeat([]byte("a"), file.MaxBytes+1)), 413, "file_too_large"},
			{"agent:ana", "POST", "/api/conversations/" + id + "/files", attach("a.txt", "text/plain", bytes.Repeat([]byte("a"), 3*file.MaxBytes)), 413, "request_too_large"},
			{"agent:ana", "POST", "/api/conversations/" + ended + "/files", attach("a.png", "image/png", png), 409, "conversation_ended"},
			{"agent:ana", "POST", "/api/conversations/" + id + "/files", upload{fields: map[string]string{"client_id": "f", "audience": "visitor"}, withoutFilePresent: true}, 422, "validation file:invalid"},
			{"visitor:", "GET", "/v/site?k=key", nil, 401, "visitor_unknown"},
			{"visitor:maria", "GET", "/v/site?k=other", nil, 403, "site_unknown"},
			{"visitor:rita", "POST", "/v/conversations/" + id + "/messages", `{"client_id":"x","text":"a"}`, 404, "not_found"},
			{"visitor:lia", "POST", "/v/conversations/" + ended + "/messages", `{"client_id":"x","text":"a"}`, 409, "conversation_ended"},
			{"visitor:lia", "POST", "/v/conversations/" + ended + "/end", nil, 409, "conversation_ended"},
			{"visitor:rita", "GET", "/v/conversations/" + id, nil, 404, "not_found"},
			{"visitor:rita", "POST", "/v/conversations/" + id + "/files", attach("a.png", "image/png", png), 404, "not_found"},
			{"visitor:ana", "POST", "/v/conversations", `{"client_id":"x","department_id":"sales","name":"","email":"x"}`, 422, "validation name:required"},
			{"", "GET", "/api/files/nothing", nil, 401, "not_authenticated"},
			{"agent:ana", "GET", "/api/files/nothing", nil, 404, "not_found"},
			{"", "GET", "/v/files/nothing?e=1&s=x", nil, 404, "not_found"},
		}
		for _, row := range rows {
			w := d.ask(t, row.who, row.method, row.path, row.body)
			if w.Code != row.status || code(t, w) != row.code {
				t.Errorf("%s %s %s: %d %s, want %d %s", row.who, row.method, row.path, w.Code, code(t, w), row.status, row.code)
			}
		}
		if after := d.Kinds(t); after != before {
			t.Fatalf("refused, and yet: %q", strings.TrimPrefix(after, before))
		}
		if left := blobs(t, d.Folder); len(left) != 0 {
			t.Fatalf("refused files were kept: %v", left)
		}
		d.World.SetOnline(conversationtest.Sales, false)
		w := d.ask(t, "visitor:new", "POST", "/v/conversations", `{"client_id":"x","department_id":"sales","name":"A","email":"a@example.com"}`)
		if w.Code != 409 || code(t, w) != "department_unattended" {
			t.Errorf("unattended: %d %s", w.Code, w.Body)
		}
	})
}

func blobs(t *testing.T, folder string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestHTTP_Paces(t *testing.T) {
	d := newDoor(t, storetest.SQLite(t))
	id := d.Active(t, "maria", conversationtest.Ana).ID
	last := func(n int, who, path, body string) int {
		status := 0
		for range n {
			status = d.ask(t, who, "POST", path, body).Code
		}
		return status
	}
	messages := "/v/conversations/" + id + "/messages"
	if got := last(30, "visitor:maria", messages, `{"client_id":"x","text":"a"}`); got != 200 {
		t.Fatalf("the 30th message: %d", got)
	}
	if got := last(1, "visitor:maria", messages, `{"client_id":"x","text":"a"}`); got != 429 {
		t.Fatalf("the 31st message: %d", got)
	}
	d.Clock.Advance(10 * time.Second)
	if got := last(30, "visitor:maria", messages, `{"client_id":"x","text":"a"}`); got != 200 {
		t.Fatalf("ten seconds later: %d", got)
	}
	opening := `{"client_id":"x","department_id":"sales","name":"A","email":"a@example.com"}`
	if got := last(5, "visitor:a", "/v/conversations", opening); got != 200 {
		t.Fatalf("the 5th opening: %d", got)
	}
	if got := last(1, "visitor:a", "/v/conversations", opening); got != 429 {
		t.Fatalf("the 6th opening: %d", got)
	}
	for i := range 24 {
		last(1, "visitor:"+strings.Repeat("b", i+1), "/v/conversations", opening)
	}
	if got := last(1, "visitor:c", "/v/conversations", opening); got != 201 {
		t.Fatalf("the 30th opening from the address: %d", got)
	}
	if got := last(1, "visitor:d", "/v/conversations", opening); got != 429 {
		t.Fatalf("the 31st opening from the address: %d", got)
	}
}
