package agent

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Prepared is a checked agent with the hash of its password: what CreateIn needs.
type Prepared struct {
	agent New
	hash  string
}

// Prepare checks n and hashes its password, which takes too long to be done inside a write.
func (s *Service) Prepare(ctx context.Context, n New) (Prepared, error) {
	n, err := n.Check()
	if err != nil {
		return Prepared{}, err
	}
	hash, err := s.config.Hasher.Hash(ctx, n.Password)
	if err != nil {
		return Prepared{}, err
	}
	n.Password = ""
	return Prepared{agent: n, hash: hash}, nil
}

// Serving returns p linked to one department: it may be made in the same write as the agent.
func (p Prepared) Serving(departmentID string) Prepared {
	p.agent.DepartmentIDs = []string{departmentID}
	return p
}

// Create makes an agent (T188), offline until the agent says otherwise. Validation names the fields: login is `taken` when any agent of
// the installation has it, department_ids are `unknown` when one is not the account's.
func (s *Service) Create(ctx context.Context, accountID string, n New) (Agent, error) {
	prepared, err := s.Prepare(ctx, n)
	if err != nil {
		return Agent{}, err
	}
	var a Agent
	err = s.config.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		var err error
		a, err = s.CreateIn(ctx, tx, accountID, prepared)
		return err
	})
	if err != nil {
		return Agent{}, err
	}
	return a, s.config.Log.Settle(ctx, accountID)
}

// CreateIn is Create inside a write that makes more than the agent.
func (s *Service) CreateIn(ctx context.Context, tx *store.Tx, accountID string, p Prepared) (Agent, error) {
	n := p.agent
	a := Agent{
		ID: s.config.IDs.New(), AccountID: accountID, Login: n.Login, Name: n.Name, Email: n.Email, Role: n.Role, Active: true,
		Status: Offline, Method: n.Method, ConversationLimit: n.ConversationLimit, DepartmentIDs: n.DepartmentIDs,
		Phone: n.Phone, Languages: n.Languages, Skills: n.Skills,
	}
	if err := insertAgent(ctx, tx, a, p.hash, clock.Millis(s.config.Clock.Now())); err != nil {
		return Agent{}, loginTaken(err)
	}
	if err := s.link(ctx, tx, accountID, a.ID, a.DepartmentIDs); err != nil {
		return Agent{}, err
	}
	return a, s.config.Log.Append(ctx, tx, accountID, Saved{Agent: a})
}

func (s *Service) link(ctx context.Context, tx *store.Tx, accountID, agentID string, departmentIDs []string) error {
	ok, err := s.config.Departments.InAccount(ctx, tx, accountID, departmentIDs)
	if err != nil {
		return fmt.Errorf("agent: link: %w", err)
	}
	if !ok {
		return fault.Invalid(fault.Field{Name: "department_ids", Code: fault.FieldUnknown})
	}
	return replaceDepartments(ctx, tx, agentID, departmentIDs)
}

// Update changes an agent of the account (T191) and returns it. NotFound; Validation as in Create; LastAdministrator when the account would
// be left without an active one. An agent is never deleted (T194): inactivating ends the session and returns the conversations.
// A new password ends the session too, unless the agent set it: byAgentID is who asks, empty for the command line.
func (s *Service) Update(ctx context.Context, accountID, byAgentID, id string, c Changes) (Agent, error) {
	if err := c.check(); err != nil {
		return Agent{}, err
	}
	account, err := s.config.Account(ctx, accountID, s.config.Clock.Now())
	if err != nil {
		return Agent{}, err
	}
	var hash *string
	if c.Password != nil {
		made, err := s.config.Hasher.Hash(ctx, *c.Password)
		if err != nil {
			return Agent{}, err
		}
		hash = &made
	}
	var a Agent
	err = s.config.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		if err := s.updateRow(ctx, tx, accountID, id, c, hash); err != nil {
			return err
		}
		if a, err = s.get(ctx, tx, account, id); err != nil {
			return err
		}
		switch {
		case c.Active != nil && !*c.Active:
			_, err = s.endOpenIn(ctx, tx, accountID, id, Inactive)
		case hash != nil && byAgentID != id:
			_, err = s.endOpenIn(ctx, tx, accountID, id, SignedOut)
		}
		if err != nil {
			return err
		}
		tx.AfterCommit(func() { s.sessions.forget(id) })
		return s.config.Log.Append(ctx, tx, accountID, Saved{Agent: a})
	})
	if err != nil {
		return Agent{}, err
	}
	return a, s.config.Log.Settle(ctx, accountID)
}

// updateRow writes the changes and refuses those that take the last administrator away.
func (s *Service) updateRow(ctx context.Context, tx *store.Tx, accountID, id string, c Changes, hash *string) error {
	demotes := (c.Active != nil && !*c.Active) || (c.Role != nil && *c.Role != access.Administrator)
	before := 0
	if demotes {
		if err := lockAdministrators(ctx, tx, accountID); err != nil {
			return err
		}
		var err error
		if before, err = countAdministrators(ctx, tx, accountID); err != nil {
			return err
		}
	}
	found, err := updateAgent(ctx, tx, accountID, id, c, hash)
	if err != nil {
		return loginTaken(err)
	}
	if !found {
		return fault.New(fault.NotFound)
	}
	if demotes {
		left, err := countAdministrators(ctx, tx, accountID)
		if err != nil {
			return err
		}
		if left == 0 && before > 0 {
			return fault.New(fault.LastAdministrator)
		}
	}
	if c.DepartmentIDs != nil {
		return s.link(ctx, tx, accountID, id, c.DepartmentIDs)
	}
	return nil
}

// SetPassword gives the agent of a login a new password and ends the session there is: for the command line, which has no actor.
// NotFound for an unknown login, Validation of the field password.
func (s *Service) SetPassword(ctx context.Context, login, password string) error {
	c, err := selectCredentials(ctx, s.config.Store.Read(), foldLogin(login))
	if err != nil {
		return fmt.Errorf("agent: set a password: %w", err)
	}
	if c.agentID == "" {
		return fault.New(fault.NotFound)
	}
	_, err = s.Update(ctx, c.accountID, "", c.agentID, Changes{Password: &password})
	return err
}

func loginTaken(err error) error {
	if store.IsUnique(err) {
		return fault.Invalid(fault.Field{Name: "login", Code: fault.FieldTaken})
	}
	return fmt.Errorf("agent: save: %w", err)
}
