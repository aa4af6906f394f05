package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// IdempotencyKept is how long a repeated command finds its first answer.
const IdempotencyKept = 24 * time.Hour

const maxKey = 64

// Once runs fn at most once per account, actor and key, inside the caller's transaction: a repetition returns the first result and
// true. The result is kept as JSON with the change itself, so neither can exist without the other. A failing fn leaves no trace.
// The key has 1 to 64 printable ASCII characters; else IdempotencyKey. now is in milliseconds UTC.
func Once[T any](ctx context.Context, tx *store.Tx, accountID, actorID, key string, now int64, fn func() (T, error)) (T, bool, error) {
	var result T
	if !validKey(key) {
		return result, false, fault.New(fault.IdempotencyKey)
	}
	var stored string
	err := tx.QueryRow(ctx, "SELECT result FROM idempotency_keys WHERE account_id = ? AND actor_id = ? AND key = ?",
		accountID, actorID, key).Scan(&stored)
	switch {
	case err == nil:
		if err := json.Unmarshal([]byte(stored), &result); err != nil {
			return result, false, fmt.Errorf("api: a kept result: %w", err)
		}
		return result, true, nil
	case !errors.Is(err, store.ErrNoRows):
		return result, false, fmt.Errorf("api: idempotency: %w", err)
	}
	if result, err = fn(); err != nil {
		return result, false, err
	}
	data, err := json.Marshal(result)
	if err != nil {
		return result, false, fmt.Errorf("api: a result to keep: %w", err)
	}
	n, err := tx.Exec(ctx, `INSERT INTO idempotency_keys (account_id, actor_id, key, result, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, accountID, actorID, key, string(data), now)
	if err != nil {
		return result, false, fmt.Errorf("api: idempotency: %w", err)
	}
	if n == 0 {
		// Another node was quicker with the same key: what was done here is undone, the caller asks again.
		return result, false, fault.New(fault.StaleWrite)
	}
	return result, false, nil
}

func validKey(key string) bool {
	if key == "" || len(key) > maxKey {
		return false
	}
	for _, c := range []byte(key) {
		if c < 0x21 || c > 0x7e {
			return false
		}
	}
	return true
}

const forgetKeys = "DELETE FROM idempotency_keys WHERE (account_id, actor_id, key) IN " +
	"(SELECT account_id, actor_id, key FROM idempotency_keys WHERE created_at < ? ORDER BY created_at LIMIT 250)" // store.BiteRows, said here so that it can be planned for

// ForgetOnce deletes kept results older than before (milliseconds UTC), bit by bit.
func ForgetOnce(ctx context.Context, st *store.Store, before int64) error {
	_, err := st.Bites(ctx, func(ctx context.Context, tx *store.Tx) (int64, error) {
		return tx.Exec(ctx, forgetKeys, before)
	})
	if err != nil {
		return fmt.Errorf("api: forget idempotency keys: %w", err)
	}
	return nil
}
