package outreach

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const (
	selectOutcomes = "SELECT trigger_id, shown, accepted FROM outreach_outcomes WHERE account_id = ?"
	countOutcome   = "INSERT INTO outreach_outcomes (account_id, trigger_id, shown, accepted) VALUES (?, ?, ?, ?) " +
		"ON CONFLICT (account_id, trigger_id) DO UPDATE SET shown = outreach_outcomes.shown + excluded.shown, " +
		"accepted = outreach_outcomes.accepted + excluded.accepted"
	selectInvited = "SELECT DISTINCT visitor_id FROM outreach_deliveries WHERE account_id = ? AND kind = 'invite' " +
		"AND visitor_id IN (SELECT value FROM json_each(?))"
)

// count adds to what became of what a trigger sent, in the write of the step; nothing of what agents send.
func (d Delivery) count(ctx context.Context, tx *store.Tx, more Sent) error {
	if d.TriggerID == nil || more == (Sent{}) {
		return nil
	}
	if _, err := tx.Exec(ctx, countOutcome, d.accountID, *d.TriggerID, more.Shown, more.Accepted); err != nil {
		return fmt.Errorf("outreach: count an outcome: %w", err)
	}
	return nil
}

// seenOrNot makes the step of an answer, for what was seen before or else for what was not, and counts what it means.
func seenOrNot(ctx context.Context, tx *store.Tx, step func(unseen bool) store.Row) (Delivery, bool, error) {
	for _, unseen := range []bool{true, false} {
		d, ok, err := found(step(unseen))
		if err != nil {
			return Delivery{}, false, err
		}
		if !ok {
			continue
		}
		var more Sent
		if unseen {
			more.Shown = 1
		}
		if d.State == Accepted || d.State == Clicked {
			more.Accepted = 1
		}
		return d, true, d.count(ctx, tx, more)
	}
	return Delivery{}, false, nil
}

func sentByTrigger(ctx context.Context, r *store.Reader, accountID string) (map[string]Sent, error) {
	rows, err := r.Query(ctx, selectOutcomes, accountID)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	sent := make(map[string]Sent)
	for rows.Next() {
		var id string
		var one Sent
		if err := rows.Scan(&id, &one.Shown, &one.Accepted); err != nil {
			return nil, err //nolint:wrapcheck // the caller says what it was for
		}
		sent[id] = one
	}
	return sent, rows.Err()
}

func invitedAmong(ctx context.Context, r *store.Reader, accountID string, visitorIDs []string) (ids []string, err error) {
	list, err := json.Marshal(visitorIDs)
	if err != nil {
		return nil, err //nolint:wrapcheck // the caller says what it was for
	}
	rows, err := r.Query(ctx, selectInvited, accountID, string(list))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err //nolint:wrapcheck // the caller says what it was for
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
