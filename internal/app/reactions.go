package app

import (
	"context"
	"maps"
	"time"

	"github.com/aceno-chat/aceno/internal/account"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/blocklist"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/department"
	"github.com/aceno-chat/aceno/internal/grid"
	"github.com/aceno-chat/aceno/internal/outreach"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/live"
	"github.com/aceno-chat/aceno/internal/routing"
	"github.com/aceno-chat/aceno/internal/site"
)

// react is the table event → reactions. It runs in the log's goroutine, so each reaction is quick; what takes time goes to work.
func (a *App) react(r eventlog.Record) {
	a.tellVisitor(r)
	switch r.Kind {
	case conversation.KindQueued, conversation.KindClaimed, conversation.KindReturned, conversation.KindEnded, conversation.KindAbandoned,
		conversation.KindTransferred:
		on(a, r, func(e conversationEvent) {
			a.showInGrid(r.AccountID, e.Changed())
			if r.Kind == conversation.KindQueued {
				a.endOutreach(r.AccountID, e.Changed())
			}
			if r.Kind == conversation.KindClaimed {
				a.triggers.Engine().Attended(e.Changed().VisitorID)
			}
		})
	case conversation.KindCorrected:
		on(a, r, func(e conversation.CorrectedEvent) {
			if e.Conversation.State.Open() {
				a.showInGrid(r.AccountID, e.Conversation)
			}
		})
	case routing.KindOfferMade, routing.KindOfferChanged, routing.KindOrdered, conversation.KindReordered, conversation.KindWaited,
		conversation.KindBreached:
		a.pushes.offersChanged(r.AccountID)
	case outreach.KindChanged:
		on(a, r, func(e outreach.Changed) {
			a.grids.SetOutreach(r.AccountID, e.Delivery.VisitorID, sentTo(e.Delivery))
			if e.Delivery.Kind == outreach.Invite {
				a.triggers.Engine().Invited(e.Delivery.VisitorID)
			}
		})
	case account.SavedKind:
		a.triggers.AccountChanged(r.AccountID)
		a.hoursChanged(r.AccountID)
	case agent.SessionEndedKind:
		on(a, r, func(e agent.SessionEnded) { a.cutSession(r.AccountID, e) })
	case agent.StatusChangedKind:
		a.pushes.presenceChanged(r.AccountID)
	case agent.SavedKind:
		on(a, r, func(e agent.Saved) {
			a.namesChanged(r.AccountID)
			a.pushes.presenceChanged(r.AccountID)
			a.rescope(r.AccountID, e.Agent)
		})
	case blocklist.SavedKind:
		a.work(func(ctx context.Context) error { return a.conversations.EndBlocked(ctx, r.AccountID) })
	case department.SavedKind:
		a.work(a.conversations.TimesChanged)
		a.namesChanged(r.AccountID)
		a.hoursChanged(r.AccountID)
	case site.SavedKind:
		a.namesChanged(r.AccountID)
	}
}

// on calls fn with the record's event if it is a T.
func on[T any](a *App, r eventlog.Record, fn func(T)) {
	event, err := eventlog.Decode(r)
	if err != nil {
		a.log.Error("an event could not be read", "kind", r.Kind, "position", r.Position, "error", err)
		return
	}
	if typed, ok := event.(T); ok {
		fn(typed)
	}
}

// conversationEvent is any event of a conversation's life.
type conversationEvent interface {
	eventlog.Event
	Changed() conversation.Conversation
}

// showInGrid tells the live table what a visitor's conversation is like now.
func (a *App) showInGrid(accountID string, c conversation.Conversation) {
	details, err := c.Visitor.Value()
	if err != nil {
		a.log.Error("a conversation's visitor could not be read", "conversation", c.ID, "error", err)
	}
	o := grid.Overlay{
		ConversationID: c.ID, DepartmentID: c.DepartmentID, AgentID: c.Agent(), Name: details.Name, Email: details.Email,
		Corrected: details.Version > 0,
	}
	switch c.State {
	case conversation.Waiting:
		o.State, o.WaitingSince = grid.Waiting, c.QueueEnteredAt
	case conversation.Active:
		o.State = grid.Active
	case conversation.Ended, conversation.Abandoned:
		o.State = grid.Ended
		o.Conversations++
	}
	a.grids.SetConversation(accountID, c.VisitorID, o)
}

// cutSession ends the sockets of a session that is over, and gives back its conversations if the agent asked for that.
func (a *App) cutSession(accountID string, e agent.SessionEnded) {
	a.hub.OfAgent(accountID, e.AgentID, func(s *live.Session) {
		if s.SessionID == e.SessionID {
			s.Close(live.CodeSessionEnded, string(e.Reason), -1)
		}
	})
	reason := returnReason(e.Reason)
	switch {
	case e.Conversations == agent.Return:
		a.work(func(ctx context.Context) error {
			_, err := a.conversations.ReturnAll(ctx, accountID, e.AgentID, reason)
			return err
		})
	case e.Reason != agent.Replaced:
		a.absences.sessionEnded(accountID, e.AgentID, reason)
	}
}

// returnReason says why conversations go back whose agent's session is over.
func returnReason(ended agent.EndReason) string {
	switch ended {
	case agent.BySupervisor:
		return conversation.ReasonSessionEnded
	case agent.Inactive:
		return conversation.ReasonDeactivated
	}
	return conversation.ReasonSignedOut
}

// rescope has an agent whose departments or role changed come back, and see what is allowed now.
func (a *App) rescope(accountID string, saved agent.Agent) {
	saved.AccountID = accountID
	scope := a.agents.Scope(saved)
	a.hub.OfAgent(accountID, saved.ID, func(s *live.Session) {
		if !sameScope(s.Scope, scope) {
			s.Close(live.CodeRestart, "scope_changed", 0)
		}
	})
}

func sameScope(a, b eventlog.Scope) bool {
	return a.All == b.All && maps.Equal(a.DepartmentIDs, b.DepartmentIDs) &&
		maps.Equal(a.SupervisedDepartmentIDs, b.SupervisedDepartmentIDs) && maps.Equal(a.SupervisedAgentIDs, b.SupervisedAgentIDs)
}

const workTimeout = 30 * time.Second

// work runs what a reaction can't do at once, outside of the log's goroutine. Stop waits for it.
func (a *App) work(fn func(context.Context) error) {
	a.working.Go(func() {
		ctx, cancel := context.WithTimeout(a.background, workTimeout)
		defer cancel()
		if err := fn(ctx); err != nil && a.background.Err() == nil {
			a.log.Error("a reaction failed", "error", err)
		}
	})
}
