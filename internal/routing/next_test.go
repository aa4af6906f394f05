package routing_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/routing"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// database/sql keeps one per pool as long as the pool lives; the pools are closed with their tests.
		goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// team is who is there.
type team struct {
	mu     sync.Mutex
	agents map[string]routing.Present
	rules  map[string]routing.DepartmentRules
}

func newTeam() *team {
	t := &team{agents: make(map[string]routing.Present)}
	for id, departments := range map[string][]string{
		conversationtest.Ana: {conversationtest.Sales}, conversationtest.Bruno: {conversationtest.Sales, conversationtest.Support},
	} {
		t.agents[id] = routing.Present{AgentID: id, Active: true, Status: "online", Present: true, Ready: true, Method: "manual", Limit: 5, DepartmentIDs: departments}
	}
	return t
}

func (t *team) change(id string, fn func(*routing.Present)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	a := t.agents[id]
	fn(&a)
	t.agents[id] = a
}

func (t *team) Agent(_, id string) (routing.Present, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	a, ok := t.agents[id]
	return a, ok
}

// Department tells the rules that were set, or the usual ones.
func (t *team) Department(_, id string) routing.DepartmentRules {
	t.mu.Lock()
	defer t.mu.Unlock()
	if d, ok := t.rules[id]; ok {
		return d
	}
	return usualRules
}

var usualRules = routing.DepartmentRules{Order: routing.RoundRobin, OfferFor: 15_000, AnswerFor: 60_000, LongestWait: 600_000}

// rule sets the rules of a department.
func (t *team) rule(id string, d routing.DepartmentRules) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rules == nil {
		t.rules = make(map[string]routing.DepartmentRules)
	}
	t.rules[id] = d
}

func (t *team) Agents(string) []routing.Present {
	t.mu.Lock()
	defer t.mu.Unlock()
	var active []routing.Present
	for _, id := range slices.Sorted(maps.Keys(t.agents)) {
		if a := t.agents[id]; a.Active {
			active = append(active, a)
		}
	}
	return active
}

func service(h *conversationtest.House, t *team) *routing.Service {
	return routing.New(routing.Config{
		Store: h.Store, Log: h.Log, Conversations: h.Service, Presence: t, Rules: t, Logger: slog.New(slog.DiscardHandler), Clock: h.Clock, Idents: h.Idents,
	})
}

func TestNext_TakesTheLongestWaitingAndSaysWhy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, people := conversationtest.New(t, st), newTeam()
		s := service(h, people)
		support := h.Open(t, "support", conversationtest.Support)
		h.Clock.Advance(time.Second)
		first := h.Open(t, "first", conversationtest.Sales)
		h.Clock.Advance(time.Second)
		second := h.Open(t, "second", conversationtest.Sales)

		c, err := s.Next(t.Context(), conversationtest.Account, conversationtest.Ana, "k1")
		if err != nil || c.ID != first.ID || c.State != conversation.Active || c.Agent() != conversationtest.Ana || c.JoinedAt == nil {
			t.Fatalf("next %+v, %v", c, err)
		}
		again, err := s.Next(t.Context(), conversationtest.Account, conversationtest.Ana, "k1")
		if err != nil || again.ID != first.ID {
			t.Fatalf("the same key: %+v, %v", again, err)
		}
		records, _, err := s.Decisions(t.Context(), conversationtest.Account, first.ID, "")
		if err != nil || len(records) != 1 {
			t.Fatalf("%d decisions, %v", len(records), err)
		}
		why := map[string]routing.Reason{}
		for _, r := range records[0].Reasons.Conversations {
			why[r.ConversationID] = r.Reason
		}
		want := map[string]routing.Reason{
			first.ID: routing.LongestWaiting, second.ID: routing.EnteredLater, support.ID: routing.DepartmentNotServed,
		}
		if !reflect.DeepEqual(why, want) {
			t.Fatalf("reasons %v, want %v", why, want)
		}
		if got := h.Kinds(t); got != "queued > message > queued > message > queued > message > claimed > message" {
			t.Fatalf("events %q", got)
		}
		if c, err := s.Next(t.Context(), conversationtest.Account, conversationtest.Bruno, "k1"); err != nil || c.ID != support.ID {
			t.Fatalf("another agent's key is another key: %+v, %v", c, err)
		}
	})
}

