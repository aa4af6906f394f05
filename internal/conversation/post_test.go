package conversation_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func TestPost_TalksBothWays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana, maria := conversationtest.Agent(conversationtest.Ana), conversationtest.Visitor("maria")
		c := h.Active(t, "maria", ana.ID) // queued 1, joined 2
		question, err := h.Service.PostByVisitor(t.Context(), maria, c.ID, "v1", "  Oi\r\ntudo bem?\t ")
		if err != nil {
			t.Fatal(err)
		}
		if question.Sequence != 3 || question.Text != "Oi\ntudo bem?" || question.ClientID != "v1" || question.Author.Name != "Name of maria" {
			t.Fatalf("question %+v", question)
		}
		note, err := h.Service.PostByAgent(t.Context(), ana, c.ID, "a1", "cliente antiga", conversation.ToAgents)
		if err != nil {
			t.Fatal(err)
		}
		if note.Sequence != 4 || note.VisitorSequence != nil || note.Author.Name != "Ana" {
			t.Fatalf("note %+v", note)
		}
		before, err := h.Service.Get(t.Context(), ana, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if before.UnansweredSince == nil {
			t.Fatal("a note between agents counts as an answer")
		}
		answer, err := h.Service.PostByAgent(t.Context(), ana, c.ID, "a2", "Tudo!", conversation.ToVisitor)
		if err != nil {
			t.Fatal(err)
		}
		if answer.Sequence != 5 || answer.VisitorSequence == nil || *answer.VisitorSequence != 4 {
			t.Fatalf("answer %+v", answer)
		}
		after, err := h.Service.Get(t.Context(), ana, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		last, err := after.LastMessage.Value()
		if err != nil {
			t.Fatal(err)
		}
		if after.LastSequence != 5 || after.LastVisitorSequence != 4 || after.UnansweredSince != nil || last.Text != "Tudo!" ||
			after.Version <= before.Version {
			t.Fatalf("after %+v, last %+v", after, last)
		}
		page, err := h.Service.CatchUp(t.Context(), maria, c.ID, 2)
		if err != nil || len(page.Messages) != 2 || page.Messages[1].Sequence != 4 || page.Messages[1].Author.Name != "Ana" {
			t.Fatalf("catching up: %+v, %v", page, err)
		}
		if got := h.Kinds(t); got != "queued > message > claimed > message > message > internal > message" {
			t.Fatalf("events %q", got)
		}
	})
}

func TestPost_TheSameClientIDIsTheSameMessage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana, maria := conversationtest.Agent(conversationtest.Ana), conversationtest.Visitor("maria")
		c := h.Active(t, "maria", ana.ID)
		var mu sync.Mutex
		got := map[string]int{}
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				m, err := h.Service.PostByVisitor(t.Context(), maria, c.ID, fmt.Sprint("id", i%4), fmt.Sprint("text", i%4))
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				got[m.ID]++
			})
		}
		wg.Wait()
		if len(got) != 4 {
			t.Fatalf("%d messages, want 4", len(got))
		}
		// Another author has client ids of its own; another text under the same id changes nothing.
		first, err := h.Service.PostByAgent(t.Context(), ana, c.ID, "id0", "from the agent", conversation.ToVisitor)
		if err != nil {
			t.Fatal(err)
		}
		again, err := h.Service.PostByAgent(t.Context(), ana, c.ID, "id0", "something else", conversation.ToVisitor)
		if err != nil || again.ID != first.ID || again.Text != "from the agent" {
			t.Fatalf("again %+v, %v", again, err)
		}
		if _, err := h.Service.EndByAgent(t.Context(), ana, c.ID); err != nil {
			t.Fatal(err)
		}
		late, err := h.Service.PostByAgent(t.Context(), ana, c.ID, "id0", "from the agent", conversation.ToVisitor)
		if err != nil || late.ID != first.ID {
			t.Fatalf("repeated after the end: %+v, %v", late, err)
		}
		gapless(t, h, c.ID, 2+4+1+1)
	})
}

