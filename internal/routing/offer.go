package routing

import (
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
)

// OfferState is where an offer stands.
type OfferState string

// The states. All but Offered and Accepted are final.
const (
	Offered  OfferState = "offered"
	Accepted OfferState = "accepted"
	// Missed is an offer whose deadline passed before the agent's screen showed it.
	Missed OfferState = "missed"
	// Withdrawn is an offer whose conversation or agent was gone before the deadline.
	Withdrawn OfferState = "withdrawn"
	// TakenBack is a conversation that was accepted and then not answered in time.
	TakenBack OfferState = "taken_back"
)

// OfferTransition is an allowed change of an offer's state.
type OfferTransition struct {
	Name     string
	From, To OfferState
}

// The transitions. There are no others, and each has one conditional update that names its From.
var (
	Shown        = OfferTransition{"shown", Offered, Accepted}
	Expired      = OfferTransition{"expired", Offered, Missed}
	NoLongerDue  = OfferTransition{"withdrawn", Offered, Withdrawn}
	LeftUnspoken = OfferTransition{"not answered", Accepted, TakenBack}
)

// OfferTransitions returns the table of what may become what.
func OfferTransitions() []OfferTransition {
	return []OfferTransition{Shown, Expired, NoLongerDue, LeftUnspoken}
}

// OfferAllowed says whether the table has a transition from one state to the other.
func OfferAllowed(from, to OfferState) bool {
	return slices.ContainsFunc(OfferTransitions(), func(t OfferTransition) bool { return t.From == from && t.To == to })
}

// Why an offer was withdrawn. The list is closed.
const (
	// WithdrawnConversation is a conversation that no longer waits: the visitor left, or somebody pulled it.
	WithdrawnConversation = "conversation"
	// WithdrawnAgent is an agent who is no longer able.
	WithdrawnAgent = "agent"
)

// Offer is a conversation held out to one agent (B07): it counts only when the agent's panel has shown it. Times are milliseconds UTC.
type Offer struct {
	ID             string     `json:"id" format:"uuid"`
	ConversationID string     `json:"conversation_id" format:"uuid"`
	DepartmentID   string     `json:"department_id" format:"uuid"`
	AgentID        string     `json:"agent_id" format:"uuid"`
	DecisionID     string     `json:"decision_id" format:"uuid" doc:"the decision that made it, with its reasons"`
	State          OfferState `json:"state" enum:"offered,accepted,missed,withdrawn,taken_back"`
	Reason         string     `json:"reason" enum:",conversation,agent" doc:"why it was withdrawn"`
	OfferedAt      int64      `json:"offered_at"`
	DeadlineAt     int64      `json:"deadline_at" doc:"until when it has to be shown"`
	EndedAt        *int64     `json:"ended_at"`
	AnswerUntil    *int64     `json:"answer_until" doc:"until when the agent has to write to the visitor; null when that is not watched"`
}

// OfferMade says that the roulette offers a conversation to an agent.
type OfferMade struct {
	Offer Offer `json:"offer"`
	// Number and VisitorName are what the agent's panel shows.
	Number      int64  `json:"number"`
	VisitorName string `json:"visitor_name"`
}

// OfferChanged says that an offer has reached another state.
type OfferChanged struct {
	Offer Offer `json:"offer"`
}

// The kinds of the events.
const (
	KindOfferMade    = "offer.made"
	KindOfferChanged = "offer.changed"
	KindOrdered      = "roulette.ordered"
)

// Kind returns KindOfferMade.
func (OfferMade) Kind() string { return KindOfferMade }

// Audience is the agent alone.
func (e OfferMade) Audience() eventlog.Audience { return eventlog.ToAgent(e.Offer.AgentID) }

// Subject is the offer.
func (e OfferMade) Subject() string { return e.Offer.ID }

// Kind returns KindOfferChanged.
func (OfferChanged) Kind() string { return KindOfferChanged }

// Audience is the agent alone.
func (e OfferChanged) Audience() eventlog.Audience { return eventlog.ToAgent(e.Offer.AgentID) }

// Subject is the offer.
func (e OfferChanged) Subject() string { return e.Offer.ID }

// RouletteOrdered says that somebody put the agents of the roulette in another order, skipped one, or let one in again.
type RouletteOrdered struct {
	Agents []RouletteAgent `json:"agents" nullable:"false"`
}

// Kind returns KindOrdered.
func (RouletteOrdered) Kind() string { return KindOrdered }

// Audience is everybody: the status window shows it.
func (RouletteOrdered) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is nothing in particular.
func (RouletteOrdered) Subject() string { return "" }

var (
	_ = eventlog.Register[OfferMade]()
	_ = eventlog.Register[OfferChanged]()
	_ = eventlog.Register[RouletteOrdered]()
)
