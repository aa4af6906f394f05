package lead

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// Kinds of the events.
const (
	MarkedKind  = "lead.marked"
	RemovedKind = "lead.removed"
)

// Marked says that a rule marked a visitor.
type Marked struct {
	Lead Lead `json:"lead"`
}

// Kind returns MarkedKind.
func (Marked) Kind() string { return MarkedKind }

// Audience is everybody of the account, as that of the live table.
func (Marked) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the lead's identifier.
func (e Marked) Subject() string { return e.Lead.ID }

// Removed says that a mark was taken away.
type Removed struct {
	ID        string `json:"id"`
	VisitorID string `json:"visitor_id"`
}

// Kind returns RemovedKind.
func (Removed) Kind() string { return RemovedKind }

// Audience is everybody of the account.
func (Removed) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the lead's identifier.
func (e Removed) Subject() string { return e.ID }

var (
	_ = eventlog.Register[Marked]()
	_ = eventlog.Register[Removed]()
)
