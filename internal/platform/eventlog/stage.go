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

func insert(ctx context.Context, tx *store.Tx, records []Record) error {
	// The largest statements first: a handful of texts, kept prepared.
	for _, rows := range []int{64, 16, 4, 1} {
		for len(records) >= rows {
			if err := insertRows(ctx, tx, records[:rows]); err != nil {
				return fmt.Errorf("eventlog: append: %w", err)
			}
			records = records[rows:]
		}
	}
	return nil
}

// insertRows inserts 1, 4, 16 or 64 records.
func insertRows(ctx context.Context, tx *store.Tx, records []Record) (err error) {
	args := make([]any, 0, 7*len(records))
	for _, r := range records {
		args = append(args, r.AccountID, r.Position, r.Kind, r.Audience, r.Subject, string(r.Payload), r.At)
	}
	switch len(records) {
	case 64:
		_, err = tx.Exec(ctx, insertEvents+rows64, args...)
	case 16:
		_, err = tx.Exec(ctx, insertEvents+rows16, args...)
	case 4:
		_, err = tx.Exec(ctx, insertEvents+rows4, args...)
	default:
		_, err = tx.Exec(ctx, insertEvents+rows1, args...)
	}
	return err //nolint:wrapcheck // insert says what it was for
}
