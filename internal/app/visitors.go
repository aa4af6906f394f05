package app

import (
	"encoding/json"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
)

const visitorSubject = "aceno.visitor."

// visitorPush is a frame for one visitor, on its way to the node that holds the connection.
type visitorPush struct {
	VisitorID string          `json:"visitor_id"`
	Frame     json.RawMessage `json:"frame"`
	// ToOne is for one page only, the one the visitor most likely looks at.
	ToOne bool `json:"to_one,omitempty"`
}

// tellVisitor sends an event of the log to its visitor, if its type is made for visitors: nothing else can get here (B14).
// Every node hears every event, and pushes to the connections it holds itself.
func (a *App) tellVisitor(r eventlog.Record) {
	event, err := eventlog.Decode(r)
	if err != nil {
		return // a kind of another version: nobody here could have asked for it
	}
	marked, ok := event.(eventlog.ForVisitor)
	if !ok {
		return
	}
	if f, ok := marked.VisitorFrame(); ok {
		a.visits.Push(f.VisitorID, encodeFrame(f.Frame))
	}
}

// pushToVisitor sends a frame that stands in no log to the visitor, whichever node holds the connection.
func (a *App) pushToVisitor(accountID string, f eventlog.VisitorFrame) {
	data := encodeFrame(visitorPush{VisitorID: f.VisitorID, Frame: encodeFrame(f.Frame)})
	if err := a.bus.Publish(visitorSubject+accountID, data); err != nil {
		a.log.Warn("a push to a visitor was lost", "error", err)
	}
}

func (a *App) listenForVisitors() (stop func(), err error) {
	return a.bus.Subscribe(visitorSubject+"*", func(subject string, data []byte) {
		var p visitorPush
		if err := json.Unmarshal(data, &p); err != nil {
			a.log.Error("an unreadable push on the bus", "account", strings.TrimPrefix(subject, visitorSubject), "error", err)
			return
		}
		if p.ToOne {
			a.visits.PushToOne(p.VisitorID, p.Frame)
			return
		}
		a.visits.Push(p.VisitorID, p.Frame)
	})
}
