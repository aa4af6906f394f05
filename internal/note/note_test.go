package note_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/note"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

type world struct {
	*conversationtest.House
	notes *note.Service
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		fn(t, world{h, note.NewService(note.Config{Store: st, Log: h.Log, Clock: h.Clock, IDs: h.Idents, Conversations: h.Service})})
	})
}

func (w world) insert(t *testing.T, query string, args ...any) {
	t.Helper()
	err := w.Store.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w world) open(t *testing.T, visitorID, email, department string) string {
	t.Helper()
	c, _, err := w.Service.Open(t.Context(), conversationtest.Visitor(visitorID), conversation.Opening{
		ClientID: w.Idents.New(), DepartmentID: department, Name: "Maria", Email: email,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}

func (w world) texts(t *testing.T, a conversation.AgentActor, conversationID string) string {
	t.Helper()
	list, err := w.notes.List(t.Context(), a, conversationID)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, n := range list {
		texts = append(texts, n.Text)
	}
	return strings.Join(texts, ", ")
}

func TestNotes_FollowThePerson(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ana, bruno := conversationtest.Agent(conversationtest.Ana), conversationtest.Agent(conversationtest.Bruno)
		first := w.open(t, "b1", "maria@example.com", conversationtest.Sales)
		again := w.open(t, "b2", "Maria@Example.com", conversationtest.Sales)
		support := w.open(t, "b3", "maria@example.com", conversationtest.Support)
		other := w.open(t, "b4", "rui@example.com", conversationtest.Sales)
		for _, step := range []struct {
			who  conversation.AgentActor
			id   string
			text string
		}{{ana, first, "prefere e-mail"}, {bruno, support, "troca em curso"}, {ana, other, "de outra pessoa"}} {
			if _, err := w.notes.Write(t.Context(), step.who, step.id, w.Idents.New(), step.text); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.texts(t, bruno, again); got != "troca em curso, prefere e-mail" {
			t.Errorf("bruno reads %q", got)
		}
		if got := w.texts(t, ana, again); got != "prefere e-mail" {
			t.Errorf("ana, who does not serve support, reads %q", got)
		}
		if _, err := w.notes.List(t.Context(), ana, support); !fault.Is(err, fault.NotFound) {
			t.Errorf("another department: %v", err)
		}
		if _, err := w.notes.Write(t.Context(), conversation.AgentActor{AccountID: "other", ID: "x"}, first, "c", "x"); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account: %v", err)
		}
		if n := strings.Count(w.Kinds(t), "note.changed"); n != 3 {
			t.Errorf("%d events", n)
		}
		for _, r := range w.Events.Records() {
			if r.Kind == note.ChangedKind && strings.Contains(string(r.Payload), "prefere") {
				t.Errorf("an event carries a note: %s", r.Payload)
			}
		}
	})
}

func TestNotes_OnceAndByTheirAuthor(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ana, bruno := conversationtest.Agent(conversationtest.Ana), conversationtest.Agent(conversationtest.Bruno)
		id := w.open(t, "b1", "maria@example.com", conversationtest.Sales)
		ids := make([]string, 5)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				n, err := w.notes.Write(t.Context(), ana, id, "c-1", " Liga\r\ndepois ")
				if err != nil || n.Text != "Liga\ndepois" {
					t.Errorf("%+v, %v", n, err)
				}
				ids[i] = n.ID
			})
		}
		wg.Wait()
		for _, one := range ids {
			if one != ids[0] {
				t.Fatalf("one command made several notes: %v", ids)
			}
		}
		for name, text := range map[string]string{"required": " ", "too_long": strings.Repeat("x", 2001), "control_characters": "a\x00"} {
			_, err := w.notes.Write(t.Context(), ana, id, "c-2", text)
			if fields := fault.FieldsOf(err); len(fields) != 1 || fields[0].Code != name {
				t.Errorf("%v, want %s", err, name)
			}
		}
		if _, err := w.notes.Change(t.Context(), bruno, ids[0], "forged", 1); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else's: %v", err)
		}
		changed, err := w.notes.Change(t.Context(), ana, ids[0], "Liga amanhã", 1)
		if err != nil || changed.Version != 2 || changed.AgentID != conversationtest.Ana {
			t.Errorf("%+v, %v", changed, err)
		}
		if _, err := w.notes.Change(t.Context(), ana, ids[0], "x", 1); !fault.Is(err, fault.StaleWrite) {
			t.Errorf("an old version: %v", err)
		}
		if err := w.notes.Remove(t.Context(), bruno, ids[0]); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else's: %v", err)
		}
		if err := w.notes.Remove(t.Context(), conversationtest.Supervisor(), ids[0]); err != nil || w.texts(t, ana, id) != "" {
			t.Errorf("a supervisor's removal: %v, left %q", err, w.texts(t, ana, id))
		}
	})
}

func TestNotes_AreTheNewestOfEverySignTogether(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ana := conversationtest.Agent(conversationtest.Ana)
		id := w.open(t, "b1", "maria@example.com", conversationtest.Sales)
		var want []string
		for i, row := range []struct {
			count          int
			browser, email string
			found          bool
		}{
			{3, "b1", "maria@example.com", true},
			{note.ShownMax, "b2", "maria@example.com", true},
			{note.ShownMax, "b3", "rui@example.com", false},
			{2, "b1", "", true},
			{2, "b4", "", false},
			{1, "b1", "maria@example.com", true},
		} {
			for range row.count {
				text := fmt.Sprint("row ", i)
				w.insert(t, `INSERT INTO notes (id, account_id, client_id, conversation_id, department_id, visitor_id, visitor_email, verified_id,
					agent_id, text, created_at, changed_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, ?, 0, 0, 1)`,
					w.Idents.New(), ana.AccountID, w.Idents.New(), id, conversationtest.Sales, row.browser, row.email, ana.ID, text)
				if row.found {
					want = append(want, text)
				}
			}
		}
		slices.Reverse(want)
		if got := w.texts(t, ana, id); got != strings.Join(want[:note.ShownMax], ", ") {
			t.Errorf("notes %q", got)
		}
	})
}
