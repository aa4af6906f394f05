package routing_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// busy keeps the account's lane busy until the function it returns is called.
func busy(t *testing.T, st *store.Store) (free func()) {
	t.Helper()
	begun, end := make(chan struct{}), make(chan struct{})
	var writing sync.WaitGroup
	once := sync.OnceFunc(func() { close(begun) })
	writing.Go(func() {
		err := st.Write(store.InLane(t.Context(), conversationtest.Account), func(context.Context, *store.Tx) error {
			once()
			<-end
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-begun
	return func() { close(end); writing.Wait() }
}

// An acknowledgement that came in time counts, however late the database has time for it, and the offer goes to nobody else meanwhile.
func TestAcknowledge_CountsWhenItCame(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, _, s := spun(t, st)
		c := h.Open(t, "maria", sales)
		look(t, h, s)
		who, o := offered(t, s, c.ID)
		if who != ana {
			t.Fatalf("offered to %q", who)
		}
		free := busy(t, st)
		came := s.Came()
		var got conversation.Conversation
		var err error
		var asking sync.WaitGroup
		asking.Go(func() { got, err = s.Acknowledge(t.Context(), conversationtest.Account, ana, o.ID) })
		<-came // it waits behind the busy writer
		h.Clock.Advance(time.Minute)
		if s.Over(o) {
			t.Error("the offer counts as missed while its acknowledgement waits")
		}
		free()
		asking.Wait()
		if err != nil || got.Agent() != ana || got.State != conversation.Active {
			t.Fatalf("%+v, %v", got, err)
		}
		look(t, h, s)
		if who, _ := offered(t, s, c.ID); who != "" {
			t.Errorf("offered again, to %q", who)
		}
		if n := s.Kept(); n != 0 {
			t.Errorf("%d offers are kept after their end", n)
		}
	})
}

func TestAcknowledge_TooLateIsTooLate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, _, s := spun(t, st)
		c := h.Open(t, "maria", sales)
		look(t, h, s)
		_, o := offered(t, s, c.ID)
		h.Clock.Advance(15 * time.Second)
		if !s.Over(o) {
			t.Error("the offer stands for ever")
		}
		if _, err := s.Acknowledge(t.Context(), conversationtest.Account, ana, o.ID); fault.CodeOf(err) != fault.OfferOver {
			t.Errorf("acknowledged too late: %v", err)
		}
	})
}

// The whole time counts from when the agent was told.
func TestOffer_StandsFromBeingTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, _, s := spun(t, st)
		c := h.Open(t, "maria", sales)
		look(t, h, s)
		_, o := offered(t, s, c.ID)
		h.Clock.Advance(5 * time.Second)
		s.Told(o.ID) // as if the commit had taken five seconds
		h.Clock.Advance(12 * time.Second)
		if s.Over(o) {
			t.Error("missed 12 s after it was told of")
		}
		if _, err := s.Acknowledge(t.Context(), conversationtest.Account, ana, o.ID); err != nil {
			t.Errorf("17 s after the decision, 12 after being told: %v", err)
		}
	})
}

func TestDecisions_ByPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, _, s := spun(t, st)
		c := h.Open(t, "maria", sales)
		const misses = 30
		for range misses {
			look(t, h, s)
			h.Clock.Advance(15 * time.Second)
		}
		seen := map[string]bool{}
		before, pages := "", 0
		for more := true; more; pages++ {
			records, further, err := s.Decisions(t.Context(), conversationtest.Account, c.ID, before)
			if err != nil || len(records) == 0 {
				t.Fatalf("%d decisions, %v", len(records), err)
			}
			for i, r := range records {
				if seen[r.ID] || i > 0 && r.At < records[i-1].At {
					t.Errorf("page %d: %s twice or out of order", pages, r.ID)
				}
				seen[r.ID] = true
			}
			before, more = records[0].ID, further
		}
		if len(seen) != misses || pages != 2 {
			t.Errorf("%d decisions on %d pages", len(seen), pages)
		}
	})
}
