package conversation_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// inState makes a conversation of Maria's that stands where state says; Ana has or had it.
func inState(t *testing.T, h *conversationtest.House, state conversation.State) string {
	t.Helper()
	c := h.Open(t, "maria", conversationtest.Sales)
	var err error
	switch state {
	case conversation.Waiting:
	case conversation.Active:
		h.Claim(t, c.ID, conversationtest.Ana)
	case conversation.Ended:
		h.Claim(t, c.ID, conversationtest.Ana)
		_, err = h.Service.EndByAgent(t.Context(), conversationtest.Agent(conversationtest.Ana), c.ID)
	case conversation.Abandoned:
		_, err = h.Service.EndByVisitor(t.Context(), conversationtest.Visitor("maria"), c.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}

// TestTransitions tries every command in every state: what changes is in the table of transitions, and what is in the
// table can happen.
func TestTransitions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana, maria := conversationtest.Agent(conversationtest.Ana), conversationtest.Visitor("maria")
		commands := map[string]func(id string) error{
			"claim": func(id string) error {
				return h.Store.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					_, _, err := h.Service.Claim(ctx, tx, conversationtest.Account, id, conversationtest.Ana)
					return err
				})
			},
			"return": func(id string) error { return h.Service.Return(t.Context(), ana, id, conversation.ReasonSignedOut) },
			"return all": func(string) error {
				_, err := h.Service.ReturnAll(t.Context(), conversationtest.Account, ana.ID, conversation.ReasonSignedOut)
				return err
			},
			"end by agent":   func(id string) error { _, err := h.Service.EndByAgent(t.Context(), ana, id); return err },
			"end by visitor": func(id string) error { _, err := h.Service.EndByVisitor(t.Context(), maria, id); return err },
			"transfer": func(id string) error {
				tr, err := h.Service.TransferToAgent(t.Context(), ana, id, conversationtest.Bruno, "")
				if err == nil {
					_, err = h.Service.AcceptTransfer(t.Context(), conversationtest.Agent(conversationtest.Bruno), tr.ID)
				}
				return err
			},
			"requeue": func(id string) error {
				_, err := h.Service.TransferToDepartment(t.Context(), ana, id, conversationtest.Support, "")
				return err
			},
			"close": func(id string) error { _, err := h.Service.CloseTab(t.Context(), ana, id); return err },
			"post":  func(id string) error { _, err := h.Service.PostByVisitor(t.Context(), maria, id, "x", "x"); return err },
		}
		states := []conversation.State{conversation.Waiting, conversation.Active, conversation.Ended, conversation.Abandoned}
		happened := map[string]bool{}
		for _, from := range states {
			for name, command := range commands {
				id := inState(t, h, from)
				if err := command(id); fault.CodeOf(err) == fault.Internal {
					t.Fatalf("%s of one that is %s: %v", name, from, err)
				}
				after, err := h.Service.Get(t.Context(), conversationtest.Supervisor(), id)
				if err != nil {
					t.Fatal(err)
				}
				if after.State != from || name == "transfer" && after.Agent() == conversationtest.Bruno {
					happened[fmt.Sprint(from, after.State)] = true
					if !conversation.Allowed(from, after.State) {
						t.Errorf("%s made %s of %s", name, after.State, from)
					}
				}
				_, _ = h.Service.EndByVisitor(t.Context(), maria, id) // makes room for the next; it may be over already
			}
		}
		for _, transition := range conversation.Transitions() {
			if !happened[fmt.Sprint(transition.From, transition.To)] {
				t.Errorf("%s never happened", transition.Name)
			}
		}
	})
}

func TestClaim_OneAgentWins(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		id := h.Open(t, "maria", conversationtest.Sales).ID
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for i := range 10 {
			wg.Go(func() {
				agent := []string{conversationtest.Ana, conversationtest.Bruno}[i%2]
				err := h.Store.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					_, ok, err := h.Service.Claim(ctx, tx, conversationtest.Account, id, agent)
					tx.AfterCommit(func() {
						mu.Lock()
						defer mu.Unlock()
						if ok {
							won++
						}
					})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won != 1 {
			t.Fatalf("%d agents won", won)
		}
		gapless(t, h, id, 2)
	})
}

func TestEndByAgent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana, bruno, maria := conversationtest.Agent(conversationtest.Ana), conversationtest.Agent(conversationtest.Bruno), conversationtest.Visitor("maria")
		id := h.Active(t, "maria", ana.ID).ID
		if _, err := h.Service.CloseTab(t.Context(), ana, id); fault.CodeOf(err) != fault.ConversationNotEnded {
			t.Fatalf("closing an active one: %v (T107)", err)
		}
		if _, err := h.Service.EndByAgent(t.Context(), bruno, id); fault.CodeOf(err) != fault.ConversationNotYours {
			t.Fatalf("a colleague's: %v", err)
		}
		h.Clock.Advance(time.Minute)
		ended, err := h.Service.EndByAgent(t.Context(), ana, id)
		if err != nil || ended.State != conversation.Ended || *ended.EndedBy != conversation.ByAgent || ended.EndReason != nil ||
			*ended.EndedAt != clock.Millis(h.Clock.Now()) || ended.Agent() != ana.ID || ended.UnansweredSince != nil {
			t.Fatalf("ended %+v, %v", ended, err)
		}
		h.Clock.Advance(time.Minute)
		again, err := h.Service.EndByAgent(t.Context(), ana, id)
		if err != nil || *again.EndedAt != *ended.EndedAt {
			t.Fatalf("again %+v, %v", again, err)
		}
		if _, err := h.Service.EndByVisitor(t.Context(), maria, id); fault.CodeOf(err) != fault.ConversationEnded {
			t.Fatalf("the visitor, after the agent: %v", err)
		}
		if _, err := h.Service.CloseTab(t.Context(), bruno, id); fault.CodeOf(err) != fault.ConversationNotYours {
			t.Fatalf("a colleague closes the tab: %v", err)
		}
		if mine, err := h.Service.Mine(t.Context(), conversationtest.Account, ana.ID); err != nil || len(mine) != 1 {
			t.Fatalf("mine before closing: %v, %v", mine, err)
		}
		for range 2 {
			closed, err := h.Service.CloseTab(t.Context(), ana, id)
			if err != nil || !closed.Closed {
				t.Fatalf("closed %+v, %v", closed, err)
			}
		}
		if mine, err := h.Service.Mine(t.Context(), conversationtest.Account, ana.ID); err != nil || len(mine) != 0 {
			t.Fatalf("mine after closing: %v, %v", mine, err)
		}
		if got := h.Kinds(t); got != "queued > message > claimed > message > ended > message > closed" {
			t.Fatalf("events %q", got)
		}
	})
}

