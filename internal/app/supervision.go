package app

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/audit"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/routing"
	"github.com/aceno-chat/aceno/internal/supervision"
)

// buildSupervision makes the audit log and what writes into it.
func (a *App) buildSupervision() {
	a.audits = audit.NewService(a.store, a.box, a.clock, func(accountID, agentID string) string {
		found, _ := a.presence.Agent(accountID, agentID)
		return found.Name
	}, a.witness)
	a.supervision = supervision.NewService(supervision.Config{
		Store: a.store, Log: a.events, Agents: a.presence, Departments: a.departments, Conversations: a.conversations,
		Record: a.recordSupervision, Scope: a.scopeOf, Granted: a.grantChanged,
	})
	a.events.Tail(a.supervision.Heard)
}

func (a *App) recordSupervision(ctx context.Context, tx *store.Tx, accountID string, d supervision.Deed) error {
	return a.audits.Record(ctx, tx, accountID, audit.Entry{
		AgentID: d.AgentID, Action: audit.Action(d.Action), Details: d.Details,
		Subject: audit.Subject{Kind: d.SubjectKind, ID: d.SubjectID, Name: d.SubjectName},
	})
}

func (a *App) recordSessionEnd(ctx context.Context, tx *store.Tx, accountID, byAgentID string, ended agent.Agent) error {
	return a.audits.Record(ctx, tx, accountID, audit.Entry{
		AgentID: byAgentID, Action: audit.SessionEnded, Subject: audit.Subject{Kind: "agent", ID: ended.ID, Name: ended.Name},
	})
}

func (a *App) recordDeed(ctx context.Context, tx *store.Tx, accountID, agentID string, d conversation.Deed, c conversation.Conversation) error {
	return a.audits.Record(ctx, tx, accountID, audit.Entry{
		AgentID: agentID, Action: audit.Action(d), Details: map[string]string{"agent_id": c.Agent()},
		Subject: audit.Subject{Kind: "conversation", ID: c.ID, Name: fmt.Sprintf("#%d", c.Number)},
	})
}

// recordQueueDeed writes down what a supervisor did to a department's queue, or to the roulette: an agent of it, or its order.
func (a *App) recordQueueDeed(ctx context.Context, tx *store.Tx, accountID, agentID string, d routing.Deed) error {
	subject := audit.Subject{Kind: "queue", ID: d.DepartmentID}
	if d.AgentID != "" {
		subject = audit.Subject{Kind: "agent", ID: d.AgentID}
		if found, ok := a.presence.Agent(accountID, d.AgentID); ok {
			subject.Name = found.Name
		}
	}
	for _, one := range a.departments.List(accountID) {
		if one.ID == d.DepartmentID {
			subject.Name = one.Name
		}
	}
	return a.audits.Record(ctx, tx, accountID, audit.Entry{
		AgentID: agentID, Action: audit.Action(d.Kind), Details: d.Details, Subject: subject,
	})
}

// scopeOf returns what an agent may see now, nothing for one that is not known.
func (a *App) scopeOf(accountID, agentID string) eventlog.Scope {
	found, ok := a.presence.Agent(accountID, agentID)
	if !ok {
		return eventlog.Scope{}
	}
	return a.agents.Scope(found)
}

// grantChanged has an agent who watches over something else now come back, and see what is allowed.
func (a *App) grantChanged(accountID, agentID string) {
	a.agents.ScopeChanged(agentID)
	if found, ok := a.presence.Agent(accountID, agentID); ok {
		a.rescope(accountID, found)
	}
}

// AuditedAccount is what came of checking the audit log of an account.
type AuditedAccount struct {
	Account string
	audit.Verification
}

// VerifyAudit checks the audit log of every account, for the command line. lost are those of seals that none of the logs holds. The
// node need not be started.
func (a *App) VerifyAudit(ctx context.Context, seals []string) (logs []AuditedAccount, lost []string, err error) {
	accounts, err := a.accounts.All(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, acc := range accounts {
		v, err := a.audits.Verify(ctx, acc.ID)
		if err != nil {
			return nil, nil, err
		}
		logs = append(logs, AuditedAccount{Account: acc.Name, Verification: v})
	}
	for _, seal := range seals {
		held, err := a.audits.Holds(ctx, seal)
		if err != nil {
			return nil, nil, err
		}
		if !held {
			lost = append(lost, seal)
		}
	}
	return logs, lost, nil
}
