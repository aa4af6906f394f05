package eventlog

import (
	"fmt"
	"slices"
	"strings"
)

// Audience is who may see an event. The set of kinds is closed: To… are its only makers.
type Audience struct {
	kind       audienceKind
	department string
	// agent is one agent's identifier; of toAgents several, with commas between.
	agent string
	// others are further agents who see it, in the same way.
	others string
}

type audienceKind string

const (
	toAccount      audienceKind = "account"
	toDepartment   audienceKind = "department"
	toAgent        audienceKind = "agent"
	toAgents       audienceKind = "agents"
	toConversation audienceKind = "conversation"
)

// ToAccount addresses every agent of the account.
func ToAccount() Audience { return Audience{kind: toAccount} }

// ToDepartment addresses the agents who serve the department, and those who supervise everything.
func ToDepartment(id string) Audience { return Audience{kind: toDepartment, department: id} }

// ToDepartmentOf is ToDepartment for what an agent of it does: that agent sees it too, and who supervises the agent.
func ToDepartmentOf(id, agentID string) Audience {
	return Audience{kind: toDepartment, department: id, agent: agentID}
}

// ToAgent addresses one agent.
func ToAgent(id string) Audience { return Audience{kind: toAgent, agent: id} }

// ToAgents addresses those agents, and nobody who supervises them.
func ToAgents(ids ...string) Audience {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return Audience{kind: toAgents, agent: strings.Join(ids, ",")}
}

// ToConversation addresses the agent in charge of a conversation; while it has none (agentID empty), its department.
func ToConversation(departmentID, agentID string) Audience {
	return Audience{kind: toConversation, department: departmentID, agent: agentID}
}

// OfConversation says whether the audience is that of a conversation: then the event's subject is the conversation.
func (a Audience) OfConversation() bool { return a.kind == toConversation }

// Wide says whether the audience may be many: an account, a department, a conversation that nobody attends yet.
func (a Audience) Wide() bool {
	return a.kind == toAccount || a.kind == toDepartment || (a.kind == toConversation && a.agent == "")
}

// And adds agents who may see the event whatever else they may see; empty and repeated ones are left out.
func (a Audience) And(agentIDs ...string) Audience {
	for _, id := range agentIDs {
		if id == "" || id == a.agent || a.names(id) {
			continue
		}
		if a.others != "" {
			a.others += ","
		}
		a.others += id
	}
	return a
}

// names says whether the agent was added by And.
func (a Audience) names(agentID string) bool {
	if a.others == "" {
		return false
	}
	for id := range strings.SplitSeq(a.others, ",") {
		if id == agentID {
			return true
		}
	}
	return false
}

// String returns the stored form, which ParseAudience reads.
func (a Audience) String() string {
	if a.others != "" {
		return a.plain() + "+" + a.others
	}
	return a.plain()
}

func (a Audience) plain() string {
	switch a.kind {
	case toDepartment:
		if a.agent != "" {
			return string(toDepartment) + ":" + a.department + ":" + a.agent
		}
		return string(toDepartment) + ":" + a.department
	case toAgent:
		return string(toAgent) + ":" + a.agent
	case toAgents:
		return string(toAgents) + ":" + a.agent
	case toConversation:
		return string(toConversation) + ":" + a.department + ":" + a.agent
	case toAccount:
		return string(toAccount)
	}
	return ""
}

// ParseAudience reads the stored form. An unknown one is an error: nobody may see what nobody understands.
func ParseAudience(s string) (Audience, error) {
	plain, others, _ := strings.Cut(s, "+")
	a, err := parsePlain(plain)
	a.others = others
	return a, err
}

func parsePlain(s string) (Audience, error) {
	kind, rest, _ := strings.Cut(s, ":")
	switch audienceKind(kind) {
	case toAccount:
		return ToAccount(), nil
	case toDepartment:
		department, agent, _ := strings.Cut(rest, ":")
		return ToDepartmentOf(department, agent), nil
	case toAgent:
		return ToAgent(rest), nil
	case toAgents:
		return ToAgents(strings.Split(rest, ",")...), nil
	case toConversation:
		department, agent, _ := strings.Cut(rest, ":")
		return ToConversation(department, agent), nil
	}
	return Audience{}, fmt.Errorf("eventlog: unknown audience %q", s)
}

// Scope is what one agent may see.
type Scope struct {
	AgentID string
	// DepartmentIDs are those the agent serves or supervises.
	DepartmentIDs map[string]bool
	// SupervisedDepartmentIDs and SupervisedAgentIDs are what the agent supervises, unless it is everything (T133, T134).
	SupervisedDepartmentIDs, SupervisedAgentIDs map[string]bool
	// All is set for those who supervise the whole account.
	All bool
}

// Supervises says whether the agent watches over what agentID, who may be nobody, does in a department (T143).
func (s Scope) Supervises(departmentID, agentID string) bool {
	return s.All || s.SupervisedDepartmentIDs[departmentID] || (agentID != "" && s.SupervisedAgentIDs[agentID])
}

// Sees says whether an event for a is for this agent.
func (s Scope) Sees(a Audience) bool {
	if a.others != "" && a.names(s.AgentID) {
		return true
	}
	switch a.kind {
	case toAccount:
		return true
	case toDepartment:
		return s.All || s.DepartmentIDs[a.department] || (a.agent != "" && (a.agent == s.AgentID || s.SupervisedAgentIDs[a.agent]))
	case toAgent:
		return a.agent == s.AgentID
	case toAgents:
		return slices.Contains(strings.Split(a.agent, ","), s.AgentID)
	case toConversation:
		if a.agent != "" {
			return a.agent == s.AgentID
		}
		return s.All || s.DepartmentIDs[a.department]
	}
	return false
}
