package conversation

import "time"

// Triage is what decides about a conversation's place and its agent, found when it entered the queue.
type Triage struct {
	// Priority is 0 to MaxPriority; each step counts as PriorityStep of waiting, so that nobody waits for ever behind others.
	Priority int `json:"priority,omitempty"`
	// Skills are what the agent should have.
	Skills []string `json:"skills,omitempty"`
	// Language is the visitor's, as the browser says it: pt-BR.
	Language string `json:"language,omitempty"`
	// Rules are those that spoke.
	Rules []RuleName `json:"rules,omitempty"`
	// LastAgentID is who attended the visitor last, or empty.
	LastAgentID string `json:"last_agent_id,omitempty"`
}

// RuleName names a rule as it was called when it spoke.
type RuleName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// What a priority is worth.
const (
	MaxPriority  = 9
	PriorityStep = 5 * time.Minute
)

// Newcomer is a conversation about to enter a queue.
type Newcomer struct {
	SiteID       string
	DepartmentID string
	VisitID      string
	// Earlier is how many conversations the visitor had before.
	Earlier int
	Details Details
}

// OnTriage sets who says what a newcomer's priority and skills are; nil says nothing. It answers from memory, and LastAgentID is not its
// concern. Call it before anything is opened.
func (s *Service) OnTriage(fn func(accountID string, n Newcomer) Triage) { s.onTriage = fn }

// triageOf finds what decides about a newcomer, and with it its place in the queue. last is who attended the visitor before.
func (s *Service) triageOf(accountID string, c *Conversation, visit Details, last *string) Triage {
	var t Triage
	if s.onTriage != nil {
		t = s.onTriage(accountID, Newcomer{
			SiteID: c.SiteID, DepartmentID: c.DepartmentID, VisitID: c.VisitID, Earlier: c.Earlier, Details: visit,
		})
	}
	t.Priority = min(max(t.Priority, 0), MaxPriority)
	t.Language = visit.Language
	if last != nil {
		t.LastAgentID = *last
	}
	c.QueueOrder = c.QueueEnteredAt - int64(t.Priority)*PriorityStep.Milliseconds()
	return t
}
