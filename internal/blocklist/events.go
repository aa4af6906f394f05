package blocklist

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// Saved says that an address was blocked, or its block renewed.
type Saved struct {
	Block Block `json:"block"`
}

// Removed says that a block was taken off.
type Removed struct {
	ID string `json:"id"`
}

// The kinds of the events.
const (
	SavedKind   = "block.saved"
	RemovedKind = "block.removed"
)

// Kind returns SavedKind.
func (Saved) Kind() string { return SavedKind }

// Audience is everybody of the account.
func (Saved) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the block's identifier.
func (e Saved) Subject() string { return e.Block.ID }

// Kind returns RemovedKind.
func (Removed) Kind() string { return RemovedKind }

// Audience is everybody of the account.
func (Removed) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the block's identifier.
func (e Removed) Subject() string { return e.ID }

var (
	_ = eventlog.Register[Saved]()
	_ = eventlog.Register[Removed]()
)
