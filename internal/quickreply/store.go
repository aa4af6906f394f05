package quickreply

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "id, owner, title, shortcut, folder, body, share, department_id, uses, version, updated_at"

type row interface{ Scan(dest ...any) error }

func scan(r row) (Reply, error) {
	var reply Reply
	var owner string
	err := r.Scan(&reply.ID, &owner, &reply.Title, &reply.Shortcut, &reply.Folder, &reply.Text, &reply.Share, &reply.DepartmentID,
		&reply.Uses, &reply.Version, &reply.UpdatedAt)
	if owner != "" {
		reply.AgentID = &owner
	}
	return reply, err
}

// usable returns the account's replies, the agent's own, and what others share, by folder and title.
func usable(ctx context.Context, r *store.Reader, accountID, agentID string) (_ []Reply, err error) {
	rows, err := r.Query(ctx, "SELECT "+columns+" FROM quick_replies WHERE account_id = ? AND owner IN ('', ?) UNION "+
		"SELECT "+columns+" FROM quick_replies WHERE account_id = ? AND share <> 'nobody' ORDER BY folder, title, id",
		accountID, agentID, accountID)
	if err != nil {
		return nil, fmt.Errorf("quickreply: list: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var list []Reply
	for rows.Next() {
		reply, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("quickreply: list: %w", err)
		}
		list = append(list, reply)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("quickreply: list: %w", err)
	}
	return list, nil
}

func one(ctx context.Context, tx *store.Tx, accountID, id string) (Reply, bool, error) {
	return found(scan(tx.QueryRow(ctx, "SELECT "+columns+" FROM quick_replies WHERE id = ? AND account_id = ?", id, accountID)))
}

func found(r Reply, err error) (Reply, bool, error) {
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Reply{}, false, nil
	case err != nil:
		return Reply{}, false, fmt.Errorf("quickreply: load: %w", err)
	}
	return r, true, nil
}

func count(ctx context.Context, tx *store.Tx, accountID, owner string) (int, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM quick_replies WHERE account_id = ? AND owner = ?", accountID, owner).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("quickreply: count: %w", err)
	}
	return n, nil
}

// insert stores a reply; false when its owner has another with the shortcut.
func insert(ctx context.Context, tx *store.Tx, accountID string, r Reply) (bool, error) {
	n, err := tx.Exec(ctx, "INSERT INTO quick_replies ("+columns+", account_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		r.ID, r.owner(), r.Title, r.Shortcut, r.Folder, r.Text, string(r.Share), r.DepartmentID, r.Uses, r.Version, r.UpdatedAt, accountID)
	if err != nil {
		return false, fmt.Errorf("quickreply: insert: %w", err)
	}
	return n == 1, nil
}

// update writes a reply over the version it names; false when that is not the newest.
func update(ctx context.Context, tx *store.Tx, accountID string, r Reply, now *Reply) (bool, error) {
	written, ok, err := found(scan(tx.QueryRow(ctx, "UPDATE quick_replies SET title = ?, shortcut = ?, folder = ?, body = ?, share = ?, "+
		"department_id = ?, updated_at = ?, version = version + 1 WHERE id = ? AND account_id = ? AND version = ? RETURNING "+columns,
		r.Title, r.Shortcut, r.Folder, r.Text, string(r.Share), r.DepartmentID, r.UpdatedAt, r.ID, accountID, r.Version)))
	*now = written
	return ok, err
}

// shortcutOf returns which of the owner's replies has the shortcut, "" for none.
func shortcutOf(ctx context.Context, tx *store.Tx, accountID, owner, shortcut string) (string, error) {
	var id string
	err := tx.QueryRow(ctx, "SELECT id FROM quick_replies WHERE account_id = ? AND owner = ? AND shortcut = ? AND shortcut <> ''",
		accountID, owner, shortcut).Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("quickreply: shortcut: %w", err)
	}
	return id, nil
}

func remove(ctx context.Context, tx *store.Tx, accountID, id string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM quick_replies WHERE id = ? AND account_id = ?", id, accountID); err != nil {
		return fmt.Errorf("quickreply: remove: %w", err)
	}
	return nil
}

func use(ctx context.Context, tx *store.Tx, accountID, id string) error {
	if _, err := tx.Exec(ctx, "UPDATE quick_replies SET uses = uses + 1 WHERE id = ? AND account_id = ?", id, accountID); err != nil {
		return fmt.Errorf("quickreply: use: %w", err)
	}
	return nil
}
