package routing_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/routing"
)

// scheduleSpan is how long schedules are drawn on each engine; at least a few are.
const (
	scheduleSpan   = 4 * time.Second
	schedulesLeast = 5
)

const dora = "dora" // serves sales and support, like bruno

// TestSchedules drives random schedules of everything that can happen to queues, offers, transfers and agents: late and doubled
// acknowledgements, stale orders, agents who sleep, leave, are deactivated or get another limit, departments that close, things that
// happen at once, a process that is killed, a clock that goes back. After every step at most one agent has a conversation, no limit is
// passed, and nobody waits beside an able agent; when the agents work on, everybody is attended, equal agents are asked as often, and
// every stored decision replays. A schedule begins when the one before is at rest.
func TestSchedules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		people := newTeam()
		h := conversationtest.New(t, st, func(c *conversation.Config) { c.Peers = people })
		hire(t, st)
		people.change(dora, func(p *routing.Present) { *p = routing.Present{AgentID: dora, Active: true} })
		begun, drawn, failed := time.Now(), 0, false
		rapid.Check(t, func(rt *rapid.T) {
			if drawn >= schedulesLeast && time.Since(begun) > scheduleSpan && !failed {
				return
			}
			drawn++
			defer func() { failed = failed || rt.Failed() }() // then a smaller one is looked for
			r := newSchedule(t, rt, h, people)
			rt.Repeat(r.steps())
			r.everybodyIsAttended()
			r.equalsAreAskedAsOften()
			r.nothingIsForgotten()
		})
		t.Logf("%d schedules", drawn)
	})
}

