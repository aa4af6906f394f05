package conversation

import (
	"database/sql"
	"fmt"
)

// selectBoard begins with the account's counter row, so that the position comes even when there is no conversation.
const selectBoard = "SELECT n.position, c.id, c.number, c.site_id, c.department_id, c.visitor_id, c.visit_id, c.state, c.agent_id, " +
	"c.queue_entered_at, c.ended_at, c.version, c.earlier, c.visitor_name, c.visitor_email, " +
	"c.preferred_agent_id, c.preferred_until, c.participants FROM account_counters n " +
	"LEFT JOIN conversations c ON c.account_id = n.account_id AND (c.state IN ('waiting', 'active') OR c.ended_at >= ?) " +
	"WHERE n.account_id = ?"

// scanBoard returns the conversation of a row, nil for the lone counter row, and the position.
func scanBoard(row scanner) (*OpenConversation, int64, error) {
	var (
		c                                           OpenConversation
		position                                    int64
		id, site, department, visitor, visit, state sql.NullString
		visitorName, visitorEmail, participants     sql.NullString
		number, entered, version, earlier           sql.NullInt64
	)
	err := row.Scan(&position, &id, &number, &site, &department, &visitor, &visit, &state, &c.AgentID, &entered, &c.EndedAt, &version, &earlier,
		&visitorName, &visitorEmail, &c.PreferredAgentID, &c.PreferredUntil, &participants)
	if err != nil {
		return nil, 0, fmt.Errorf("conversation: board: %w", err)
	}
	if !id.Valid {
		return nil, position, nil
	}
	c.ID, c.SiteID, c.DepartmentID, c.VisitorID, c.VisitID = id.String, site.String, department.String, visitor.String, visit.String
	c.Number, c.QueueEnteredAt, c.Version, c.State = number.Int64, entered.Int64, version.Int64, State(state.String)
	c.Visitor.Name, c.Visitor.Email, c.Earlier = visitorName.String, visitorEmail.String, int(earlier.Int64)
	c.Participants = Conversation{Participants: Embedded[[]Participant]{text: orNone(participants)}}.participants()
	return &c, position, nil
}

// The heads of the queue, for routing: of the departments an agent serves, and the oldest of all for the reasons.
const (
	headOfDepartment = "SELECT id, number, department_id, queue_entered_at, preferred_agent_id, preferred_until FROM conversations WHERE account_id = ? AND department_id = ? " +
		"AND state = 'waiting' ORDER BY queue_entered_at, number LIMIT ?"
	headOfAccount = "SELECT id, number, department_id, queue_entered_at, preferred_agent_id, preferred_until FROM conversations WHERE account_id = ? " +
		"AND state = 'waiting' ORDER BY queue_entered_at, number LIMIT ?"
	activeCount = "SELECT count(*) FROM conversations WHERE agent_id = ? AND account_id = ? AND state = 'active'"
)

// Queued is a waiting conversation as routing sees it.
type Queued struct {
	ID             string
	Number         int64
	DepartmentID   string
	QueueEnteredAt int64
	// PreferredAgentID and PreferredUntil are of an accepted invite; nil otherwise.
	PreferredAgentID *string
	PreferredUntil   *int64
}

func scanQueued(row scanner) (Queued, error) {
	var q Queued
	if err := row.Scan(&q.ID, &q.Number, &q.DepartmentID, &q.QueueEnteredAt, &q.PreferredAgentID, &q.PreferredUntil); err != nil {
		return Queued{}, fmt.Errorf("conversation: queue: %w", err)
	}
	return q, nil
}