// gapless checks that a conversation's messages count from 1 to n, and the visitor's own count has no gap either.
func gapless(t *testing.T, h *conversationtest.House, id string, n int) {
	t.Helper()
	messages, _, err := h.Service.Messages(t.Context(), conversationtest.Supervisor(), id, conversation.Page{Limit: conversation.MaxPage})
	if err != nil || len(messages) != n {
		t.Fatalf("%d messages, %v; want %d", len(messages), err, n)
	}
	visible := int64(0)
	for i, m := range messages {
		if m.Sequence != int64(i+1) {
			t.Fatalf("message %d has sequence %d", i+1, m.Sequence)
		}
		if m.Audience == conversation.ToVisitor {
			if visible++; m.VisitorSequence == nil || *m.VisitorSequence != visible {
				t.Fatalf("message %d has visitor sequence %v, want %d", i+1, m.VisitorSequence, visible)
			}
		} else if m.VisitorSequence != nil {
			t.Fatalf("internal message %d has a visitor sequence", i+1)
		}
	}
}

func TestPost_Refuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana, bruno, maria := conversationtest.Agent(conversationtest.Ana), conversationtest.Agent(conversationtest.Bruno), conversationtest.Visitor("maria")
		active := h.Active(t, "maria", ana.ID).ID
		waiting := h.Open(t, "joão", conversationtest.Sales).ID
		foreign := h.Open(t, "rita", conversationtest.Support).ID
		ended := h.Active(t, "lia", ana.ID).ID
		if _, err := h.Service.EndByAgent(t.Context(), ana, ended); err != nil {
			t.Fatal(err)
		}
		otherAccount := ana
		otherAccount.AccountID = "other"
		before := h.Kinds(t)

		asAgent := func(a conversation.AgentActor, id, client, text string, to conversation.Audience) func() error {
			return func() error {
				_, err := h.Service.PostByAgent(t.Context(), a, id, client, text, to)
				return err
			}
		}
		asVisitor := func(v conversation.VisitorActor, id, client, text string) func() error {
			return func() error {
				_, err := h.Service.PostByVisitor(t.Context(), v, id, client, text)
				return err
			}
		}
		otherSite := maria
		otherSite.SiteID = "site2"
		rows := []struct {
			name string
			post func() error
			code fault.Code
		}{
			{"agent: empty", asAgent(ana, active, "x", " \n ", conversation.ToVisitor), fault.Validation},
			{"agent: too long", asAgent(ana, active, "x", strings.Repeat("é", 5001), conversation.ToVisitor), fault.Validation},
			{"agent: escape character", asAgent(ana, active, "x", "a\x1b[31m", conversation.ToVisitor), fault.Validation},
			{"agent: malformed UTF-8", asAgent(ana, active, "x", "a\xff", conversation.ToVisitor), fault.Validation},
			{"agent: no client id", asAgent(ana, active, "", "a", conversation.ToVisitor), fault.Validation},
			{"agent: unknown audience", asAgent(ana, active, "x", "a", "everybody"), fault.Validation},
			{"agent: a colleague's", asAgent(bruno, active, "x", "a", conversation.ToVisitor), fault.ConversationNotYours},
			{"agent: a note in a colleague's", asAgent(bruno, active, "x", "a", conversation.ToAgents), fault.ConversationNotYours},
			{"agent: waiting", asAgent(ana, waiting, "x", "a", conversation.ToVisitor), fault.ConversationNotYours},
			{"agent: ended", asAgent(ana, ended, "x", "a", conversation.ToVisitor), fault.ConversationEnded},
			{"agent: a note in an ended one", asAgent(ana, ended, "x", "a", conversation.ToAgents), fault.ConversationEnded},
			{"agent: a foreign department's", asAgent(ana, foreign, "x", "a", conversation.ToVisitor), fault.NotFound},
			{"agent: another account's", asAgent(otherAccount, active, "x", "a", conversation.ToVisitor), fault.NotFound},
			{"agent: unknown", asAgent(ana, "nothing", "x", "a", conversation.ToVisitor), fault.NotFound},
			{"supervisor: to the visitor", asAgent(conversationtest.Supervisor(), active, "x", "a", conversation.ToVisitor), fault.ConversationNotYours},
			{"visitor: empty", asVisitor(maria, active, "x", ""), fault.Validation},
			{"visitor: null character", asVisitor(maria, active, "x", "a\x00"), fault.Validation},
			{"visitor: foreign", asVisitor(maria, waiting, "x", "a"), fault.NotFound},
			{"visitor: on another site", asVisitor(otherSite, active, "x", "a"), fault.NotFound},
			{"visitor: ended", asVisitor(conversationtest.Visitor("lia"), ended, "x", "a"), fault.ConversationEnded},
		}
		for _, row := range rows {
			if err := row.post(); fault.CodeOf(err) != row.code {
				t.Errorf("%s: %v, want %s", row.name, err, row.code)
			}
		}
		if after := h.Kinds(t); after != before {
			t.Fatalf("refused, and yet: %q", strings.TrimPrefix(after, before))
		}
		if _, err := h.Service.PostByAgent(t.Context(), conversationtest.Supervisor(), active, "s", "bom trabalho", conversation.ToAgents); err != nil {
			t.Errorf("a supervisor's note: %v", err)
		}
		if _, err := h.Service.PostByVisitor(t.Context(), conversationtest.Visitor("joão"), waiting, "w", strings.Repeat("é", 5000)); err != nil {
			t.Errorf("a visitor's message while waiting: %v", err)
		}
	})
}

