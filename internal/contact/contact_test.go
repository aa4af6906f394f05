package contact_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/contact"
	"github.com/aceno-chat/aceno/internal/form"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/mail"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

type world struct {
	*contact.Service
	store    *store.Store
	log      *eventlog.Log
	recorder eventlogtest.Recorder
	clock    *clock.Fake

	mu      sync.Mutex
	sent    []mail.Message
	blocked bool
}

func (w *world) Add(_ context.Context, tx *store.Tx, _ string, m mail.Message) error {
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.sent = append(w.sent, m)
	})
	return nil
}

func (w *world) ContactDepartment(accountID, id string) (contact.Department, bool) {
	switch accountID + "/" + id {
	case "a/sales":
		return contact.Department{Name: "Vendas", Email: "vendas@loja.example", Active: true}, true
	case "a/help", "b/theirs":
		return contact.Department{Name: "Suporte", Active: true}, true
	case "a/closed":
		return contact.Department{Name: "Antigo", Email: "x@loja.example"}, true
	}
	return contact.Department{}, false
}

func (w *world) ContactAccount(context.Context, string) (name, language string, err error) {
	return "Trilha", "pt", nil
}
func (w *world) PageOf(_, _ string) string              { return "https://loja.example/barracas" }
func (w *world) Blocked(_ string, addr netip.Addr) bool { return w.blocked && addr.IsValid() }
func (w *world) visitor(id string) contact.Visitor {
	return contact.Visitor{AccountID: "a", SiteID: "s", VisitorID: id, VisitID: "v", Addr: netip.MustParseAddr("192.0.2.1"), Language: "es"}
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := &world{store: st, clock: clock.NewFake(time.UnixMilli(5000))}
		w.log = eventlogtest.New(t, st, clock.System{}, w.recorder.Take)
		w.Service = contact.NewService(contact.Config{Store: st, Log: w.log, Clock: w.clock, IDs: ident.V7{}, Mail: w, Around: w})
		for account, departments := range map[string][]string{"a": {"sales", "help", "closed"}, "b": {"theirs"}} {
			eventlogtest.Account(t, st, account)
			w.insert(t, "INSERT INTO sites (id, account_id, name, key, allowed_domains, language, active, created_at) VALUES (?, ?, 'S', ?, '[]', 'pt', ?, 0)",
				map[string]string{"a": "s", "b": "t"}[account], account, account, true)
			w.insert(t, `INSERT INTO agents (id, account_id, login, password_hash, name, email, role, active, status, method, conversation_limit, preferences, created_at)
				VALUES (?, ?, ?, '', '', '', 'agent', ?, 'online', 'both', 5, '{}', 0)`, "ana-"+account, account, account, true)
			for _, id := range departments {
				w.insert(t, "INSERT INTO departments (id, account_id, name, display_name, description, position, active, created_at) VALUES (?, ?, ?, '', '', 0, ?, 0)",
					id, account, id, true)
			}
		}
		fn(t, w)
	})
}

