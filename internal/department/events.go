package department

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// Saved says that a department was created or changed.
type Saved struct {
	Department Department `json:"department"`
}

// SavedKind is the kind of Saved.
const SavedKind = "department.saved"

// Kind returns SavedKind.
func (Saved) Kind() string { return SavedKind }

// Audience is everybody of the account.
func (Saved) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the department's identifier.
func (e Saved) Subject() string { return e.Department.ID }

var _ = eventlog.Register[Saved]()
