package conversation_test

import (
	"context"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// What can't be served in time is refused at the door; who is in conversation is served.
func TestOpen_AsksToWaitWhileTheDatabaseIsLate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		var late time.Duration
		h := conversationtest.New(t, st, func(c *conversation.Config) {
			c.Delay = func(context.Context, string) time.Duration { return late }
		})
		maria := conversationtest.Visitor("maria")
		first, created, err := h.Service.Open(t.Context(), maria, opening(nil))
		if err != nil || !created {
			t.Fatalf("created %v, %v", created, err)
		}
		late = 4 * time.Second
		_, _, err = h.Service.Open(t.Context(), conversationtest.Visitor("joão"), opening(nil))
		if fault.CodeOf(err) != fault.Overloaded {
			t.Errorf("let in: %v", err)
		}
		if n := h.Service.TurnedAway(); n != 1 {
			t.Errorf("%d turned away", n)
		}
		// Who is in already is told so, and writes.
		again, created, err := h.Service.Open(t.Context(), maria, opening(nil))
		if err != nil || created || again.ID != first.ID {
			t.Errorf("%+v, %v, %v", again, created, err)
		}
		if _, err := h.Service.PostByVisitor(t.Context(), maria, first.ID, "m", "Ainda estou aqui"); err != nil {
			t.Errorf("a message was refused: %v", err)
		}
		late = time.Second
		if _, created, err = h.Service.Open(t.Context(), conversationtest.Visitor("joão"), opening(nil)); err != nil || !created {
			t.Errorf("created %v, %v", created, err)
		}
	})
}
