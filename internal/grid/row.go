package grid

import (
	"fmt"
	"slices"

	"github.com/aceno-chat/aceno/internal/visitor"
)

// State is what a visitor is doing, as agents see it. Their order is the order of the column.
type State uint8

// The states of a row.
const (
	// None, in an Overlay, is the absence of a conversation.
	None State = iota
	// Waiting for an agent, in the queue.
	Waiting
	// Active is in conversation.
	Active
	// Browsing has no conversation and is at the page.
	Browsing
	// Idle has no conversation and is away from the page: hidden, or five minutes without activity.
	Idle
	// Ended had a conversation in this visit, and is still there.
	Ended
	// Blocked is at the page, from an address that the account has blocked (T050).
	Blocked
	// Left is gone; only the details of a followed visit are ever in this state.
	Left
	stateCount
)

var stateNames = [stateCount]string{"", "waiting", "active", "browsing", "idle", "ended", "blocked", "left"}

// String returns the name used in frames.
func (s State) String() string { return stateNames[s] }

// parseState is the inverse of String; None and unknown names are refused.
func parseState(name string) (State, bool) {
	i := slices.Index(stateNames[:], name)
	return State(max(i, 0)), i > 0
}

// Overlay is what conversations tell about a visitor.
type Overlay struct {
	// State is Waiting, Active, Ended, or None when there is no conversation.
	State          State
	ConversationID string
	DepartmentID   string
	AgentID        string
	// WaitingSince is in milliseconds, 0 when not waiting.
	WaitingSince int64
	// Conversations is how many conversations the visitor had before.
	Conversations int
	// Name and Email show while the visit itself knows none, and before its own once an agent has corrected them.
	Name, Email string
	Corrected   bool
}

// Outreach is what was sent to a visitor last (T074).
type Outreach struct {
	// Kind and State are as in frames: `invite`, `shown`.
	Kind, State string
	// Count is how many times the visit was approached.
	Count int
	// AgentID is who sent it, TriggerID what sent it; one of them is empty.
	AgentID, TriggerID string
	// At is when it was sent, in milliseconds.
	At int64
}

// Lead is what is known of a visitor whom a rule marked as a lead (P01).
type Lead struct {
	// At is when, in milliseconds; 0 for somebody who is none.
	At int64
	// Source is who brought the visitor the first time, by the name people know; empty where nobody did.
	Source string
}

func (o Overlay) check() error {
	switch o.State {
	case None, Waiting, Active, Ended:
		return nil
	}
	return fmt.Errorf("grid: no conversation is %q", o.State)
}

// row is one line of the table at one moment. It is never changed.
type row struct {
	visit *visitor.Visit
	over  *Overlay
	sent  *Outreach
	lead  *lead
	// number and startedAt are the visit's: they are compared too often to be fetched from there.
	number, startedAt int64
	state             State
	// The names of the site, department and agent, by which people search and sort.
	site, department, agent, inviter visitor.Text
}

// lead is a Lead as rows hold it.
type lead struct {
	at     int64
	source visitor.Text
}

var (
	noOverlay  = &Overlay{}
	noOutreach = &Outreach{}
	noLead     = &lead{}
)

// stateOf puts what needs an agent first, and a block before the conversation that it ended.
func stateOf(v *visitor.Visit, o *Overlay, blocked bool) State {
	switch {
	case o.State == Waiting, o.State == Active:
		return o.State
	case blocked:
		return Blocked
	case o.State != None:
		return o.State
	case v.Idle:
		return Idle
	}
	return Browsing
}

func (r *row) name() string {
	if name := r.visit.Name(); name != "" && !r.over.Corrected {
		return name
	}
	return r.over.Name
}

func (r *row) email() string {
	if email := r.visit.Email(); email != "" && !r.over.Corrected {
		return email
	}
	return r.over.Email
}
