package conversation

import (
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
)

// Change is the payload of the events of a conversation's life.
type Change struct {
	Conversation Conversation `json:"conversation"`
	// Names are what the visitor is told of the department and the agent.
	Names Names `json:"names"`
}

// Changed returns what the conversation became.
func (e Change) Changed() Conversation { return e.Conversation }

// Audience is the department, where everybody sees its queue, and who supervises the agent.
func (e Change) Audience() eventlog.Audience { return e.Conversation.queueAudience() }

// Subject is the conversation.
func (e Change) Subject() string { return e.Conversation.ID }

func (e Change) visitorFrame(position int64) (eventlog.VisitorFrame, bool) {
	return conversationFrame(e.Conversation, e.Names, position), true
}

// ConversationPush is the visitor's frame `conversation`.
type ConversationPush struct { //nolint:revive // the frames are named after their t
	T            string              `json:"t" enum:"conversation"`
	Conversation VisitorConversation `json:"conversation"`
}

func conversationFrame(c Conversation, n Names, position int64) eventlog.VisitorFrame {
	return eventlog.VisitorFrame{
		VisitorID: c.VisitorID,
		Frame:     ConversationPush{T: "conversation", Conversation: visibleConversation(c, n, position)},
	}
}

// QueuedEvent says that a visitor asked for contact.
type QueuedEvent struct {
	Change
	// Position is the place in the department's queue at that moment.
	Position int64 `json:"position"`
}

// ClaimedEvent says that an agent took a waiting conversation.
type ClaimedEvent struct{ Change }

// ReturnedEvent says that a conversation went back to its queue.
type ReturnedEvent struct {
	Change
	// Position is the place in the department's queue at that moment.
	Position int64 `json:"position"`
	// FormerAgentID is who had it, Reason one of the Reason constants.
	FormerAgentID string `json:"former_agent_id"`
	Reason        string `json:"reason"`
}

// Audience is the department, the former agent, and who supervises that one.
func (e ReturnedEvent) Audience() eventlog.Audience {
	return eventlog.ToDepartmentOf(e.Conversation.DepartmentID, e.FormerAgentID)
}

// EndedEvent says that an active conversation came to its end.
type EndedEvent struct{ Change }

// AbandonedEvent says that a visitor left while waiting.
type AbandonedEvent struct{ Change }

// RatedEvent says that the visitor answered the survey.
type RatedEvent struct{ Change }

// ClosedEvent says that the agent closed the tab of an ended conversation. Visitors are not told.
type ClosedEvent struct {
	Conversation Conversation `json:"conversation"`
}

// Progress is what a message moves in its conversation: those who hold the conversation bring it up to date with it. Messages are
// the most frequent event by far, so they do not carry all of it.
type Progress struct {
	DepartmentID        string                 `json:"department_id"`
	AgentID             *string                `json:"agent_id"`
	Version             int64                  `json:"version"`
	LastSequence        int64                  `json:"last_sequence"`
	LastVisitorSequence int64                  `json:"last_visitor_sequence"`
	LastMessage         *Embedded[LastMessage] `json:"last_message"`
	UnansweredSince     *int64                 `json:"unanswered_since"`
	// ParticipantIDs are those who read along; mostly there are none.
	ParticipantIDs []string `json:"participant_ids,omitempty"`
}

func (c Conversation) progress() Progress {
	return Progress{
		DepartmentID: c.DepartmentID, AgentID: c.AgentID, Version: c.Version, LastSequence: c.LastSequence,
		LastVisitorSequence: c.LastVisitorSequence, LastMessage: c.LastMessage, UnansweredSince: c.UnansweredSince,
		ParticipantIDs: c.participantIDs(),
	}
}

func (p Progress) talkAudience() eventlog.Audience {
	return Conversation{DepartmentID: p.DepartmentID, AgentID: p.AgentID}.talkAudience().And(p.ParticipantIDs...)
}

