package routing_test

import (
	"slices"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/routing"
)

func (r *schedule) status() routing.QueueStatus {
	r.h.Settle(r.t)
	status, err := r.s.StatusOf(r.t.Context(), conversationtest.Account, eventlog.Scope{All: true})
	r.may(err)
	return status
}

// active returns what the database says that an agent has.
func (r *schedule) active(agentID string) []conversation.Conversation {
	mine, err := r.h.Service.Mine(r.t.Context(), conversationtest.Account, agentID)
	r.may(err)
	return slices.DeleteFunc(mine, func(c conversation.Conversation) bool { return c.State != conversation.Active })
}

// open returns the visitors of everything that is not over, by conversation.
func (r *schedule) open() map[string]string {
	r.h.Settle(r.t)
	waiting, err := r.h.Service.Board().Waiting(r.t.Context(), conversationtest.Account, eventlog.Scope{All: true})
	r.may(err)
	visitors := make(map[string]string)
	for _, w := range waiting {
		visitors[w.ID] = w.VisitorID
	}
	for _, id := range []string{ana, bruno, dora} {
		for _, c := range r.active(id) {
			visitors[c.ID] = c.VisitorID
		}
	}
	return visitors
}

// look has the roulette look, and checks what it made of what it saw.
func (r *schedule) look() {
	r.h.Settle(r.t)
	_, err := r.s.Look(r.t.Context(), conversationtest.Account)
	r.may(err)
	status := r.status()
	r.statesAndTimesAgree()
	r.checkOffers(status)
	able := make(map[string]bool)
	for _, a := range status.Agents {
		p, _ := r.people.Agent("", a.AgentID)
		for _, d := range p.DepartmentIDs {
			able[d] = able[d] || a.Unable == ""
		}
	}
	for _, w := range status.Waiting {
		if w.OfferedTo == nil && able[w.DepartmentID] {
			r.Fatalf("#%d waits in %s though somebody is able: %s", w.Number, w.DepartmentID, w.Why)
		}
	}
}

// checkOffers checks what the look has offered: to somebody able and not full, and to nobody before those who wait longer.
func (r *schedule) checkOffers(status routing.QueueStatus) {
	fresh := make(map[string]bool) // by conversation
	for _, o := range status.Offers {
		if slices.ContainsFunc(r.offers, func(known routing.Offer) bool { return known.ID == o.ID }) {
			continue
		}
		r.offers, fresh[o.ConversationID] = append(r.offers, o), true
		a := status.Agents[slices.IndexFunc(status.Agents, func(a routing.AgentStatus) bool { return a.AgentID == o.AgentID })]
		if p, _ := r.people.Agent("", o.AgentID); !p.Ready || p.Method == "manual" || a.Skipped || a.Active+a.Offers > a.Limit {
			r.Fatalf("offered to %+v, %+v", p, a)
		}
	}
	passed := make(map[string]int64) // department → number of somebody who waits without an offer
	for _, w := range status.Waiting {
		switch before, ok := passed[w.DepartmentID]; {
		case w.OfferedTo == nil:
			passed[w.DepartmentID] = w.Number
		case ok && fresh[w.ConversationID]:
			r.Fatalf("#%d of %s was offered before #%d", w.Number, w.DepartmentID, before)
		}
	}
}

// check is what holds after every step.
func (r *schedule) check() {
	status := r.status()
	onBoard, err := r.h.Service.Board().ActiveByAgent(r.t.Context(), conversationtest.Account)
	r.may(err)
	has := make(map[string]string) // conversation → agent
	for _, a := range status.Agents {
		mine := r.active(a.AgentID)
		for _, c := range mine {
			if has[c.ID] != "" {
				r.Fatalf("%s and %s have #%d", has[c.ID], a.AgentID, c.Number)
			}
			has[c.ID] = a.AgentID
		}
		limit := a.Limit
		if r.transferred {
			limit++
		}
		if len(mine) > r.held[a.AgentID] && len(mine) > limit {
			r.Fatalf("%s has %d, the limit is %d", a.AgentID, len(mine), a.Limit)
		}
		if onBoard[a.AgentID] != len(mine) {
			r.Fatalf("%s has %d, the board says %d", a.AgentID, len(mine), onBoard[a.AgentID])
		}
		r.held[a.AgentID] = len(mine)
	}
	offered := make(map[string]bool)
	for _, o := range status.Offers {
		if offered[o.ConversationID] {
			r.Fatalf("%s is offered twice", o.ConversationID)
		}
		offered[o.ConversationID] = true
	}
}

