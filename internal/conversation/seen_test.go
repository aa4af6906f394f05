package conversation_test

import (
	"testing"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func TestSeen_GoesOnlyForward(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana, bruno := conversationtest.Agent(conversationtest.Ana), conversationtest.Agent(conversationtest.Bruno)
		id := h.Active(t, "maria", ana.ID).ID // visitor sequences 1 and 2
		if _, err := h.Service.PostByVisitor(t.Context(), conversationtest.Visitor("maria"), id, "x", "x"); err != nil {
			t.Fatal(err)
		}
		if _, ok := h.Service.OpenSummary(t.Context(), conversationtest.Account, "maria", conversationtest.Site); !ok {
			t.Fatal("the board does not know the conversation")
		}
		h.Service.SeenByAgent(ana, id, 2)
		h.Service.SeenByAgent(ana, id, 3)
		h.Service.SeenByAgent(ana, id, 1)
		h.Service.SeenByAgent(bruno, id, 3)
		h.Service.SeenByVisitor("maria", id, 2)
		h.Service.SeenByVisitor("maria", id, 2)
		h.Service.SeenByVisitor("joão", id, 3)
		h.Service.SeenByVisitor("maria", "nothing", 3)
		h.Service.Stop()
		c, err := h.Service.Get(t.Context(), ana, id)
		if err != nil || c.AgentSeenSequence != 3 || c.VisitorSeenSequence != 2 {
			t.Fatalf("agent %d, visitor %d, %v", c.AgentSeenSequence, c.VisitorSeenSequence, err)
		}
		if got := h.Kinds(t); got != "queued > message > claimed > message > message > seen > seen" {
			t.Fatalf("events %q: marks are gathered", got)
		}
		if summary, _ := h.Service.OpenSummary(t.Context(), conversationtest.Account, "maria", conversationtest.Site); summary.Unread != 1 {
			t.Fatalf("unread %d, want 1", summary.Unread)
		}
	})
}

func TestSeen_NeverBeyondTheLastMessage(t *testing.T) {
	h := conversationtest.New(t, storetest.SQLite(t))
	ana := conversationtest.Agent(conversationtest.Ana)
	id := h.Active(t, "maria", ana.ID).ID
	h.Service.SeenByAgent(ana, id, 99)
	h.Service.Stop()
	if c, err := h.Service.Get(t.Context(), ana, id); err != nil || c.AgentSeenSequence != 0 {
		t.Fatalf("seen %d, %v", c.AgentSeenSequence, err)
	}
}

func TestTyping_ReachesOnlyTheOtherSide(t *testing.T) {
	h := conversationtest.New(t, storetest.SQLite(t))
	var got []conversation.Typing
	h.Service.OnTyping(func(typing conversation.Typing) { got = append(got, typing) })
	ana := conversationtest.Agent(conversationtest.Ana)
	waiting := h.Open(t, "joão", conversationtest.Sales).ID
	id := h.Active(t, "maria", ana.ID).ID
	if _, err := h.Service.Board().Counters(t.Context(), conversationtest.Account, ana.Scope); err != nil {
		t.Fatal(err)
	}
	h.Service.TypingByVisitor("joão", id, "not mine")
	h.Service.TypingByVisitor("joão", waiting, "nobody there")
	h.Service.TypingByVisitor("maria", "nothing", "x")
	h.Service.TypingByAgent(t.Context(), conversationtest.Agent(conversationtest.Bruno), id, true)
	if len(got) != 0 {
		t.Fatalf("told %+v", got)
	}
	h.Service.TypingByVisitor("maria", id, "quero\x00 ver")
	h.Service.TypingByVisitor("maria", id, "")
	h.Service.TypingByAgent(t.Context(), ana, id, true)
	if len(got) != 3 {
		t.Fatalf("told %+v", got)
	}
	peek, stop, agent := got[0], got[1], got[2]
	if peek.Text != "quero ver" || !peek.On || *peek.ToAgents != eventlog.ToConversation(conversationtest.Sales, ana.ID) || peek.ToVisitor != nil {
		t.Fatalf("the sneak peek %+v", peek)
	}
	if stop.On || stop.Text != "" {
		t.Fatalf("stopping %+v", stop)
	}
	want := conversation.TypingPush{T: "typing", Conversation: id, Name: "Ana", On: true}
	if agent.ToAgents != nil || agent.ToVisitor.VisitorID != "maria" || agent.ToVisitor.Frame != want {
		t.Fatalf("the agent's typing %+v", agent)
	}
}