func (w *world) insert(t *testing.T, query string, args ...any) {
	t.Helper()
	err := w.store.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func asked(clientID, department string) contact.New {
	return contact.New{
		ClientID: clientID, DepartmentID: department, Name: " Maria ", Email: "maria@example.com", Phone: "(11) 98765-4321",
		Subject: "Troca", Message: "Quero trocar\r\na barraca.",
	}
}

func (w *world) leave(t *testing.T, visitor, clientID, department string) contact.Request {
	t.Helper()
	r, _, err := w.Leave(t.Context(), w.visitor(visitor), asked(clientID, department))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func scope(departments ...string) eventlog.Scope {
	s := eventlog.Scope{AgentID: "ana-a", DepartmentIDs: map[string]bool{}}
	for _, d := range departments {
		s.DepartmentIDs[d] = true
	}
	return s
}

func TestLeave_StoresTellsAndMailsOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var wg sync.WaitGroup
		ids := make([]string, 8)
		for i := range ids {
			wg.Go(func() { ids[i] = w.leave(t, "maria", "c-1", "sales").ID })
		}
		wg.Wait()
		for _, id := range ids {
			if id == "" || id != ids[0] {
				t.Fatalf("one command made several requests: %v", ids)
			}
		}
		r, err := w.Get(t.Context(), "a", scope("sales"), ids[0])
		if err != nil || r.Name != "Maria" || r.Message != "Quero trocar\na barraca." || r.State != contact.Open || r.PageURL != "https://loja.example/barracas" || r.Language != "es" {
			t.Errorf("stored %+v, %v", r, err)
		}
		if kinds := w.recorder.Kinds(t, w.log, "a"); len(kinds) != 1 || kinds[0] != contact.SavedKind {
			t.Errorf("events %v", kinds)
		}
		if len(w.sent) != 1 {
			t.Fatalf("%d mails", len(w.sent))
		}
		m := w.sent[0]
		if m.To != "vendas@loja.example" || m.ReplyTo != "maria@example.com" || m.From != "Trilha" || m.Subject != "Fale conosco: Maria · Troca" ||
			!strings.Contains(m.Text, "Telefone: (11) 98765-4321") || !strings.Contains(m.Text, "Quero trocar\na barraca.") {
			t.Errorf("mail %+v", m)
		}
		w.leave(t, "maria", "c-2", "help") // no address: stored, not mailed
		if len(w.sent) != 1 {
			t.Errorf("%d mails", len(w.sent))
		}
	})
}

// ownFields asks for an order's number beside what every request has.
type ownFields struct{ kept []form.Given }

func (*ownFields) For(string, form.Kind, string) (form.Form, bool) {
	return form.Form{ID: "f", Kind: form.Contact, Fields: []form.Field{{ID: "order", Type: form.Number, Label: form.Texts{PT: "Pedido"}, Required: true}}}, true
}

func (o *ownFields) PutIn(_ context.Context, _ *store.Tx, _ string, _ form.Form, g form.Given, _ int64) (form.Given, error) {
	o.kept = append(o.kept, g)
	return g, nil
}

func (o *ownFields) Of(context.Context, string, string) ([]form.Given, error) { return o.kept, nil }

func TestLeave_AsksItsOwnFields(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		own := &ownFields{}
		w.Forms = own
		n := asked("c-1", "sales")
		if _, _, err := w.Leave(t.Context(), w.visitor("maria"), n); len(fault.FieldsOf(err)) != 1 || fault.FieldsOf(err)[0].Name != "answers.order" {
			t.Errorf("without what is required: %v", err)
		}
		n.Answers = map[string]any{"order": "77"}
		r, _, err := w.Leave(t.Context(), w.visitor("maria"), n)
		if err != nil || len(own.kept) != 1 || own.kept[0].SubjectID != r.ID || !strings.Contains(w.sent[0].Text, "Pedido: 77\n") {
			t.Errorf("kept %+v, mails %+v, %v", own.kept, w.sent, err)
		}
		if given, err := w.Answers(t.Context(), "a", scope("sales"), r.ID); err != nil || len(given) != 1 {
			t.Errorf("%+v, %v", given, err)
		}
		if _, err := w.Answers(t.Context(), "a", scope("help"), r.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another department: %v", err)
		}
	})
}

func TestLeave_Refuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for want, change := range map[string]func(*contact.New){
			"client_id:invalid":          func(n *contact.New) { n.ClientID = "a b" },
			"department_id:required":     func(n *contact.New) { n.DepartmentID = "" },
			"department_id:unknown":      func(n *contact.New) { n.DepartmentID = "closed" },
			"name:required":              func(n *contact.New) { n.Name = " " },
			"name:control_characters":    func(n *contact.New) { n.Name = "Maria\nBcc: x" },
			"email:invalid":              func(n *contact.New) { n.Email = "maria" },
			"phone:invalid":              func(n *contact.New) { n.Phone = "call me" },
			"phone:too_long":             func(n *contact.New) { n.Phone = strings.Repeat("1", 41) },
			"subject:too_long":           func(n *contact.New) { n.Subject = strings.Repeat("x", 151) },
			"message:required":           func(n *contact.New) { n.Message = "" },
			"message:too_long":           func(n *contact.New) { n.Message = strings.Repeat("x", 5001) },
			"message:control_characters": func(n *contact.New) { n.Message = "a\x00b" },
		} {
			n := asked("c-1", "sales")
			change(&n)
			_, _, err := w.Leave(t.Context(), w.visitor("maria"), n)
			fields := fault.FieldsOf(err)
			if len(fields) == 0 || fields[0].Name+":"+fields[0].Code != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		n := asked("c-1", "theirs")
		if _, _, err := w.Leave(t.Context(), w.visitor("maria"), n); fault.CodeOf(err) != fault.Validation {
			t.Errorf("another account's department: %v", err)
		}
		w.blocked = true
		if _, _, err := w.Leave(t.Context(), w.visitor("maria"), asked("c-1", "sales")); !fault.Is(err, fault.VisitorBlocked) {
			t.Errorf("blocked: %v", err)
		}
		if len(w.sent) > 0 {
			t.Errorf("mails of refused requests: %v", w.sent)
		}
	})
}

