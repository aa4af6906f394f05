package conversation

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// The texts below are constants so that they stay prepared; the hot ones change and return the row in one statement.

const columns = "id, account_id, number, site_id, department_id, visitor_id, visit_id, state, agent_id, visitor, " +
	"visitor_name, visitor_email, queue_entered_at, joined_at, ended_at, ended_by, end_reason, closed, last_sequence, " +
	"last_visitor_sequence, agent_seen_sequence, visitor_seen_sequence, last_message, unanswered_since, version, earlier, " +
	"outreach_id, preferred_agent_id, preferred_until, rating, rating_comment, participants, tags, hold_until, warned_at, " +
	"queue_order, contact_offered_at, answered_at, verified_id"

const (
	selectByID   = "SELECT " + columns + " FROM conversations WHERE id = ? AND COALESCE(account_id, '') = ?"
	selectOpen   = "SELECT " + columns + " FROM conversations WHERE site_id = ? AND visitor_id = ? AND ended_at IS NULL"
	selectClient = "SELECT " + columns + " FROM conversations WHERE site_id = ? AND visitor_id = ? AND client_id = ?"

	// takeNumber restarts at the year given as a multiple of a million and otherwise counts on, past 999,999 too.
	takeNumber = "UPDATE account_counters SET conversation_number = " +
		"CASE WHEN conversation_number < ? THEN ? + 1 ELSE conversation_number + 1 END WHERE account_id = ? RETURNING conversation_number"

	// insertOpened does nothing when the visitor already has an open conversation on the site, or used the client id before.
	insertOpened = "INSERT INTO conversations (id, account_id, number, client_id, site_id, department_id, visitor_id, visit_id, state, " +
		"visitor, visitor_name, visitor_email, queue_entered_at, closed, last_sequence, last_visitor_sequence, last_message, " +
		"unanswered_since, version, earlier, outreach_id, preferred_agent_id, preferred_until, queue_order, triage) " +
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?, FALSE, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"

	// earlierOf counts the visitor's conversations by what the newest of them counted, and tells who attended the visitor last.
	earlierOf = "SELECT earlier + 1, (SELECT p.agent_id FROM conversations p WHERE p.visitor_id = ? AND p.account_id = ? " +
		"AND p.state = 'ended' ORDER BY p.number DESC LIMIT 1) FROM conversations WHERE visitor_id = ? AND account_id = ? ORDER BY number DESC LIMIT 1"

	countBefore = "SELECT count(*) FROM conversations WHERE account_id = ? AND department_id = ? AND " + waits +
		" AND queue_order <= ? AND (queue_order < ? OR number < ?)"
)

// What is open has no end, and nobody has joined what waits. Statements that list such conversations say so in these words, which are
// those of the indexes; statements that change one name the state.
const (
	open  = "ended_at IS NULL"
	waits = "ended_at IS NULL AND joined_at IS NULL"
)

// takesPart finds the agent among those who take part beside the one in charge. It counts, so that no planner thinks of reading
// everybody's parts at once.
const takesPart = "(SELECT count(*) FROM conversation_participants p WHERE p.conversation_id = conversations.id AND p.agent_id = ? " +
	"AND COALESCE(p.left_at, 0) = 0) > 0"

// moved are the columns that tell how far a message moved its conversation: reading the whole row took a tenth of the server's time.
const moved = "id, department_id, visitor_id, agent_id, visitor_name, last_sequence, last_visitor_sequence, unanswered_since, version, participants"

// Each message begins with one of these. The rules of who may write where stand in the condition; why it failed is asked later.
const (
	postByVisitor = "UPDATE conversations SET last_sequence = last_sequence + 1, last_visitor_sequence = last_visitor_sequence + 1, " +
		"version = version + 1, last_message = ?, unanswered_since = COALESCE(unanswered_since, ?) " +
		"WHERE id = ? AND COALESCE(account_id, '') = ? AND COALESCE(visitor_id, '') = ? AND site_id = ? AND state IN ('waiting', 'active') RETURNING " + moved
	postByAgent = "UPDATE conversations SET last_sequence = last_sequence + 1, last_visitor_sequence = last_visitor_sequence + 1, " +
		"version = version + 1, last_message = ?, unanswered_since = NULL, hold_until = NULL, answered_at = COALESCE(answered_at, ?) " +
		"WHERE id = ? AND COALESCE(account_id, '') = ? AND (agent_id = ? OR " + takesPart + ") AND state = 'active' RETURNING " + moved
	postInternal = "UPDATE conversations SET last_sequence = last_sequence + 1, version = version + 1 " +
		"WHERE id = ? AND COALESCE(account_id, '') = ? AND state = 'active' AND (agent_id = ? OR ? OR " + takesPart + ") RETURNING " + columns

	insertMessage = "INSERT INTO messages (id, account_id, conversation_id, sequence, visitor_sequence, client_id, kind, author_kind, " +
		"author_id, author_name, audience, body, file_id, system, at, reply_to, reply_to_visitor) " +
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)

