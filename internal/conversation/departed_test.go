package conversation_test

import (
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// The service's own rules; the deadlines are tested in departures_test.go without a database.

func TestStart_FindsWhoLeftInAnEarlierProcess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		maria, joao := h.Open(t, "maria", conversationtest.Sales).ID, h.Open(t, "joão", conversationtest.Sales).ID
		gone := make(chan struct{})
		h.Service.Board().OnChange(func(c conversation.BoardChange) {
			_, waits := h.Service.Board().Position(t.Context(), c.AccountID, maria)
			_, waitsToo := h.Service.Board().Position(t.Context(), c.AccountID, joao)
			if !waits && !waitsToo {
				close(gone)
			}
		})
		h.Settle(t)
		// The board reads an account when it is first asked; what happens meanwhile is in what it read, and is no change.
		if _, waits := h.Service.Board().Position(t.Context(), conversationtest.Account, maria); !waits {
			t.Fatal("Maria does not wait")
		}
		h.World.SetOnline("maria", false)
		h.World.SetOnline("joão", false)
		h.Service.Start(t.Context())
		defer h.Service.Stop()
		// Maria left before; nobody tells of her. That João is told of wakes the alarms once her minute is over.
		h.Clock.Advance(time.Minute)
		h.Service.Departed(t.Context(), conversationtest.Account, "joão")
		<-gone
	})
}

func TestLeave_AbandonsAtOnceAndEndsInTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		waiting := h.Open(t, "waits", conversationtest.Sales).ID
		active := h.Active(t, "talks", conversationtest.Ana).ID
		look := func(visitor string, left time.Time) bool {
			t.Helper()
			again, err := h.Service.LookAfter(t.Context(), conversationtest.Account, visitor, left)
			if err != nil {
				t.Fatal(err)
			}
			return again
		}
		state := func(id string) conversation.Conversation {
			t.Helper()
			c, err := h.Service.Get(t.Context(), conversationtest.Supervisor(), id)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		left := h.Clock.Now()
		if look("waits", left) || state(waiting).State != conversation.Waiting {
			t.Fatal("a visitor who is on the site was taken for gone")
		}
		h.World.SetOnline("waits", false)
		h.World.SetOnline("talks", false)
		if look("waits", left) {
			t.Fatal("nothing is to come after the abandonment")
		}
		if c := state(waiting); c.State != conversation.Abandoned || *c.EndReason != conversation.ReasonGone || *c.EndedBy != conversation.ByVisitor {
			t.Fatalf("waiting: %+v", c)
		}
		if !look("talks", left) || state(active).State != conversation.Active {
			t.Fatal("an active conversation has 90 s")
		}
		h.Clock.Advance(conversation.GoneAfter)
		if look("talks", left) {
			t.Fatal("nothing is to come after the end")
		}
		if c := state(active); c.State != conversation.Ended || *c.EndReason != conversation.ReasonGone {
			t.Fatalf("active: %+v", c)
		}
		if look("nobody", left) {
			t.Fatal("something is to come for somebody without a conversation")
		}
	})
}

func TestDeparted_WorksByItself(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		id := h.Open(t, "maria", conversationtest.Sales).ID
		abandoned := make(chan struct{})
		h.Service.Board().OnChange(func(c conversation.BoardChange) {
			if _, ok := h.Service.Board().Position(t.Context(), c.AccountID, id); !ok {
				close(abandoned)
			}
		})
		h.Settle(t)
		h.Service.Start(t.Context())
		defer h.Service.Stop()
		h.World.SetOnline("maria", false)
		h.Service.Departed(t.Context(), conversationtest.Account, "maria")
		<-abandoned
		if c, err := h.Service.Get(t.Context(), conversationtest.Supervisor(), id); err != nil || c.State != conversation.Abandoned {
			t.Fatalf("%+v, %v", c, err)
		}
	})
}

func TestTalking_IsWhoWaitsOrTalks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		h.Open(t, "waits", conversationtest.Sales)
		h.Active(t, "talks", conversationtest.Ana)
		h.Settle(t)
		for visitor, want := range map[string]bool{"waits": true, "talks": true, "looks": false} {
			if got := h.Service.Talking(t.Context(), conversationtest.Account, visitor); got != want {
				t.Errorf("%s: %v", visitor, got)
			}
		}
	})
}