// MessageEvent is a message that both sides see.
type MessageEvent struct {
	ConversationID string   `json:"conversation_id"`
	VisitorID      string   `json:"visitor_id"`
	Message        Message  `json:"message"`
	Conversation   Progress `json:"conversation"`
	// VisitorURL is the visitor's signed address of the message's file.
	VisitorURL string `json:"visitor_url,omitempty"`
}

// InternalEvent is a message between agents. It has no VisitorFrame, so nothing can send it to a visitor (B14).
type InternalEvent struct {
	ConversationID string   `json:"conversation_id"`
	Message        Message  `json:"message"`
	Conversation   Progress `json:"conversation"`
}

// MessageChangedEvent says that a message that both sides see was edited, taken back, or got or lost a reaction.
type MessageChangedEvent struct{ MessageEvent }

// InternalChangedEvent says the same of a message between agents. It has no VisitorFrame (B14).
type InternalChangedEvent struct{ InternalEvent }

// SeenEvent says how far one side has read.
type SeenEvent struct {
	ConversationID string `json:"conversation_id"`
	By             Party  `json:"by" enum:"agent,visitor"`
	// Sequence is in visitor sequence.
	Sequence     int64  `json:"sequence"`
	VisitorID    string `json:"visitor_id"`
	DepartmentID string `json:"department_id"`
	AgentID      string `json:"agent_id"`
}

// The kinds of the events.
const (
	KindQueued    = "conversation.queued"
	KindClaimed   = "conversation.claimed"
	KindReturned  = "conversation.returned"
	KindEnded     = "conversation.ended"
	KindAbandoned = "conversation.abandoned"
	KindRated     = "conversation.rated"
	KindClosed    = "conversation.closed"
	KindMessage   = "conversation.message"
	KindInternal  = "conversation.internal"
	KindSeen      = "conversation.seen"

	KindMessageChanged  = "conversation.message_changed"
	KindInternalChanged = "conversation.internal_changed"
	KindTransfer        = "conversation.transfer"

	KindTransferred  = "conversation.transferred"
	KindParticipants = "conversation.participants"
	KindNoted        = "conversation.noted"
)

// Kind returns KindQueued.
func (QueuedEvent) Kind() string { return KindQueued }

// Kind returns KindClaimed.
func (ClaimedEvent) Kind() string { return KindClaimed }

// Kind returns KindReturned.
func (ReturnedEvent) Kind() string { return KindReturned }

// Kind returns KindEnded.
func (EndedEvent) Kind() string { return KindEnded }

// Kind returns KindAbandoned.
func (AbandonedEvent) Kind() string { return KindAbandoned }

// Kind returns KindRated.
func (RatedEvent) Kind() string { return KindRated }

// Kind returns KindClosed.
func (ClosedEvent) Kind() string { return KindClosed }

// Audience is the agent in charge.
func (e ClosedEvent) Audience() eventlog.Audience { return e.Conversation.talkAudience() }

// Subject is the conversation.
func (e ClosedEvent) Subject() string { return e.Conversation.ID }

// Kind returns KindMessage.
func (MessageEvent) Kind() string { return KindMessage }

// Audience is who may read the conversation.
func (e MessageEvent) Audience() eventlog.Audience { return e.Conversation.talkAudience() }

// Subject is the conversation.
func (e MessageEvent) Subject() string { return e.ConversationID }

// Kind returns KindInternal.
func (InternalEvent) Kind() string { return KindInternal }

// Audience is who may read the conversation.
func (e InternalEvent) Audience() eventlog.Audience { return e.Conversation.talkAudience() }

// Subject is the conversation.
func (e InternalEvent) Subject() string { return e.ConversationID }

// Kind returns KindMessageChanged.
func (MessageChangedEvent) Kind() string { return KindMessageChanged }

// Kind returns KindInternalChanged.
func (InternalChangedEvent) Kind() string { return KindInternalChanged }

// Kind returns KindSeen.
func (SeenEvent) Kind() string { return KindSeen }

// Audience is who may read the conversation.
func (e SeenEvent) Audience() eventlog.Audience {
	return eventlog.ToConversation(e.DepartmentID, e.AgentID)
}

