// Package setup makes the first account of an installation: it is the only place that creates an account, its administrator, its first
// department and its first site together, in one write.
//
// Whoever started the server proves it by the one-time token that `aceno serve` prints; account keeps its hash.
package setup

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/account"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/department"
	"github.com/aceno-chat/aceno/internal/form"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/quickreply"
	"github.com/aceno-chat/aceno/internal/site"
)

// Service sets an installation up.
type Service struct {
	Store       *store.Store
	Log         *eventlog.Log
	Accounts    *account.Service
	Departments *department.Service
	Agents      *agent.Service
	Sites       *site.Service
	Replies     *quickreply.Service
	Forms       *form.Service
}

// Input is what the first account is made of.
type Input struct {
	AccountName string
	// Name, Login, Email and Password are the administrator's.
	Name, Login, Email, Password string
	TimeZone, Language           string
	// Domain is the site, as people type it: `loja.com.br`, or an address copied from the browser.
	Domain string
}

// Made is what a set-up left behind.
type Made struct {
	Account    account.Account
	Agent      agent.Agent
	Department department.Department
	Site       site.Site
}

// departmentNames are the first department's, by language.
var departmentNames = map[string]string{
	account.Portuguese: "Atendimento", account.English: "Support", account.Spanish: "Atención",
}

// parts are the checked pieces of an Input.
type parts struct {
	account    account.New
	agent      agent.New
	department department.New
	site       site.New
}

// Prepare returns a fresh one-time token when the installation has no account yet, and "" when it has one.
func (s *Service) Prepare(ctx context.Context) (string, error) { return s.Accounts.PrepareSetup(ctx) }

// Needed says whether the installation has no account yet.
func (s *Service) Needed(ctx context.Context) (bool, error) { return s.Accounts.SetupNeeded(ctx) }

// Complete uses the token up and makes the first account. SetupDone when there is an account; SetupTokenInvalid for a token that is not the
// one last printed; Validation names the fields account_name, name, login, email, password, time_zone, language and domain.
func (s *Service) Complete(ctx context.Context, token string, in Input) (Made, error) {
	if err := s.Accounts.CheckSetupToken(ctx, token); err != nil {
		return Made{}, err
	}
	return s.make(ctx, in, func(ctx context.Context, tx *store.Tx) error { return s.Accounts.TakeSetupToken(ctx, tx, token) })
}

// Make makes an account with its administrator, department and site, without a token: for the command line and the demo.
func (s *Service) Make(ctx context.Context, in Input) (Made, error) {
	return s.make(ctx, in, func(context.Context, *store.Tx) error { return nil })
}

func (s *Service) make(ctx context.Context, in Input, allow func(context.Context, *store.Tx) error) (Made, error) {
	p, err := in.check()
	if err != nil {
		return Made{}, err
	}
	administrator, err := s.Agents.Prepare(ctx, p.agent)
	if err != nil {
		return Made{}, err
	}
	var made Made
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := allow(ctx, tx); err != nil {
			return err
		}
		var err error
		if made.Account, err = s.Accounts.CreateIn(ctx, tx, p.account); err != nil {
			return err
		}
		if made.Department, err = s.Departments.CreateIn(ctx, tx, made.Account.ID, p.department); err != nil {
			return err
		}
		if made.Agent, err = s.Agents.CreateIn(ctx, tx, made.Account.ID, administrator.Serving(made.Department.ID)); err != nil {
			return err
		}
		if made.Site, err = s.Sites.CreateIn(ctx, tx, made.Account.ID, p.site); err != nil {
			return err
		}
		if err := s.Replies.Seed(ctx, tx, made.Account.ID, made.Account.Language); err != nil {
			return err
		}
		return s.Forms.Seed(ctx, tx, made.Account.ID, made.Account.Language)
	})
	if err != nil {
		return Made{}, err
	}
	if err := s.Log.Settle(ctx, made.Account.ID); err != nil {
		return Made{}, fmt.Errorf("setup: %w", err)
	}
	return made, nil
}

// check returns the pieces, or one Validation error with the faults of all of them under the names of Input's fields.
func (in Input) check() (parts, error) {
	var p parts
	var err error
	var faults []fault.Field
	collect := func(err error, rename map[string]string) {
		for _, f := range fault.FieldsOf(err) {
			if name, ok := rename[f.Name]; ok {
				f.Name = name
			}
			faults = append(faults, f)
		}
	}
	p.account, err = account.New{Name: in.AccountName, TimeZone: in.TimeZone, Language: in.Language}.Check()
	collect(err, map[string]string{"name": "account_name"})
	p.agent, err = agent.New{
		Login: in.Login, Name: in.Name, Email: in.Email, Password: in.Password, Role: access.Administrator,
	}.Check()
	collect(err, nil)
	domains, ok := site.DomainsFor(in.Domain)
	if !ok {
		faults = append(faults, fault.Field{Name: "domain", Code: fault.FieldInvalid})
	} else if len(faults) == 0 {
		p.site, err = site.New{Name: short(domains[0], site.NameMax), AllowedDomains: domains, Language: in.Language}.Check()
		collect(err, nil)
	}
	if len(faults) > 0 {
		return parts{}, fault.Invalid(faults...)
	}
	p.department, err = department.New{Name: departmentNames[in.Language]}.Check()
	return p, err
}

// short cuts a domain to what fits a name; domains are ASCII.
func short(text string, longest int) string { return text[:min(len(text), longest)] }
