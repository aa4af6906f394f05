package agent

import (
	"slices"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
)

// Supervised is what an agent watches over (T132–T134): everything, or some departments and some agents.
type Supervised struct {
	All                     bool
	DepartmentIDs, AgentIDs []string
}

// supervised returns what the agent watches over: an administrator everything, a supervisor what was granted, an agent nothing.
func (s *Service) supervised(a Agent) Supervised {
	switch {
	case !a.Can(access.SupervisionUse):
		return Supervised{}
	case a.Role == access.Administrator:
		return Supervised{All: true}
	}
	return s.config.Supervised(a.AccountID, a.ID)
}

// permissions returns what the agent may do: who does not watch over everything has not the permission for it.
func (s *Service) permissions(a Agent) []access.Permission {
	list := access.RolePermissions(a.Role)
	if s.supervised(a).All {
		return list
	}
	return slices.DeleteFunc(list, func(p access.Permission) bool { return p == access.SupervisionAll })
}

// Scope returns what the agent may see now.
func (s *Service) Scope(a Agent) eventlog.Scope { return s.actor(a).Scope() }

// ScopeChanged forgets what is held in memory of the agent's rights. Call it when what the agent watches over has changed.
func (s *Service) ScopeChanged(agentID string) { s.sessions.forget(agentID) }

// actor returns the agent as requests know it, without a session.
func (s *Service) actor(a Agent) api.ActorInfo {
	over := s.supervised(a)
	actor := api.ActorInfo{
		AccountID: a.AccountID, AgentID: a.ID, Name: a.Name, Role: string(a.Role), All: over.All,
		Permissions: make(map[api.Permission]bool), DepartmentIDs: setOf(a.DepartmentIDs),
		SupervisedDepartmentIDs: setOf(over.DepartmentIDs), SupervisedAgentIDs: setOf(over.AgentIDs),
	}
	for _, p := range s.permissions(a) {
		actor.Permissions[p] = true
	}
	return actor
}

func setOf(ids []string) map[string]bool {
	set := make(map[string]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}
