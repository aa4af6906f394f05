package routing

import (
	"cmp"

	"github.com/aceno-chat/aceno/internal/conversation"
)

// Situation is everything a decision may depend on. It is stored with the decision and replays to the same answer.
type Situation struct {
	// Now is the moment of the decision, milliseconds UTC: there is no other clock.
	Now int64 `json:"now,omitempty"`
	// Contender is who asked for the next in queue; nil for the roulette.
	Agent *Contender `json:"agent,omitempty"`
	// Agents are those who serve a department of somebody who waits, for the roulette.
	Agents []Contender `json:"agents,omitempty"`
	// Waiting holds waiting conversations in any order: always the first of each department concerned, and as many others as are worth
	// naming among the reasons.
	Waiting []Candidate `json:"waiting"`
	// Departments are the rules of the departments of Waiting.
	Departments []DepartmentRules `json:"departments,omitempty"`
}

// Contender is what routing knows of an agent.
type Contender struct {
	ID     string `json:"id"`
	Active bool   `json:"active"`
	// Status is the agent's wish: online, busy or offline.
	Status string `json:"status"`
	// Present is the wish and a live connection together.
	Present bool `json:"present"`
	// Ready is everything that an offer needs to be noticed: present, online, awake, audible (B08).
	Ready bool `json:"ready,omitempty"`
	// Method is manual, roulette or both: the roulette passes over manual.
	Method string `json:"method,omitempty"`
	// Skipped says that a supervisor took the agent out of the roulette for now.
	Skipped bool `json:"skipped,omitempty"`
	// Limit is the most conversations the agent may hold, ActiveConversations how many there are, Offers how many are being offered.
	Limit               int      `json:"limit"`
	ActiveConversations int      `json:"active_conversations"`
	Offers              int      `json:"offers,omitempty"`
	DepartmentIDs       []string `json:"department_ids"`
	Languages           []string `json:"languages,omitempty"`
	Skills              []string `json:"skills,omitempty"`
	// Turn grows with every offer in the account: who has the smallest waits longest since the last offer.
	Turn int64 `json:"turn,omitempty"`
}

func (a Contender) full() bool { return a.ActiveConversations+a.Offers >= a.Limit }

// Candidate is a waiting conversation.
type Candidate struct {
	ConversationID string `json:"conversation_id"`
	Number         int64  `json:"number"`
	DepartmentID   string `json:"department_id"`
	// QueueEnteredAt is the entry into the queue in milliseconds; it survives a return to the queue.
	QueueEnteredAt int64 `json:"queue_entered_at"`
	// QueueOrder is the place in the queue, the entry but for priorities and supervisors: the smallest is next.
	QueueOrder int64 `json:"queue_order,omitempty"`
	// Priority is what the place owes to a rule.
	Priority int `json:"priority,omitempty"`
	// ReservedFor is the agent who invited the visitor, while that agent is able and the time for it lasts; else empty (T076).
	ReservedFor string `json:"reserved_for,omitempty"`
	// ReservedUntil is when the reservation ends; 0 without one.
	ReservedUntil int64 `json:"reserved_until,omitempty"`
	// OfferedTo is the agent who is being offered the conversation; else empty.
	OfferedTo string `json:"offered_to,omitempty"`
	// MissedBy is who let the last offer pass; else empty.
	MissedBy string `json:"missed_by,omitempty"`
	// LastAgentID is who attended the visitor before; else empty.
	LastAgentID string   `json:"last_agent_id,omitempty"`
	Language    string   `json:"language,omitempty"`
	Skills      []string `json:"skills,omitempty"`
	// Rules are those that gave the priority and the skills, as called then.
	Rules []conversation.RuleName `json:"rules,omitempty"`
}

// Order is how the roulette of a department picks among equals.
type Order string

// The orders.
const (
	// RoundRobin picks who waits longest since the last offer.
	RoundRobin Order = "round_robin"
	// LowestLoad picks who has the smallest share of the own limit in use, then as RoundRobin.
	LowestLoad Order = "lowest_load"
)

// DepartmentRules is a department's routing. Times are milliseconds; 0 is never.
type DepartmentRules struct {
	ID    string `json:"id"`
	Order Order  `json:"order"`
	// Sticky prefers who attended the visitor last.
	Sticky bool `json:"sticky,omitempty"`
	// OverflowID is the department whose agents are asked too, after OverflowAfter of waiting.
	OverflowID    string `json:"overflow_id,omitempty"`
	OverflowAfter int64  `json:"overflow_after,omitempty"`
	// OfferFor is how long an offer stands, AnswerFor how long the agent then has to write, LongestWait when the contact form is offered.
	OfferFor    int64 `json:"offer_for,omitempty"`
	AnswerFor   int64 `json:"answer_for,omitempty"`
	LongestWait int64 `json:"longest_wait,omitempty"`
}

func inWaitingOrder(a, b Candidate) int {
	return cmp.Or(
		cmp.Compare(a.QueueOrder, b.QueueOrder),
		cmp.Compare(a.QueueEnteredAt, b.QueueEnteredAt),
		cmp.Compare(a.Number, b.Number),
		cmp.Compare(a.ConversationID, b.ConversationID),
	)
}
