package routing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const offerColumns = "id, conversation_id, department_id, agent_id, decision_id, state, reason, offered_at, deadline_at, ended_at, answer_until"

const (
	openOffers = "SELECT " + offerColumns + " FROM offers WHERE account_id = ? AND ended_at IS NULL ORDER BY offered_at, id"
	dueAnswers = "SELECT " + offerColumns + " FROM offers WHERE account_id = ? AND answer_until <= ? ORDER BY answer_until, id"
	nextAnswer = "SELECT min(answer_until) FROM offers WHERE account_id = ? AND answer_until IS NOT NULL"
	offerByID  = "SELECT " + offerColumns + " FROM offers WHERE id = ? AND COALESCE(account_id, '') = ? AND agent_id = ?"
	offersOf   = "SELECT " + offerColumns + " FROM offers WHERE conversation_id = ? AND COALESCE(account_id, '') = ? " +
		"AND decision_id IN (SELECT value FROM json_each(?)) ORDER BY offered_at, id"
	insertOffer = "INSERT INTO offers (id, conversation_id, department_id, agent_id, decision_id, state, offered_at, deadline_at, account_id) " +
		"VALUES (?, ?, ?, ?, ?, 'offered', ?, ?, ?) ON CONFLICT DO NOTHING"
	lastMisses   = "SELECT conversation_id, agent_id FROM offers WHERE account_id = ? AND missed_last"
	clearMiss    = "UPDATE offers SET missed_last = FALSE WHERE account_id = ? AND conversation_id = ? AND missed_last"
	forgetMisses = "UPDATE offers SET missed_last = FALSE WHERE missed_last AND offered_at < ?"
	takenBack    = "SELECT count(*) FROM offers WHERE conversation_id = ? AND state = 'taken_back'"
	answered     = "UPDATE offers SET answer_until = NULL WHERE id = ?"
)

// The transitions, each naming the state it comes from.
const (
	acceptOffer   = "UPDATE offers SET state = 'accepted', ended_at = ?, answer_until = ? WHERE id = ? AND state = 'offered' RETURNING " + offerColumns
	missOffer     = "UPDATE offers SET state = 'missed', ended_at = ?, missed_last = TRUE WHERE id = ? AND state = 'offered' RETURNING " + offerColumns
	withdrawOffer = "UPDATE offers SET state = 'withdrawn', ended_at = ?, reason = ? WHERE id = ? AND state = 'offered' RETURNING " + offerColumns
	takeBackOffer = "UPDATE offers SET state = 'taken_back', ended_at = ?, answer_until = NULL, missed_last = TRUE " +
		"WHERE id = ? AND state = 'accepted' RETURNING " + offerColumns
)

const (
	turnsOf  = "SELECT agent_id, turn, skipped FROM roulette_turns WHERE account_id = ?"
	takeTurn = "INSERT INTO roulette_turns (agent_id, account_id, turn) VALUES (?, ?, ?) " +
		"ON CONFLICT (agent_id) DO UPDATE SET turn = excluded.turn"
	putTurn = "INSERT INTO roulette_turns (agent_id, account_id, turn, skipped) VALUES (?, ?, ?, ?) " +
		"ON CONFLICT (agent_id) DO UPDATE SET turn = excluded.turn, skipped = excluded.skipped"

	orderVersion  = "SELECT version FROM routing_orders WHERE account_id = ? AND department_id = ?"
	orderVersions = "SELECT department_id, version FROM routing_orders WHERE account_id = ?"
	// raiseOrder writes nothing when somebody else was quicker.
	raiseOrder = "INSERT INTO routing_orders (account_id, department_id, version) VALUES (?, ?, 1) " +
		"ON CONFLICT (account_id, department_id) DO UPDATE SET version = routing_orders.version + 1 WHERE routing_orders.version = ?"
)

// querier is a running write or the reader.
type querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) store.Row
}

type scanner interface{ Scan(dest ...any) error }

func scanOffer(row scanner) (Offer, error) {
	var o Offer
	err := row.Scan(&o.ID, &o.ConversationID, &o.DepartmentID, &o.AgentID, &o.DecisionID, &o.State, &o.Reason, &o.OfferedAt, &o.DeadlineAt,
		&o.EndedAt, &o.AnswerUntil)
	return o, err //nolint:wrapcheck // ErrNoRows is looked at by the caller, who says what was asked
}

// foundOffer turns the absence of a row into false.
func foundOffer(row scanner) (Offer, bool, error) {
	o, err := scanOffer(row)
	if errors.Is(err, store.ErrNoRows) {
		return Offer{}, false, nil
	}
	if err != nil {
		return Offer{}, false, fmt.Errorf("routing: an offer: %w", err)
	}
	return o, true, nil
}

// collect scans every row of a query.
func collect[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) (_ []T, err error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("routing: list: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	all := []T{}
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("routing: scan: %w", err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("routing: list: %w", err)
	}
	return all, nil
}

type turn struct {
	agentID string
	turn    int64
	skipped bool
}

// turns returns the roulette's turns by agent, and the greatest of them.
func turns(ctx context.Context, q querier, accountID string) (map[string]turn, int64, error) {
	list, err := collect(ctx, q, func(row scanner) (t turn, err error) {
		err = row.Scan(&t.agentID, &t.turn, &t.skipped)
		return t, err //nolint:wrapcheck // collect says what was asked
	}, turnsOf, accountID)
	if err != nil {
		return nil, 0, err
	}
	by := make(map[string]turn, len(list))
	var greatest int64
	for _, t := range list {
		by[t.agentID] = t
		greatest = max(greatest, t.turn)
	}
	return by, greatest, nil
}

// misses returns who let the last offer of a conversation pass, by conversation.
func misses(ctx context.Context, q querier, accountID string) (map[string]string, error) {
	list, err := collect(ctx, q, func(row scanner) (m [2]string, err error) {
		err = row.Scan(&m[0], &m[1])
		return m, err //nolint:wrapcheck // collect says what was asked
	}, lastMisses, accountID)
	if err != nil {
		return nil, err
	}
	by := make(map[string]string, len(list))
	for _, m := range list {
		by[m[0]] = m[1]
	}
	return by, nil
}

func orders(ctx context.Context, q querier, accountID string) (map[string]int64, error) {
	type row struct {
		id      string
		version int64
	}
	list, err := collect(ctx, q, func(s scanner) (r row, err error) {
		err = s.Scan(&r.id, &r.version)
		return r, err //nolint:wrapcheck // collect says what was asked
	}, orderVersions, accountID)
	if err != nil {
		return nil, err
	}
	by := make(map[string]int64, len(list))
	for _, r := range list {
		by[r.id] = r.version
	}
	return by, nil
}
