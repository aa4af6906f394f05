package routing

import (
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// EventKind says what made a decision necessary.
type EventKind string

// The wishes of agents that make a difference here; agent.Status holds all of them.
const (
	statusOnline  = "online"
	statusOffline = "offline"
)

// The events. All but the first are the roulette's.
const (
	// NextRequested is an agent's press on "next in queue" (T051).
	NextRequested EventKind = "next_requested"
	// Queued is a conversation that entered a queue, or came back to one.
	Queued EventKind = "queued"
	// AgentChanged is an agent who may have become able, or unable.
	AgentChanged EventKind = "agent_changed"
	// ConversationOver is a conversation that left its agent or its queue.
	ConversationOver EventKind = "conversation_over"
	// OfferOver is an offer that nobody took.
	OfferOver EventKind = "offer_over"
	// RulesChanged is a change of departments, of the order of agents or of the queue.
	RulesChanged EventKind = "rules_changed"
	// Deadline is a moment that something waited for.
	Deadline EventKind = "deadline"
	// Started is the first look after a start.
	Started EventKind = "started"
)

// Event is what made a decision necessary.
type Event struct {
	Kind EventKind `json:"kind" enum:"next_requested,queued,agent_changed,conversation_over,offer_over,rules_changed,deadline,started"`
	// AgentID is who asked or changed, ConversationID what it is about; either may be empty for the roulette.
	AgentID        string `json:"agent_id,omitempty"`
	ConversationID string `json:"conversation_id,omitempty"`
}

// Decision is the answer: a conversation for an agent, or none.
type Decision struct {
	ConversationID string `json:"conversation_id,omitempty"`
	AgentID        string `json:"agent_id,omitempty"`
	// Refused tells an agent who asked why there is none: fault.AgentInactive, fault.AgentAbsent, fault.ConversationLimitReached or
	// fault.QueueEmpty.
	Refused fault.Code `json:"refused,omitempty"`
}

// Reason says why a conversation or an agent was picked or passed over.
type Reason string

// The reasons about conversations.
const (
	// LongestWaiting is the reason of the pick: first come, first served (T060).
	LongestWaiting Reason = "longest_waiting"
	// DepartmentNotServed passes over a conversation of a department that the agent does not serve (T059).
	DepartmentNotServed Reason = "department_not_served"
	// EnteredLater passes over a conversation that came after the pick.
	EnteredLater Reason = "entered_later"
	// InvitedByAgent is the reason of the pick before all others: the agent's own invite was accepted (T076).
	InvitedByAgent Reason = "invited_by_agent"
	// ReservedForInviter passes over a conversation that is kept for the agent who invited the visitor.
	ReservedForInviter Reason = "reserved_for_inviter"
	// AgentUnable passes over every conversation of a refused request; Decision.Refused tells why.
	AgentUnable Reason = "agent_unable"
	// OfferedElsewhere passes over a conversation that is being offered to somebody.
	OfferedElsewhere Reason = "offered_elsewhere"
	// OfferedToAgent is the reason of the pick: the conversation was being offered to the agent who asked.
	OfferedToAgent Reason = "offered_to_agent"
	// NobodyAble passes over a conversation for which no agent is able now.
	NobodyAble Reason = "nobody_able"
)

// Reasons explains a decision.
type Reasons struct {
	// Conversations has one entry for every conversation of the snapshot, in waiting order.
	Conversations []ConversationReason `json:"conversations" nullable:"false"`
	// Agents has one entry for every agent of the roulette's snapshot, who was picked first, then in the order they would be asked.
	Agents []AgentReason `json:"agents,omitempty"`
}

// ConversationReason is the reason for one conversation.
type ConversationReason struct {
	ConversationID string `json:"conversation_id"`
	Number         int64  `json:"number"`
	Reason         Reason `json:"reason" enum:"longest_waiting,department_not_served,entered_later,invited_by_agent,reserved_for_inviter,agent_unable,offered_elsewhere,offered_to_agent,nobody_able"`
}

// Decide answers an event from a snapshot. The same arguments always give the same answer; the order of the lists in the snapshot does
// not matter. Conversations wait by their place in the queue, then by number; those that are kept for somebody go to that agent before
// all others, and to nobody else.
func Decide(s Situation, e Event) (Decision, Reasons) {
	waiting := slices.Clone(s.Waiting)
	slices.SortFunc(waiting, inWaitingOrder)
	if e.Kind == NextRequested {
		return decideNext(s.Agent, waiting, e)
	}
	return spin(s, waiting)
}

// decideNext picks for the agent who asked.
func decideNext(a *Contender, waiting []Candidate, e Event) (Decision, Reasons) {
	if code := refuse(a, e, waiting); code != "" {
		return Decision{Refused: code}, explain(waiting, func(Candidate) Reason { return AgentUnable })
	}
	served := make(map[string]bool, len(a.DepartmentIDs))
	for _, id := range a.DepartmentIDs {
		served[id] = true
	}
	pick := -1
	for _, fits := range []func(Candidate) bool{
		func(c Candidate) bool { return c.OfferedTo == a.ID },
		func(c Candidate) bool { return served[c.DepartmentID] && c.OfferedTo == "" && c.ReservedFor == a.ID },
		func(c Candidate) bool { return served[c.DepartmentID] && c.OfferedTo == "" && c.ReservedFor == "" },
	} {
		if pick = slices.IndexFunc(waiting, fits); pick >= 0 {
			break
		}
	}
	decision := Decision{Refused: fault.QueueEmpty}
	if pick >= 0 {
		decision = Decision{ConversationID: waiting[pick].ConversationID, AgentID: a.ID}
	}
	return decision, explain(waiting, func(c Candidate) Reason {
		switch picked := c.ConversationID == decision.ConversationID; {
		case picked && c.OfferedTo != "":
			return OfferedToAgent
		case picked && c.ReservedFor != "":
			return InvitedByAgent
		case picked:
			return LongestWaiting
		case !served[c.DepartmentID]:
			return DepartmentNotServed
		case c.OfferedTo != "":
			return OfferedElsewhere
		case c.ReservedFor != "":
			return ReservedForInviter
		default:
			return EnteredLater
		}
	})
}

// refuse tells why the agent may not have a conversation now, or nothing. Any method may pull: the method says who
// receives from the roulette (T055). What is being offered to the agent counts, but may be taken.
func refuse(a *Contender, e Event, waiting []Candidate) fault.Code {
	switch {
	case a == nil || e.AgentID != a.ID || !a.Active:
		return fault.AgentInactive
	case !a.Present || a.Status == statusOffline:
		return fault.AgentAbsent
	case a.ActiveConversations >= a.Limit:
		return fault.ConversationLimitReached
	case a.full() && !slices.ContainsFunc(waiting, func(c Candidate) bool { return c.OfferedTo == a.ID }):
		return fault.ConversationLimitReached
	default:
		return ""
	}
}

func explain(waiting []Candidate, why func(Candidate) Reason) Reasons {
	reasons := Reasons{Conversations: make([]ConversationReason, 0, len(waiting))}
	for _, c := range waiting {
		reasons.Conversations = append(reasons.Conversations, ConversationReason{ConversationID: c.ConversationID, Number: c.Number, Reason: why(c)})
	}
	return reasons
}
