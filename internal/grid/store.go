package grid

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// insertView stores a view unless its agent has MaxSavedViews already: false then.
func insertView(ctx context.Context, tx *store.Tx, accountID string, v SavedView, now int64) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO grid_views (id, account_id, agent_id, name, shared, definition, created_at)
		SELECT ?, ?, ?, ?, ?, ?, ? WHERE (SELECT COUNT(*) FROM grid_views WHERE account_id = ? AND agent_id = ?) < ?`,
		v.ID, accountID, v.AgentID, v.Name, v.Shared, definition(v), now, accountID, v.AgentID, MaxSavedViews)
	return n == 1, err
}

func updateView(ctx context.Context, tx *store.Tx, accountID string, v SavedView) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE grid_views SET name = ?, shared = ?, definition = ? WHERE account_id = ? AND id = ? AND agent_id = ?",
		v.Name, v.Shared, definition(v), accountID, v.ID, v.AgentID)
	return n == 1, err
}

// sharedBefore says whether a view is shared now; false for one that does not exist.
func sharedBefore(ctx context.Context, tx *store.Tx, accountID, id string) (shared bool, err error) {
	err = tx.QueryRow(ctx, "SELECT shared FROM grid_views WHERE account_id = ? AND id = ?", accountID, id).Scan(&shared)
	if errors.Is(err, store.ErrNoRows) {
		return false, nil
	}
	return shared, wrapped(err)
}

func deleteView(ctx context.Context, tx *store.Tx, accountID, agentID, id string, supervisor bool) (bool, error) {
	n, err := tx.Exec(ctx, "DELETE FROM grid_views WHERE account_id = ? AND id = ? AND (agent_id = ? OR shared AND ?)", accountID, id, agentID, supervisor)
	return n == 1, err
}

func selectViews(ctx context.Context, r *store.Reader, accountID, agentID string) ([]SavedView, error) {
	rows, err := r.Query(ctx, `SELECT id, agent_id, name, shared, definition FROM (
		SELECT id, agent_id, name, shared, definition FROM grid_views WHERE account_id = ? AND agent_id = ?
		UNION SELECT id, agent_id, name, shared, definition FROM grid_views WHERE account_id = ? AND shared) AS seen
		ORDER BY LOWER(name), id`, accountID, agentID, accountID)
	if err != nil {
		return nil, fmt.Errorf("select views: %w", err)
	}
	defer func() { _ = rows.Close() }()
	list := []SavedView{}
	for rows.Next() {
		var v SavedView
		var text string
		if err := rows.Scan(&v.ID, &v.AgentID, &v.Name, &v.Shared, &text); err != nil {
			return nil, fmt.Errorf("scan view: %w", err)
		}
		if err := json.Unmarshal([]byte(text), &v.Definition); err != nil {
			return nil, fmt.Errorf("view %s: %w", v.ID, err)
		}
		list = append(list, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("select views: %w", err)
	}
	return list, nil
}

func definition(v SavedView) string {
	text, err := json.Marshal(v.Definition)
	if err != nil {
		panic(err) // texts and numbers always encode
	}
	return string(text)
}
