package conversation

import (
	"database/sql"
	"encoding/json"
	"fmt"
)

// selectBoard is the open conversations, then what is counted of those that ended today. It begins with the account's counter row, so that
// the position comes even when there is no conversation.
//
//nolint:dupword // a NULL for each column that is not asked for
const selectBoard = "SELECT n.position, c.id, c.number, c.site_id, c.department_id, c.visitor_id, c.visit_id, c.state, c.agent_id, " +
	"c.queue_entered_at, c.ended_at, c.answered_at, c.version, c.earlier, c.visitor_name, c.visitor_email, " +
	"c.preferred_agent_id, c.preferred_until, c.participants, c.queue_order, c.contact_offered_at FROM account_counters n " +
	"LEFT JOIN conversations c ON c.account_id = n.account_id AND c.ended_at IS NULL WHERE n.account_id = ? " +
	"UNION ALL SELECT -1, NULL, NULL, NULL, department_id, NULL, NULL, state, NULL, queue_entered_at, ended_at, answered_at, " +
	"NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM conversations WHERE account_id = ? AND ended_at >= ?"

// boardRow is a row of selectBoard.
type boardRow struct {
	// position is -1 where it is not told.
	position int64
	// conversation is an open one, or the four members that are counted of one that ended today; nil for the lone counter row.
	conversation *OpenConversation
}

func scanBoard(row scanner) (boardRow, error) {
	var (
		c                                           OpenConversation
		position                                    int64
		id, site, department, visitor, visit, state sql.NullString
		visitorName, visitorEmail, participants     sql.NullString
		number, entered, version, earlier, order    sql.NullInt64
	)
	err := row.Scan(&position, &id, &number, &site, &department, &visitor, &visit, &state, &c.AgentID, &entered, &c.EndedAt, &c.AnsweredAt,
		&version, &earlier, &visitorName, &visitorEmail, &c.PreferredAgentID, &c.PreferredUntil, &participants, &order, &c.ContactOfferedAt)
	if err != nil {
		return boardRow{}, fmt.Errorf("conversation: board: %w", err)
	}
	if !department.Valid {
		return boardRow{position: position}, nil
	}
	c.ID, c.SiteID, c.DepartmentID, c.VisitorID, c.VisitID = id.String, site.String, department.String, visitor.String, visit.String
	c.Number, c.QueueEnteredAt, c.Version, c.State = number.Int64, entered.Int64, version.Int64, State(state.String)
	c.QueueOrder = order.Int64
	c.Visitor.Name, c.Visitor.Email, c.Earlier = visitorName.String, visitorEmail.String, int(earlier.Int64)
	c.Participants = Conversation{Participants: Embedded[[]Participant]{text: orNone(participants)}}.participants()
	return boardRow{position, &c}, nil
}

// The heads of the queue, for routing: of the departments an agent serves, and the first of all for the reasons.
const (
	queuedColumns = "id, number, department_id, queue_entered_at, queue_order, preferred_agent_id, preferred_until, triage, visitor_name"

	headOfDepartment = "SELECT " + queuedColumns + " FROM conversations WHERE account_id = ? AND department_id = ? " +
		"AND " + waits + " ORDER BY queue_order, number LIMIT ?"
	headOfAccount = "SELECT " + queuedColumns + " FROM conversations WHERE account_id = ? " +
		"AND " + waits + " ORDER BY queue_order, number LIMIT ?"
	activeCount   = "SELECT count(*) FROM conversations WHERE agent_id = ? AND COALESCE(account_id, '') = ? AND " + open
	activeByAgent = "SELECT agent_id, count(*) FROM conversations WHERE account_id = ? AND " + open + " AND joined_at IS NOT NULL GROUP BY agent_id"
	// silentSince finds an active conversation whose agent has not written to the visitor since joining.
	silentSince = "SELECT count(*) FROM conversations c WHERE c.id = ? AND COALESCE(c.account_id, '') = ? AND c.agent_id = ? AND c.state = 'active' " +
		"AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id AND m.author_kind = 'agent' AND m.author_id = c.agent_id " +
		"AND m.audience = 'visitor' AND m.at >= c.joined_at)"
	waitedLong = "UPDATE conversations SET contact_offered_at = ?, version = version + 1 WHERE id = ? AND COALESCE(account_id, '') = ? " +
		"AND state = 'waiting' AND contact_offered_at IS NULL RETURNING " + columns
	reorder  = "UPDATE conversations SET queue_order = ?, version = version + 1 WHERE id = ? AND COALESCE(account_id, '') = ? AND department_id = ? AND state = 'waiting'"
	placesOf = "SELECT id, queue_order, number FROM conversations WHERE account_id = ? AND department_id = ? AND " + waits + " ORDER BY queue_order, number"
)

// Queued is a waiting conversation as routing sees it.
type Queued struct {
	ID             string
	Number         int64
	DepartmentID   string
	QueueEnteredAt int64
	// QueueOrder is the place: the smallest is next.
	QueueOrder int64
	// PreferredAgentID and PreferredUntil are of an accepted invite; nil otherwise.
	PreferredAgentID *string
	PreferredUntil   *int64
	Triage           Triage
	VisitorName      string
}

func scanQueued(row scanner) (Queued, error) {
	var q Queued
	var triage string
	err := row.Scan(&q.ID, &q.Number, &q.DepartmentID, &q.QueueEnteredAt, &q.QueueOrder, &q.PreferredAgentID, &q.PreferredUntil, &triage, &q.VisitorName)
	if err != nil {
		return Queued{}, fmt.Errorf("conversation: queue: %w", err)
	}
	if err := json.Unmarshal([]byte(triage), &q.Triage); err != nil {
		return Queued{}, fmt.Errorf("conversation: queue: %w", err)
	}
	return q, nil
}