// The transitions, each naming the state it comes from, and each with the system message that tells of it counted in.
const (
	withSystemMessage = "last_sequence = last_sequence + 1, last_visitor_sequence = last_visitor_sequence + 1, version = version + 1 "

	claim = "UPDATE conversations SET state = 'active', agent_id = ?, joined_at = ?, " + withSystemMessage +
		"WHERE id = ? AND COALESCE(account_id, '') = ? AND state = 'waiting' RETURNING " + columns
	giveBack = "UPDATE conversations SET state = 'waiting', agent_id = NULL, joined_at = NULL, hold_until = NULL, warned_at = NULL, " + withSystemMessage +
		"WHERE id = ? AND COALESCE(account_id, '') = ? AND state = 'active' AND agent_id = ? RETURNING " + columns
	endByAgent = "UPDATE conversations SET state = 'ended', ended_at = ?, ended_by = 'agent', unanswered_since = NULL, " + withSystemMessage +
		"WHERE id = ? AND COALESCE(account_id, '') = ? AND state = 'active' AND agent_id = ? RETURNING " + columns
	endByVisitor = "UPDATE conversations SET state = 'ended', ended_at = ?, ended_by = 'visitor', end_reason = ?, unanswered_since = NULL, " +
		withSystemMessage + "WHERE id = ? AND COALESCE(account_id, '') = ? AND state = 'active' AND COALESCE(visitor_id, '') = ? RETURNING " + columns
	// endAs ends an active conversation for the house or a supervisor, whoever has it.
	endAs = "UPDATE conversations SET state = 'ended', ended_at = ?, ended_by = ?, end_reason = ?, unanswered_since = NULL, " +
		withSystemMessage + "WHERE id = ? AND COALESCE(account_id, '') = ? AND state = 'active' RETURNING " + columns
	// abandonAs is endAs for one that waits.
	abandonAs = "UPDATE conversations SET state = 'abandoned', ended_at = ?, ended_by = ?, end_reason = ?, unanswered_since = NULL, " +
		withSystemMessage + "WHERE id = ? AND COALESCE(account_id, '') = ? AND state = 'waiting' RETURNING " + columns
	abandon = "UPDATE conversations SET state = 'abandoned', ended_at = ?, ended_by = 'visitor', end_reason = ?, unanswered_since = NULL, " +
		withSystemMessage + "WHERE id = ? AND COALESCE(account_id, '') = ? AND state = 'waiting' AND COALESCE(visitor_id, '') = ? RETURNING " + columns
)

const (
	closeEnded = "UPDATE conversations SET closed = TRUE, version = version + 1 " +
		"WHERE id = ? AND COALESCE(account_id, '') = ? AND agent_id = ? AND state IN ('ended', 'abandoned') AND NOT closed RETURNING " + columns
	// rateEnded keeps the first answer.
	rateEnded = "UPDATE conversations SET rating = ?, rating_comment = ?, version = version + 1 " +
		"WHERE id = ? AND COALESCE(account_id, '') = ? AND COALESCE(visitor_id, '') = ? AND site_id = ? AND state = 'ended' AND rating IS NULL RETURNING " + columns
	agentSees = "UPDATE conversations SET agent_seen_sequence = ?, version = version + 1 WHERE id = ? AND COALESCE(account_id, '') = ? " +
		"AND agent_id = ? AND agent_seen_sequence < ? AND last_visitor_sequence >= ? RETURNING " + columns
	visitorSees = "UPDATE conversations SET visitor_seen_sequence = ?, version = version + 1 WHERE id = ? AND COALESCE(account_id, '') = ? " +
		"AND COALESCE(visitor_id, '') = ? AND visitor_seen_sequence < ? AND last_visitor_sequence >= ? RETURNING " + columns
	activeOfAgent = "SELECT id FROM conversations WHERE agent_id = ? AND COALESCE(account_id, '') = ? AND " + open + " ORDER BY number"
	// unclosedOf are the newest that ended and whose tab is still there.
	unclosedOf = "SELECT " + columns + " FROM conversations WHERE agent_id = ? AND COALESCE(account_id, '') = ? " +
		"AND ended_at IS NOT NULL AND NOT closed AND agent_id IS NOT NULL ORDER BY number DESC LIMIT ?"
	heldBy = "SELECT " + columns + " FROM conversations WHERE agent_id = ? AND COALESCE(account_id, '') = ? AND " + open + " ORDER BY number"
	// takesPartIn are those the agent came to last, open or not, and has not left.
	takesPartIn = "SELECT " + columns + " FROM (SELECT conversation_id AS taken FROM conversation_participants WHERE agent_id = ? " +
		"AND account_id = ? AND left_at IS NULL ORDER BY joined_at DESC LIMIT ?) AS part JOIN conversations ON id = taken ORDER BY number"
	waitingOf = "SELECT " + columns + " FROM conversations WHERE account_id = ? AND department_id = ? AND " + waits +
		" ORDER BY queue_order, number"
	openOfVisitor = "SELECT " + columns + " FROM conversations WHERE visitor_id = ? AND COALESCE(account_id, '') = ? AND " + open
	openOfAccount = "SELECT " + columns + " FROM conversations WHERE account_id = ? AND " + open + " ORDER BY queue_entered_at, number"
	// allOpen goes from account to account: what is open is looked for in an account.
	allOpen = "SELECT c.account_id, c.visitor_id FROM account_counters n JOIN conversations c ON c.account_id = n.account_id AND c.ended_at IS NULL"
)

