package app

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/mail"
)

// TestContacts_ReachTheDepartment goes the whole way of a visitor who finds nobody: form, panel, mail.
func TestContacts_ReachTheDepartment(t *testing.T) {
	n := newNode(t, "")
	outbox := mail.NewOutbox(clock.System{})
	n.stop()
	n.startWith(Options{Mail: outbox})
	n.admin.must(http.MethodPatch, "/api/departments/"+n.department, map[string]any{"email": "help@shop.example"}, http.StatusOK, nil)
	ana := n.agent("ana", nil)
	panel := ana.live()
	maria := n.guest("")
	maria.must(http.MethodPost, "/v/contacts", map[string]any{
		"client_id": "c-1", "department_id": n.department, "name": "Maria", "email": "maria@example.com", "message": "Vocês abrem no sábado?",
	}, http.StatusCreated, nil)
	panel.until("the request on the panel", event("contact.saved"))
	eventually(t, "the mail", func() bool { return len(outbox.All()) == 1 })
	if m := outbox.All()[0]; m.To != "help@shop.example" || m.ReplyTo != "maria@example.com" || !strings.Contains(m.Text, shopOrigin+"/cart") {
		t.Errorf("mail %+v", m)
	}
	var page struct {
		Contacts []struct {
			ID      string `json:"id"`
			Version int64  `json:"version"`
		} `json:"contacts"`
	}
	ana.must(http.MethodGet, "/api/contacts?state=open", nil, http.StatusOK, &page)
	ana.must(http.MethodPatch, "/api/contacts/"+page.Contacts[0].ID, map[string]any{"state": "answered", "version": page.Contacts[0].Version}, http.StatusOK, nil)
	panel.until("the change on the panel", event("contact.saved"))
}

// eventually waits for something that no socket tells of.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s did not come", what)
		}
	}
}
