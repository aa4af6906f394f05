package agent

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// The kinds of the events.
const (
	SavedKind              = "agent.saved"
	StatusChangedKind      = "agent.status_changed"
	PreferencesChangedKind = "agent.preferences_changed"
	SessionEndedKind       = "agent.session_ended"
)

// Saved says that an agent was created or changed.
type Saved struct {
	Agent Agent `json:"agent"`
}

// Kind returns SavedKind.
func (Saved) Kind() string { return SavedKind }

// Audience is everybody of the account.
func (Saved) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the agent's identifier.
func (e Saved) Subject() string { return e.Agent.ID }

// StatusChanged says that an agent set another status.
type StatusChanged struct {
	AgentID string `json:"agent_id"`
	Status  Status `json:"status"`
}

// Kind returns StatusChangedKind.
func (StatusChanged) Kind() string { return StatusChangedKind }

// Audience is everybody of the account.
func (StatusChanged) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the agent's identifier.
func (e StatusChanged) Subject() string { return e.AgentID }

// PreferencesChanged brings an agent's preferences to the other tabs of the same agent.
type PreferencesChanged struct {
	AgentID     string      `json:"agent_id"`
	Preferences Preferences `json:"preferences"`
}

// Kind returns PreferencesChangedKind.
func (PreferencesChanged) Kind() string { return PreferencesChangedKind }

// Audience is the agent alone.
func (e PreferencesChanged) Audience() eventlog.Audience { return eventlog.ToAgent(e.AgentID) }

// Subject is the agent's identifier.
func (e PreferencesChanged) Subject() string { return e.AgentID }

// EndReason says why a session ended. The list is closed.
type EndReason string

// The reasons.
const (
	// Replaced: the agent signed in somewhere else (T005).
	Replaced EndReason = "replaced"
	// SignedOut: the agent left (T004), or the password was changed by somebody else.
	SignedOut EndReason = "signed_out"
	// Inactive: the agent was inactivated (T003).
	Inactive EndReason = "inactive"
	// BySupervisor: a supervisor ended it (T140).
	BySupervisor EndReason = "supervisor"
	// Expired: not used for SessionLife. No event tells of it, the next sign-in finds it.
	Expired EndReason = "expired"
)

// Conversations says what becomes of the agent's open conversations when a session ends.
type Conversations string

// The choices.
const (
	// Return puts them back at the head of their queue at once (T008).
	Return Conversations = "return"
	// Keep leaves them with the agent, until the grace time of absence is over.
	Keep Conversations = "keep"
)

// SessionEnded says that a session is over: its socket has to be cut. It is not told when a session merely expires.
type SessionEnded struct {
	AgentID       string        `json:"agent_id"`
	SessionID     string        `json:"session_id"`
	Reason        EndReason     `json:"reason"`
	Conversations Conversations `json:"conversations"`
}

// Kind returns SessionEndedKind.
func (SessionEnded) Kind() string { return SessionEndedKind }

// Audience is the agent alone.
func (e SessionEnded) Audience() eventlog.Audience { return eventlog.ToAgent(e.AgentID) }

// Subject is the agent's identifier.
func (e SessionEnded) Subject() string { return e.AgentID }

var (
	_ = eventlog.Register[Saved]()
	_ = eventlog.Register[StatusChanged]()
	_ = eventlog.Register[PreferencesChanged]()
	_ = eventlog.Register[SessionEnded]()
)