func TestList_PagesWithinTheAgentsDepartments(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var sales []string
		for i := range 5 {
			sales = append(sales, w.leave(t, "maria", fmt.Sprint("s-", i), "sales").ID)
		}
		help := w.leave(t, "maria", "h-1", "help")
		list := func(s eventlog.Scope, f contact.Filter) contact.Page {
			t.Helper()
			if f.Limit == 0 {
				f.Limit = 50
			}
			p, err := w.List(t.Context(), "a", s, f)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		first := list(scope("sales"), contact.Filter{Limit: 3})
		if len(first.Contacts) != 3 || !first.More || first.Contacts[0].ID != sales[4] || first.Counts.Open != 5 {
			t.Errorf("first page %+v", first)
		}
		rest := list(scope("sales"), contact.Filter{Limit: 3, Before: first.Contacts[2].ID})
		if len(rest.Contacts) != 2 || rest.More || rest.Contacts[1].ID != sales[0] {
			t.Errorf("second page %+v", rest)
		}
		if p := list(scope(), contact.Filter{}); len(p.Contacts) != 0 || p.Counts.Open != 0 {
			t.Errorf("an agent without departments sees %+v", p)
		}
		all := eventlog.Scope{AgentID: "ana-a", All: true}
		if p := list(all, contact.Filter{DepartmentID: "help"}); len(p.Contacts) != 1 || p.Contacts[0].ID != help.ID || p.Counts.Open != 6 {
			t.Errorf("by department %+v", p)
		}
		if p := list(all, contact.Filter{State: contact.Answered}); len(p.Contacts) != 0 {
			t.Errorf("by state %+v", p)
		}
		if p, err := w.List(t.Context(), "b", all, contact.Filter{Limit: 50}); err != nil || len(p.Contacts) != 0 {
			t.Errorf("another account sees %+v, %v", p, err)
		}
	})
}

func TestMove_OneOfTwoWins(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.leave(t, "maria", "c-1", "sales").ID
		results := make([]error, 2)
		var wg sync.WaitGroup
		for i, to := range []contact.State{contact.InProgress, contact.Answered} {
			wg.Go(func() { _, results[i] = w.Move(t.Context(), "a", scope("sales"), id, to, 1) })
		}
		wg.Wait()
		stale := 0
		for _, err := range results {
			if fault.Is(err, fault.StaleWrite) {
				stale++
			} else if err != nil {
				t.Fatal(err)
			}
		}
		r, err := w.Get(t.Context(), "a", scope("sales"), id)
		if stale != 1 || err != nil || r.Version != 2 || r.AgentID == nil || *r.AgentID != "ana-a" || r.State == contact.Open {
			t.Errorf("%d were stale, now %+v, %v", stale, r, err)
		}
		for name, s := range map[string]eventlog.Scope{"another department": scope("help"), "none": scope()} {
			if _, err := w.Move(t.Context(), "a", s, id, contact.Open, 2); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.Move(t.Context(), "b", eventlog.Scope{All: true}, id, contact.Open, 2); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account: %v", err)
		}
	})
}

// sessions takes `account/role/department` for a token.
type sessions struct{}

