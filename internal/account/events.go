package account

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// Saved says that an account was created or changed.
type Saved struct {
	Account Account `json:"account"`
}

// SavedKind is the kind of Saved.
const SavedKind = "account.saved"

// Kind returns SavedKind.
func (Saved) Kind() string { return SavedKind }

// Audience is everybody of the account.
func (Saved) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the account's identifier.
func (e Saved) Subject() string { return e.Account.ID }

var _ = eventlog.Register[Saved]()
