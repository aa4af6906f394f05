package agent

import (
	"context"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// credentials are what a sign-in is judged by.
type credentials struct {
	agentID, accountID, passwordHash string
	active                           bool
}

// selectCredentials returns the zero value for an unknown login.
func selectCredentials(ctx context.Context, r *store.Reader, login string) (c credentials, err error) {
	err = r.QueryRow(ctx, "SELECT id, account_id, password_hash, active FROM agents WHERE login = ?", login).
		Scan(&c.agentID, &c.accountID, &c.passwordHash, &c.active)
	if errors.Is(err, store.ErrNoRows) {
		return credentials{}, nil
	}
	if err != nil {
		return credentials{}, fmt.Errorf("select credentials: %w", err)
	}
	return c, nil
}

// touchAgent records an access of an active agent; false when the agent is not active any more. It also holds the agent's row, so that
// of two sign-ins at once the second sees the session of the first.
func touchAgent(ctx context.Context, tx *store.Tx, agentID string, at int64) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE agents SET last_access_at = ? WHERE id = ? AND active", at, agentID)
	if err != nil {
		return false, fmt.Errorf("record an access: %w", err)
	}
	return n == 1, nil
}

// insertDay records the first connection of a day; a later one of the day changes nothing.
func insertDay(ctx context.Context, tx *store.Tx, agentID, day string, at int64) error {
	_, err := tx.Exec(ctx, "INSERT INTO agent_days (agent_id, day, first_connection_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
		agentID, day, at)
	if err != nil {
		return fmt.Errorf("record the day: %w", err)
	}
	return nil
}

// endOpenSession ends the agent's open session, if there is one, and returns its id, empty when there was none or it had expired.
func endOpenSession(ctx context.Context, tx *store.Tx, agentID string, reason EndReason, at int64) (string, error) {
	var id string
	var ended EndReason
	err := tx.QueryRow(ctx, `UPDATE sessions SET ended_at = ?, end_reason = CASE WHEN expires_at <= ? THEN 'expired' ELSE ? END
		WHERE agent_id = ? AND ended_at IS NULL RETURNING id, end_reason`, at, at, string(reason), agentID).Scan(&id, &ended)
	if errors.Is(err, store.ErrNoRows) || (err == nil && ended == Expired) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("end the open session: %w", err)
	}
	return id, nil
}

// A session has a reason of its end exactly when it has an end. What concerns one session asks for the reason: asking for the end would
// imply the index of the open ones, which then is walked.

// endSession ends one session; false when it was over already.
func endSession(ctx context.Context, tx *store.Tx, id string, reason EndReason, at int64) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE sessions SET ended_at = ?, end_reason = ? WHERE id = ? AND end_reason IS NULL", at, string(reason), id)
	if err != nil {
		return false, fmt.Errorf("end a session: %w", err)
	}
	return n == 1, nil
}

func insertSession(ctx context.Context, tx *store.Tx, id, tokenHash, accountID, agentID string, at, expires int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO sessions (id, token_hash, account_id, agent_id, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?)`, id, tokenHash, accountID, agentID, at, expires)
	if err != nil {
		return fmt.Errorf("insert a session: %w", err)
	}
	return nil
}

// extendSession moves the end of a session that is neither over nor expired; false when it is.
func extendSession(ctx context.Context, tx *store.Tx, id string, at, expires int64) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE sessions SET expires_at = ? WHERE id = ? AND end_reason IS NULL AND expires_at > ?", expires, id, at)
	if err != nil {
		return false, fmt.Errorf("extend a session: %w", err)
	}
	return n == 1, nil
}

// sessionRow is a session with its agent, as a request needs it.
type sessionRow struct {
	id        string
	expiresAt int64
	endReason *string
	agent     Agent
}

// selectSession returns the session of a token; ErrNoRows when there is none.
func selectSession(ctx context.Context, r *store.Reader, tokenHash string) (sessionRow, error) {
	var s sessionRow
	err := r.QueryRow(ctx, "SELECT s.id, s.expires_at, s.end_reason, "+columns+` FROM sessions s JOIN agents a ON a.id = s.agent_id
		WHERE s.token_hash = ?`, tokenHash).Scan(append([]any{&s.id, &s.expiresAt, &s.endReason}, s.agent.fields()...)...)
	if err != nil {
		return sessionRow{}, err
	}
	s.agent.DepartmentIDs, err = selectDepartmentIDs(ctx, r, s.agent.ID)
	return s, err
}
