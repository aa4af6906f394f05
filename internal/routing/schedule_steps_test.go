package routing_test

import (
	"time"

	"pgregory.net/rapid"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/routing"
)

// transfer offers a conversation to whoever: one who left, is full, inactive, or has it.
func (r *schedule) transfer() {
	from, to := r.agent(), r.agent()
	mine := r.active(from)
	if len(mine) == 0 {
		return
	}
	tr, err := r.h.Service.TransferToAgent(r.t.Context(), r.actor(from), mine[r.upTo(len(mine), "conversation")].ID, to, "")
	p, _ := r.people.Agent("", to)
	switch {
	case err != nil:
		r.may(err, fault.Validation, fault.TransferPending, fault.TransferTargetAbsent, fault.TransferTargetFull, fault.TransferTargetInactive)
	case to == from || !p.Active || !p.Present:
		r.Fatalf("transferred to %+v", p)
	default:
		r.moved = append(r.moved, tr)
	}
}

// answerTransfer accepts, declines or withdraws a transfer, in time or not.
func (r *schedule) answerTransfer() {
	if len(r.moved) == 0 {
		return
	}
	tr := r.moved[r.upTo(len(r.moved), "transfer")]
	var err error
	switch r.upTo(4, "answer") {
	case 0:
		err = r.h.Service.DeclineTransfer(r.t.Context(), r.actor(tr.ToAgentID), tr.ID)
	case 1:
		err = r.h.Service.WithdrawTransfer(r.t.Context(), r.actor(tr.FromAgentID), tr.ID)
	default:
		r.transferred = true
		_, err = r.h.Service.AcceptTransfer(r.t.Context(), r.actor(tr.ToAgentID), tr.ID)
	}
	r.may(err, fault.TransferOver, fault.TransferTargetFull)
}

func (r *schedule) requeue() {
	from := r.agent()
	if mine := r.active(from); len(mine) > 0 {
		_, err := r.h.Service.TransferToDepartment(r.t.Context(), r.actor(from), mine[0].ID, r.department(), "")
		r.may(err, fault.DepartmentUnattended)
	}
}

// change has an agent fall asleep or wake up, be busy or here again, get another limit or method.
func (r *schedule) change() {
	id, what := r.agent(), r.upTo(4, "change")
	limit, method := 1+r.upTo(4, "limit"), rapid.SampledFrom([]string{"roulette", "both", "manual"}).Draw(r.T, "method")
	r.people.change(id, func(p *routing.Present) {
		switch what {
		case 0:
			p.Present, p.Active = true, true
			p.Ready = !p.Ready
		case 1:
			p.Status = map[string]string{"online": "busy", "busy": "online"}[p.Status]
		case 2:
			p.Limit = limit
		case 3:
			p.Method = method
		}
	})
}

// gone has an agent leave or be deactivated, or come back; what the agent has goes back to its queue, at once or never.
func (r *schedule) gone() {
	id, inactive := r.agent(), r.bool("inactive")
	r.people.change(id, func(p *routing.Present) {
		p.Present = !p.Present
		p.Ready, p.Active = p.Present, p.Present || !inactive
	})
	if p, _ := r.people.Agent("", id); p.Present || r.bool("later") {
		return
	}
	_, err := r.h.Service.ReturnAll(r.t.Context(), conversationtest.Account, id, conversation.ReasonConnectionLost)
	r.may(err)
}

func (r *schedule) closeDepartment() { r.h.World.SetClosed(r.department(), r.bool("closed")) }

func (r *schedule) changeRules() {
	rules := usualRules
	if r.bool("by load") {
		rules.Order = routing.LowestLoad
	}
	rules.Sticky = r.bool("sticky")
	if r.bool("overflow") {
		rules.OverflowID, rules.OverflowAfter = conversationtest.Support, 20_000
	}
	if r.bool("answers are not watched") {
		rules.AnswerFor = 0
	}
	r.people.rule(r.department(), rules)
}

// orderQueue has a supervisor put a queue in another order, from a list that may be old.
func (r *schedule) orderQueue() {
	status, department := r.status(), r.department()
	var ids []string
	for _, w := range status.Waiting {
		if w.DepartmentID == department {
			ids = append(ids, w.ConversationID)
		}
	}
	if len(ids) == 0 {
		return
	}
	ids = rapid.Permutation(ids).Draw(r.T, "order")
	stale := r.bool("stale list")
	if stale {
		r.leave()
	}
	var version int64
	for _, d := range status.Departments {
		if d.DepartmentID == department {
			version = d.OrderVersion
		}
	}
	if r.bool("stale version") {
		version++
	}
	r.may(r.s.ArrangeQueue(r.t.Context(), conversationtest.Account, eventlog.Scope{All: true}, department, version, ids), fault.StaleWrite)
}

// orderAgents has a supervisor put the agents in another order, and skip some.
func (r *schedule) orderAgents() {
	version := r.status().RouletteVersion
	if r.bool("stale version") {
		version++
	}
	var agents []routing.RouletteAgent
	for _, id := range rapid.Permutation([]string{ana, bruno, dora}).Draw(r.T, "order") {
		agents = append(agents, routing.RouletteAgent{AgentID: id, Skipped: r.upTo(4, "skipped") == 0})
	}
	r.may(r.s.ArrangeAgents(r.t.Context(), conversationtest.Account, eventlog.Scope{All: true}, version, agents), fault.StaleWrite)
}

func (r *schedule) pass() { r.h.Clock.Advance(time.Duration(r.upTo(40, "seconds")) * time.Second) }

func (r *schedule) goBack() { r.h.Clock.Advance(-time.Duration(r.upTo(20, "seconds")) * time.Second) }

// kill forgets everything that is only in memory.
func (r *schedule) kill() { r.s = service(r.h, r.people) }

// everybodyIsWilling has all agents here, equal, and in the roulette, and all departments open with the usual rules.
func (r *schedule) everybodyIsWilling(limit int) {
	for _, id := range []string{ana, bruno, dora} {
		r.people.change(id, func(p *routing.Present) {
			*p = routing.Present{
				AgentID: id, Active: true, Status: "online", Present: true, Ready: true, Method: "both", Limit: limit,
				DepartmentIDs: []string{conversationtest.Sales, conversationtest.Support},
			}
			if id == ana {
				p.DepartmentIDs = []string{conversationtest.Sales}
			}
		})
	}
	for _, d := range []string{conversationtest.Sales, conversationtest.Support} {
		r.people.rule(d, usualRules)
		r.h.World.SetClosed(d, false)
	}
	agents := []routing.RouletteAgent{{AgentID: ana}, {AgentID: bruno}, {AgentID: dora}}
	r.may(r.s.ArrangeAgents(r.t.Context(), conversationtest.Account, eventlog.Scope{All: true}, r.status().RouletteVersion, agents))
}
