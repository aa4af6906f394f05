package demo

import (
	"context"
	"fmt"
	"slices"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/account"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/department"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/site"
)

// Password is that of every agent of the demo.
const Password = "demo-aceno"

const (
	accountName = "Trilha"
	siteName    = "Loja Trilha"
)

// Services are what the demo account is made with.
type Services struct {
	Accounts interface {
		All(ctx context.Context) ([]account.Account, error)
		Create(ctx context.Context, n account.New) (account.Account, error)
	}
	Departments interface {
		List(accountID string) []department.Department
		Create(ctx context.Context, accountID string, n department.New) (department.Department, error)
	}
	Agents interface {
		List(ctx context.Context, accountID string) ([]agent.Agent, error)
		Create(ctx context.Context, accountID string, n agent.New) (agent.Agent, error)
		SetStatus(ctx context.Context, actor api.ActorInfo, status agent.Status) error
	}
	Sites interface {
		List(accountID string) []site.Site
		Create(ctx context.Context, accountID string, n site.New) (site.Site, error)
		Update(ctx context.Context, accountID, id string, c site.Changes) (site.Site, error)
	}
	Outreach Outreach
	Triggers Triggers
	Forms    Forms
	Routing  Routing
	Replies  interface {
		SeedAccount(ctx context.Context, accountID, language string) error
	}
}

// Login is an agent of the demo, for those who are shown around.
type Login struct {
	Login, Name string
	Role        access.Role
	// Departments are those the agent serves, by name.
	Departments []string
}

// Seeded is what Seed made or found.
type Seeded struct {
	AccountID string
	// SiteKey is the key of the shop's site.
	SiteKey string
	// Logins all have Password.
	Logins []Login
}

var departments = []department.New{
	{Name: "Vendas", Description: "Dúvidas sobre produtos, tamanhos, preços e entrega.", Email: "vendas@trilha.example"},
	{Name: "Suporte", Description: "Trocas, garantia e ajuda com o que você já comprou.", Email: "suporte@trilha.example"},
	{Name: "Financeiro", Description: "Pagamentos, notas fiscais e estornos.", Email: "financeiro@trilha.example"},
}

func logins() []Login {
	return []Login{
		{"ana", "Ana Nunes", access.Agent, []string{"Vendas", "Suporte"}},
		{"bruno", "Bruno Lima", access.Agent, []string{"Vendas"}},
		{"carla", "Carla Dias", access.Supervisor, []string{"Vendas", "Suporte", "Financeiro"}},
		{"admin", "Administração", access.Administrator, []string{"Vendas", "Suporte", "Financeiro"}},
	}
}

// Seed makes the demo account with its departments, agents, site, invites, promotions, triggers and a routing rule, and leaves what is there already as it is; only the site's
// domain follows shopHost, the host and port of the shop as a browser names it (localhost:8081).
// The agents wish to be online: whoever signs in attends at once.
func Seed(ctx context.Context, s Services, shopHost string) (Seeded, error) {
	accountID, err := seedAccount(ctx, s)
	if err != nil {
		return Seeded{}, err
	}
	seeded := Seeded{AccountID: accountID, Logins: logins()}
	ids, err := seedDepartments(ctx, s, accountID)
	if err != nil {
		return Seeded{}, err
	}
	if err := seedAgents(ctx, s, accountID, ids); err != nil {
		return Seeded{}, err
	}
	if seeded.SiteKey, err = seedSite(ctx, s, accountID, shopHost); err != nil {
		return Seeded{}, err
	}
	if err := s.Replies.SeedAccount(ctx, accountID, account.Portuguese); err != nil {
		return Seeded{}, fmt.Errorf("demo: quick replies: %w", err)
	}
	if err := seedForms(ctx, s.Forms, accountID, ids); err != nil {
		return Seeded{}, err
	}
	if err := seedOutreach(ctx, s.Outreach, accountID, shopHost, ids); err != nil {
		return Seeded{}, err
	}
	if err := seedRouting(ctx, s.Routing, accountID); err != nil {
		return Seeded{}, err
	}
	return seeded, seedTriggers(ctx, s.Triggers, accountID, s.Outreach.List(accountID))
}

func seedAccount(ctx context.Context, s Services) (string, error) {
	all, err := s.Accounts.All(ctx)
	if err != nil {
		return "", fmt.Errorf("demo: the account: %w", err)
	}
	if i := slices.IndexFunc(all, func(a account.Account) bool { return a.Name == accountName }); i >= 0 {
		return all[i].ID, nil
	}
	made, err := s.Accounts.Create(ctx, account.New{Name: accountName, TimeZone: "America/Sao_Paulo", Language: account.Portuguese})
	if err != nil {
		return "", fmt.Errorf("demo: the account: %w", err)
	}
	return made.ID, nil
}

// seedDepartments returns the departments' identifiers by name.
func seedDepartments(ctx context.Context, s Services, accountID string) (map[string]string, error) {
	ids := make(map[string]string)
	for _, d := range s.Departments.List(accountID) {
		ids[d.Name] = d.ID
	}
	for _, d := range departments {
		if ids[d.Name] != "" {
			continue
		}
		made, err := s.Departments.Create(ctx, accountID, d)
		if err != nil {
			return nil, fmt.Errorf("demo: department %s: %w", d.Name, err)
		}
		ids[made.Name] = made.ID
	}
	return ids, nil
}

func seedAgents(ctx context.Context, s Services, accountID string, departmentIDs map[string]string) error {
	there, err := s.Agents.List(ctx, accountID)
	if err != nil {
		return fmt.Errorf("demo: the agents: %w", err)
	}
	for _, l := range logins() {
		if slices.ContainsFunc(there, func(a agent.Agent) bool { return a.Login == l.Login }) {
			continue
		}
		n := agent.New{Login: l.Login, Name: l.Name, Email: l.Login + "@trilha.example", Password: Password, Role: l.Role, Method: agent.Manual}
		for _, name := range l.Departments {
			n.DepartmentIDs = append(n.DepartmentIDs, departmentIDs[name])
		}
		made, err := s.Agents.Create(ctx, accountID, n)
		if err == nil {
			err = s.Agents.SetStatus(ctx, api.ActorInfo{AccountID: accountID, AgentID: made.ID}, agent.Online)
		}
		if err != nil {
			return fmt.Errorf("demo: agent %s: %w", l.Login, err)
		}
	}
	return nil
}

// seedSite returns the key of the shop's site.
func seedSite(ctx context.Context, s Services, accountID, shopHost string) (string, error) {
	domains := []string{shopHost}
	sites := s.Sites.List(accountID)
	i := slices.IndexFunc(sites, func(one site.Site) bool { return one.Name == siteName })
	switch {
	case i < 0:
		made, err := s.Sites.Create(ctx, accountID, site.New{Name: siteName, AllowedDomains: domains, Language: account.Portuguese})
		if err != nil {
			return "", fmt.Errorf("demo: the site: %w", err)
		}
		return made.Key, nil
	case !slices.Equal(sites[i].AllowedDomains, domains):
		if _, err := s.Sites.Update(ctx, accountID, sites[i].ID, site.Changes{AllowedDomains: domains}); err != nil {
			return "", fmt.Errorf("demo: the site: %w", err)
		}
	}
	return sites[i].Key, nil
}
