package conversation_test

import (
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func TestParticipants(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		c := h.Active(t, "maria", conversationtest.Ana)
		_, err := h.Service.PostByAgent(t.Context(), bruno, c.ID, "0", "Oi", conversation.ToVisitor)
		codeIs(t, err, fault.ConversationNotYours)
		_, err = h.Service.Join(t.Context(), bruno, c.ID, conversationtest.Bruno)
		codeIs(t, err, fault.ConversationNotYours) // colleagues are invited
		for range 2 {                              // again changes nothing
			if c, err = h.Service.Join(t.Context(), ana, c.ID, conversationtest.Bruno); err != nil {
				t.Fatal(err)
			}
		}
		if list, err := c.Participants.Value(); err != nil || len(list) != 1 || list[0].AgentID != conversationtest.Bruno || list[0].Role != conversation.Colleague {
			t.Fatalf("%+v, %v", list, err)
		}
		if _, err = h.Service.PostByAgent(t.Context(), bruno, c.ID, "1", "Oi", conversation.ToVisitor); err != nil {
			t.Error(err)
		}
		if _, err = h.Service.PostByAgent(t.Context(), bruno, c.ID, "2", "between us", conversation.ToAgents); err != nil {
			t.Error(err)
		}
		mine, err := h.Service.Mine(t.Context(), conversationtest.Account, conversationtest.Bruno)
		if err != nil || len(mine) != 1 {
			t.Errorf("%d conversations, %v", len(mine), err)
		}
		_, err = h.Service.Leave(t.Context(), ana, c.ID)
		codeIs(t, err, fault.ConversationNotYours) // who is in charge can't just leave
		for range 2 {
			if c, err = h.Service.Leave(t.Context(), bruno, c.ID); err != nil {
				t.Fatal(err)
			}
		}
		_, err = h.Service.PostByAgent(t.Context(), bruno, c.ID, "3", "Oi", conversation.ToVisitor)
		codeIs(t, err, fault.ConversationNotYours)
		messages, _, err := h.Service.Messages(t.Context(), ana, c.ID, conversation.Page{})
		if err != nil || script(messages) != "queued joined entered Oi [between us] left" {
			t.Errorf("%q, %v", script(messages), err)
		}
		h.Settle(t)
		if kinds := h.Kinds(t); !strings.Contains(kinds, "participants > message > message > internal > participants") {
			t.Errorf("events %s", kinds)
		}
	})
}

// TestParticipant_HearsTheMessages looks at the audience of what is said, for an agent who does not serve the department.
func TestParticipant_HearsTheMessages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		c := h.Claim(t, h.Open(t, "maria", conversationtest.Support).ID, conversationtest.Bruno)
		if _, err := h.Service.Join(t.Context(), bruno, c.ID, conversationtest.Ana); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Service.PostByVisitor(t.Context(), conversationtest.Visitor("maria"), c.ID, "1", "Olá"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Service.Get(t.Context(), ana, c.ID); err != nil {
			t.Error(err)
		}
		h.Settle(t)
		heard := map[string]int{}
		for _, r := range h.Events.Records() {
			audience, err := eventlog.ParseAudience(r.Audience)
			if err != nil {
				t.Fatal(err)
			}
			if ana.Scope.Sees(audience) {
				heard[r.Kind]++
			}
		}
		if heard[conversation.KindMessage] != 2 || heard[conversation.KindParticipants] != 1 {
			t.Errorf("ana heard %v", heard)
		}
		// The transfer to one who takes part makes that one the agent in charge.
		tr, err := h.Service.TransferToAgent(t.Context(), bruno, c.ID, conversationtest.Ana, "")
		if err != nil {
			t.Fatal(err)
		}
		after, err := h.Service.AcceptTransfer(t.Context(), ana, tr.ID)
		if list, _ := after.Participants.Value(); err != nil || len(list) != 0 || after.Agent() != conversationtest.Ana {
			t.Errorf("%+v, %v", after, err)
		}
	})
}

