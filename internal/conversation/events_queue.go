package conversation

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// The kinds of the events about waiting.
const (
	KindWaited    = "conversation.waited"
	KindReordered = "conversation.reordered"
)

// WaitedEvent says that a visitor has waited for so long that the contact form was offered.
type WaitedEvent struct {
	Change
	// Position is the place in the department's queue at that moment.
	Position int64 `json:"position"`
}

// Kind returns KindWaited.
func (WaitedEvent) Kind() string { return KindWaited }

// VisitorFrame tells the visitor.
func (e WaitedEvent) VisitorFrame() (eventlog.VisitorFrame, bool) { return e.visitorFrame(e.Position) }

// ReorderedEvent says that somebody put a department's queue in another order (T066).
type ReorderedEvent struct {
	DepartmentID string  `json:"department_id"`
	Places       []Place `json:"places" nullable:"false" doc:"Those that were moved."`
}

// Kind returns KindReordered.
func (ReorderedEvent) Kind() string { return KindReordered }

// Audience is the department.
func (e ReorderedEvent) Audience() eventlog.Audience { return eventlog.ToDepartment(e.DepartmentID) }

// Subject is the department.
func (e ReorderedEvent) Subject() string { return e.DepartmentID }

var (
	_ = eventlog.Register[WaitedEvent]()
	_ = eventlog.Register[ReorderedEvent]()
)
