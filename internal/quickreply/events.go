package quickreply

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// Saved says that a reply was written or changed.
type Saved struct {
	Reply Reply `json:"reply"`
	// toOwner addresses whoever wrote it, who need not serve the department it is shared with.
	toOwner bool
}

// Removed says that a reply is gone, or no longer for everybody it was for: who may still use it hears Saved after it.
type Removed struct {
	ID string `json:"id"`
}

// The kinds of the events.
const (
	SavedKind   = "quickreply.saved"
	RemovedKind = "quickreply.removed"
)

// Kind returns SavedKind.
func (Saved) Kind() string { return SavedKind }

// Audience is who may use the reply.
func (e Saved) Audience() eventlog.Audience {
	switch {
	case e.toOwner || e.Reply.Share == Private:
		return eventlog.ToAgent(e.Reply.owner())
	case e.Reply.Share == Department && e.Reply.DepartmentID != nil:
		return eventlog.ToDepartment(*e.Reply.DepartmentID)
	}
	return eventlog.ToAccount()
}

// Subject is the reply.
func (e Saved) Subject() string { return e.Reply.ID }

// Kind returns RemovedKind.
func (Removed) Kind() string { return RemovedKind }

// Audience is everybody of the account: an identifier tells nothing.
func (Removed) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the reply.
func (e Removed) Subject() string { return e.ID }

var (
	_ = eventlog.Register[Saved]()
	_ = eventlog.Register[Removed]()
)