func TestTags(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		c := h.Active(t, "maria", conversationtest.Ana)
		c, err := h.Service.SetTags(t.Context(), ana, c.ID, []string{" refund ", "VIP", "vip"})
		if tags, _ := c.Tags.Value(); err != nil || strings.Join(tags, ",") != "refund,VIP" {
			t.Fatalf("%v, %v", tags, err)
		}
		if _, err := h.Service.EndByAgent(t.Context(), ana, c.ID); err != nil {
			t.Fatal(err)
		}
		if _, err = h.Service.SetTags(t.Context(), ana, c.ID, []string{"VIP"}); err != nil {
			t.Error(err)
		}
		if tags, err := h.Service.Tags(t.Context(), conversationtest.Account); err != nil || strings.Join(tags, ",") != "VIP" {
			t.Errorf("%v, %v", tags, err)
		}
		_, err = h.Service.SetTags(t.Context(), bruno, c.ID, nil)
		codeIs(t, err, fault.ConversationNotYours)
		_, err = h.Service.SetTags(t.Context(), ana, c.ID, []string{strings.Repeat("x", conversation.MaxTagRunes+1)})
		codeIs(t, err, fault.Validation)
	})
}

func TestHold_EndsWithAnAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		c := h.Active(t, "maria", conversationtest.Ana)
		now := h.Clock.Now().UnixMilli()
		for _, until := range []int64{now, now + conversation.MaxHold.Milliseconds() + 1} {
			_, err := h.Service.Hold(t.Context(), ana, c.ID, until)
			codeIs(t, err, fault.Validation)
		}
		_, err := h.Service.Hold(t.Context(), bruno, c.ID, now+1000)
		codeIs(t, err, fault.ConversationNotYours)
		if c, err = h.Service.Hold(t.Context(), ana, c.ID, now+1000); err != nil || c.HoldUntil == nil {
			t.Fatalf("%+v, %v", c, err)
		}
		if _, err := h.Service.PostByAgent(t.Context(), ana, c.ID, "1", "Pronto", conversation.ToVisitor); err != nil {
			t.Fatal(err)
		}
		if after, err := h.Service.Get(t.Context(), ana, c.ID); err != nil || after.HoldUntil != nil {
			t.Errorf("%+v, %v", after, err)
		}
	})
}

// blockedAll blocks every address while it is set.
type blockedAll struct{ on atomic.Bool }

func (b *blockedAll) Blocked(string, netip.Addr) bool { return b.on.Load() }

func TestEndBlocked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		var blocks blockedAll
		h := conversationtest.New(t, st, func(c *conversation.Config) { c.Blocks = &blocks })
		h.World.SetVisit("visit of maria", conversation.Details{IP: "203.0.113.7"})
		h.World.SetVisit("visit of joao", conversation.Details{IP: "203.0.113.8"})
		active, waiting, nameless := h.Active(t, "maria", conversationtest.Ana).ID, h.Open(t, "joao", conversationtest.Sales).ID, h.Open(t, "rosa", conversationtest.Sales).ID
		blocks.on.Store(true)
		if err := h.Service.EndBlocked(t.Context(), conversationtest.Account); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[string]conversation.State{active: conversation.Ended, waiting: conversation.Abandoned, nameless: conversation.Waiting} {
			c, err := h.Service.Get(t.Context(), carla, id)
			if err != nil || c.State != want {
				t.Fatalf("%s, %v", c.State, err)
			}
			if want != conversation.Waiting && (c.EndReason == nil || *c.EndReason != conversation.ReasonBlocked || *c.EndedBy != conversation.BySystem) {
				t.Errorf("%+v", c)
			}
		}
		page, err := h.Service.CatchUp(t.Context(), conversationtest.Visitor("maria"), active, 0)
		if err != nil || strings.Contains(page.Messages[len(page.Messages)-1].System.Params["reason"], "blocked") {
			t.Errorf("the visitor is told the reason: %+v, %v", page, err)
		}
	})
}

// minutes are the times of the tests' departments.
func minutes(warn, end int) func(*conversation.Config) {
	return func(c *conversation.Config) {
		c.Times = func(string, string) conversation.Times {
			return conversation.Times{Warn: time.Duration(warn) * time.Minute, End: time.Duration(end) * time.Minute}
		}
	}
}

