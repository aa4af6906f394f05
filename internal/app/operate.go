package app

import (
	"context"
	"fmt"
	"strings"

	"github.com/aceno-chat/aceno/internal/account"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/demo"
	"github.com/aceno-chat/aceno/internal/department"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// AddAgent creates an agent from the command line: in the account of that name, or the only one; in the departments of those names,
// or in all. The node need not be started.
func (a *App) AddAgent(ctx context.Context, accountName string, departmentNames []string, n agent.New) (agent.Agent, error) {
	if err := a.load(ctx); err != nil {
		return agent.Agent{}, err
	}
	acc, err := a.accountNamed(ctx, accountName)
	if err != nil {
		return agent.Agent{}, err
	}
	if n.DepartmentIDs, err = departmentsNamed(a.departments.List(acc.ID), departmentNames); err != nil {
		return agent.Agent{}, err
	}
	made, err := a.agents.Create(ctx, acc.ID, n)
	if err != nil {
		return agent.Agent{}, fmt.Errorf("create the agent: %w", err)
	}
	return made, nil
}

// SetPassword gives the agent of that login another password.
func (a *App) SetPassword(ctx context.Context, login, password string) error {
	if err := a.load(ctx); err != nil {
		return err
	}
	if err := a.agents.SetPassword(ctx, login, password); err != nil {
		return fmt.Errorf("set the password: %w", err)
	}
	return nil
}

func (a *App) accountNamed(ctx context.Context, name string) (account.Account, error) {
	all, err := a.accounts.All(ctx)
	if err != nil {
		return account.Account{}, err
	}
	if name == "" && len(all) == 1 {
		return all[0], nil
	}
	names := make([]string, 0, len(all))
	for _, acc := range all {
		if strings.EqualFold(acc.Name, name) {
			return acc, nil
		}
		names = append(names, acc.Name)
	}
	if len(all) == 0 {
		return account.Account{}, fmt.Errorf("there is no account yet: start `aceno serve` and open the set-up address it prints: %w", fault.New(fault.NotFound))
	}
	return account.Account{}, fmt.Errorf("--account: name one of %s: %w", strings.Join(names, ", "), fault.New(fault.NotFound))
}

func departmentsNamed(all []department.Department, names []string) ([]string, error) {
	ids := make([]string, 0, len(all))
	if len(names) == 0 {
		for _, d := range all {
			ids = append(ids, d.ID)
		}
		return ids, nil
	}
	for _, name := range names {
		id := ""
		for _, d := range all {
			if strings.EqualFold(d.Name, name) {
				id = d.ID
			}
		}
		if id == "" {
			return nil, fmt.Errorf("--departments: there is no department %q: %w", name, fault.New(fault.NotFound))
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// SeedDemo fills a started node with the demo account, whose shop stands at shopHost.
func (a *App) SeedDemo(ctx context.Context, shopHost string) (demo.Seeded, error) {
	return demo.Seed(ctx, demo.Services{
		Accounts: a.accounts, Departments: a.departments, Agents: a.agents, Sites: a.sites, Outreach: a.outreach, Triggers: a.triggers,
		Routing: a.routing, Replies: a.quickReplies, Forms: a.forms,
	}, shopHost)
}
