package jobs

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const (
	insertJob = "INSERT INTO jobs (id, account_id, kind, payload, state, due_at, created_at) VALUES (?, ?, ?, ?, 'pending', ?, ?)"
	dueJobs   = "SELECT id, account_id, kind, payload, attempts, due_at FROM jobs WHERE state = 'pending' AND due_at <= ? ORDER BY due_at, id LIMIT ?"
	nextJob   = "SELECT due_at FROM jobs WHERE state = 'pending' ORDER BY due_at, id LIMIT 1"
	takeJob   = "UPDATE jobs SET due_at = ?, attempts = attempts + 1 WHERE id = ? AND state = 'pending' AND due_at = ?"
	laterJob  = "UPDATE jobs SET due_at = ?, error = ? WHERE id = ? AND state = 'pending'"
	failedJob = "UPDATE jobs SET state = 'failed', due_at = ?, error = ? WHERE id = ? AND state = 'pending'"
	doneJob   = "DELETE FROM jobs WHERE id = ?"
	oldJobs   = "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE state = 'failed' AND due_at < ? ORDER BY due_at, id LIMIT ?)"
	oldJob    = "SELECT id FROM jobs WHERE state = 'failed' AND due_at < ? ORDER BY due_at, id LIMIT 1"
)

// errorMax bounds the reason that is kept, in bytes.
const errorMax = 500

func insert(ctx context.Context, tx *store.Tx, id, accountID, kind, payload string, at int64) error {
	if _, err := tx.Exec(ctx, insertJob, id, accountID, kind, payload, at, at); err != nil {
		return fmt.Errorf("jobs: add %s: %w", kind, err)
	}
	return nil
}

func selectDue(ctx context.Context, r *store.Reader, now int64, most int) (_ []Job, err error) {
	rows, err := r.Query(ctx, dueJobs, now, most)
	if err != nil {
		return nil, fmt.Errorf("jobs: look: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var list []Job
	for rows.Next() {
		var j Job
		var payload string
		if err := rows.Scan(&j.ID, &j.AccountID, &j.Kind, &payload, &j.Attempt, &j.dueAt); err != nil {
			return nil, fmt.Errorf("jobs: look: %w", err)
		}
		j.Payload = []byte(payload)
		list = append(list, j)
	}
	return list, rows.Err() //nolint:wrapcheck // the caller logs what it was doing
}

func selectNext(ctx context.Context, r *store.Reader) (at int64, ok bool, err error) {
	err = r.QueryRow(ctx, nextJob).Scan(&at)
	if errors.Is(err, store.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("jobs: next: %w", err)
	}
	return at, true, nil
}

// takeDue moves a job's due time ahead, if nobody else did.
func takeDue(ctx context.Context, tx *store.Tx, id string, dueAt, until int64) (bool, error) {
	n, err := tx.Exec(ctx, takeJob, until, id, dueAt)
	return n == 1, err
}

func postpone(ctx context.Context, tx *store.Tx, id, reason string, until int64) error {
	_, err := tx.Exec(ctx, laterJob, until, cut(reason), id)
	return err
}

func giveUp(ctx context.Context, tx *store.Tx, id, reason string, at int64) error {
	_, err := tx.Exec(ctx, failedJob, at, cut(reason), id)
	return err
}

func deleteDone(ctx context.Context, tx *store.Tx, id string) error {
	_, err := tx.Exec(ctx, doneJob, id)
	return err
}

func anyFailed(ctx context.Context, r *store.Reader, before int64) (bool, error) {
	var id string
	err := r.QueryRow(ctx, oldJob, before).Scan(&id)
	if errors.Is(err, store.ErrNoRows) {
		return false, nil
	}
	return err == nil, err //nolint:wrapcheck // the caller logs what it was doing
}

// deleteFailed deletes the oldest of what failed, one bite of it.
func deleteFailed(ctx context.Context, tx *store.Tx, before int64) error {
	_, err := tx.Exec(ctx, oldJobs, before, store.BiteRows)
	return err
}

func cut(reason string) string {
	if len(reason) > errorMax {
		reason = strings.ToValidUTF8(reason[:errorMax], "")
	}
	return reason
}
