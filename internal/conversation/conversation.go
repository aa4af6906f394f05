package conversation

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
)

// State is where a conversation stands.
type State string

// The states. Ended and Abandoned are final.
const (
	Waiting   State = "waiting"
	Active    State = "active"
	Ended     State = "ended"
	Abandoned State = "abandoned"
)

// Open says whether the conversation still goes on. A visitor has at most one open conversation per site (B02).
func (s State) Open() bool { return s == Waiting || s == Active }

// Transition is an allowed change of state.
type Transition struct {
	Name     string
	From, To State
}

// The transitions. There are no others, and each has one conditional update that names its From.
var (
	Claimed = Transition{"claimed", Waiting, Active}
	// Returned sends a conversation back to the queue, where its first entry still counts: it stands at the head.
	Returned      = Transition{"returned", Active, Waiting}
	Finished      = Transition{"ended", Active, Ended}
	LeftInWaiting = Transition{"abandoned", Waiting, Abandoned}
	// HandedOver gives it to another agent (T111, T140), Requeued sends it into the queue of a department (T112).
	HandedOver = Transition{"handed_over", Active, Active}
	Requeued   = Transition{"requeued", Active, Waiting}
)

// Transitions returns the table of what may become what.
func Transitions() []Transition {
	return []Transition{Claimed, Returned, Finished, LeftInWaiting, HandedOver, Requeued}
}

// Allowed says whether the table has a transition from one state to the other.
func Allowed(from, to State) bool {
	return slices.ContainsFunc(Transitions(), func(t Transition) bool { return t.From == from && t.To == to })
}

// Party is who did something in a conversation.
type Party string

// The parties.
const (
	ByVisitor Party = "visitor"
	ByAgent   Party = "agent"
	BySystem  Party = "system"
)

// Reasons for an end, an abandonment or a return. The list is closed.
const (
	// ReasonLeft is a visitor who gave up waiting.
	ReasonLeft = "left"
	// ReasonGone is a visitor whose pages were gone for longer than the grace time.
	ReasonGone = "gone"
	// ReasonSignedOut and ReasonConnectionLost are why an agent's conversations went back to the queue (T008).
	ReasonSignedOut      = "signed_out"
	ReasonConnectionLost = "connection_lost"
	ReasonDeactivated    = "deactivated"
	// ReasonSessionEnded is a supervisor who ended the agent's session (T140).
	ReasonSessionEnded = "session_ended"
	// ReasonInactivity is a visitor who did not answer, not even after the warning.
	ReasonInactivity = "inactivity"
	// ReasonBlocked is a visitor whose address was blocked (T118).
	ReasonBlocked = "blocked"
	// ReasonSupervisor is an end by somebody who supervises (T139).
	ReasonSupervisor = "supervisor"
	// ReasonNotAnswered is an agent who was given a conversation and did not write in time (T062).
	ReasonNotAnswered = "not_answered"
)

// Details is what was known of the visitor when the conversation was opened, as agents have corrected it since.
type Details struct {
	Name    string `json:"name"`
	Email   string `json:"email"`
	Phone   string `json:"phone,omitempty" doc:"As an agent noted it; absent when nobody did."`
	Version int64  `json:"version,omitempty" doc:"How often agents corrected what stands here; absent for never."`
	// VerifiedID is Conversation.VerifiedID on its way there: it never stands among what anybody may have written.
	VerifiedID string         `json:"-"`
	Fields     map[string]any `json:"fields"`
	IP         string         `json:"ip"`
	Country    string         `json:"country"`
	Region     string         `json:"region"`
	City       string         `json:"city"`
	Browser    string         `json:"browser"`
	System     string         `json:"system"`
	Device     string         `json:"device"`
	Language   string         `json:"language"`
	PageURL    string         `json:"page_url"`
	PageTitle  string         `json:"page_title"`
	Referrer   string         `json:"referrer"`
}

// LastMessage is the newest message that both sides see, for lists.
type LastMessage struct {
	Text       string `json:"text"`
	AuthorKind Party  `json:"author_kind"`
	At         int64  `json:"at"`
}