// Subject is the conversation.
func (e SeenEvent) Subject() string { return e.ConversationID }

// VisitorFrame shows the visitor the new conversation and the place in the queue.
func (e QueuedEvent) VisitorFrame() (eventlog.VisitorFrame, bool) { return e.visitorFrame(e.Position) }

// VisitorFrame shows the visitor who joined.
func (e ClaimedEvent) VisitorFrame() (eventlog.VisitorFrame, bool) { return e.visitorFrame(0) }

// VisitorFrame shows the visitor the place in the queue.
func (e ReturnedEvent) VisitorFrame() (eventlog.VisitorFrame, bool) {
	return e.visitorFrame(e.Position)
}

// VisitorFrame shows the visitor the end.
func (e EndedEvent) VisitorFrame() (eventlog.VisitorFrame, bool) { return e.visitorFrame(0) }

// VisitorFrame shows the visitor's other tabs that the waiting is over.
func (e AbandonedEvent) VisitorFrame() (eventlog.VisitorFrame, bool) { return e.visitorFrame(0) }

// VisitorFrame tells the visitor's other tabs.
func (e RatedEvent) VisitorFrame() (eventlog.VisitorFrame, bool) { return e.visitorFrame(0) }

// MessagePush is the visitor's frame `message`.
type MessagePush struct {
	T            string         `json:"t" enum:"message"`
	Conversation string         `json:"conversation"`
	Message      VisitorMessage `json:"message"`
}

// VisitorFrame shows the visitor the message, if it is one for visitors.
func (e MessageEvent) VisitorFrame() (eventlog.VisitorFrame, bool) {
	m, ok := visibleMessage(e.Message, e.VisitorURL)
	if !ok {
		return eventlog.VisitorFrame{}, false
	}
	return eventlog.VisitorFrame{
		VisitorID: e.VisitorID,
		Frame:     MessagePush{T: "message", Conversation: e.ConversationID, Message: m},
	}, true
}

// ChangedPush is the visitor's frame `changed`: the message as it is now.
type ChangedPush struct {
	T            string         `json:"t" enum:"changed"`
	Conversation string         `json:"conversation"`
	Message      VisitorMessage `json:"message"`
}

// VisitorFrame shows the visitor the message as it is now.
func (e MessageChangedEvent) VisitorFrame() (eventlog.VisitorFrame, bool) {
	m, ok := visibleMessage(e.Message, e.VisitorURL)
	if !ok {
		return eventlog.VisitorFrame{}, false
	}
	return eventlog.VisitorFrame{
		VisitorID: e.VisitorID,
		Frame:     ChangedPush{T: "changed", Conversation: e.ConversationID, Message: m},
	}, true
}

// SeenPush is the visitor's frame `seen`.
type SeenPush struct {
	T            string `json:"t" enum:"seen"`
	Conversation string `json:"conversation"`
	Sequence     int64  `json:"sequence"`
}

// VisitorFrame shows the visitor how far the agent has read. The visitor's own reading is not repeated to the visitor.
func (e SeenEvent) VisitorFrame() (eventlog.VisitorFrame, bool) {
	if e.By != ByAgent {
		return eventlog.VisitorFrame{}, false
	}
	return eventlog.VisitorFrame{
		VisitorID: e.VisitorID,
		Frame:     SeenPush{T: "seen", Conversation: e.ConversationID, Sequence: e.Sequence},
	}, true
}

var (
	_ = eventlog.Register[QueuedEvent]()
	_ = eventlog.Register[ClaimedEvent]()
	_ = eventlog.Register[ReturnedEvent]()
	_ = eventlog.Register[EndedEvent]()
	_ = eventlog.Register[AbandonedEvent]()
	_ = eventlog.Register[RatedEvent]()
	_ = eventlog.Register[ClosedEvent]()
	_ = eventlog.Register[MessageEvent]()
	_ = eventlog.Register[InternalEvent]()
	_ = eventlog.Register[SeenEvent]()
	_ = eventlog.Register[MessageChangedEvent]()
	_ = eventlog.Register[InternalChangedEvent]()
)
