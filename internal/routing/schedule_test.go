package routing_test

import (
	"fmt"
	"math/rand/v2"
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

// schedule is a house where everything happens in a random order.
type schedule struct {
	t      *testing.T
	h      *conversationtest.House
	people *team
	s      *routing.Service
	luck   *rand.Rand
	ids    []string // of every conversation, with its visitor's name at the same place
	names  []string
	keys   int
}

// TestSchedules drives random schedules of everything that can happen, a process killed between offer and acknowledgement and a clock that
// goes back among it. After each step nobody is doubled, over the limit, or left waiting beside an able agent; in the end everybody is
// attended, and every stored decision replays.
func TestSchedules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, people, s := spun(t, st)
		r := &schedule{t: t, h: h, people: people, s: s, luck: rand.New(rand.NewPCG(7, 11))}
		steps := []func(){
			r.arrive, r.arrive, r.arrive, r.acknowledge, r.acknowledge, r.acknowledge, r.pass, r.pass, r.goBack, r.toggle, r.toggle, r.finish,
			r.leave, r.pull, r.write, r.kill, r.shuffle,
		}
		for range 250 {
			steps[r.luck.IntN(len(steps))]()
			if r.luck.IntN(3) > 0 {
				look(t, h, r.s)
				r.check()
			}
		}
		r.everybodyIsAttended()
		for _, id := range r.ids {
			records, err := r.s.Decisions(t.Context(), conversationtest.Account, id)
			if err != nil {
				t.Fatal(err)
			}
			replays(t, records)
			checkOneAgentAtATime(t, h, id)
		}
	})
}

// may fails the test unless err is nil or one of the refusals.
func (r *schedule) may(err error, refusals ...fault.Code) {
	r.t.Helper()
	for _, code := range append(refusals, "") {
		if fault.CodeOf(err) == code {
			return
		}
	}
	r.t.Fatal(err)
}

func (r *schedule) arrive() {
	name := fmt.Sprint("v", len(r.names))
	department := []string{conversationtest.Sales, conversationtest.Support}[r.luck.IntN(2)]
	r.ids, r.names = append(r.ids, r.h.Open(r.t, name, department).ID), append(r.names, name)
}

func (r *schedule) agent() string { return []string{ana, bruno}[r.luck.IntN(2)] }

func (r *schedule) status() routing.QueueStatus {
	r.h.Settle(r.t)
	status, err := r.s.StatusOf(r.t.Context(), conversationtest.Account, eventlog.Scope{All: true})
	if err != nil {
		r.t.Fatal(err)
	}
	return status
}

func (r *schedule) acknowledge() {
	offers := r.status().Offers
	if len(offers) == 0 {
		return
	}
	o := offers[r.luck.IntN(len(offers))]
	for range 1 + r.luck.IntN(2) { // sometimes from a second tab
		_, err := r.s.Acknowledge(r.t.Context(), conversationtest.Account, o.AgentID, o.ID)
		r.may(err, fault.OfferOver)
	}
}

func (r *schedule) pass()   { r.h.Clock.Advance(time.Duration(r.luck.IntN(40)) * time.Second) }
func (r *schedule) goBack() { r.h.Clock.Advance(-time.Duration(r.luck.IntN(20)) * time.Second) }

func (r *schedule) toggle() {
	r.people.change(r.agent(), func(p *routing.Present) {
		switch r.luck.IntN(4) {
		case 0:
			p.Present = !p.Present
			p.Ready = p.Present
		case 1:
			p.Ready = p.Present && !p.Ready
		case 2:
			p.Limit = 1 + r.luck.IntN(4)
		case 3:
			p.Method = []string{"roulette", "both", "manual"}[r.luck.IntN(3)]
		}
	})
}

func (r *schedule) active(agentID string) []conversation.Conversation {
	mine, err := r.h.Service.Mine(r.t.Context(), conversationtest.Account, agentID)
	if err != nil {
		r.t.Fatal(err)
	}
	var active []conversation.Conversation
	for _, c := range mine {
		if c.State == conversation.Active {
			active = append(active, c)
		}
	}
	return active
}

func (r *schedule) finish() {
	agent := r.agent()
	for _, c := range r.active(agent) {
		_, err := r.h.Service.EndByAgent(r.t.Context(), conversationtest.Agent(agent), c.ID)
		r.may(err)
		return
	}
}

func (r *schedule) leave() {
	if len(r.ids) == 0 {
		return
	}
	i := r.luck.IntN(len(r.ids))
	_, err := r.h.Service.EndByVisitor(r.t.Context(), conversationtest.Visitor(r.names[i]), r.ids[i])
	r.may(err, fault.ConversationEnded)
}

