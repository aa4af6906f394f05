package supervision

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// The kinds of the events.
const (
	GrantedKind    = "supervision.granted"
	WatchBeganKind = "supervision.watch_began"
	WatchEndedKind = "supervision.watch_ended"
)

// GrantedEvent says what an agent watches over from now on.
type GrantedEvent struct {
	Grant Grant `json:"grant"`
}

// Kind returns GrantedKind.
func (GrantedEvent) Kind() string { return GrantedKind }

// Audience is the agent alone.
func (e GrantedEvent) Audience() eventlog.Audience { return eventlog.ToAgent(e.Grant.AgentID) }

// Subject is the agent's identifier.
func (e GrantedEvent) Subject() string { return e.Grant.AgentID }

// WatchBegan says that a supervisor watches a conversation. Only that supervisor is told: watching is silent.
type WatchBegan struct {
	AgentID        string `json:"agent_id"`
	ConversationID string `json:"conversation_id"`
	DepartmentID   string `json:"department_id"`
	// InCharge is the agent of the conversation, empty while it waits.
	InCharge string `json:"in_charge"`
}

// Kind returns WatchBeganKind.
func (WatchBegan) Kind() string { return WatchBeganKind }

// Audience is the supervisor alone.
func (e WatchBegan) Audience() eventlog.Audience { return eventlog.ToAgent(e.AgentID) }

// Subject is the conversation.
func (e WatchBegan) Subject() string { return e.ConversationID }

// WatchEnded says that a supervisor does not watch a conversation any more.
type WatchEnded struct {
	AgentID        string `json:"agent_id"`
	ConversationID string `json:"conversation_id"`
}

// Kind returns WatchEndedKind.
func (WatchEnded) Kind() string { return WatchEndedKind }

// Audience is the supervisor alone.
func (e WatchEnded) Audience() eventlog.Audience { return eventlog.ToAgent(e.AgentID) }

// Subject is the conversation.
func (e WatchEnded) Subject() string { return e.ConversationID }

var (
	_ = eventlog.Register[GrantedEvent]()
	_ = eventlog.Register[WatchBegan]()
	_ = eventlog.Register[WatchEnded]()
)
