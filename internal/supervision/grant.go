package supervision

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// GrantMax is how many departments, and how many agents, may be named in a grant.
const GrantMax = 200

// Grant is what a supervisor watches over. It takes effect while the agent's role is that of a supervisor: administrators watch over
// everything, agents over nothing.
type Grant struct {
	AgentID string `json:"agent_id" format:"uuid"`
	// All is also the grant of who was never given another.
	All           bool     `json:"all" doc:"Everything: then the lists are empty."`
	DepartmentIDs []string `json:"department_ids" nullable:"false" doc:"What happens in these departments."`
	AgentIDs      []string `json:"agent_ids" nullable:"false" doc:"What these agents do, in whatever department."`
}

// everything is the grant of a supervisor who was given no other.
func everything(agentID string) Grant {
	return Grant{AgentID: agentID, All: true, DepartmentIDs: []string{}, AgentIDs: []string{}}
}

// check returns the grant as it will be stored, or a Validation error that names the field.
func (g Grant) check() (Grant, error) {
	if g.All {
		return everything(g.AgentID), nil
	}
	var c field.Check
	g.DepartmentIDs = checkIDs(&c, "department_ids", g.DepartmentIDs)
	g.AgentIDs = checkIDs(&c, "agent_ids", g.AgentIDs)
	return g, c.Err()
}

func checkIDs(c *field.Check, name string, ids []string) []string {
	if len(ids) > GrantMax {
		c.Refuse(name, fault.FieldTooMany, GrantMax)
		return []string{}
	}
	unique := make([]string, 0, len(ids))
	for _, id := range ids {
		if !ident.Valid(id) {
			c.Refuse(name, fault.FieldUnknown, nil)
			return []string{}
		}
		if !slices.Contains(unique, id) {
			unique = append(unique, id)
		}
	}
	return unique
}

// Supervised returns what an agent whose role may supervise watches over. It answers from memory.
func (s *Service) Supervised(accountID, agentID string) agent.Supervised {
	g := s.grantOf(accountID, agentID)
	return agent.Supervised{All: g.All, DepartmentIDs: g.DepartmentIDs, AgentIDs: g.AgentIDs}
}

func (s *Service) grantOf(accountID, agentID string) Grant {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if g, ok := s.grants[accountID][agentID]; ok {
		return g
	}
	return everything(agentID)
}

// keep puts a grant into the memory.
func (s *Service) keep(accountID string, g Grant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.grants[accountID] == nil {
		s.grants[accountID] = make(map[string]Grant)
	}
	s.grants[accountID][g.AgentID] = g
}

// Grant returns what an agent of the account would watch over as a supervisor. Error: NotFound.
func (s *Service) Grant(accountID, agentID string) (Grant, error) {
	if _, ok := s.config.Agents.Agent(accountID, agentID); !ok {
		return Grant{}, fault.New(fault.NotFound)
	}
	return s.grantOf(accountID, agentID), nil
}

// SetGrant says what an agent watches over, and writes down who said so. The agent's panels begin anew with it.
// Errors: NotFound, Validation (unknown departments or agents).
func (s *Service) SetGrant(ctx context.Context, actor api.ActorInfo, g Grant) (Grant, error) {
	found, ok := s.config.Agents.Agent(actor.AccountID, g.AgentID)
	if !ok {
		return Grant{}, fault.New(fault.NotFound)
	}
	g, err := g.check()
	if err != nil {
		return Grant{}, err
	}
	for _, id := range g.AgentIDs {
		if _, ok := s.config.Agents.Agent(actor.AccountID, id); !ok {
			return Grant{}, fault.Invalid(fault.Field{Name: "agent_ids", Code: fault.FieldUnknown})
		}
	}
	err = s.config.Store.Write(store.InLane(ctx, actor.AccountID), func(ctx context.Context, tx *store.Tx) error {
		known, err := s.config.Departments.InAccount(ctx, tx, actor.AccountID, g.DepartmentIDs)
		if err != nil {
			return fmt.Errorf("supervision: grant: %w", err)
		}
		if !known {
			return fault.Invalid(fault.Field{Name: "department_ids", Code: fault.FieldUnknown})
		}
		if err := saveGrant(ctx, tx, actor.AccountID, g); err != nil {
			return fmt.Errorf("supervision: grant: %w", err)
		}
		err = s.config.Record(ctx, tx, actor.AccountID, Deed{
			AgentID: actor.AgentID, Action: Granted, SubjectKind: "agent", SubjectID: g.AgentID, SubjectName: found.Name,
			Details: map[string]string{
				"all": strconv.FormatBool(g.All), "departments": strconv.Itoa(len(g.DepartmentIDs)), "agents": strconv.Itoa(len(g.AgentIDs)),
			},
		})
		if err != nil {
			return err
		}
		return s.config.Log.Append(ctx, tx, actor.AccountID, GrantedEvent{Grant: g})
	})
	if err != nil {
		return Grant{}, err
	}
	return g, s.config.Log.Settle(ctx, actor.AccountID)
}