func (r *schedule) pull() {
	r.keys++
	_, err := r.s.Next(r.t.Context(), conversationtest.Account, r.agent(), fmt.Sprint(r.keys))
	r.may(err, fault.QueueEmpty, fault.ConversationLimitReached, fault.AgentAbsent)
}

func (r *schedule) write() {
	agent := r.agent()
	for _, c := range r.active(agent) {
		r.keys++
		_, err := r.h.Service.PostByAgent(r.t.Context(), conversationtest.Agent(agent), c.ID, fmt.Sprint(r.keys), "x", conversation.ToVisitor)
		r.may(err)
	}
}

// kill forgets everything that is only in memory.
func (r *schedule) kill() { r.s = service(r.h, r.people) }

// shuffle has a supervisor put the queue in another order.
func (r *schedule) shuffle() {
	status := r.status()
	var ids []string
	for _, w := range status.Waiting {
		if w.DepartmentID == conversationtest.Sales {
			ids = append(ids, w.ConversationID)
		}
	}
	if len(ids) == 0 {
		return
	}
	r.luck.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	for _, d := range status.Departments {
		if d.DepartmentID == conversationtest.Sales {
			r.may(r.s.ArrangeQueue(r.t.Context(), conversationtest.Account, eventlog.Scope{All: true}, d.DepartmentID, d.OrderVersion, ids))
		}
	}
}

func (r *schedule) check() {
	r.t.Helper()
	status := r.status()
	able := map[string]bool{}
	for _, a := range status.Agents {
		p, _ := r.people.Agent("", a.AgentID)
		if a.Offers > 0 && a.Active+a.Offers > a.Limit && p.Limit == a.Limit {
			// A limit that was lowered afterwards takes nothing away; but nothing may be offered on top of it.
			for _, o := range status.Offers {
				if o.AgentID == a.AgentID && o.OfferedAt == r.h.Clock.Now().UnixMilli() {
					r.t.Fatalf("%s has %d and %d offers, the limit is %d", a.AgentID, a.Active, a.Offers, a.Limit)
				}
			}
		}
		if a.Unable == "" {
			for _, d := range p.DepartmentIDs {
				able[d] = true
			}
		}
	}
	seen := map[string]bool{}
	for _, o := range status.Offers {
		if seen[o.ConversationID] {
			r.t.Fatalf("%s is offered twice", o.ConversationID)
		}
		seen[o.ConversationID] = true
	}
	for _, w := range status.Waiting {
		if w.OfferedTo == nil && able[w.DepartmentID] {
			r.t.Fatalf("#%d waits in %s though somebody is able: %s", w.Number, w.DepartmentID, w.Why)
		}
	}
}

// everybodyIsAttended lets two willing agents work until nobody waits.
func (r *schedule) everybodyIsAttended() {
	for _, id := range []string{ana, bruno} {
		r.people.change(id, func(p *routing.Present) {
			p.Present, p.Ready, p.Method, p.Limit, p.Status = true, true, "both", 3, "online"
		})
	}
	for range 4 * len(r.ids) {
		look(r.t, r.h, r.s)
		status := r.status()
		if len(status.Waiting) == 0 {
			return
		}
		for _, o := range status.Offers {
			_, err := r.s.Acknowledge(r.t.Context(), conversationtest.Account, o.AgentID, o.ID)
			r.may(err, fault.OfferOver)
		}
		for _, agent := range []string{ana, bruno} {
			for _, c := range r.active(agent) {
				_, err := r.h.Service.EndByAgent(r.t.Context(), conversationtest.Agent(agent), c.ID)
				r.may(err)
			}
		}
	}
	r.t.Fatalf("still waiting: %+v", r.status().Waiting)
}

// checkOneAgentAtATime checks that whoever joined a conversation left it before another joined.
func checkOneAgentAtATime(t *testing.T, h *conversationtest.House, id string) {
	t.Helper()
	messages, _, err := h.Service.Messages(t.Context(), conversationtest.Supervisor(), id, conversation.Page{Limit: conversation.MaxPage})
	if err != nil {
		t.Fatal(err)
	}
	held := false
	for _, m := range messages {
		switch {
		case m.System == nil:
		case m.System.Key == conversation.SystemJoined && held:
			t.Fatalf("%s has two agents", id)
		case m.System.Key == conversation.SystemJoined:
			held = true
		case m.System.Key == conversation.SystemReturned:
			held = false
		}
	}
}
