package trigger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "id, account_id, name, description, active, priority, delay, once, repeats, time_zone, matching, conditions, action, " +
	"version, created_at, updated_at"

func insert(ctx context.Context, tx *store.Tx, t Trigger) error {
	conditions, action, err := encoded(t)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO triggers ("+columns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		t.ID, t.accountID, t.Name, t.Description, t.Active, t.Priority, t.Delay, string(t.Once), t.Repeats, t.TimeZone, string(t.Match),
		conditions, action, t.Version, t.CreatedAt, t.UpdatedAt)
	return err
}

// update writes t over its version before; false when that is no longer the stored one.
func update(ctx context.Context, tx *store.Tx, t Trigger, before int64) (bool, error) {
	conditions, action, err := encoded(t)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `UPDATE triggers SET name = ?, description = ?, active = ?, priority = ?, delay = ?, once = ?, repeats = ?,
		time_zone = ?, matching = ?, conditions = ?, action = ?, version = ?, updated_at = ? WHERE id = ? AND account_id = ? AND version = ?`,
		t.Name, t.Description, t.Active, t.Priority, t.Delay, string(t.Once), t.Repeats, t.TimeZone, string(t.Match), conditions, action,
		t.Version, t.UpdatedAt, t.ID, t.accountID, before)
	return n == 1, err
}

func encoded(t Trigger) (conditions, action string, err error) {
	c, err1 := json.Marshal(t.Conditions)
	a, err2 := json.Marshal(t.Action)
	return string(c), string(a), errors.Join(err1, err2)
}

func scan(row store.Row) (t Trigger, err error) {
	var conditions, action string
	err = row.Scan(&t.ID, &t.accountID, &t.Name, &t.Description, &t.Active, &t.Priority, &t.Delay, &t.Once, &t.Repeats, &t.TimeZone,
		&t.Match, &conditions, &action, &t.Version, &t.CreatedAt, &t.UpdatedAt)
	if err != nil {
		return t, err
	}
	return t, errors.Join(json.Unmarshal([]byte(conditions), &t.Conditions), json.Unmarshal([]byte(action), &t.Action))
}

// selectOne returns a rule of the account; ErrNoRows when there is none.
func selectOne(ctx context.Context, tx *store.Tx, accountID, id string) (Trigger, error) {
	return scan(tx.QueryRow(ctx, "SELECT "+columns+" FROM triggers WHERE id = ? AND account_id = ?", id, accountID))
}

func countOf(ctx context.Context, tx *store.Tx, accountID string) (n int, err error) {
	err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM triggers WHERE account_id = ?", accountID).Scan(&n)
	return n, err
}

// remove deletes a rule; false when the account has none of that id. Its runs may be a great many: Tidy forgets them.
func remove(ctx context.Context, tx *store.Tx, accountID, id string) (bool, error) {
	n, err := tx.Exec(ctx, "DELETE FROM triggers WHERE id = ? AND account_id = ?", id, accountID)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = tx.Exec(ctx, "INSERT INTO trigger_removals (trigger_id) VALUES (?) ON CONFLICT DO NOTHING", id)
	return true, err
}

// selectAll returns every rule of every account.
func selectAll(ctx context.Context, r *store.Reader) ([]Trigger, error) {
	rows, err := r.Query(ctx, "SELECT "+columns+" FROM triggers")
	if err != nil {
		return nil, fmt.Errorf("select triggers: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []Trigger
	for rows.Next() {
		t, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("scan trigger: %w", err)
		}
		list = append(list, t)
	}
	return list, rows.Err()
}

// selectCounters returns what was counted of an account's rules.
func selectCounters(ctx context.Context, r *store.Reader, accountID string) (map[string]Counters, error) {
	rows, err := r.Query(ctx, "SELECT id, evaluated, fired FROM triggers WHERE account_id = ?", accountID)
	if err != nil {
		return nil, fmt.Errorf("select counters: %w", err)
	}
	defer func() { _ = rows.Close() }()
	counters := make(map[string]Counters)
	for rows.Next() {
		var id string
		var c Counters
		if err := rows.Scan(&id, &c.Evaluated, &c.Fired); err != nil {
			return nil, fmt.Errorf("scan counters: %w", err)
		}
		counters[id] = c
	}
	return counters, rows.Err()
}

func addCounters(ctx context.Context, tx *store.Tx, id string, c Counters) error {
	_, err := tx.Exec(ctx, "UPDATE triggers SET evaluated = evaluated + ?, fired = fired + ? WHERE id = ?", c.Evaluated, c.Fired, id)
	return err
}

// runStore keeps whom rules that run once have reached.
type runStore struct{ store *store.Store }

var _ Runs = runStore{}

// Claim notes the run; false when it stands there already.
func (r runStore) Claim(ctx context.Context, triggerID, subject string, at int64) (first bool, err error) {
	err = r.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, "INSERT INTO trigger_runs (trigger_id, subject, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", triggerID, subject, at)
		first = n == 1
		return err
	})
	return first, err
}

// Release forgets a run.
func (r runStore) Release(ctx context.Context, triggerID, subject string) error {
	return r.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM trigger_runs WHERE trigger_id = ? AND subject = ?", triggerID, subject)
		return err
	})
}

const (
	oldRuns = "DELETE FROM trigger_runs WHERE (trigger_id, subject) IN " +
		"(SELECT trigger_id, subject FROM trigger_runs WHERE at < ? ORDER BY at LIMIT 250)" // store.BiteRows
	runsOfRemoved = "DELETE FROM trigger_runs WHERE trigger_id = ? AND subject IN " +
		"(SELECT subject FROM trigger_runs WHERE trigger_id = ? ORDER BY subject LIMIT 250)"
	selectRemoved = "SELECT trigger_id FROM trigger_removals"
	forgetRemoved = "DELETE FROM trigger_removals WHERE trigger_id = ?"
)

// forgetOld forgets the runs before a moment, bit by bit.
func (r runStore) forgetOld(ctx context.Context, before int64) error {
	_, err := r.store.Bites(ctx, func(ctx context.Context, tx *store.Tx) (int64, error) {
		return tx.Exec(ctx, oldRuns, before)
	})
	return err
}

// forgetRemoved forgets the runs of rules that were removed, bit by bit. A rule is crossed off when none is left.
func (r runStore) forgetRemoved(ctx context.Context) error {
	ids, err := r.removed(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		_, err := r.store.Bites(ctx, func(ctx context.Context, tx *store.Tx) (int64, error) {
			n, err := tx.Exec(ctx, runsOfRemoved, id, id)
			if err == nil && n == 0 {
				_, err = tx.Exec(ctx, forgetRemoved, id)
			}
			return n, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// removed returns the rules whose runs are still there.
func (r runStore) removed(ctx context.Context) (ids []string, err error) {
	rows, err := r.store.Read().Query(ctx, selectRemoved)
	if err != nil {
		return nil, fmt.Errorf("select removed triggers: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("scan a removed trigger: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