// scanner is a row, alone or of many.
type scanner interface{ Scan(dest ...any) error }

func scanConversation(row scanner) (Conversation, error) {
	var c Conversation
	var visitor string
	var last, participants, tags sql.NullString
	err := row.Scan(&c.ID, &c.accountID, &c.Number, &c.SiteID, &c.DepartmentID, &c.VisitorID, &c.VisitID, &c.State, &c.AgentID,
		&visitor, &c.visitorName, &c.visitorEmail, &c.QueueEnteredAt, &c.JoinedAt, &c.EndedAt, &c.EndedBy, &c.EndReason, &c.Closed,
		&c.LastSequence, &c.LastVisitorSequence, &c.AgentSeenSequence, &c.VisitorSeenSequence, &last, &c.UnansweredSince, &c.Version, &c.Earlier,
		&c.OutreachID, &c.PreferredAgentID, &c.PreferredUntil,
		&c.Rating, &c.RatingComment, &participants, &tags, &c.HoldUntil, &c.warnedAt,
		&c.QueueOrder, &c.ContactOfferedAt, &c.AnsweredAt, &c.VerifiedID)
	if err != nil {
		return Conversation{}, err //nolint:wrapcheck // ErrNoRows is looked at by the caller, who knows what was asked
	}
	c.Visitor = Embedded[Details]{text: visitor}
	if last.Valid {
		c.LastMessage = &Embedded[LastMessage]{text: last.String}
	}
	c.Participants, c.Tags = Embedded[[]Participant]{text: orNone(participants)}, Embedded[[]string]{text: orNone(tags)}
	return c, nil
}

// scanMoved reads what a message moved; the last message is what it was given.
func scanMoved(row scanner) (Conversation, error) {
	var c Conversation
	var participants sql.NullString
	err := row.Scan(&c.ID, &c.DepartmentID, &c.VisitorID, &c.AgentID, &c.visitorName, &c.LastSequence, &c.LastVisitorSequence,
		&c.UnansweredSince, &c.Version, &participants)
	c.Participants = Embedded[[]Participant]{text: orNone(participants)}
	return c, err //nolint:wrapcheck // as scanConversation
}

const none = "[]"

func orNone(list sql.NullString) string {
	if list.Valid {
		return list.String
	}
	return none
}

// found turns the absence of a row into false.
func found(row scanner) (Conversation, bool, error) { return foundBy(scanConversation, row) }

func foundBy(scan func(scanner) (Conversation, error), row scanner) (Conversation, bool, error) {
	c, err := scan(row)
	if errors.Is(err, store.ErrNoRows) {
		return Conversation{}, false, nil
	}
	if err != nil {
		return Conversation{}, false, fmt.Errorf("conversation: load: %w", err)
	}
	return c, true, nil
}

// querier is a running write or the reader.
type querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) store.Row
}

func list(ctx context.Context, q querier, query string, args ...any) ([]Conversation, error) {
	return collect(ctx, q, scanConversation, query, args...)
}

// collect scans every row of a query.
func collect[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) (_ []T, err error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("conversation: list: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	all := []T{}
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("conversation: list: %w", err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("conversation: list: %w", err)
	}
	return all, nil
}

// insert writes a message; false when its client id was used before in this conversation by this kind of author.
func (m Message) insert(ctx context.Context, tx *store.Tx, accountID string) (bool, error) {
	var system, fileID *string
	var replyTo, replyToVisitor *int64
	if m.ReplyTo != nil {
		replyTo, replyToVisitor = &m.ReplyTo.Sequence, m.ReplyTo.VisitorSequence
	}
	if m.System != nil {
		text, err := json.Marshal(m.System)
		if err != nil {
			return false, fmt.Errorf("conversation: encode a system message: %w", err)
		}
		s := string(text)
		system = &s
	}
	if m.File != nil {
		fileID = &m.File.ID
	}
	n, err := tx.Later(ctx, insertMessage, m.ID, accountID, m.ConversationID, m.Sequence, m.VisitorSequence, m.ClientID, string(m.Kind),
		string(m.Author.Kind), m.Author.ID, m.Author.Name, string(m.Audience), m.Text, fileID, system, m.At, replyTo, replyToVisitor)
	if err != nil {
		return false, fmt.Errorf("conversation: insert message: %w", err)
	}
	return n == 1, nil
}
