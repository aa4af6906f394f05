package audit

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "sequence, at, agent_id, agent_name, action, subject_kind, subject_id, subject_name, details, address, seal"

// Each filter finds its page by an index of its own: account and filter are one key, since an index of the account alone would serve too,
// and walk the log for an agent who is seldom in it.
const (
	entriesOfAll    = "SELECT " + columns + " FROM audit_entries WHERE account_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?"
	entriesOfAgent  = "SELECT " + columns + " FROM audit_entries WHERE account_id || ' ' || agent_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?"
	entriesOfAction = "SELECT " + columns + " FROM audit_entries WHERE account_id || ' ' || action = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?"
	entriesOfBoth   = "SELECT " + columns + " FROM audit_entries WHERE account_id || ' ' || agent_id || ' ' || action = ? AND sequence < ? " +
		"ORDER BY sequence DESC LIMIT ?"
)

// head is the newest entry of an account.
type head struct {
	sequence int64
	seal     string
}

// takeHead returns the account's newest entry, the zero value before the first, and holds it until the commit, so that two entries
// never follow the same one.
func takeHead(ctx context.Context, tx *store.Tx, accountID string) (h head, err error) {
	if _, err := tx.Exec(ctx, "INSERT INTO audit_heads (account_id, sequence, seal) VALUES (?, 0, '') ON CONFLICT DO NOTHING", accountID); err != nil {
		return head{}, fmt.Errorf("make the head: %w", err)
	}
	err = tx.QueryRow(ctx, "UPDATE audit_heads SET sequence = sequence WHERE account_id = ? RETURNING sequence, seal", accountID).Scan(&h.sequence, &h.seal)
	if err != nil {
		return head{}, fmt.Errorf("take the head: %w", err)
	}
	return h, nil
}

// insert adds the entry and makes it the head.
func insert(ctx context.Context, tx *store.Tx, accountID string, e Entry) error {
	_, err := tx.Exec(ctx, "INSERT INTO audit_entries (account_id, "+columns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		accountID, e.Sequence, e.At, e.AgentID, e.AgentName, string(e.Action), e.Subject.Kind, e.Subject.ID, e.Subject.Name,
		e.stored, e.Address, e.Seal)
	if err != nil {
		return fmt.Errorf("insert an entry: %w", err)
	}
	if _, err := tx.Exec(ctx, "UPDATE audit_heads SET sequence = ?, seal = ? WHERE account_id = ?", e.Sequence, e.Seal, accountID); err != nil {
		return fmt.Errorf("move the head: %w", err)
	}
	return nil
}

func selectHead(ctx context.Context, r *store.Reader, accountID string) (h head, err error) {
	err = r.QueryRow(ctx, "SELECT sequence, seal FROM audit_heads WHERE account_id = ?", accountID).Scan(&h.sequence, &h.seal)
	if errors.Is(err, store.ErrNoRows) {
		return head{}, nil
	}
	if err != nil {
		return head{}, fmt.Errorf("select the head: %w", err)
	}
	return h, nil
}

func holdsSeal(ctx context.Context, r *store.Reader, seal string) (bool, error) {
	var n int
	if err := r.QueryRow(ctx, "SELECT count(*) FROM audit_entries WHERE seal = ?", seal).Scan(&n); err != nil {
		return false, fmt.Errorf("look for a seal: %w", err)
	}
	return n > 0, nil
}

// selectEntries returns up to limit entries that the filter lets through, the newest first.
func selectEntries(ctx context.Context, r *store.Reader, accountID string, f Filter, limit int) ([]Entry, error) {
	before := f.Before
	if before == 0 {
		before = math.MaxInt64
	}
	switch action := string(f.Action); {
	case f.AgentID != "" && action != "":
		return collect(r.Query(ctx, entriesOfBoth, accountID+" "+f.AgentID+" "+action, before, limit))
	case f.AgentID != "":
		return collect(r.Query(ctx, entriesOfAgent, accountID+" "+f.AgentID, before, limit))
	case action != "":
		return collect(r.Query(ctx, entriesOfAction, accountID+" "+action, before, limit))
	}
	return collect(r.Query(ctx, entriesOfAll, accountID, before, limit))
}

// selectAfter returns up to limit entries after a sequence, in order.
func selectAfter(ctx context.Context, r *store.Reader, accountID string, after int64, limit int) ([]Entry, error) {
	return collect(r.Query(ctx, "SELECT "+columns+" FROM audit_entries WHERE account_id = ? AND sequence > ? ORDER BY sequence LIMIT ?",
		accountID, after, limit))
}

func collect(rows *sql.Rows, err error) (_ []Entry, e error) {
	if err != nil {
		return nil, fmt.Errorf("select entries: %w", err)
	}
	defer func() { e = errors.Join(e, rows.Close()) }()
	entries := []Entry{}
	for rows.Next() {
		var one Entry
		if err := rows.Scan(&one.Sequence, &one.At, &one.AgentID, &one.AgentName, &one.Action, &one.Subject.Kind, &one.Subject.ID,
			&one.Subject.Name, &one.stored, &one.Address, &one.Seal); err != nil {
			return nil, fmt.Errorf("scan an entry: %w", err)
		}
		if err := json.Unmarshal([]byte(one.stored), &one.Details); err != nil {
			// What cannot be read is not what was written: Verify finds it by its seal.
			one.Details = map[string]string{"": one.stored}
		}
		entries = append(entries, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("select entries: %w", err)
	}
	return entries, nil
}
