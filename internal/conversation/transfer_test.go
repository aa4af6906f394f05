package conversation_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

var (
	ana   = conversationtest.Agent(conversationtest.Ana)
	bruno = conversationtest.Agent(conversationtest.Bruno)
	carla = conversationtest.Supervisor()
)

func codeIs(t *testing.T, err error, code fault.Code) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("error %v, want %s", err, code)
	}
}

func TestTransfer_AcceptedMovesTheConversationWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		c := h.Active(t, "maria", conversationtest.Ana)
		if _, err := h.Service.PostByVisitor(t.Context(), conversationtest.Visitor("maria"), c.ID, "1", "Olá"); err != nil {
			t.Fatal(err)
		}
		tr, err := h.Service.TransferToAgent(t.Context(), ana, c.ID, conversationtest.Bruno, "  knows the product  ")
		if err != nil || tr.State != conversation.TransferPending || tr.Number != c.Number || tr.VisitorName != "Name of maria" {
			t.Fatalf("%+v %v", tr, err)
		}
		_, err = h.Service.TransferToAgent(t.Context(), ana, c.ID, conversationtest.Bruno, "")
		codeIs(t, err, fault.TransferPending)
		for _, side := range []string{conversationtest.Ana, conversationtest.Bruno} {
			if pending, err := h.Service.Transfers(t.Context(), conversationtest.Account, side); err != nil || len(pending) != 1 {
				t.Errorf("%s has %d pending, %v", side, len(pending), err)
			}
		}
		_, err = h.Service.AcceptTransfer(t.Context(), ana, tr.ID)
		codeIs(t, err, fault.NotFound) // only who was asked may answer
		after, err := h.Service.AcceptTransfer(t.Context(), bruno, tr.ID)
		if err != nil || after.Agent() != conversationtest.Bruno || after.QueueEnteredAt != c.QueueEnteredAt || after.State != conversation.Active {
			t.Fatalf("%+v %v", after, err)
		}
		if again, err := h.Service.AcceptTransfer(t.Context(), bruno, tr.ID); err != nil || again.Version != after.Version {
			t.Errorf("accepted again: %v", err)
		}
		codeIs(t, h.Service.DeclineTransfer(t.Context(), bruno, tr.ID), fault.TransferOver)
		_, err = h.Service.PostByAgent(t.Context(), ana, c.ID, "2", "still here", conversation.ToVisitor)
		codeIs(t, err, fault.ConversationNotYours)
		messages, _, err := h.Service.Messages(t.Context(), bruno, c.ID, conversation.Page{})
		if err != nil || script(messages) != "queued joined Olá [knows the product] transferred" {
			t.Errorf("the receiver reads %q, %v", script(messages), err)
		}
		page, err := h.Service.CatchUp(t.Context(), conversationtest.Visitor("maria"), c.ID, 0)
		if err != nil || page.Conversation.Agent.Name != "Bruno" || page.Messages[len(page.Messages)-1].System.Params["agent"] != "Bruno" ||
			strings.Contains(fmt.Sprint(page), "knows the product") {
			t.Errorf("the visitor reads %+v, %v", page, err)
		}
		h.Settle(t)
		held, err := h.Service.Board().ActiveByAgent(t.Context(), conversationtest.Account)
		if err != nil || held[conversationtest.Bruno] != 1 || held[conversationtest.Ana] != 0 {
			t.Errorf("the board holds %v, %v", held, err)
		}
	})
}

// script is what stands in a conversation, internal messages in brackets.
func script(messages []conversation.Message) string {
	var parts []string
	for _, m := range messages {
		switch {
		case m.System != nil:
			parts = append(parts, m.System.Key)
		case m.Audience == conversation.ToAgents:
			parts = append(parts, "["+m.Text+"]")
		default:
			parts = append(parts, m.Text)
		}
	}
	return strings.Join(parts, " ")
}

