package app

import (
	"slices"

	"github.com/aceno-chat/aceno/internal/access"
)

// colleagues tells the team chat who works where.
type colleagues struct{ *App }

func (a colleagues) TeamAgent(accountID, agentID string) (name string, active, ok bool) {
	found, ok := a.presence.Agent(accountID, agentID)
	return found.Name, found.Active, ok
}

func (a colleagues) TeamDepartment(accountID, departmentID string) bool {
	d, ok := a.departments.Get(accountID, departmentID)
	return ok && d.Active
}

func (a colleagues) InDepartment(accountID, agentID, departmentID string) bool {
	found, ok := a.presence.Agent(accountID, agentID)
	if !ok || slices.Contains(found.DepartmentIDs, departmentID) {
		return ok
	}
	if !found.Can(access.SupervisionUse) {
		return false
	}
	watched := a.supervision.Supervised(accountID, agentID)
	return watched.All || slices.Contains(watched.DepartmentIDs, departmentID)
}
