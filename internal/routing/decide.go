package routing

import (
	"cmp"
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

// NextRequested is an agent's press on "next in queue" (T051).
const NextRequested EventKind = "next_requested"

// Event is what made a decision necessary.
type Event struct {
	Kind EventKind `json:"kind"`
	// AgentID is who asked.
	AgentID string `json:"agent_id"`
}

// Snapshot is everything a decision may depend on. It is stored with the decision and replays to the same answer.
type Snapshot struct {
	Agent Agent `json:"agent"`
	// Waiting holds waiting conversations in any order: always the first of each of the agent's departments, and as many
	// others as are worth naming among the reasons.
	Waiting []Candidate `json:"waiting"`
}

// Agent is what routing knows of the agent who asked.
type Agent struct {
	ID     string `json:"id"`
	Active bool   `json:"active"`
	// Status is the agent's wish: online, busy or offline.
	Status string `json:"status"`
	// Present is the wish and a live connection together.
	Present bool `json:"present"`
	// Limit is the most conversations the agent may hold, ActiveConversations how many there are.
	Limit               int      `json:"limit"`
	ActiveConversations int      `json:"active_conversations"`
	DepartmentIDs       []string `json:"department_ids"`
}

// Candidate is a waiting conversation.
type Candidate struct {
	ConversationID string `json:"conversation_id"`
	Number         int64  `json:"number"`
	DepartmentID   string `json:"department_id"`
	// QueueEnteredAt is the entry into the queue in milliseconds; it survives a return to the queue.
	QueueEnteredAt int64 `json:"queue_entered_at"`
	// ReservedFor is the agent who invited the visitor, while that agent is able and the time for it lasts; else empty (T076).
	ReservedFor string `json:"reserved_for,omitempty"`
}

// Decision is the answer: a conversation for an agent, or the reason why there is none.
type Decision struct {
	ConversationID string `json:"conversation_id,omitempty"`
	AgentID        string `json:"agent_id,omitempty"`
	// Refused is fault.AgentInactive, fault.AgentAbsent, fault.ConversationLimitReached or fault.QueueEmpty; empty when
	// a conversation was picked.
	Refused fault.Code `json:"refused,omitempty"`
}

// Reason says why a conversation was picked or passed over.
type Reason string

// The reasons.
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
)

// Reasons explains a decision: one entry for every conversation of the snapshot, in waiting order.
type Reasons []ConversationReason

// ConversationReason is the reason for one conversation.
type ConversationReason struct {
	ConversationID string `json:"conversation_id"`
	Number         int64  `json:"number"`
	Reason         Reason `json:"reason"`
}

// Decide answers an event from a snapshot. The same arguments always give the same answer; the order of Waiting and of
// DepartmentIDs does not matter. Conversations wait by entry into the queue, then by number; those that are kept for somebody go to
// that agent before all others, and to nobody else.
func Decide(s Snapshot, e Event) (Decision, Reasons) {
	waiting := slices.Clone(s.Waiting)
	slices.SortFunc(waiting, inWaitingOrder)
	if code := refuse(s.Agent, e); code != "" {
		return Decision{Refused: code}, explain(waiting, func(Candidate) Reason { return AgentUnable })
	}
	served := make(map[string]bool, len(s.Agent.DepartmentIDs))
	for _, id := range s.Agent.DepartmentIDs {
		served[id] = true
	}
	pick := slices.IndexFunc(waiting, func(c Candidate) bool { return served[c.DepartmentID] && c.ReservedFor == s.Agent.ID })
	if pick < 0 {
		pick = slices.IndexFunc(waiting, func(c Candidate) bool { return served[c.DepartmentID] && c.ReservedFor == "" })
	}
	decision := Decision{Refused: fault.QueueEmpty}
	if pick >= 0 {
		decision = Decision{ConversationID: waiting[pick].ConversationID, AgentID: s.Agent.ID}
	}
	return decision, explain(waiting, func(c Candidate) Reason {
		switch {
		case c.ConversationID == decision.ConversationID && c.ReservedFor != "":
			return InvitedByAgent
		case c.ConversationID == decision.ConversationID:
			return LongestWaiting
		case !served[c.DepartmentID]:
			return DepartmentNotServed
		case c.ReservedFor != "":
			return ReservedForInviter
		default:
			return EnteredLater
		}
	})
}

// refuse tells why the agent may not have a conversation now, or nothing. Any method may pull: the method says who
// receives from the roulette (T055).
func refuse(a Agent, e Event) fault.Code {
	switch {
	case e.Kind != NextRequested || e.AgentID != a.ID || !a.Active:
		return fault.AgentInactive
	case !a.Present || a.Status == statusOffline:
		return fault.AgentAbsent
	case a.ActiveConversations >= a.Limit:
		return fault.ConversationLimitReached
	default:
		return ""
	}
}

func inWaitingOrder(a, b Candidate) int {
	return cmp.Or(
		cmp.Compare(a.QueueEnteredAt, b.QueueEnteredAt),
		cmp.Compare(a.Number, b.Number),
		cmp.Compare(a.ConversationID, b.ConversationID),
	)
}

func explain(waiting []Candidate, why func(Candidate) Reason) Reasons {
	reasons := make(Reasons, 0, len(waiting))
	for _, c := range waiting {
		reasons = append(reasons, ConversationReason{ConversationID: c.ConversationID, Number: c.Number, Reason: why(c)})
	}
	return reasons
}
