package conversation_test

import (
	"testing"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/site"
)

// guarded is a site with a privacy of its own.
type guarded struct{ privacy *site.Privacy }

func (g guarded) ByID(id string) (site.Site, bool) {
	return site.Site{ID: id, Settings: site.Settings{Privacy: *g.privacy}}, true
}

func TestTyping_ShowsWhatTheSiteAllows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		var privacy site.Privacy
		h := conversationtest.New(t, st, func(c *conversation.Config) { c.Sites = guarded{&privacy} })
		var shown conversation.Typing
		h.Service.OnTyping(func(sign conversation.Typing) { shown = sign })
		c := h.Active(t, "maria", conversationtest.Ana)
		h.Settle(t)
		if _, err := h.Service.Board().AllOpen(t.Context(), conversationtest.Account); err != nil { // the board reads an account when it is asked for
			t.Fatal(err)
		}
		for _, row := range []struct {
			privacy site.Privacy
			want    string
		}{
			{site.Privacy{}, "cartão ••••••••••••1111"},
			{site.Privacy{KeepCards: true}, "cartão 4111111111111111"},
			{site.Privacy{HidePeek: true}, ""},
		} {
			privacy = row.privacy
			h.Service.TypingByVisitor("maria", c.ID, "cartão 4111111111111111")
			if !shown.On || shown.Text != row.want {
				t.Errorf("%+v shows %+v, want %q", row.privacy, shown, row.want)
			}
		}
	})
}
