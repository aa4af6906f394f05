package conversation_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/visitor"
)

func TestCorrectVisitor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		var deeds []conversation.Deed
		h := conversationtest.New(t, st, func(c *conversation.Config) {
			c.Witness = func(_ context.Context, tx *store.Tx, _, _ string, d conversation.Deed, _ conversation.Conversation) error {
				tx.AfterCommit(func() { deeds = append(deeds, d) })
				return nil
			}
		})
		h.World.SetVisit("visit of maria", conversation.Details{
			Email: "maria@example.com", VerifiedID: "customer-7", Fields: map[string]any{"order": "TR-1", visitor.ProvenName: "as it once stood"},
		})
		c := h.Active(t, "maria", conversationtest.Ana)
		if _, err := h.Service.Board().AllOpen(t.Context(), conversationtest.Account); err != nil {
			t.Fatal(err)
		}
		fixed := conversation.Correction{
			Name: " Maria  da Silva ", Email: "maria.silva@example.com", Phone: "+55 11 98888-7777",
			Fields: map[string]any{"order": "TR-2", "vip": true},
		}
		c, err := h.Service.CorrectVisitor(t.Context(), ana, c.ID, fixed)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Visitor.Value()
		if err != nil || got.Name != "Maria  da Silva" || got.Email != fixed.Email || got.Phone != fixed.Phone || got.Version != 1 ||
			got.Fields["order"] != "TR-2" || got.Fields[visitor.ProvenName] != nil || c.VerifiedID != "customer-7" {
			t.Errorf("%+v, %v", got, err)
		}
		fixed = refusesStale(t, h, c, fixed)
		chief := bruno
		chief.Supervises, chief.Scope.All = true, true
		if _, err = h.Service.CorrectVisitor(t.Context(), chief, c.ID, fixed); err != nil || len(deeds) != 1 || deeds[0] != conversation.Corrected {
			t.Errorf("%v, %v", deeds, err)
		}

		messages, _, err := h.Service.Messages(t.Context(), ana, c.ID, conversation.Page{})
		if err != nil || strings.Count(script(messages), "corrected") != 2 {
			t.Fatalf("%q, %v", script(messages), err)
		}
		told := messages[2].System.Params
		if told["name"] != "Name of maria → Maria  da Silva" || told["fields"] != "order: TR-1 → TR-2\nvip:  → true" || told["agent"] != "Ana" {
			t.Errorf("%v", told)
		}
		seen, err := h.Service.Transcript(t.Context(), conversationtest.Account, c.ID)
		if err != nil || len(seen.Messages) != 2 || seen.Name != "Maria  da Silva" {
			t.Errorf("the visitor sees %+v, %v", seen, err)
		}
		h.Settle(t)
		if kinds := h.Kinds(t); !strings.HasSuffix(kinds, "corrected > internal > corrected > internal") {
			t.Errorf("events %s", kinds)
		}
		for _, r := range h.Events.Records() {
			event, err := eventlog.Decode(r)
			if _, told := event.(eventlog.ForVisitor); err != nil || told && r.Kind == conversation.KindCorrected {
				t.Errorf("%s may reach the visitor, %v", r.Kind, err)
			}
		}
		open, err := h.Service.Board().AllOpen(t.Context(), conversationtest.Account)
		if err != nil || len(open) != 1 || open[0].Visitor.Email != fixed.Email {
			t.Errorf("%+v, %v", open, err)
		}
	})
}

// refusesStale corrects once more what was corrected, and returns a correction that is none of the refused.
func refusesStale(t *testing.T, h *conversationtest.House, c conversation.Conversation, fixed conversation.Correction) conversation.Correction {
	t.Helper()
	// The same again is no change; from what was seen before, it is refused.
	fixed.Version = 1
	again, err := h.Service.CorrectVisitor(t.Context(), ana, c.ID, fixed)
	if err != nil || again.Version != c.Version {
		t.Errorf("version %d after %d, %v", again.Version, c.Version, err)
	}
	fixed.Version = 0
	_, err = h.Service.CorrectVisitor(t.Context(), ana, c.ID, fixed)
	codeIs(t, err, fault.StaleWrite)
	_, err = h.Service.CorrectVisitor(t.Context(), bruno, c.ID, fixed)
	codeIs(t, err, fault.ConversationNotYours)
	fixed.Version, fixed.Phone = 1, ""
	return fixed
}

func TestCorrectVisitor_OfAnEndedConversation_CountsOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		c := h.Active(t, "maria", conversationtest.Ana)
		if _, err := h.Service.EndByAgent(t.Context(), ana, c.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Service.Board().Counters(t.Context(), conversationtest.Account, ana.Scope); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Service.CorrectVisitor(t.Context(), ana, c.ID, conversation.Correction{Name: "Rosa", Email: "rosa@example.com"}); err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		if n, err := h.Service.Board().Counters(t.Context(), conversationtest.Account, ana.Scope); err != nil || n.Finished != 1 || n.Active != 0 {
			t.Errorf("%+v, %v", n, err)
		}
	})
}

func TestCorrectVisitor_NamesWhatIsWrong(t *testing.T) {
	h := conversationtest.New(t, storetest.SQLite(t))
	c := h.Active(t, "maria", conversationtest.Ana)
	many := map[string]any{}
	for i := range conversation.MaxFields + 1 {
		many[strings.Repeat("x", i+1)] = ""
	}
	right := conversation.Correction{Name: "Maria", Email: "maria@example.com"}
	for name, change := range map[string]func(*conversation.Correction){
		"name":               func(n *conversation.Correction) { n.Name = " " },
		"email":              func(n *conversation.Correction) { n.Email = "maria@" },
		"phone":              func(n *conversation.Correction) { n.Phone = "call me" },
		"fields":             func(n *conversation.Correction) { n.Fields = many },
		"fields.order":       func(n *conversation.Correction) { n.Fields = map[string]any{"order": []any{1}} },
		"fields.verified_id": func(n *conversation.Correction) { n.Fields = map[string]any{visitor.ProvenName: "somebody"} },
	} {
		wrong := right
		change(&wrong)
		_, err := h.Service.CorrectVisitor(t.Context(), ana, c.ID, wrong)
		codeIs(t, err, fault.Validation)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
