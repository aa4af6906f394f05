package form

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// Saved says that a form was created or changed.
type Saved struct {
	Form Form `json:"form"`
}

// SavedKind is the kind of Saved.
const SavedKind = "form.saved"

// Kind returns SavedKind.
func (Saved) Kind() string { return SavedKind }

// Audience is everybody of the account: whoever attends fills forms in.
func (Saved) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the form's identifier.
func (e Saved) Subject() string { return e.Form.ID }

// Removed says that a form is no more.
type Removed struct {
	FormID string `json:"form_id"`
}

// RemovedKind is the kind of Removed.
const RemovedKind = "form.removed"

// Kind returns RemovedKind.
func (Removed) Kind() string { return RemovedKind }

// Audience is everybody of the account.
func (Removed) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the form's identifier.
func (e Removed) Subject() string { return e.FormID }

var (
	_ = eventlog.Register[Saved]()
	_ = eventlog.Register[Removed]()
)