// Conversation is a conversation as agents see it. Times are milliseconds UTC.
type Conversation struct {
	ID string `json:"id"`
	// Number is the protocol number, unique in the account: the year of its opening and six digits.
	Number       int64             `json:"number"`
	SiteID       string            `json:"site_id"`
	DepartmentID string            `json:"department_id"`
	VisitorID    string            `json:"visitor_id"`
	VisitID      string            `json:"visit_id"`
	State        State             `json:"state" enum:"waiting,active,ended,abandoned"`
	AgentID      *string           `json:"agent_id" doc:"who has or had it; null while waiting"`
	Visitor      Embedded[Details] `json:"visitor"`
	VerifiedID   string            `json:"verified_id,omitempty" doc:"the customer's id at the site, signed by the site's server; absent without a signature"`
	// QueueEnteredAt is the first entry into the queue; a return does not change it.
	QueueEnteredAt int64 `json:"queue_entered_at"`
	// QueueOrder is where it stands in the queue of its department: the smallest is next.
	QueueOrder          int64   `json:"queue_order" doc:"place in the queue: the smallest is next"`
	JoinedAt            *int64  `json:"joined_at"`
	EndedAt             *int64  `json:"ended_at"`
	EndedBy             *Party  `json:"ended_by" enum:"agent,visitor,system"`
	EndReason           *string `json:"end_reason" enum:"left,gone,inactivity,blocked,supervisor" doc:"left: gave up waiting; gone: the visitor's pages were closed; inactivity: the visitor did not answer; blocked: the address was blocked; supervisor: ended by one; null: ended by hand"`
	Closed              bool    `json:"closed" doc:"the agent has closed its tab"`
	LastSequence        int64   `json:"last_sequence"`
	LastVisitorSequence int64   `json:"last_visitor_sequence"`
	// Version grows with every change of what stands here: of two answers the one with the greater version is newer.
	Version             int64                  `json:"version"`
	AgentSeenSequence   int64                  `json:"agent_seen_sequence" doc:"visitor sequence up to which the agent has read"`
	VisitorSeenSequence int64                  `json:"visitor_seen_sequence" doc:"visitor sequence up to which the visitor has read"`
	LastMessage         *Embedded[LastMessage] `json:"last_message"`
	UnansweredSince     *int64                 `json:"unanswered_since" doc:"since when the visitor waits for an answer"`
	Earlier             int                    `json:"earlier" doc:"how many conversations the visitor had before this one"`
	OutreachID          *string                `json:"outreach_id" doc:"the invite that led here"`
	PreferredAgentID    *string                `json:"preferred_agent_id" doc:"who invited the visitor"`
	PreferredUntil      *int64                 `json:"preferred_until" doc:"until when it is kept for the inviting agent, if able"`
	AnsweredAt          *int64                 `json:"answered_at" doc:"the agent's first word to the visitor; null before"`
	ContactOfferedAt    *int64                 `json:"contact_offered_at" doc:"when the visitor was told of the long wait and offered the contact form"`
	Rating              *int                   `json:"rating" minimum:"1" maximum:"5" doc:"the visitor's answer after the end; null when there is none"`
	RatingComment       string                 `json:"rating_comment" maxLength:"1000"`
	// Participants are the agents who take part beside the one in charge.
	Participants Embedded[[]Participant] `json:"participants" nullable:"false" maxItems:"8"`
	Tags         Embedded[[]string]      `json:"tags" nullable:"false" maxItems:"20"`
	HoldUntil    *int64                  `json:"hold_until" doc:"on hold until then: the visitor knows that the answer takes a while"`

	accountID    string
	visitorName  string
	visitorEmail string
	warnedAt     *int64
}

// AccountID returns the account the conversation belongs to; empty for one that was read from an event's payload.
func (c Conversation) AccountID() string { return c.accountID }

// VisitorName returns the name the visitor gave; empty for one that was read from an event's payload.
func (c Conversation) VisitorName() string { return c.visitorName }

// Agent returns who has or had the conversation, or "".
func (c Conversation) Agent() string {
	if c.AgentID == nil {
		return ""
	}
	return *c.AgentID
}

// queueAudience is who sees the conversation come and go: its department, who supervises its agent, and who takes part.
func (c Conversation) queueAudience() eventlog.Audience {
	return eventlog.ToDepartmentOf(c.DepartmentID, c.Agent()).And(c.participantIDs()...)
}

// talkAudience is who sees what is said: the agent in charge, or the department while there is none; and who takes part.
func (c Conversation) talkAudience() eventlog.Audience {
	return eventlog.ToConversation(c.DepartmentID, c.Agent()).And(c.participantIDs()...)
}

// AgentActor is an agent who does something, with what this agent may see.
type AgentActor struct {
	AccountID string
	ID        string
	Scope     eventlog.Scope
	// Supervises is set for those who may intervene in others' conversations, as far as their scope reaches.
	Supervises bool
}

// sees says whether the agent may know of a conversation: its department is served, or it is the agent's own, or of one who is
// supervised, or the agent takes part.
func (a AgentActor) sees(c Conversation) bool {
	agentID := c.Agent()
	return a.Scope.All || a.Scope.DepartmentIDs[c.DepartmentID] ||
		(agentID != "" && (agentID == a.ID || a.Scope.SupervisedAgentIDs[agentID])) || c.takesPart(a.ID)
}

// supervises says whether the agent may intervene in a conversation that is somebody else's (T136, T137, T143).
func (a AgentActor) supervises(departmentID, agentID string) bool {
	return a.Supervises && a.Scope.Supervises(departmentID, agentID)
}

// VisitorActor is a visitor who does something, as the visitor's token says.
type VisitorActor struct {
	AccountID string
	SiteID    string
	VisitorID string
	VisitID   string
	// Addr is where the request comes from; the zero value is nowhere, which nobody blocks.
	Addr netip.Addr
}

// validClientID says whether a client's identifier of a command is 1 to 64 printable ASCII characters.
func validClientID(id string) bool {
	return len(id) >= 1 && len(id) <= 64 && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' })
}
