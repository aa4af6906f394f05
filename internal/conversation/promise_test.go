package conversation_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// promising has sales promise its times, and support nothing.
func promising(p conversation.Promises) func(*conversation.Config) {
	return func(c *conversation.Config) {
		c.Times = func(_, departmentID string) conversation.Times {
			if departmentID != conversationtest.Sales {
				return conversation.Times{}
			}
			return conversation.Times{Promises: p}
		}
	}
}

func breaches(t *testing.T, h *conversationtest.House) (list []conversation.BreachedEvent) {
	t.Helper()
	h.Settle(t)
	for _, r := range h.Events.Records() {
		if r.Kind != conversation.KindBreached {
			continue
		}
		var e conversation.BreachedEvent
		if err := json.Unmarshal(r.Payload, &e); err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}

func TestPromise_EachIsToldOfOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st, promising(conversation.Promises{
			FirstResponse: time.Minute, Response: 30 * time.Second, Handling: 10 * time.Minute,
		}))
		began := h.Clock.Now()
		id := h.Open(t, "maria", conversationtest.Sales).ID
		other := h.Open(t, "rita", conversationtest.Support).ID
		ring := func(id string, want ...conversation.Promise) time.Time {
			t.Helper()
			next, err := h.Service.Ring(t.Context(), conversationtest.Account, id)
			if err != nil {
				t.Fatal(err)
			}
			got := breaches(t, h)
			if len(got) != len(want) {
				t.Fatalf("breaches %+v, want %v", got, want)
			}
			for i, e := range got {
				if e.Promise != want[i] || e.ConversationID != id || e.Number == 0 || e.VisitorName != "Name of maria" {
					t.Fatalf("breach %d is %+v, want %s", i, e, want[i])
				}
			}
			return next
		}
		h.Clock.Advance(59 * time.Second)
		if next := ring(id); !next.Equal(began.Add(time.Minute)) {
			t.Fatalf("looks again at %v", next)
		}
		h.Clock.Advance(time.Second)
		ring(id, conversation.FirstResponse)
		ring(id, conversation.FirstResponse)
		h.Claim(t, id, conversationtest.Ana)
		ring(id, conversation.FirstResponse) // a claim answers nothing
		if _, err := h.Service.PostByAgent(t.Context(), ana, id, "a", "Olá", conversation.ToVisitor); err != nil {
			t.Fatal(err)
		}
		now := h.Clock.Now()
		if next := ring(id, conversation.FirstResponse); !next.Equal(now.Add(30 * time.Second)) {
			t.Fatalf("nothing is owed: looks again at %v", next)
		}
		// What is asked right after a look is due after the next one.
		h.Clock.Advance(time.Second)
		if _, err := h.Service.PostByVisitor(t.Context(), conversationtest.Visitor("maria"), id, "b", "Tem azul?"); err != nil {
			t.Fatal(err)
		}
		h.Clock.Advance(29 * time.Second)
		if next := ring(id, conversation.FirstResponse); !next.Equal(now.Add(31 * time.Second)) {
			t.Fatalf("looks again at %v", next)
		}
		h.Clock.Advance(time.Second)
		ring(id, conversation.FirstResponse, conversation.Response)
		// On hold only handling runs.
		if _, err := h.Service.PostByAgent(t.Context(), ana, id, "c", "Vou ver", conversation.ToVisitor); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Service.PostByVisitor(t.Context(), conversationtest.Visitor("maria"), id, "d", "Ok"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Service.Hold(t.Context(), ana, id, h.Clock.Now().Add(time.Hour).UnixMilli()); err != nil {
			t.Fatal(err)
		}
		h.Clock.Advance(10 * time.Minute)
		ring(id, conversation.FirstResponse, conversation.Response, conversation.Handling)
		if _, err := h.Service.Ring(t.Context(), conversationtest.Account, other); err != nil || len(breaches(t, h)) != 3 {
			t.Fatalf("who promises nothing misses nothing: %v, %+v", err, breaches(t, h))
		}
	})
}

func TestLevels(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st, promising(conversation.Promises{FirstResponse: time.Minute, Handling: time.Hour}))
		say := func(id, text string) {
			t.Helper()
			if _, err := h.Service.PostByAgent(t.Context(), ana, id, text, text, conversation.ToVisitor); err != nil {
				t.Fatal(err)
			}
		}
		quick := h.Active(t, "quick", conversationtest.Ana).ID
		h.Clock.Advance(time.Minute)
		say(quick, "in-time")
		slow := h.Active(t, "slow", conversationtest.Ana).ID
		h.Clock.Advance(2 * time.Minute)
		say(slow, "late")
		if _, err := h.Service.EndByAgent(t.Context(), ana, slow); err != nil {
			t.Fatal(err)
		}
		h.Open(t, "late", conversationtest.Sales)
		h.Clock.Advance(90 * time.Second)
		h.Open(t, "fresh", conversationtest.Sales)
		h.Open(t, "elsewhere", conversationtest.Support)
		both := []string{conversationtest.Sales, conversationtest.Support}
		expect := func(want conversation.LevelNow) {
			t.Helper()
			got, err := h.Service.Levels(t.Context(), conversationtest.Account, both)
			if err != nil || len(got) != 1 || got[conversationtest.Sales] != want {
				t.Fatalf("levels %+v, %v, want %+v", got, err, want)
			}
		}
		expect(conversation.LevelNow{TargetSeconds: 60, Decided: 3, Within: 1, Breached: 1})
		h.Clock.Advance(time.Minute)
		expect(conversation.LevelNow{TargetSeconds: 60, Decided: 4, Within: 1, Breached: 2})
		// A day later only what is open counts.
		h.Clock.Advance(24 * time.Hour)
		expect(conversation.LevelNow{TargetSeconds: 60, Decided: 3, Within: 1, Breached: 3})
	})
}
