package routing_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/routing"
)

const (
	ana, bruno = conversationtest.Ana, conversationtest.Bruno
	sales      = conversationtest.Sales
)

// spun is a house with everybody in the roulette.
func spun(t *testing.T, st *store.Store, options ...func(*conversation.Config)) (*conversationtest.House, *team, *routing.Service) {
	t.Helper()
	h, people := conversationtest.New(t, st, options...), newTeam()
	for _, id := range []string{ana, bruno} {
		people.change(id, func(p *routing.Present) { p.Method = "roulette" })
	}
	return h, people, service(h, people)
}

func look(t *testing.T, h *conversationtest.House, s *routing.Service) {
	t.Helper()
	h.Settle(t)
	if _, err := s.Look(t.Context(), conversationtest.Account); err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
}

// offered returns who is being offered the conversation, and the offer.
func offered(t *testing.T, s *routing.Service, conversationID string) (string, routing.Offer) {
	t.Helper()
	status, err := s.StatusOf(t.Context(), conversationtest.Account, eventlog.Scope{All: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range status.Offers {
		if o.ConversationID == conversationID {
			return o.AgentID, o
		}
	}
	return "", routing.Offer{}
}

func TestOffer_ShownMakesItTheAgents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, _, s := spun(t, st)
		c := h.Open(t, "maria", sales)
		look(t, h, s)
		who, o := offered(t, s, c.ID)
		if who != ana || o.DeadlineAt-o.OfferedAt != 15_000 {
			t.Fatalf("offered to %q: %+v", who, o)
		}
		if _, err := s.Acknowledge(t.Context(), conversationtest.Account, bruno, o.ID); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("somebody else acknowledged: %v", err)
		}
		if _, err := s.Next(t.Context(), conversationtest.Account, bruno, "k"); fault.CodeOf(err) != fault.QueueEmpty {
			t.Errorf("pulled what is being offered: %v", err)
		}
		got, err := s.Acknowledge(t.Context(), conversationtest.Account, ana, o.ID)
		if err != nil || got.State != conversation.Active || got.Agent() != ana {
			t.Fatalf("%+v, %v", got, err)
		}
		again, err := s.Acknowledge(t.Context(), conversationtest.Account, ana, o.ID)
		if err != nil || again.ID != got.ID {
			t.Fatalf("from a second tab: %+v, %v", again, err)
		}
		records, _, err := s.Decisions(t.Context(), conversationtest.Account, c.ID, "")
		if err != nil || len(records) != 1 || records[0].ID != o.DecisionID {
			t.Fatalf("%+v, %v", records, err)
		}
		replays(t, records)
		if kinds := h.Kinds(t); !strings.HasSuffix(kinds, "offer.made > claimed > message > offer.changed") {
			t.Errorf("events %s", kinds)
		}
	})
}

// replays checks that stored decisions are made again as they were (B05).
func replays(t *testing.T, records []routing.DecisionRecord) {
	t.Helper()
	for _, r := range records {
		decision, reasons := routing.Decide(r.Snapshot, r.Event)
		if decision != r.Decision || !reflect.DeepEqual(reasons, r.Reasons) {
			t.Errorf("decision %s was %+v because %+v, and is now %+v because %+v", r.ID, r.Decision, r.Reasons, decision, reasons)
		}
	}
}

func TestOffer_MissedGoesToTheNextAgent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, people, s := spun(t, st)
		c := h.Open(t, "maria", sales)
		look(t, h, s)
		_, first := offered(t, s, c.ID)
		h.Clock.Advance(15 * time.Second)
		if _, err := s.Acknowledge(t.Context(), conversationtest.Account, ana, first.ID); fault.CodeOf(err) != fault.OfferOver {
			t.Fatalf("after the deadline: %v", err)
		}
		look(t, h, s)
		who, second := offered(t, s, c.ID)
		if who != bruno {
			t.Fatalf("then to %q", who)
		}
		h.Clock.Advance(15 * time.Second)
		people.change(ana, func(p *routing.Present) { p.Ready = false })
		look(t, h, s)
		if who, _ = offered(t, s, c.ID); who != bruno {
			t.Fatalf("nobody else is able, but to %q", who)
		}
		people.change(bruno, func(p *routing.Present) { p.Status = "busy" })
		look(t, h, s)
		if who, _ = offered(t, s, c.ID); who != "" {
			t.Fatalf("still to %q", who)
		}
		people.change(ana, func(p *routing.Present) { p.Ready = true })
		look(t, h, s)
		if who, _ = offered(t, s, c.ID); who != ana {
			t.Fatalf("finally to %q", who)
		}
		if _, err := s.Acknowledge(t.Context(), conversationtest.Account, bruno, second.ID); fault.CodeOf(err) != fault.OfferOver {
			t.Errorf("a missed one: %v", err)
		}
		records, _, err := s.Decisions(t.Context(), conversationtest.Account, c.ID, "")
		if err != nil || len(records) != 4 {
			t.Fatalf("%d decisions, %v", len(records), err)
		}
		replays(t, records)
	})
}

