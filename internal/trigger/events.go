package trigger

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// Saved says that a rule was created or changed.
type Saved struct {
	Trigger Trigger `json:"trigger"`
}

// SavedKind is the kind of Saved.
const SavedKind = "trigger.saved"

// Kind returns SavedKind.
func (Saved) Kind() string { return SavedKind }

// Audience is everybody of the account: agents see which rule invited a visitor.
func (Saved) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the rule's identifier.
func (e Saved) Subject() string { return e.Trigger.ID }

// Removed says that a rule is no more.
type Removed struct {
	TriggerID string `json:"trigger_id"`
}

// RemovedKind is the kind of Removed.
const RemovedKind = "trigger.removed"

// Kind returns RemovedKind.
func (Removed) Kind() string { return RemovedKind }

// Audience is everybody of the account.
func (Removed) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the rule's identifier.
func (e Removed) Subject() string { return e.TriggerID }

var (
	_ = eventlog.Register[Saved]()
	_ = eventlog.Register[Removed]()
)