func TestNext_Refuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, people := conversationtest.New(t, st), newTeam()
		s := service(h, people)
		h.Open(t, "support", conversationtest.Support)
		expect := func(name, agent, key string, code fault.Code) {
			t.Helper()
			if _, err := s.Next(t.Context(), conversationtest.Account, agent, key); fault.CodeOf(err) != code {
				t.Errorf("%s: %v, want %s", name, err, code)
			}
		}
		expect("nobody waits in sales", conversationtest.Ana, "k", fault.QueueEmpty)
		expect("no key", conversationtest.Bruno, "", fault.IdempotencyKey)
		expect("a key with a space", conversationtest.Bruno, "a b", fault.IdempotencyKey)
		expect("unknown", "nobody", "k", fault.NotFound)
		people.change(conversationtest.Bruno, func(p *routing.Present) { p.Present = false })
		expect("absent", conversationtest.Bruno, "k", fault.AgentAbsent)
		people.change(conversationtest.Bruno, func(p *routing.Present) { p.Present, p.Status = true, "offline" })
		expect("offline", conversationtest.Bruno, "k", fault.AgentAbsent)
		people.change(conversationtest.Bruno, func(p *routing.Present) { p.Status, p.Limit = "busy", 1 })
		h.Active(t, "one", conversationtest.Bruno)
		expect("at the limit", conversationtest.Bruno, "k", fault.ConversationLimitReached)
		people.change(conversationtest.Bruno, func(p *routing.Present) { p.Limit = 2 })
		if _, err := s.Next(t.Context(), conversationtest.Account, conversationtest.Bruno, "k"); err != nil {
			t.Errorf("a refusal was remembered under its key: %v", err)
		}
	})
}

// TestNext_UnderContention has two agents press with many panels at once (T057, T061), and replays what was stored (B05).
func TestNext_UnderContention(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, people := conversationtest.New(t, st), newTeam()
		s := service(h, people)
		const waiting, limit = 15, 5
		for i := range waiting {
			h.Open(t, fmt.Sprint("v", i), []string{conversationtest.Sales, conversationtest.Support}[i%2])
			h.Clock.Advance(time.Millisecond)
		}
		var mu sync.Mutex
		takenBy := map[string][]string{} // conversation → agents and keys
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				agent := []string{conversationtest.Ana, conversationtest.Bruno}[i%2]
				c, err := s.Next(t.Context(), conversationtest.Account, agent, fmt.Sprint("key", i/4)) // each key twice per agent
				switch code := fault.CodeOf(err); code {
				case "":
					mu.Lock()
					defer mu.Unlock()
					takenBy[c.ID] = append(takenBy[c.ID], agent+fmt.Sprint(i/4))
				case fault.ConversationLimitReached, fault.QueueEmpty:
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		held := map[string]int{}
		for id, takers := range takenBy {
			for _, taker := range takers {
				if taker != takers[0] {
					t.Errorf("%s was given to %v", id, takers)
				}
			}
		}
		for _, agent := range []string{conversationtest.Ana, conversationtest.Bruno} {
			mine, err := h.Service.Mine(t.Context(), conversationtest.Account, agent)
			if err != nil {
				t.Fatal(err)
			}
			held[agent] = len(mine)
		}
		if held[conversationtest.Ana] != limit || held[conversationtest.Bruno] != limit {
			t.Fatalf("held %v, want the limit of %d each", held, limit)
		}
		for id := range takenBy {
			records, _, err := s.Decisions(t.Context(), conversationtest.Account, id, "")
			if err != nil || len(records) != 1 {
				t.Fatalf("%d decisions about one conversation, %v", len(records), err)
			}
			decision, reasons := routing.Decide(records[0].Snapshot, records[0].Event)
			if decision != records[0].Decision || !reflect.DeepEqual(reasons, records[0].Reasons) {
				t.Errorf("a stored decision replays to %+v, was %+v", decision, records[0].Decision)
			}
		}
	})
}