// hire adds a third agent to the house.
func hire(t *testing.T, st *store.Store) {
	t.Helper()
	err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO agents (id, account_id, login, password_hash, name, email, role, active, status, method, conversation_limit, preferences, created_at)
			VALUES ('dora', 'account', 'dora', '', 'Dora', 'dora@example.com', 'agent', TRUE, 'online', 'roulette', 5, '{}', 0)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Peers and Peer are who may receive a transfer: the same people.
func (t *team) Peers(account string) []conversation.Peer {
	var list []conversation.Peer
	for _, id := range []string{ana, bruno, dora} {
		if p, ok := t.Peer(account, id); ok {
			list = append(list, p)
		}
	}
	return list
}

func (t *team) Peer(account, id string) (conversation.Peer, bool) {
	a, ok := t.Agent(account, id)
	return conversation.Peer{
		ID: id, Name: id, Active: a.Active, Present: a.Present, Status: a.Status, Limit: a.Limit, DepartmentIDs: a.DepartmentIDs,
	}, ok
}

// schedule is a house where everything happens in a random order.
type schedule struct {
	*rapid.T
	t      *testing.T // owns the house
	h      *conversationtest.House
	people *team
	s      *routing.Service

	ids    []string          // of this schedule's conversations
	names  map[string]string // of their visitors
	offers []routing.Offer   // all that were seen
	moved  []conversation.Transfer
	held   map[string]int // by agent, after the last step
	// transferred says that the step may pass a limit by one.
	transferred bool
}

// runs numbers visitors and requests over all schedules.
var runs struct {
	mu sync.Mutex
	n  int
}

func unused() string {
	runs.mu.Lock()
	defer runs.mu.Unlock()
	runs.n++
	return fmt.Sprint("n", runs.n)
}

func newSchedule(t *testing.T, rt *rapid.T, h *conversationtest.House, people *team) *schedule {
	r := &schedule{T: rt, t: t, h: h, people: people, s: service(h, people), names: make(map[string]string), held: make(map[string]int)}
	r.everybodyIsWilling(3)
	for id, visitor := range r.open() { // a schedule that failed leaves something behind
		_, err := h.Service.EndByVisitor(t.Context(), conversationtest.Visitor(visitor), id)
		r.may(err, fault.ConversationEnded)
	}
	r.look()
	return r
}

// steps are what may happen; what is there twice happens twice as often.
func (r *schedule) steps() map[string]func(*rapid.T) {
	steps := map[string]func(){
		"arrive": r.arrive, "arrive again": r.arrive, "arrive once more": r.arrive,
		"acknowledge": r.acknowledge, "acknowledge again": r.acknowledge, "acknowledge late": r.acknowledgeLate,
		"pull": r.pull, "write": r.write, "finish": r.finish, "leave": r.leave, "at once": r.atOnce,
		"transfer": r.transfer, "transfer again": r.transfer, "answer a transfer": r.answerTransfer, "another department": r.requeue,
		"an agent changes": r.change, "another agent changes": r.change, "an agent is gone": r.gone, "departments close": r.closeDepartment,
		"rules change": r.changeRules, "queue order": r.orderQueue, "agents' order": r.orderAgents,
		"time passes": r.pass, "more time passes": r.pass, "the clock goes back": r.goBack, "killed": r.kill, "look": r.look,
	}
	actions := map[string]func(*rapid.T){"": func(rt *rapid.T) { r.check() }}
	for name, step := range steps {
		actions[name] = func(rt *rapid.T) {
			r.T, r.transferred = rt, false
			step()
			if r.bool("looks") {
				r.look()
			}
		}
	}
	return actions
}

func (r *schedule) bool(what string) bool { return rapid.Bool().Draw(r.T, what) }

func (r *schedule) upTo(n int, what string) int { return rapid.IntRange(0, n-1).Draw(r.T, what) }

func (r *schedule) agent() string {
	return rapid.SampledFrom([]string{ana, bruno, dora}).Draw(r.T, "agent")
}

func (r *schedule) department() string {
	return rapid.SampledFrom([]string{conversationtest.Sales, conversationtest.Support}).Draw(r.T, "department")
}

// actor is an agent who serves what the team says.
func (r *schedule) actor(id string) conversation.AgentActor {
	scope := eventlog.Scope{AgentID: id, DepartmentIDs: make(map[string]bool)}
	p, _ := r.people.Agent("", id)
	for _, d := range p.DepartmentIDs {
		scope.DepartmentIDs[d] = true
	}
	return conversation.AgentActor{AccountID: conversationtest.Account, ID: id, Scope: scope}
}

// may fails the schedule unless err is nil or one of the refusals.
func (r *schedule) may(err error, refusals ...fault.Code) {
	for _, code := range append(refusals, "") {
		if fault.CodeOf(err) == code {
			return
		}
	}
	r.Fatalf("%v", err)
}

func (r *schedule) arrive() {
	name := unused()
	c, _, err := r.h.Service.Open(r.t.Context(), conversationtest.Visitor(name), conversation.Opening{
		ClientID: name, DepartmentID: r.department(), Name: name, Email: "v@example.com",
	})
	r.may(err, fault.DepartmentClosed)
	if err == nil {
		r.ids, r.names[c.ID] = append(r.ids, c.ID), name
	}
}

// acknowledge has panels show what is offered, sometimes from a second tab.
func (r *schedule) acknowledge() {
	offers := r.status().Offers
	if len(offers) == 0 {
		return
	}
	o := offers[r.upTo(len(offers), "offer")]
	for range 1 + r.upTo(2, "second tab") {
		c, err := r.s.Acknowledge(r.t.Context(), conversationtest.Account, o.AgentID, o.ID)
		r.may(err, fault.OfferOver)
		if err == nil && (c.Agent() != o.AgentID || c.State != conversation.Active) {
			r.Fatalf("acknowledged, and %s has it: %s", c.Agent(), c.State)
		}
	}
}

func (r *schedule) acknowledgeLate() {
	if len(r.offers) == 0 {
		return
	}
	o := r.offers[r.upTo(len(r.offers), "old offer")]
	r.h.Clock.Advance(time.Duration(r.upTo(20, "seconds")) * time.Second)
	_, err := r.s.Acknowledge(r.t.Context(), conversationtest.Account, o.AgentID, o.ID)
	r.may(err, fault.OfferOver)
}

func (r *schedule) pull() {
	_, err := r.s.Next(r.t.Context(), conversationtest.Account, r.agent(), unused())
	r.may(err, fault.QueueEmpty, fault.ConversationLimitReached, fault.AgentAbsent, fault.AgentInactive)
}

func (r *schedule) write() {
	agent := r.agent()
	for _, c := range r.active(agent) {
		_, err := r.h.Service.PostByAgent(r.t.Context(), r.actor(agent), c.ID, unused(), "x", conversation.ToVisitor)
		r.may(err)
	}
}

func (r *schedule) finish() {
	agent := r.agent()
	if mine := r.active(agent); len(mine) > 0 {
		_, err := r.h.Service.EndByAgent(r.t.Context(), r.actor(agent), mine[r.upTo(len(mine), "conversation")].ID)
		r.may(err)
	}
}

func (r *schedule) leave() {
	if len(r.ids) > 0 {
		id := r.ids[r.upTo(len(r.ids), "conversation")]
		_, err := r.h.Service.EndByVisitor(r.t.Context(), conversationtest.Visitor(r.names[id]), id)
		r.may(err, fault.ConversationEnded)
	}
}

// atOnce has a panel show an offer while the visitor leaves, another agent pulls, and the roulette looks.
func (r *schedule) atOnce() {
	var offer routing.Offer
	if offers := r.status().Offers; len(offers) > 0 {
		offer = offers[r.upTo(len(offers), "offer")]
	}
	puller, leaves := r.agent(), r.bool("leaves") && r.names[offer.ConversationID] != ""
	errs := make([]error, 4)
	var all sync.WaitGroup
	all.Go(func() { _, errs[0] = r.s.Look(r.t.Context(), conversationtest.Account) })
	all.Go(func() { _, errs[1] = r.s.Next(r.t.Context(), conversationtest.Account, puller, unused()) })
	if offer.ID != "" {
		all.Go(func() {
			_, errs[2] = r.s.Acknowledge(r.t.Context(), conversationtest.Account, offer.AgentID, offer.ID)
		})
	}
	if leaves {
		visitor := conversationtest.Visitor(r.names[offer.ConversationID])
		all.Go(func() { _, errs[3] = r.h.Service.EndByVisitor(r.t.Context(), visitor, offer.ConversationID) })
	}
	all.Wait()
	r.may(errs[0])
	r.may(errs[1], fault.QueueEmpty, fault.ConversationLimitReached, fault.AgentAbsent, fault.AgentInactive)
	r.may(errs[2], fault.OfferOver)
	r.may(errs[3], fault.ConversationEnded)
}