func TestTransfer_Refusals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		active := h.Active(t, "maria", conversationtest.Ana).ID
		waiting := h.Open(t, "joao", conversationtest.Sales).ID
		ended := h.Active(t, "rosa", conversationtest.Ana).ID
		if _, err := h.Service.EndByAgent(t.Context(), ana, ended); err != nil {
			t.Fatal(err)
		}
		to := func(a conversation.AgentActor, id, agentID, note string) error {
			_, err := h.Service.TransferToAgent(t.Context(), a, id, agentID, note)
			return err
		}
		codeIs(t, to(ana, active, conversationtest.Ana, ""), fault.Validation)
		codeIs(t, to(ana, active, "nobody", ""), fault.Validation)
		codeIs(t, to(ana, active, conversationtest.Bruno, strings.Repeat("x", conversation.MaxNoteRunes+1)), fault.Validation)
		codeIs(t, to(ana, "unknown", conversationtest.Bruno, ""), fault.NotFound)
		codeIs(t, to(bruno, active, conversationtest.Bruno, ""), fault.ConversationNotYours)
		codeIs(t, to(ana, waiting, conversationtest.Bruno, ""), fault.ConversationNotYours)
		codeIs(t, to(ana, ended, conversationtest.Bruno, ""), fault.ConversationEnded)
		foreign := ana
		foreign.AccountID = "another"
		codeIs(t, to(foreign, active, conversationtest.Bruno, ""), fault.NotFound)
		h.World.SetOnline(conversationtest.Bruno, false)
		codeIs(t, to(ana, active, conversationtest.Bruno, ""), fault.TransferTargetAbsent)
		targets, err := h.Service.Targets(t.Context(), ana, active)
		if err != nil || len(targets) != 1 || targets[0].Refused != fault.TransferTargetAbsent || !targets[0].Serves {
			t.Errorf("targets %+v, %v", targets, err)
		}
	})
}

func TestTransfer_PassesTheLimitByOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		for i := range 5 {
			h.Active(t, fmt.Sprint("guest", i), conversationtest.Bruno)
		}
		first, second := h.Active(t, "maria", conversationtest.Ana).ID, h.Active(t, "joao", conversationtest.Ana).ID
		tr, err := h.Service.TransferToAgent(t.Context(), ana, first, conversationtest.Bruno, "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.Service.TransferToAgent(t.Context(), ana, second, conversationtest.Bruno, "")
		codeIs(t, err, fault.TransferTargetFull) // one is on its way already
		if _, err := h.Service.AcceptTransfer(t.Context(), bruno, tr.ID); err != nil {
			t.Fatal(err)
		}
		_, err = h.Service.TransferToAgent(t.Context(), ana, second, conversationtest.Bruno, "")
		codeIs(t, err, fault.TransferTargetFull)
	})
}

func TestTransfer_DeclinedWithdrawnAndOvertaken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		c := h.Active(t, "maria", conversationtest.Ana)
		offer := func() string {
			t.Helper()
			tr, err := h.Service.TransferToAgent(t.Context(), ana, c.ID, conversationtest.Bruno, "")
			if err != nil {
				t.Fatal(err)
			}
			return tr.ID
		}
		id := offer()
		for range 2 { // declining again changes nothing
			if err := h.Service.DeclineTransfer(t.Context(), bruno, id); err != nil {
				t.Fatal(err)
			}
		}
		_, err := h.Service.AcceptTransfer(t.Context(), bruno, id)
		codeIs(t, err, fault.TransferOver)
		id = offer()
		codeIs(t, h.Service.WithdrawTransfer(t.Context(), bruno, id), fault.NotFound)
		if err := h.Service.WithdrawTransfer(t.Context(), ana, id); err != nil {
			t.Fatal(err)
		}
		// The conversation goes back to the queue while the transfer waits: nobody can accept it any more.
		id = offer()
		if err := h.Service.Return(t.Context(), ana, c.ID, conversation.ReasonSignedOut); err != nil {
			t.Fatal(err)
		}
		_, err = h.Service.AcceptTransfer(t.Context(), bruno, id)
		codeIs(t, err, fault.TransferOver)
		h.Claim(t, c.ID, conversationtest.Ana)
		// And after its time.
		id = offer()
		h.Clock.Advance(conversation.TransferLife)
		_, err = h.Service.AcceptTransfer(t.Context(), bruno, id)
		codeIs(t, err, fault.TransferOver)
		if after, err := h.Service.Get(t.Context(), ana, c.ID); err != nil || after.Agent() != conversationtest.Ana {
			t.Errorf("it is with %s, %v", after.Agent(), err)
		}
	})
}