func TestOffer_TakenBackOnceWhenNotAnswered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, _, s := spun(t, st)
		c := h.Open(t, "maria", sales)
		later := h.Open(t, "joão", conversationtest.Support)
		accept := func(id, want string) {
			t.Helper()
			look(t, h, s)
			who, o := offered(t, s, id)
			if who != want {
				t.Fatalf("offered to %q, want %q", who, want)
			}
			if _, err := s.Acknowledge(t.Context(), conversationtest.Account, who, o.ID); err != nil {
				t.Fatal(err)
			}
		}
		accept(c.ID, ana)
		accept(later.ID, bruno)
		if _, err := h.Service.PostByAgent(t.Context(), conversationtest.Agent(bruno), later.ID, "1", "Olá", conversation.ToVisitor); err != nil {
			t.Fatal(err)
		}
		h.Clock.Advance(time.Minute)
		accept(c.ID, bruno) // taken back from Ana, who has not written; Bruno has, and keeps what he had
		mine, err := h.Service.Mine(t.Context(), conversationtest.Account, bruno)
		if err != nil || len(mine) != 2 {
			t.Fatalf("Bruno has %d, %v", len(mine), err)
		}
		h.Clock.Advance(time.Hour)
		look(t, h, s)
		if mine, err = h.Service.Mine(t.Context(), conversationtest.Account, bruno); err != nil || len(mine) != 2 {
			t.Fatalf("taken back twice: %d, %v", len(mine), err)
		}
	})
}

func TestOffer_EndsWithItsConversation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, _, s := spun(t, st)
		c := h.Open(t, "maria", sales)
		look(t, h, s)
		_, o := offered(t, s, c.ID)
		if _, err := h.Service.EndByVisitor(t.Context(), conversationtest.Visitor("maria"), c.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Acknowledge(t.Context(), conversationtest.Account, ana, o.ID); fault.CodeOf(err) != fault.OfferOver {
			t.Fatalf("a visitor who left: %v", err)
		}
		second := h.Open(t, "joão", sales)
		look(t, h, s)
		who, _ := offered(t, s, second.ID)
		got, err := s.Next(t.Context(), conversationtest.Account, who, "k")
		if err != nil || got.ID != second.ID {
			t.Fatalf("pulled one's own offer: %+v, %v", got, err)
		}
		if who, _ = offered(t, s, second.ID); who != "" {
			t.Errorf("it is still being offered to %s", who)
		}
	})
}

func TestLongWait_OffersTheContactForm(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, people, s := spun(t, st)
		for _, id := range []string{ana, bruno} {
			people.change(id, func(p *routing.Present) { p.Limit = 0 })
		}
		c := h.Open(t, "maria", sales)
		h.Settle(t)
		wake, err := s.Look(t.Context(), conversationtest.Account)
		if err != nil || wake != c.QueueEnteredAt+600_000 {
			t.Fatalf("looks again at %d, %v", wake, err)
		}
		h.Clock.Advance(10 * time.Minute)
		look(t, h, s)
		got, err := h.Service.CatchUp(t.Context(), conversationtest.Visitor("maria"), c.ID, 0)
		if err != nil || !got.Conversation.ContactOffered || got.Conversation.State != conversation.Waiting || *got.Conversation.Position != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		look(t, h, s)
		if n := strings.Count(h.Kinds(t), "waited"); n != 1 {
			t.Errorf("told %d times", n)
		}
	})
}

func TestArrange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, people, s := spun(t, st)
		people.change(bruno, func(p *routing.Present) { p.Limit = 0 })
		people.change(ana, func(p *routing.Present) { p.Limit = 0 })
		var ids []string
		for i := range 3 { // in the same millisecond
			ids = append(ids, h.Open(t, fmt.Sprint("v", i), sales).ID)
		}
		scope := eventlog.Scope{All: true}
		arrange := func(version int64, order ...string) error {
			return s.ArrangeQueue(t.Context(), conversationtest.Account, scope, sales, version, order)
		}
		if err := arrange(0, ids[2], ids[0]); err != nil {
			t.Fatal(err)
		}
		if err := arrange(0, ids[0], ids[2]); fault.CodeOf(err) != fault.StaleWrite {
			t.Errorf("a stale list: %v", err)
		}
		if err := arrange(1, ids[0], "nobody"); fault.CodeOf(err) != fault.StaleWrite {
			t.Errorf("somebody who does not wait: %v", err)
		}
		if err := arrange(1, ids[0], ids[0]); fault.CodeOf(err) != fault.Validation {
			t.Errorf("twice the same: %v", err)
		}
		if err := s.ArrangeQueue(t.Context(), conversationtest.Account, conversationtest.Agent(ana).Scope, sales, 1, ids); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("by one who does not supervise: %v", err)
		}
		h.Settle(t)
		status, err := s.StatusOf(t.Context(), conversationtest.Account, scope)
		if err != nil || status.Waiting[0].ConversationID != ids[2] {
			t.Fatalf("%+v, %v", status.Waiting, err)
		}
		people.change(bruno, func(p *routing.Present) { p.Limit = 1 })
		people.change(ana, func(p *routing.Present) { p.Limit = 1 })
		agents := []routing.RouletteAgent{{AgentID: bruno}, {AgentID: ana, Skipped: true}}
		if err := s.ArrangeAgents(t.Context(), conversationtest.Account, scope, 0, agents); err != nil {
			t.Fatal(err)
		}
		if err := s.ArrangeAgents(t.Context(), conversationtest.Account, scope, 0, agents); fault.CodeOf(err) != fault.StaleWrite {
			t.Errorf("a stale list of agents: %v", err)
		}
		look(t, h, s)
		if who, _ := offered(t, s, ids[2]); who != bruno {
			t.Errorf("the first goes to %q", who)
		}
		for _, id := range ids[:2] {
			if who, _ := offered(t, s, id); who != "" {
				t.Errorf("offered to %q, who is skipped or full", who)
			}
		}
	})
}
