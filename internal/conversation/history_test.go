package conversation_test

import (
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// past opens a conversation, says something in it, and ends it.
func past(t *testing.T, h *conversationtest.House, visitorID, email, verified, department, text string) string {
	t.Helper()
	v := conversationtest.Visitor(visitorID)
	h.World.SetVisit(v.VisitID, conversation.Details{Email: email, VerifiedID: verified})
	c, _, err := h.Service.Open(t.Context(), v, conversation.Opening{
		ClientID: h.Idents.New(), DepartmentID: department, Name: "Maria", Email: email, Text: text,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Claim(t, c.ID, conversationtest.Bruno)
	if _, err := h.Service.EndByAgent(t.Context(), conversationtest.Agent(conversationtest.Bruno), c.ID); err != nil {
		t.Fatal(err)
	}
	return c.ID
}

func TestHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		past(t, h, "b1", "maria@example.com", "", conversationtest.Sales, "A promoção acabou?")
		past(t, h, "b2", "MARIA@example.com", "", conversationtest.Sales, "Outro assunto")
		past(t, h, "b3", "other@example.com", "customer-7", conversationtest.Sales, "Promocao de novo")
		past(t, h, "b4", "maria@example.com", "", conversationtest.Support, "promoção no suporte")
		past(t, h, "b5", "stranger@example.com", "", conversationtest.Sales, "promoção de outra pessoa")
		now := past(t, h, "b1", "maria@example.com", "customer-7", conversationtest.Sales, "Voltei")
		ana, bruno := conversationtest.Agent(conversationtest.Ana), conversationtest.Agent(conversationtest.Bruno)
		look := func(a conversation.AgentActor, before int64, search string) (conversation.History, string) {
			t.Helper()
			history, err := h.Service.History(t.Context(), a, now, before, search)
			if err != nil {
				t.Fatal(err)
			}
			var ways []string
			for _, one := range history.Conversations {
				ways = append(ways, one.Conversation.VisitorID+" "+string(one.By))
			}
			return history, strings.Join(ways, ", ")
		}
		all, ways := look(bruno, 0, "")
		if ways != "b4 email, b3 verified, b2 email, b1 email" || all.Hidden != 0 || all.More {
			t.Errorf("bruno sees %s, %+v", ways, all)
		}
		if seen, ways := look(ana, 0, ""); ways != "b3 verified, b2 email, b1 email" || seen.Hidden != 1 {
			t.Errorf("ana sees %s, %d hidden", ways, seen.Hidden)
		}
		if _, ways := look(bruno, all.Conversations[1].Conversation.Number, ""); ways != "b2 email, b1 email" {
			t.Errorf("before the third: %s", ways)
		}
		found, ways := look(ana, 0, " PROMOÇÃO ")
		if ways != "b3 verified, b1 email" || len(found.Conversations[1].Hits) != 1 || found.Conversations[1].Hits[0].Text != "A promoção acabou?" {
			t.Errorf("found %s, %+v", ways, found)
		}
		if _, err := h.Service.History(t.Context(), conversation.AgentActor{AccountID: "other", ID: "x"}, now, 0, ""); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account: %v", err)
		}
	})
}