func TestMessages_Pages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana, maria := conversationtest.Agent(conversationtest.Ana), conversationtest.Visitor("maria")
		c := h.Active(t, "maria", ana.ID)
		for i := range 108 { // with the two of the house: 110
			if _, err := h.Service.PostByVisitor(t.Context(), maria, c.ID, fmt.Sprint(i), "x"); err != nil {
				t.Fatal(err)
			}
		}
		at := func(n int64) *int64 { return &n }
		rows := []struct {
			name        string
			page        conversation.Page
			first, last int64
			more        bool
		}{
			{"the newest", conversation.Page{}, 61, 110, true},
			{"after one", conversation.Page{After: at(100), Limit: 5}, 101, 105, true},
			{"the last after one", conversation.Page{After: at(105), Limit: 5}, 106, 110, false},
			{"before one", conversation.Page{Before: at(61), Limit: 20}, 41, 60, true},
			{"the first before one", conversation.Page{Before: at(21), Limit: 20}, 1, 20, false},
			{"all", conversation.Page{Limit: 1000}, 1, 110, false},
		}
		for _, row := range rows {
			messages, more, err := h.Service.Messages(t.Context(), ana, c.ID, row.page)
			if err != nil || len(messages) == 0 {
				t.Fatalf("%s: %d messages, %v", row.name, len(messages), err)
			}
			if first, last := messages[0].Sequence, messages[len(messages)-1].Sequence; first != row.first || last != row.last || more != row.more {
				t.Errorf("%s: %d to %d, more %v", row.name, first, last, more)
			}
		}
		page, err := h.Service.CatchUp(t.Context(), maria, c.ID, 0)
		if err != nil || len(page.Messages) != 100 || !page.More {
			t.Fatalf("catching up: %d, more %v, %v", len(page.Messages), page.More, err)
		}
		page, err = h.Service.CatchUp(t.Context(), maria, c.ID, 100)
		if err != nil || len(page.Messages) != 10 || page.More {
			t.Fatalf("catching up further: %d, more %v, %v", len(page.Messages), page.More, err)
		}
		if _, _, err := h.Service.Messages(t.Context(), conversation.AgentActor{AccountID: "other", ID: ana.ID}, c.ID, conversation.Page{}); fault.CodeOf(err) != fault.NotFound {
			t.Fatalf("another account's: %v", err)
		}
		if _, err := h.Service.CatchUp(t.Context(), conversationtest.Visitor("joão"), c.ID, 0); fault.CodeOf(err) != fault.NotFound {
			t.Fatalf("another visitor's: %v", err)
		}
	})
}
