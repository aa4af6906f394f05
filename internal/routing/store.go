package routing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Record is a decision with everything it saw and why (B05).
type Record struct {
	ID       string   `json:"id"`
	At       int64    `json:"at"`
	Event    Event    `json:"event"`
	Snapshot Snapshot `json:"snapshot"`
	Decision Decision `json:"decision"`
	Reasons  Reasons  `json:"reasons"`
}

func (s *Service) record(
	ctx context.Context, tx *store.Tx, accountID string, e Event, snapshot Snapshot, d Decision, reasons Reasons,
) error {
	var texts [4]string
	for i, part := range []any{e, snapshot, d, reasons} {
		text, err := json.Marshal(part)
		if err != nil {
			return fmt.Errorf("routing: encode a decision: %w", err)
		}
		texts[i] = string(text)
	}
	_, err := tx.Exec(ctx, "INSERT INTO routing_decisions (id, account_id, at, event, snapshot, decision, reasons, conversation_id, agent_id) "+
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", s.config.Idents.New(), accountID, clock.Millis(s.config.Clock.Now()), texts[0], texts[1], texts[2], texts[3],
		d.ConversationID, d.AgentID)
	if err != nil {
		return fmt.Errorf("routing: store a decision: %w", err)
	}
	return nil
}

// Decisions returns the stored decisions about a conversation, oldest first.
func (s *Service) Decisions(ctx context.Context, accountID, conversationID string) (_ []Record, err error) {
	rows, err := s.config.Store.Read().Query(ctx, "SELECT id, at, event, snapshot, decision, reasons FROM routing_decisions "+
		"WHERE account_id = ? AND conversation_id = ? ORDER BY at, id", accountID, conversationID)
	if err != nil {
		return nil, fmt.Errorf("routing: decisions: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	records := []Record{}
	for rows.Next() {
		var r Record
		var texts [4]string
		if err := rows.Scan(&r.ID, &r.At, &texts[0], &texts[1], &texts[2], &texts[3]); err != nil {
			return nil, fmt.Errorf("routing: decisions: %w", err)
		}
		for i, part := range []any{&r.Event, &r.Snapshot, &r.Decision, &r.Reasons} {
			if err := json.Unmarshal([]byte(texts[i]), part); err != nil {
				return nil, fmt.Errorf("routing: decode a decision: %w", err)
			}
		}
		records = append(records, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("routing: decisions: %w", err)
	}
	return records, nil
}
