package conversation

import (
	"context"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// unsettled transfers wait for their answer. Statements that list them say so in the words of the indexes.
const unsettled = "t.settled_at IS NULL"

const (
	// The conversation is looked up, not joined: an agent's transfers are found first.
	transferColumns = "t.id, t.account_id, t.conversation_id, t.from_agent_id, t.to_agent_id, t.by_agent_id, t.note, t.state, " +
		"t.created_at, t.due_at, (SELECT number FROM conversations c WHERE c.id = t.conversation_id), " +
		"(SELECT visitor_name FROM conversations c WHERE c.id = t.conversation_id), " +
		"(SELECT department_id FROM conversations c WHERE c.id = t.conversation_id) FROM transfers t"

	insertTransfer = "INSERT INTO transfers (id, account_id, conversation_id, from_agent_id, to_agent_id, by_agent_id, note, state, " +
		"created_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?) ON CONFLICT DO NOTHING"
	settleTransfer        = "UPDATE transfers SET state = ?, settled_at = ? WHERE id = ? AND COALESCE(account_id, '') = ? AND state = 'pending'"
	transferByID          = "SELECT " + transferColumns + " WHERE t.id = ? AND t.account_id = ?"
	pendingOfConversation = "SELECT " + transferColumns + " WHERE t.conversation_id = ? AND COALESCE(t.account_id, '') = ? AND " + unsettled
	comingTo              = "SELECT " + transferColumns + " WHERE t.to_agent_id = ? AND COALESCE(t.account_id, '') = ? AND " + unsettled + " AND t.due_at > ?"
	goingFrom             = "SELECT " + transferColumns + " WHERE t.from_agent_id = ? AND COALESCE(t.account_id, '') = ? AND " + unsettled + " AND t.due_at > ?"
	pendingTransfers      = "SELECT t.id, t.account_id FROM account_counters n JOIN transfers t ON t.account_id = n.account_id AND " + unsettled

	// heldAndComing counts what an agent has and what is offered by transfer.
	heldAndComing = "SELECT (SELECT count(*) FROM conversations WHERE agent_id = ? AND COALESCE(account_id, '') = ? AND " + open + ") + " +
		"(SELECT count(*) FROM transfers t WHERE t.to_agent_id = ? AND COALESCE(t.account_id, '') = ? AND " + unsettled + ")"

	handOver = "UPDATE conversations SET agent_id = ?, closed = FALSE, hold_until = NULL, " + withSystemMessage +
		"WHERE id = ? AND COALESCE(account_id, '') = ? AND state = 'active' AND agent_id = ? RETURNING " + columns
	requeue = "UPDATE conversations SET state = 'waiting', agent_id = NULL, joined_at = NULL, department_id = ?, preferred_agent_id = NULL, " +
		"preferred_until = NULL, hold_until = NULL, warned_at = NULL, " + withSystemMessage +
		"WHERE id = ? AND COALESCE(account_id, '') = ? AND state = 'active' AND agent_id = ? RETURNING " + columns
)

func (t Transfer) insert(ctx context.Context, tx *store.Tx) (bool, error) {
	n, err := tx.Exec(ctx, insertTransfer, t.ID, t.accountID, t.ConversationID, t.FromAgentID, t.ToAgentID, t.ByAgentID, t.Note,
		t.CreatedAt, t.DueAt)
	if err != nil {
		return false, fmt.Errorf("conversation: insert a transfer: %w", err)
	}
	return n == 1, nil
}

func scanTransfer(row scanner) (Transfer, error) {
	var t Transfer
	err := row.Scan(&t.ID, &t.accountID, &t.ConversationID, &t.FromAgentID, &t.ToAgentID, &t.ByAgentID, &t.Note, &t.State,
		&t.CreatedAt, &t.DueAt, &t.Number, &t.VisitorName, &t.DepartmentID)
	return t, err //nolint:wrapcheck // ErrNoRows is looked at by the caller, who knows what was asked
}

func findTransfer(ctx context.Context, q querier, accountID, id string) (Transfer, bool, error) {
	t, err := scanTransfer(q.QueryRow(ctx, transferByID, id, accountID))
	if errors.Is(err, store.ErrNoRows) {
		return Transfer{}, false, nil
	}
	if err != nil {
		return Transfer{}, false, fmt.Errorf("conversation: load a transfer: %w", err)
	}
	return t, true, nil
}