// lost makes the first claims fail, as if another node had been quicker.
type lost struct {
	routing.Conversations
	times int
}

func (l *lost) Claim(ctx context.Context, tx *store.Tx, account, id, agent string) (conversation.Conversation, bool, error) {
	if l.times > 0 {
		l.times--
		if _, ok, err := l.Conversations.Claim(ctx, tx, account, id, conversationtest.Bruno); err != nil || !ok {
			return conversation.Conversation{}, false, fmt.Errorf("the quicker one failed: %w", err)
		}
	}
	return l.Conversations.Claim(ctx, tx, account, id, agent)
}

func TestNext_DecidesAgainAfterALostRace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, people := conversationtest.New(t, st), newTeam()
		for i := range 3 {
			h.Open(t, fmt.Sprint("v", i), conversationtest.Sales)
			h.Clock.Advance(time.Second)
		}
		s := routing.New(routing.Config{
			Store: h.Store, Log: h.Log, Conversations: &lost{Conversations: h.Service, times: 2}, Presence: people,
			Rules: people, Clock: h.Clock, Idents: h.Idents,
		})
		c, err := s.Next(t.Context(), conversationtest.Account, conversationtest.Ana, "k")
		if err != nil || c.Number != 2026000003 {
			t.Fatalf("next %+v, %v", c, err)
		}
	})
}

func TestStatus(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, people := conversationtest.New(t, st), newTeam()
		s := service(h, people)
		h.Active(t, "talks", conversationtest.Bruno)
		support := h.Open(t, "support", conversationtest.Support)
		h.Clock.Advance(time.Second)
		sales := h.Open(t, "sales", conversationtest.Sales)
		h.Settle(t)
		status, err := s.StatusOf(t.Context(), conversationtest.Account, conversationtest.Agent(conversationtest.Ana).Scope)
		if err != nil {
			t.Fatal(err)
		}
		since := sales.QueueEnteredAt
		want := routing.QueueStatus{
			Departments: []routing.DepartmentStatus{{
				DepartmentID: conversationtest.Sales, Waiting: 1, LongestSince: &since, Active: 1,
				Order: routing.RoundRobin, Next: []routing.AgentReason{{conversationtest.Ana, routing.AgentManual}, {conversationtest.Bruno, routing.AgentManual}},
			}},
			Agents: []routing.AgentStatus{
				{AgentID: conversationtest.Ana, Limit: 5, Present: true, Status: "online", Method: "manual", Ready: true, Unable: routing.AgentManual},
				{AgentID: conversationtest.Bruno, Active: 1, Limit: 5, Present: true, Status: "online", Method: "manual", Ready: true, Unable: routing.AgentManual},
			},
			Waiting: []routing.WaitingStatus{{
				ConversationID: sales.ID, Number: sales.Number, VisitorName: "Name of sales", DepartmentID: conversationtest.Sales,
				Position: 1, QueueEnteredAt: since, Skills: []string{}, Rules: []string{}, Why: routing.NobodyAble,
			}},
			Offers: []routing.Offer{},
			Next:   &routing.NextStatus{ConversationID: sales.ID},
		}
		if !reflect.DeepEqual(status, want) {
			t.Fatalf("status %+v, want %+v", status, want)
		}
		people.change(conversationtest.Bruno, func(p *routing.Present) { p.Present, p.Limit = false, 1 })
		status, err = s.StatusOf(t.Context(), conversationtest.Account, conversationtest.Agent(conversationtest.Bruno).Scope)
		if err != nil || status.Next == nil || status.Next.ConversationID != support.ID || len(status.Waiting) != 2 {
			t.Fatalf("next for one who is away and full: %+v, %v", status, err)
		}
		nobody, err := s.StatusOf(t.Context(), conversationtest.Account, eventlog.Scope{AgentID: "carla"})
		if err != nil || len(nobody.Departments)+len(nobody.Agents)+len(nobody.Waiting) != 0 || nobody.Next != nil {
			t.Fatalf("an agent without departments sees %+v, %v", nobody, err)
		}
	})
}