func TestInactivity_WarnsThenEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st, minutes(5, 8))
		id := h.Active(t, "maria", conversationtest.Ana).ID
		ring := func(want string) {
			t.Helper()
			if _, err := h.Service.Ring(t.Context(), conversationtest.Account, id); err != nil {
				t.Fatal(err)
			}
			messages, _, err := h.Service.Messages(t.Context(), ana, id, conversation.Page{})
			if err != nil || script(messages) != want {
				t.Fatalf("%q, want %q, %v", script(messages), want, err)
			}
		}
		post := func(text string, by func() error) {
			t.Helper()
			if err := by(); err != nil {
				t.Fatal(text, err)
			}
		}
		visitor := func(text string) {
			post(text, func() error {
				_, err := h.Service.PostByVisitor(t.Context(), conversationtest.Visitor("maria"), id, text, text)
				return err
			})
		}
		agent := func(text string) {
			post(text, func() error {
				_, err := h.Service.PostByAgent(t.Context(), ana, id, text, text, conversation.ToVisitor)
				return err
			})
		}
		visitor("a")
		h.Clock.Advance(time.Hour)
		ring("queued joined a") // the agent owes the answer
		agent("b")
		h.Clock.Advance(5 * time.Minute)
		ring("queued joined a b warned")
		ring("queued joined a b warned") // once
		visitor("c")
		agent("d")
		h.Clock.Advance(4 * time.Minute)
		ring("queued joined a b warned c d") // what was said before the answer does not count
		h.Clock.Advance(time.Minute)
		ring("queued joined a b warned c d warned")
		h.Clock.Advance(3 * time.Minute)
		ring("queued joined a b warned c d warned ended")
		c, err := h.Service.Get(t.Context(), ana, id)
		if err != nil || *c.EndReason != conversation.ReasonInactivity || *c.EndedBy != conversation.BySystem {
			t.Errorf("%+v, %v", c, err)
		}
		page, err := h.Service.CatchUp(t.Context(), conversationtest.Visitor("maria"), id, 0)
		if err != nil || page.Messages[4].System.Params["minutes"] != "3" || page.Messages[len(page.Messages)-1].System.Params["inactive"] == "" {
			t.Errorf("the visitor reads %+v, %v", page.Messages, err)
		}
	})
}

// TestInactivity_LateWarningGivesItsTime is a process that was down: nobody is ended without having been asked.
func TestInactivity_LateWarningGivesItsTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st, minutes(5, 8))
		id := h.Active(t, "maria", conversationtest.Ana).ID
		h.Clock.Advance(time.Hour)
		for range 2 {
			if _, err := h.Service.Ring(t.Context(), conversationtest.Account, id); err != nil {
				t.Fatal(err)
			}
		}
		if c, err := h.Service.Get(t.Context(), ana, id); err != nil || c.State != conversation.Active {
			t.Fatalf("%+v, %v", c, err)
		}
	})
}

func TestHold_RemindsAndKeepsInactivityAway(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st, minutes(5, 8))
		id := h.Active(t, "maria", conversationtest.Ana).ID
		until := h.Clock.Now().Add(time.Hour)
		if _, err := h.Service.Hold(t.Context(), ana, id, until.UnixMilli()); err != nil {
			t.Fatal(err)
		}
		h.Clock.Advance(time.Hour - time.Millisecond)
		if next, err := h.Service.Ring(t.Context(), conversationtest.Account, id); err != nil || !next.Equal(until) {
			t.Fatalf("next look %v, %v", next, err)
		}
		h.Clock.Advance(time.Millisecond)
		if _, err := h.Service.Ring(t.Context(), conversationtest.Account, id); err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		records := h.Events.Records()
		last := records[len(records)-1]
		if last.Kind != conversation.KindNoted || !strings.Contains(string(last.Payload), `"reminder":true`) {
			t.Errorf("%s %s", last.Kind, last.Payload)
		}
		if c, err := h.Service.Get(t.Context(), ana, id); err != nil || c.HoldUntil != nil {
			t.Errorf("%+v, %v", c, err)
		}
	})
}

func TestTransfer_Expires(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		c := h.Active(t, "maria", conversationtest.Ana)
		tr, err := h.Service.TransferToAgent(t.Context(), ana, c.ID, conversationtest.Bruno, "")
		if err != nil {
			t.Fatal(err)
		}
		if next, err := h.Service.RingTransfer(t.Context(), conversationtest.Account, tr.ID); err != nil || next.UnixMilli() != tr.DueAt {
			t.Fatalf("next look %v, %v", next, err)
		}
		h.Clock.Advance(conversation.TransferLife)
		if next, err := h.Service.RingTransfer(t.Context(), conversationtest.Account, tr.ID); err != nil || !next.IsZero() {
			t.Fatalf("next look %v, %v", next, err)
		}
		if _, err := h.Service.TransferToAgent(t.Context(), ana, c.ID, conversationtest.Bruno, ""); err != nil {
			t.Errorf("it does not come back: %v", err)
		}
	})
}
