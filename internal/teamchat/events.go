package teamchat

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// The kinds of the events.
const (
	SaidKind = "team.message"
	ReadKind = "team.read"
)

// Said says that an agent sent a message.
type Said struct {
	Parties
	Message Message `json:"message"`
}

// Kind returns SaidKind.
func (Said) Kind() string { return SaidKind }

// Audience is the members of the room.
func (e Said) Audience() eventlog.Audience { return e.place().members() }

// Subject is the room.
func (e Said) Subject() string { return e.place().id }

// Read says that an agent has read a room up to a message.
type Read struct {
	Parties
	AgentID  string `json:"agent_id"`
	Sequence int64  `json:"sequence"`
}

// Kind returns ReadKind.
func (Read) Kind() string { return ReadKind }

// Audience is both of a direct room: each sees how far the other has read. In a department it is the agent alone, for the other tabs.
func (e Read) Audience() eventlog.Audience {
	if e.DepartmentID != nil {
		return eventlog.ToAgent(e.AgentID)
	}
	return e.place().members()
}

// Subject is the room.
func (e Read) Subject() string { return e.place().id }

func (p Parties) place() place {
	switch {
	case p.DepartmentID != nil:
		return departmentPlace(*p.DepartmentID)
	case len(p.AgentIDs) == 2:
		return directPlace(p.AgentIDs[0], p.AgentIDs[1])
	}
	return place{}
}

var (
	_ = eventlog.Register[Said]()
	_ = eventlog.Register[Read]()
)
