package note

import (
	"context"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "id, conversation_id, department_id, agent_id, text, created_at, changed_at, version"

const (
	insertNote = "INSERT INTO notes (" + columns + ", account_id, client_id, visitor_id, visitor_email, verified_id) " +
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
	// selectNotes asks for each sign of a person by its own index, the newest of each, and of those the newest.
	selectNotes = "SELECT " + columns + " FROM (SELECT " + columns + " FROM notes WHERE account_id = ? AND visitor_id = ? " +
		"ORDER BY id DESC LIMIT ?) AS by_browser UNION " +
		"SELECT " + columns + " FROM (SELECT " + columns + " FROM notes WHERE account_id = ? AND visitor_email = ? AND visitor_email <> '' " +
		"ORDER BY id DESC LIMIT ?) AS by_email UNION " +
		"SELECT " + columns + " FROM (SELECT " + columns + " FROM notes WHERE account_id = ? AND verified_id = ? AND verified_id <> '' " +
		"ORDER BY id DESC LIMIT ?) AS by_proof ORDER BY id DESC LIMIT ?"
	selectByClient = "SELECT " + columns + " FROM notes WHERE agent_id = ? AND client_id = ?"
	selectVisitor  = "SELECT visitor_id FROM notes WHERE account_id = ? AND id = ? AND (agent_id = ? OR ?)"
	changeNote     = "UPDATE notes SET text = ?, changed_at = ?, version = version + 1 WHERE account_id = ? AND id = ? AND version = ? RETURNING " + columns
	deleteNote     = "DELETE FROM notes WHERE account_id = ? AND id = ?"
)

type scanner interface{ Scan(dest ...any) error }

func scan(row scanner) (n Note, err error) {
	err = row.Scan(&n.ID, &n.ConversationID, &n.DepartmentID, &n.AgentID, &n.Text, &n.CreatedAt, &n.ChangedAt, &n.Version)
	if err != nil && !errors.Is(err, store.ErrNoRows) {
		err = fmt.Errorf("note: load: %w", err)
	}
	return n, err
}

// insert returns false when the agent used the client id before.
func insert(ctx context.Context, tx *store.Tx, accountID, clientID string, n Note, who conversation.Identity) (bool, error) {
	rows, err := tx.Exec(ctx, insertNote, n.ID, n.ConversationID, n.DepartmentID, n.AgentID, n.Text, n.CreatedAt, n.ChangedAt, n.Version,
		accountID, clientID, who.VisitorID, who.Email, who.Verified)
	if err != nil {
		return false, fmt.Errorf("note: insert: %w", err)
	}
	return rows == 1, nil
}

func byClient(ctx context.Context, tx *store.Tx, agentID, clientID string) (Note, error) {
	return scan(tx.QueryRow(ctx, selectByClient, agentID, clientID))
}

// visitorOf returns whom a note is about; ErrNoRows when the account has no such note of the agent's, or of anybody's.
func visitorOf(ctx context.Context, tx *store.Tx, accountID, id, agentID string, anybodys bool) (visitorID string, err error) {
	err = tx.QueryRow(ctx, selectVisitor, accountID, id, agentID, anybodys).Scan(&visitorID)
	return visitorID, err //nolint:wrapcheck // ErrNoRows is looked at by the caller, who knows what was asked
}

// change returns ErrNoRows when the note has another version.
func change(ctx context.Context, tx *store.Tx, accountID, id, text string, version, at int64) (Note, error) {
	return scan(tx.QueryRow(ctx, changeNote, text, at, accountID, id, version))
}

func remove(ctx context.Context, tx *store.Tx, accountID, id string) error {
	if _, err := tx.Exec(ctx, deleteNote, accountID, id); err != nil {
		return fmt.Errorf("note: remove: %w", err)
	}
	return nil
}

func selectOf(ctx context.Context, r *store.Reader, accountID string, who conversation.Identity) (list []Note, err error) {
	rows, err := r.Query(ctx, selectNotes, accountID, who.VisitorID, ShownMax, accountID, who.Email, ShownMax, accountID, who.Verified, ShownMax,
		ShownMax)
	if err != nil {
		return nil, fmt.Errorf("note: list: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		n, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, rows.Err() //nolint:wrapcheck // the query says what it was
}