func TestEndByVisitor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana, maria := conversationtest.Agent(conversationtest.Ana), conversationtest.Visitor("maria")
		active := h.Active(t, "maria", ana.ID).ID
		for range 2 {
			ended, err := h.Service.EndByVisitor(t.Context(), maria, active)
			if err != nil || ended.State != conversation.Ended || *ended.EndedBy != conversation.ByVisitor {
				t.Fatalf("ended %+v, %v", ended, err)
			}
		}
		if _, err := h.Service.EndByAgent(t.Context(), ana, active); fault.CodeOf(err) != fault.ConversationEnded {
			t.Fatalf("the agent, after the visitor: %v", err)
		}
		waiting := h.Open(t, "maria", conversationtest.Sales).ID
		for range 2 {
			left, err := h.Service.EndByVisitor(t.Context(), maria, waiting)
			if err != nil || left.State != conversation.Abandoned {
				t.Fatalf("left %+v, %v", left, err)
			}
		}
		c, err := h.Service.Get(t.Context(), ana, waiting)
		if err != nil || *c.EndReason != conversation.ReasonLeft {
			t.Fatalf("reason %v, %v", c.EndReason, err)
		}
		for _, v := range []conversation.VisitorActor{conversationtest.Visitor("joão"), {AccountID: "other", SiteID: conversationtest.Site, VisitorID: "maria"}} {
			if _, err := h.Service.EndByVisitor(t.Context(), v, waiting); fault.CodeOf(err) != fault.NotFound {
				t.Fatalf("somebody else's: %v", err)
			}
		}
	})
}

func TestReturnAll_KeepsThePlaceInTheQueue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana := conversationtest.Agent(conversationtest.Ana)
		first := h.Active(t, "first", ana.ID)
		h.Clock.Advance(time.Second)
		kept := h.Active(t, "kept", conversationtest.Bruno)
		second := h.Active(t, "second", ana.ID)
		h.Clock.Advance(time.Second)
		late := h.Open(t, "late", conversationtest.Sales)
		n, err := h.Service.ReturnAll(t.Context(), conversationtest.Account, ana.ID, conversation.ReasonConnectionLost)
		if err != nil || n != 2 {
			t.Fatalf("%d returned, %v", n, err)
		}
		h.Settle(t)
		waiting, err := h.Service.Board().Waiting(t.Context(), conversationtest.Account, ana.Scope)
		if err != nil || len(waiting) != 3 || waiting[0].ID != first.ID || waiting[1].ID != second.ID || waiting[2].ID != late.ID {
			t.Fatalf("waiting %+v, %v", waiting, err)
		}
		c, err := h.Service.Get(t.Context(), ana, first.ID)
		if err != nil || c.AgentID != nil || c.JoinedAt != nil || c.QueueEnteredAt != first.QueueEnteredAt {
			t.Fatalf("returned %+v, %v", c, err)
		}
		if c, err := h.Service.Get(t.Context(), ana, kept.ID); err != nil || c.State != conversation.Active {
			t.Fatalf("the colleague's %+v, %v", c, err)
		}
		page, err := h.Service.CatchUp(t.Context(), conversationtest.Visitor("first"), first.ID, 2)
		if err != nil || len(page.Messages) != 1 || page.Messages[0].System.Key != conversation.SystemReturned ||
			len(page.Messages[0].System.Params) != 0 || *page.Conversation.Position != 1 {
			t.Fatalf("the visitor is told %+v, %v", page, err)
		}
		if n, err := h.Service.ReturnAll(t.Context(), conversationtest.Account, ana.ID, conversation.ReasonConnectionLost); err != nil || n != 0 {
			t.Fatalf("again: %d, %v", n, err)
		}
	})
}
