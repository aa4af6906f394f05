package contact

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// SavedKind is the kind of Saved.
const SavedKind = "contact.saved"

// Saved says that a request came in or changed.
type Saved struct {
	Contact Request `json:"contact"`
}

// Kind returns SavedKind.
func (Saved) Kind() string { return SavedKind }

// Audience is the request's department.
func (e Saved) Audience() eventlog.Audience { return eventlog.ToDepartment(e.Contact.DepartmentID) }

// Subject is the request's identifier.
func (e Saved) Subject() string { return e.Contact.ID }

var _ = eventlog.Register[Saved]()