func (sessions) Actor(_ context.Context, token string) (api.ActorInfo, error) {
	parts := strings.Split(token, "/")
	if len(parts) != 3 {
		return api.ActorInfo{}, fault.New(fault.NotAuthenticated)
	}
	actor := api.ActorInfo{AccountID: parts[0], AgentID: "ana-" + parts[0], Permissions: map[api.Permission]bool{}, DepartmentIDs: map[string]bool{parts[2]: true}}
	for _, p := range access.RolePermissions(access.Role(parts[1])) {
		actor.Permissions[p] = true
	}
	return actor, nil
}

func (sessions) Visitor(_ context.Context, token, _ string) (api.VisitorInfo, error) {
	if token != "maria" {
		return api.VisitorInfo{}, fault.New(fault.VisitorUnknown)
	}
	return api.VisitorInfo{AccountID: "a", SiteID: "s", VisitorID: token, VisitID: "v"}, nil
}

func TestRoutes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := api.New(api.Config{Title: "test", Version: "1", Logger: slog.New(slog.DiscardHandler), Sessions: sessions{}, Visitors: sessions{}})
		w.Routes(a)
		handler := a.Handler(a.Mux)
		const good = `{"client_id":"c-1","department_id":"sales","name":"Maria","email":"maria@example.com","message":"Olá"}`
		id := ""
		for _, step := range []struct {
			who, method, path, body string
			status                  int
			answer                  string
		}{
			{"maria", "POST", "/v/contacts", good, 201, `"id":"`},
			{"maria", "POST", "/v/contacts", good, 200, `"id":"`},
			{"maria", "POST", "/v/contacts", `{"client_id":"c-2","department_id":"sales","name":"M","email":"m@x.io","message":"` + strings.Repeat("x", 5001) + `"}`, 422, "validation"},
			{"maria", "POST", "/v/contacts", good, 429, "rate_limited"},
			{"nobody", "POST", "/v/contacts", good, 401, "visitor_unknown"},
			{"a/agent/sales", "GET", "/api/contacts", "", 200, `"counts":{"open":1,"in_progress":0,"answered":0}`},
			{"a/agent/help", "GET", "/api/contacts", "", 200, `"contacts":[],"more":false`},
			{"a/none/sales", "GET", "/api/contacts", "", 403, "forbidden"},
			{"a/agent/sales", "GET", "/api/contacts?limit=101", "", 422, "validation"},
			{"a/agent/sales", "GET", "/api/contacts?state=lost", "", 422, "validation"},
			{"a/agent/sales", "GET", "/api/contacts/ID", "", 200, `"message":"Olá"`},
			{"a/agent/help", "GET", "/api/contacts/ID", "", 404, "not_found"},
			{"a/agent/sales", "PATCH", "/api/contacts/ID", `{"state":"answered","version":1}`, 200, `"state":"answered"`},
			{"a/agent/sales", "PATCH", "/api/contacts/ID", `{"state":"open","version":1}`, 409, "stale"},
			{"a/agent/sales", "PATCH", "/api/contacts/ID", `{"state":"lost","version":1}`, 422, "validation"},
			{"b/agent/sales", "PATCH", "/api/contacts/ID", `{"state":"open","version":2}`, 404, "not_found"},
		} {
			path := strings.ReplaceAll(step.path, "ID", id)
			r := httptest.NewRequestWithContext(t.Context(), step.method, path, strings.NewReader(step.body))
			r.Header.Set("Content-Type", "application/json")
			if strings.HasPrefix(path, "/v/") {
				r.Header.Set("Authorization", "Bearer "+step.who)
			} else {
				r.AddCookie(&http.Cookie{Name: api.SessionCookie, Value: step.who})
			}
			answer := httptest.NewRecorder()
			handler.ServeHTTP(answer, r)
			if answer.Code != step.status || !strings.Contains(answer.Body.String(), step.answer) {
				t.Errorf("%s %s %s %.30s: %d %s, want %d %s", step.who, step.method, step.path, step.body, answer.Code, answer.Body, step.status, step.answer)
			}
			if answer.Code == http.StatusCreated {
				var receipt contact.Receipt
				if err := json.Unmarshal(answer.Body.Bytes(), &receipt); err != nil {
					t.Fatal(err)
				}
				id = receipt.ID
			}
		}
	})
}
