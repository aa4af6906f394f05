package site

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// Saved says that a site was created or changed.
type Saved struct {
	Site Site `json:"site"`
}

// SavedKind is the kind of Saved.
const SavedKind = "site.saved"

// Kind returns SavedKind.
func (Saved) Kind() string { return SavedKind }

// Audience is everybody of the account.
func (Saved) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the site's identifier.
func (e Saved) Subject() string { return e.Site.ID }

var _ = eventlog.Register[Saved]()