// everybodyIsAttended lets willing agents work until nobody waits: however the schedule went, every conversation comes to its end.
func (r *schedule) everybodyIsAttended() {
	r.everybodyIsWilling(3)
	for range 2 * (len(r.ids) + 1) {
		r.look()
		status := r.status()
		for _, o := range status.Offers {
			_, err := r.s.Acknowledge(r.t.Context(), conversationtest.Account, o.AgentID, o.ID)
			r.may(err, fault.OfferOver) // the limit may be lower than when it was offered
		}
		r.check()
		for _, id := range []string{ana, bruno, dora} {
			for _, c := range r.active(id) {
				_, err := r.h.Service.EndByAgent(r.t.Context(), r.actor(id), c.ID)
				r.may(err)
			}
		}
		if len(status.Waiting) == 0 {
			return
		}
	}
	r.Fatalf("still waiting: %+v", r.status().Waiting)
}

// equalsAreAskedAsOften has visitors come one by one: over any window of offers no agent is asked two times more than another.
func (r *schedule) equalsAreAskedAsOften() {
	r.everybodyIsWilling(50)
	var asked []string
	for range 7 {
		name := unused()
		id := r.h.Open(r.t, name, conversationtest.Sales).ID
		r.ids, r.names[id] = append(r.ids, id), name
		r.look()
		status := r.status()
		asked = append(asked, status.Offers[len(status.Offers)-1].AgentID)
	}
	for from := range asked {
		counts := map[string]int{ana: 0, bruno: 0, dora: 0}
		for _, id := range asked[from:] {
			counts[id]++
			if most, least := max(counts[ana], counts[bruno], counts[dora]), min(counts[ana], counts[bruno], counts[dora]); most-least > 1 {
				r.Fatalf("asked %v: from the offer %d on %v", asked, from, counts)
			}
		}
	}
	r.everybodyIsAttended()
}

// nothingIsForgotten asks for what was stored of every conversation: each decision replays, nobody joined what another had.
func (r *schedule) nothingIsForgotten() {
	for _, id := range r.ids {
		for before, more := "", true; more; {
			records, older, err := r.s.Decisions(r.t.Context(), conversationtest.Account, id, before)
			r.may(err)
			replays(r.t, records)
			if more = older; more {
				before = records[0].ID
			}
		}
		messages, _, err := r.h.Service.Messages(r.t.Context(), conversationtest.Supervisor(), id, conversation.Page{Limit: conversation.MaxPage})
		r.may(err)
		r.checkStory(id, messages)
	}
}

// statesAndTimesAgree: what lists find by a time that is missing is what changes name by its state.
func (r *schedule) statesAndTimesAgree() {
	for _, wrong := range []string{
		"SELECT count(*) FROM conversations WHERE (ended_at IS NULL) <> (state IN ('waiting', 'active'))",
		"SELECT count(*) FROM conversations WHERE (ended_at IS NULL AND joined_at IS NULL) <> (state = 'waiting')",
		"SELECT count(*) FROM conversations WHERE state = 'active' AND agent_id IS NULL",
		"SELECT count(*) FROM transfers WHERE (settled_at IS NULL) <> (state = 'pending')",
		"SELECT count(*) FROM offers WHERE (ended_at IS NULL) <> (state = 'offered')",
	} {
		var n int
		r.may(r.h.Store.Read().QueryRow(r.t.Context(), wrong).Scan(&n))
		if n > 0 {
			r.Fatalf("%d rows of: %s", n, wrong)
		}
	}
}

// checkStory checks that whoever joined a conversation left it before another joined, and that it is over.
func (r *schedule) checkStory(id string, messages []conversation.Message) {
	held, over := false, false
	for i, m := range messages {
		if m.Sequence != int64(i+1) {
			r.Fatalf("message %d of %s has the sequence %d", i+1, id, m.Sequence)
		}
		if m.System == nil {
			continue
		}
		switch m.System.Key {
		case conversation.SystemJoined:
			if held {
				r.Fatalf("%s has two agents", id)
			}
			held = true
		case conversation.SystemReturned, conversation.SystemRequeued:
			held = false
		case conversation.SystemEnded, conversation.SystemAbandoned:
			over = true
		}
	}
	if !over {
		r.Fatalf("%s has no end", id)
	}
}
