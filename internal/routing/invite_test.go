package routing_test

import (
	"context"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/routing"
)

// byInvite says that what is called `of X` was sent by the agent X.
type byInvite struct{}

func (byInvite) Inviter(_ context.Context, _, _, outreachID string) (string, bool, error) {
	if outreachID == "" || outreachID == "unknown" {
		return "", false, nil
	}
	return outreachID[len("of "):], true, nil
}

func openInvited(t *testing.T, h *conversationtest.House, visitor, department, outreach string) string {
	t.Helper()
	c, _, err := h.Service.Open(t.Context(), conversationtest.Visitor(visitor), conversation.Opening{
		ClientID: h.Idents.New(), DepartmentID: department, Name: visitor, Email: visitor + "@example.com", OutreachID: outreach,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Clock.Advance(time.Second)
	return c.ID
}

func TestNext_AnAcceptedInviteGoesFirstToWhoInvited(t *testing.T) {
	const ana, bruno, sales, support = conversationtest.Ana, conversationtest.Bruno, conversationtest.Sales, conversationtest.Support
	for name, row := range map[string]struct {
		change func(h *conversationtest.House, people *team)
		first  string // whom the inviting agent, Ana, gets first
	}{
		"to the inviting agent before who waits longer": {func(*conversationtest.House, *team) {}, "invited"},
		"until the time is over": {func(h *conversationtest.House, _ *team) {
			h.Clock.Advance(conversation.InviterFirst)
		}, "waiting"},
		"not to who is away": {func(_ *conversationtest.House, p *team) {
			p.change(ana, func(a *routing.Present) { a.Present = false })
		}, ""},
		"not to who is full": {func(_ *conversationtest.House, p *team) { p.change(ana, func(a *routing.Present) { a.Limit = 0 }) }, ""},
		"not in a department that is not served": {func(_ *conversationtest.House, p *team) {
			p.change(ana, func(a *routing.Present) { a.DepartmentIDs = []string{support} })
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, st *store.Store) {
				h, people := conversationtest.New(t, st, func(c *conversation.Config) { c.Invites = byInvite{} }), newTeam()
				s := service(h, people)
				ids := map[string]string{
					openInvited(t, h, "waiting", sales, ""):         "waiting",
					openInvited(t, h, "invited", sales, "of "+ana):  "invited",
					openInvited(t, h, "stranger", sales, "unknown"): "stranger",
				}
				row.change(h, people)
				h.Settle(t)
				if row.first != "" {
					c, err := s.Next(t.Context(), conversationtest.Account, ana, "1")
					if err != nil || ids[c.ID] != row.first {
						t.Errorf("Ana got %q, %v, want %s", ids[c.ID], err, row.first)
					}
					if row.first == "invited" {
						log, _, err := s.Decisions(t.Context(), conversationtest.Account, c.ID, "")
						if err != nil || log[0].Reasons.Conversations[1].Reason != routing.InvitedByAgent || log[0].Reasons.Conversations[0].Reason != routing.EnteredLater {
							t.Errorf("reasons %+v, %v", log, err)
						}
					}
					return
				}
				got, err := s.Next(t.Context(), conversationtest.Account, bruno, "1")
				if err != nil || ids[got.ID] != "waiting" {
					t.Errorf("Bruno got %q, %v", ids[got.ID], err)
				}
				got, err = s.Next(t.Context(), conversationtest.Account, bruno, "2")
				if err != nil || ids[got.ID] != "invited" { // kept for nobody
					t.Errorf("Bruno got %q, %v", ids[got.ID], err)
				}
			})
		})
	}
}

func TestNext_NobodyElseGetsWhatIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, people := conversationtest.New(t, st, func(c *conversation.Config) { c.Invites = byInvite{} }), newTeam()
		s := service(h, people)
		id := openInvited(t, h, "invited", conversationtest.Sales, "of "+conversationtest.Ana)
		h.Settle(t)
		_, err := s.Next(t.Context(), conversationtest.Account, conversationtest.Bruno, "1")
		if fault.CodeOf(err) != fault.QueueEmpty {
			t.Errorf("Bruno: %v", err)
		}
		for agent, want := range map[string]bool{conversationtest.Ana: true, conversationtest.Bruno: false} {
			status, err := s.StatusOf(t.Context(), conversationtest.Account, conversationtest.Agent(agent).Scope)
			if err != nil || (status.Next != nil) != want {
				t.Errorf("%s is told %v, %v", agent, status.Next, err)
			}
		}
		h.Clock.Advance(conversation.InviterFirst)
		c, err := s.Next(t.Context(), conversationtest.Account, conversationtest.Bruno, "2")
		if err != nil || c.ID != id || c.PreferredAgentID == nil || *c.OutreachID != "of "+conversationtest.Ana {
			t.Errorf("Bruno: %+v, %v", c, err)
		}
	})
}
