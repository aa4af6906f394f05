package conversation_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func TestRate_TheFirstAnswerStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		id := inState(t, h, conversation.Ended)
		maria := conversationtest.Visitor("maria")
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				if _, err := h.Service.Rate(t.Context(), maria, id, i+1, " Muito bom ", nil); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		first, err := h.Service.Rate(t.Context(), maria, id, 1, "again", nil)
		if err != nil || first.Rating == nil {
			t.Fatalf("%+v, %v", first, err)
		}
		c, err := h.Service.Get(t.Context(), conversationtest.Agent(conversationtest.Ana), id)
		if err != nil || c.Rating == nil || *c.Rating != *first.Rating || c.RatingComment != "Muito bom" {
			t.Errorf("agents see %v %q, %v; the visitor %v", c.Rating, c.RatingComment, err, *first.Rating)
		}
		if n := strings.Count(h.Kinds(t), "rated"); n != 1 {
			t.Errorf("%d events", n)
		}
	})
}

func TestRate_Refuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		maria := conversationtest.Visitor("maria")
		id := ""
		for _, state := range []conversation.State{conversation.Abandoned, conversation.Active} {
			id = inState(t, h, state)
			if _, err := h.Service.Rate(t.Context(), maria, id, 5, "", nil); !fault.Is(err, fault.ConversationNotEnded) {
				t.Errorf("%s: %v", state, err)
			}
		}
		if _, err := h.Service.EndByVisitor(t.Context(), maria, id); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Service.Rate(t.Context(), conversationtest.Visitor("rui"), id, 5, "", nil); !fault.Is(err, fault.NotFound) {
			t.Errorf("another visitor: %v", err)
		}
		for want, try := range map[string]func() error{
			"rating:too_small": func() error {
				_, err := h.Service.Rate(t.Context(), maria, id, 0, "", nil)
				return err
			},
			"rating:too_large": func() error {
				_, err := h.Service.Rate(t.Context(), maria, id, 6, "", nil)
				return err
			},
			"comment:too_long": func() error {
				_, err := h.Service.Rate(t.Context(), maria, id, 5, strings.Repeat("x", 1001), nil)
				return err
			},
		} {
			fields := fault.FieldsOf(try())
			if len(fields) != 1 || fields[0].Name+":"+fields[0].Code != want {
				t.Errorf("%v, want %s", fields, want)
			}
		}
	})
}
