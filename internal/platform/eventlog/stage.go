package eventlog

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// stage writes the events of a whole commit: one statement takes the positions of an account, few insert the rows.
type stage struct{ log *Log }

// Flush is part of store.Stage.
func (s *stage) Flush(ctx context.Context, tx *store.Tx, values []any) error {
	byAccount := map[string][]Record{}
	for _, v := range values {
		r := v.(*Record) //nolint:forcetypeassert // only Append leaves values
		byAccount[r.AccountID] = append(byAccount[r.AccountID], *r)
	}
	// In one order everywhere, so that two commits cannot each hold what the other one wants.
	for _, accountID := range slices.Sorted(maps.Keys(byAccount)) {
		records := byAccount[accountID]
		var last int64
		err := tx.QueryRow(ctx, "UPDATE account_counters SET position = position + ? WHERE account_id = ? RETURNING position",
			len(records), accountID).Scan(&last)
		if err != nil {
			return fmt.Errorf("eventlog: position of account %s: %w", accountID, err)
		}
		for i := range records {
			records[i].Position = last - int64(len(records)-1-i)
		}
		if err := insert(ctx, tx, records); err != nil {
			return err
		}
		tx.AfterCommit(func() { s.log.publish(accountID, records) })
	}
	return nil
}

// The rows of one statement, as constants: each text is one that stands in the source.
const (
	insertEvents = "INSERT INTO events (account_id, position, kind, audience, subject, payload, at) VALUES "

	rows1  = "(?, ?, ?, ?, ?, ?, ?)"
	rows4  = rows1 + ", " + rows1 + ", " + rows1 + ", " + rows1
	rows16 = rows4 + ", " + rows4 + ", " + rows4 + ", " + rows4
	rows64 = rows16 + ", " + rows16 + ", " + rows16 + ", " + rows16
)

// inserts are the statements for so many rows at once, the largest first: a handful of texts, kept prepared.
var inserts = []struct {
	rows int
	text string
}{{64, insertEvents + rows64}, {16, insertEvents + rows16}, {4, insertEvents + rows4}, {1, insertEvents + rows1}}

func insert(ctx context.Context, tx *store.Tx, records []Record) error {
	for _, statement := range inserts {
		for len(records) >= statement.rows {
			args := make([]any, 0, 7*statement.rows)
			for _, r := range records[:statement.rows] {
				args = append(args, r.AccountID, r.Position, r.Kind, r.Audience, r.Subject, string(r.Payload), r.At)
			}
			if _, err := tx.Exec(ctx, statement.text, args...); err != nil {
				return fmt.Errorf("eventlog: append: %w", err)
			}
			records = records[statement.rows:]
		}
	}
	return nil
}
