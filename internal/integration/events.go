package integration

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// Saved says that an integration was added or changed.
type Saved struct {
	Integration Integration `json:"integration"`
}

// Removed says that an integration is gone.
type Removed struct {
	ID string `json:"id"`
}

// The kinds of the events.
const (
	SavedKind   = "integration.saved"
	RemovedKind = "integration.removed"
)

// Kind returns SavedKind.
func (Saved) Kind() string { return SavedKind }

// Audience is everybody of the account: every agent's conversation window shows it.
func (Saved) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the integration.
func (e Saved) Subject() string { return e.Integration.ID }

// Kind returns RemovedKind.
func (Removed) Kind() string { return RemovedKind }

// Audience is everybody of the account.
func (Removed) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the integration.
func (e Removed) Subject() string { return e.ID }

var (
	_ = eventlog.Register[Saved]()
	_ = eventlog.Register[Removed]()
)