func TestTransfer_AcceptAndWithdrawAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		for i := range 10 {
			c := h.Active(t, fmt.Sprint("guest", i), conversationtest.Ana)
			tr, err := h.Service.TransferToAgent(t.Context(), ana, c.ID, conversationtest.Bruno, "")
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			var accepted, withdrawn error
			wg.Go(func() { _, accepted = h.Service.AcceptTransfer(t.Context(), bruno, tr.ID) })
			wg.Go(func() { withdrawn = h.Service.WithdrawTransfer(t.Context(), ana, tr.ID) })
			wg.Wait()
			if (accepted == nil) == (withdrawn == nil) {
				t.Fatalf("both or neither: %v, %v", accepted, withdrawn)
			}
			after, err := h.Service.Get(t.Context(), carla, c.ID)
			if err != nil || (after.Agent() == conversationtest.Bruno) != (accepted == nil) {
				t.Fatalf("with %s after %v", after.Agent(), accepted)
			}
			holder := ana
			if accepted == nil {
				holder = bruno
			}
			if _, err := h.Service.EndByAgent(t.Context(), holder, c.ID); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestTransferToDepartment_KeepsNumberAndPlace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		c := h.Active(t, "maria", conversationtest.Ana)
		h.Clock.Advance(time.Minute)
		later := h.Open(t, "joao", conversationtest.Support)
		h.World.SetOnline(conversationtest.Support, false)
		_, err := h.Service.TransferToDepartment(t.Context(), ana, c.ID, conversationtest.Support, "")
		codeIs(t, err, fault.DepartmentUnattended)
		h.World.SetOnline(conversationtest.Support, true)
		_, err = h.Service.TransferToDepartment(t.Context(), ana, c.ID, "nowhere", "")
		codeIs(t, err, fault.Validation)
		after, err := h.Service.TransferToDepartment(t.Context(), ana, c.ID, conversationtest.Support, "billing")
		if err != nil || after.State != conversation.Waiting || after.AgentID != nil || after.Number != c.Number || after.QueueEnteredAt != c.QueueEnteredAt {
			t.Fatalf("%+v, %v", after, err)
		}
		h.Settle(t)
		waiting, err := h.Service.Board().Waiting(t.Context(), conversationtest.Account, bruno.Scope)
		if err != nil || len(waiting) != 2 || waiting[0].ID != c.ID || waiting[1].ID != later.ID {
			t.Errorf("waiting %+v, %v", waiting, err)
		}
		by, err := h.Service.Board().ByDepartment(t.Context(), conversationtest.Account, carla.Scope)
		if err != nil || by[conversationtest.Sales].Active != 0 || by[conversationtest.Support].Waiting != 2 {
			t.Errorf("by department %+v, %v", by, err)
		}
		page, err := h.Service.CatchUp(t.Context(), conversationtest.Visitor("maria"), c.ID, 0)
		if last := page.Messages[len(page.Messages)-1]; err != nil || last.System.Key != "requeued" || last.System.Params["department"] != "Suporte" {
			t.Errorf("the visitor reads %+v, %v", page.Messages, err)
		}
	})
}

func TestTakeOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		c := h.Active(t, "maria", conversationtest.Ana)
		_, err := h.Service.TakeOver(t.Context(), bruno, c.ID, conversationtest.Ana)
		codeIs(t, err, fault.ConversationNotYours)
		chief := bruno
		chief.Supervises, chief.Scope.All = true, true
		tr, err := h.Service.TransferToAgent(t.Context(), ana, c.ID, conversationtest.Bruno, "")
		if err != nil {
			t.Fatal(err)
		}
		after, err := h.Service.TakeOver(t.Context(), chief, c.ID, conversationtest.Ana)
		if err != nil || after.Agent() != conversationtest.Bruno {
			t.Fatalf("%+v, %v", after, err)
		}
		_, err = h.Service.AcceptTransfer(t.Context(), bruno, tr.ID)
		codeIs(t, err, fault.TransferOver)
		ended, err := h.Service.EndBySupervisor(t.Context(), chief, c.ID)
		if err != nil || ended.EndReason == nil || *ended.EndReason != conversation.ReasonSupervisor {
			t.Fatalf("%+v, %v", ended, err)
		}
	})
}
