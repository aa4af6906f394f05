package supervision

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

func saveGrant(ctx context.Context, tx *store.Tx, accountID string, g Grant) error {
	var texts [2]string
	for i, ids := range [][]string{g.DepartmentIDs, g.AgentIDs} {
		text, err := json.Marshal(ids)
		if err != nil {
			return fmt.Errorf("encode a grant: %w", err)
		}
		texts[i] = string(text)
	}
	_, err := tx.Exec(ctx, `INSERT INTO supervision_grants (agent_id, account_id, everything, department_ids, agent_ids) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (agent_id) DO UPDATE SET everything = excluded.everything, department_ids = excluded.department_ids,
			agent_ids = excluded.agent_ids`, g.AgentID, accountID, g.All, texts[0], texts[1])
	if err != nil {
		return fmt.Errorf("save a grant: %w", err)
	}
	return nil
}

// selectGrants calls fn for every grant of every account.
func selectGrants(ctx context.Context, r *store.Reader, fn func(accountID string, g Grant)) error {
	rows, err := r.Query(ctx, "SELECT agent_id, account_id, everything, department_ids, agent_ids FROM supervision_grants")
	if err != nil {
		return fmt.Errorf("select grants: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var g Grant
		var accountID, departments, agents string
		if err := rows.Scan(&g.AgentID, &accountID, &g.All, &departments, &agents); err != nil {
			return fmt.Errorf("scan a grant: %w", err)
		}
		for text, ids := range map[string]*[]string{departments: &g.DepartmentIDs, agents: &g.AgentIDs} {
			if err := json.Unmarshal([]byte(text), ids); err != nil {
				return fmt.Errorf("decode a grant: %w", err)
			}
		}
		fn(accountID, g)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("select grants: %w", err)
	}
	return nil
}
