package conversation_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// TestSupervisors_ActAtOnce: of two who take a conversation over, or end it, one does; what was done is written down once.
func TestSupervisors_ActAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		var mu sync.Mutex
		deeds := []string{}
		h := conversationtest.New(t, st, func(c *conversation.Config) {
			c.Witness = func(_ context.Context, tx *store.Tx, _, agentID string, d conversation.Deed, _ conversation.Conversation) error {
				tx.AfterCommit(func() {
					mu.Lock()
					defer mu.Unlock()
					deeds = append(deeds, string(d))
				})
				return nil
			}
		})
		c := h.Active(t, "maria", conversationtest.Ana)
		chief := conversationtest.Agent(conversationtest.Bruno)
		chief.Supervises, chief.Scope.All = true, true
		other := chief
		other.ID, other.Scope.AgentID = conversationtest.Ana, conversationtest.Ana

		if _, err := h.Service.PostByAgent(t.Context(), chief, c.ID, "w-1", "psst", conversation.ToAgents); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Service.TakeOver(t.Context(), chief, c.ID, conversationtest.Ana); err != nil {
			t.Fatal(err)
		}
		// The agent who had it supervises too, and takes it back from whom it was seen with: from the wrong one it is refused.
		_, err := h.Service.TakeOver(t.Context(), other, c.ID, "somebody else")
		codeIs(t, err, fault.ConversationStale)

		results := make([]error, 2)
		var wg sync.WaitGroup
		for i, actor := range []conversation.AgentActor{other, other} {
			wg.Go(func() { _, results[i] = h.Service.EndBySupervisor(t.Context(), actor, c.ID) })
		}
		wg.Wait()
		if (results[0] == nil) == (results[1] == nil) {
			t.Errorf("two who end it at once: %v", results)
		}
		want := []string{"conversation.whispered", "conversation.taken_over", "conversation.ended"}
		if !slices.Equal(deeds, want) {
			t.Errorf("written down %q, want %q", deeds, want)
		}
	})
}
