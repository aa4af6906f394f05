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

// String returns the stored form, which ParseAudience reads.
func (a Audience) String() string {
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
