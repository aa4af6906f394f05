package app

import (
	"context"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/grid"
	"github.com/aceno-chat/aceno/internal/outreach"
)

// What outreach and the other features mean to each other.

// pushOutreach sends to one page of the visitor, whichever node holds it.
func (a *App) pushOutreach(accountID, visitorID string, frame outreach.Frame) {
	data := encodeFrame(visitorPush{VisitorID: visitorID, Frame: encodeFrame(frame), ToOne: true})
	if err := a.bus.Publish(visitorSubject+accountID, data); err != nil {
		a.log.Warn("a push to a visitor was lost", "error", err) // the next page of the visit asks for it
	}
}

// sentInvites tells conversations who invited their visitors.
type sentInvites struct{ *App }

func (a sentInvites) Inviter(ctx context.Context, accountID, visitorID, outreachID string) (string, bool, error) {
	return a.outreach.Inviter(ctx, accountID, visitorID, outreachID)
}

// endOutreach notes that a visitor asked for contact: an invite led here, or what is pending has lost its sense.
func (a *App) endOutreach(accountID string, c conversation.Conversation) {
	if c.OutreachID == nil && !a.outreach.HasPending(c.VisitorID) {
		return
	}
	led := ""
	if c.OutreachID != nil {
		led = *c.OutreachID
	}
	a.work(func(ctx context.Context) error { return a.outreach.Asked(ctx, accountID, c.VisitorID, led, c.ID) })
}

// showOutreach tells the live table what was sent to a visitor who is back: after our restart.
func (a *App) showOutreach(accountID, visitorID string) {
	if d, ok := a.outreach.Latest(visitorID); ok {
		a.grids.SetOutreach(accountID, visitorID, sentTo(d))
	}
}

func sentTo(d outreach.Delivery) grid.Outreach {
	o := grid.Outreach{Kind: string(d.Kind), State: string(d.State), Count: d.PerVisit, At: d.QueuedAt}
	if d.AgentID != nil {
		o.AgentID = *d.AgentID
	}
	if d.TriggerID != nil {
		o.TriggerID = *d.TriggerID
	}
	return o
}
