package teamchat

import (
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// Actor is an agent who talks or reads.
type Actor struct {
	AccountID, AgentID string
	Scope              eventlog.Scope
}

// Around is what the team chat asks of other features. All of it answers from memory.
type Around interface {
	// TeamAgent returns an agent of the account; active is false for one who can't sign in any more.
	TeamAgent(accountID, agentID string) (name string, active, ok bool)
	// TeamDepartment says whether the account has this department, active.
	TeamDepartment(accountID, departmentID string) bool
	// InDepartment says whether an agent serves or supervises a department, as that agent's own scope would.
	InDepartment(accountID, agentID, departmentID string) bool
}

// place is a room as the database and the log know it, for one of its members.
type place struct {
	// id is department:<id> or direct:<id>:<id>, the lesser identifier first.
	id string
	// department is set for a department's room.
	department string
	// a and b are the two of a direct room, the lesser identifier first.
	a, b string
	// other is the one who is not the actor.
	other string
}

func departmentPlace(id string) place { return place{id: "department:" + id, department: id} }

func directPlace(actorID, other string) place {
	a, b := min(actorID, other), max(actorID, other)
	return place{id: "direct:" + a + ":" + b, a: a, b: b, other: other}
}

// placeOf reads a stored identifier for one of the members; false when the agent is none.
func placeOf(id, agentID string) (place, bool) {
	kind, rest, _ := strings.Cut(id, ":")
	if kind == "department" {
		return departmentPlace(rest), true
	}
	switch a, b, _ := strings.Cut(rest, ":"); agentID {
	case a:
		return directPlace(a, b), true
	case b:
		return directPlace(b, a), true
	}
	return place{}, false
}

// address is how the actor names the room.
func (p place) address() string {
	if p.department != "" {
		return p.department
	}
	return p.other
}

// members is who may see what happens in the room.
func (p place) members() eventlog.Audience {
	if p.department != "" {
		return eventlog.ToDepartment(p.department)
	}
	return eventlog.ToAgents(p.a, p.b)
}

// parties names the room in events, the same for every member.
func (p place) parties() Parties {
	if p.department != "" {
		return Parties{DepartmentID: &p.department, AgentIDs: []string{}}
	}
	return Parties{AgentIDs: []string{p.a, p.b}}
}

// find returns the room of an address, if the actor is in it. Error: NotFound.
func (s *Service) find(a Actor, address string) (place, error) {
	if s.Around.TeamDepartment(a.AccountID, address) {
		if p := departmentPlace(address); a.Scope.Sees(p.members()) {
			return p, nil
		}
		return place{}, fault.New(fault.NotFound)
	}
	if _, _, ok := s.Around.TeamAgent(a.AccountID, address); !ok || address == a.AgentID {
		return place{}, fault.New(fault.NotFound)
	}
	return directPlace(a.AgentID, address), nil
}

// Parties says which room an event is of: a department's, or that of two agents.
type Parties struct {
	DepartmentID *string  `json:"department_id"`
	AgentIDs     []string `json:"agent_ids" nullable:"false" doc:"The two of a direct room; empty for a department's."`
}

// Last is how the newest message stands in the list of rooms.
type Last struct {
	Text       string `json:"text" doc:"The first 200 characters, or the file's name."`
	AuthorID   string `json:"author_id"`
	AuthorName string `json:"author_name"`
	At         int64  `json:"at"`
}

// Room is a room in which something was said, for one of its members.
type Room struct {
	ID           string  `json:"id" doc:"The department's identifier, or the other agent's."`
	DepartmentID *string `json:"department_id"`
	LastSequence int64   `json:"last_sequence"`
	ReadSequence int64   `json:"read_sequence" doc:"How far the agent has read: the difference to last_sequence is unread."`
	SeenSequence int64   `json:"seen_sequence" doc:"How far the other of a direct room has read; 0 in a department's."`
	Mentions     int     `json:"mentions" maximum:"1000" doc:"Unread messages that mention the agent; counting stops at 1000."`
	Last         Last    `json:"last"`
}
