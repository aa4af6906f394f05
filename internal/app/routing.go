package app

import (
	"context"

	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/routing"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// agentPresence tells routing who is here.
type agentPresence struct{ *App }

func (a agentPresence) Agent(accountID, agentID string) (routing.Present, bool) {
	found, ok := a.presence.Agent(accountID, agentID)
	return a.presentOf(found), ok
}

func (a agentPresence) presentOf(found agent.Agent) routing.Present {
	return routing.Present{
		AgentID: found.ID, Active: found.Active, Status: string(found.Status), Present: found.Present, Ready: a.presence.Ready(found.ID),
		Method: string(found.Method), Limit: found.ConversationLimit, DepartmentIDs: found.DepartmentIDs,
		Languages: found.Languages, Skills: found.Skills,
	}
}

func (a agentPresence) Agents(accountID string) []routing.Present {
	var list []routing.Present
	for _, found := range a.presence.Agents(accountID) {
		if found.Active {
			list = append(list, a.presentOf(found))
		}
	}
	return list
}

// departmentRules tells routing how departments distribute.
type departmentRules struct{ *App }

func (a departmentRules) Department(accountID, departmentID string) routing.DepartmentRules {
	const second = 1000 // milliseconds
	s := a.departments.Settings(accountID, departmentID)
	d := routing.DepartmentRules{
		Order: routing.Order(s.Order), Sticky: s.Sticky, OfferFor: int64(s.OfferSeconds) * second, AnswerFor: int64(s.AnswerSeconds) * second,
		LongestWait: int64(s.LongestWaitSeconds) * second,
	}
	if to := s.Overflow.DepartmentID; to != nil {
		d.OverflowID, d.OverflowAfter = *to, int64(s.Overflow.AfterSeconds)*second
	}
	return d
}

// buildRouting makes the roulette; it hears of what happened after the board.
func (a *App) buildRouting() {
	a.routing = routing.New(routing.Config{
		Store: a.store, Log: a.events, Conversations: a.conversations, Presence: agentPresence{a}, Rules: departmentRules{a},
		Logger: a.log, Clock: a.clock, Idents: a.idents, Witness: a.recordQueueDeed, HasDepartment: a.hasDepartment, HasSite: a.hasSite,
		Visits: func(accountID, visitID string) (*visitor.Visit, bool) {
			d, ok := a.visits.Visit(accountID, visitID)
			return d.Visit, ok
		},
	})
	a.conversations.OnTriage(a.routing.Triage)
	a.events.Tail(a.routing.Heard)
}

// startRouting has the roulette look at every account: what an earlier process left open is found.
func (a *App) startRouting(ctx context.Context) error {
	accounts, err := a.accounts.All(ctx)
	if err != nil {
		return err
	}
	ids := make([]string, 0, len(accounts))
	for _, acc := range accounts {
		ids = append(ids, acc.ID)
	}
	a.routing.Start(ctx, ids)
	return nil
}
