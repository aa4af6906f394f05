package routing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// DecisionRecord is a decision with everything it saw and why (B05).
type DecisionRecord struct {
	ID       string    `json:"id"`
	At       int64     `json:"at"`
	Event    Event     `json:"event"`
	Snapshot Situation `json:"snapshot"`
	Decision Decision  `json:"decision"`
	Reasons  Reasons   `json:"reasons"`
}

// record stores a decision and returns its identifier.
func (s *Service) record(
	ctx context.Context, tx *store.Tx, accountID string, e Event, snapshot Situation, d Decision, reasons Reasons,
) (string, error) {
	id := s.config.Idents.New()
	var texts [4]string
	for i, part := range []any{e, snapshot, d, reasons} {
		text, err := json.Marshal(part)
		if err != nil {
			return "", fmt.Errorf("routing: encode a decision: %w", err)
		}
		texts[i] = pack(text)
	}
	_, err := tx.Exec(ctx, "INSERT INTO routing_decisions (id, account_id, at, event, snapshot, decision, reasons, conversation_id, agent_id) "+
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", id, accountID, clock.Millis(s.config.Clock.Now()), texts[0], texts[1], texts[2], texts[3],
		d.ConversationID, d.AgentID)
	if err != nil {
		return "", fmt.Errorf("routing: store a decision: %w", err)
	}
	return id, nil
}

const decisionColumns = "id, at, event, snapshot, decision, reasons"

const (
	decisionsOf = "SELECT " + decisionColumns + " FROM routing_decisions WHERE conversation_id = ? AND COALESCE(account_id, '') = ? " +
		"AND id < ? ORDER BY id DESC LIMIT ?"
	decisionByID = "SELECT " + decisionColumns + " FROM routing_decisions WHERE id = ? AND COALESCE(account_id, '') = ?"
	// forgetDecisions keeps those of conversations for as long as events are kept. A bite is store.BiteRows, said so that it is planned for.
	forgetDecisions = "DELETE FROM routing_decisions WHERE id IN (SELECT id FROM routing_decisions WHERE at < ? ORDER BY at LIMIT 250)"
)

func scanRecord(row scanner) (DecisionRecord, error) {
	var r DecisionRecord
	var texts [4]string
	if err := row.Scan(&r.ID, &r.At, &texts[0], &texts[1], &texts[2], &texts[3]); err != nil {
		return DecisionRecord{}, err //nolint:wrapcheck // ErrNoRows is looked at by the caller
	}
	for i, part := range []any{&r.Event, &r.Snapshot, &r.Decision, &r.Reasons} {
		text, err := unpack(texts[i])
		if err == nil {
			err = json.Unmarshal(text, part)
		}
		if err != nil {
			return DecisionRecord{}, fmt.Errorf("routing: decode a decision: %w", err)
		}
	}
	return r, nil
}

// DecisionsPage is how many decisions are read at once: each may name hundreds of agents.
const DecisionsPage = 20

// newest is behind every identifier.
const newest = "z"

// Decisions returns the newest decisions about a conversation that were made before one of them, oldest first; before is empty for the
// newest of all. more says that there are older ones.
func (s *Service) Decisions(ctx context.Context, accountID, conversationID, before string) (page []DecisionRecord, more bool, err error) {
	if before == "" {
		before = newest
	}
	page, err = collect(ctx, s.config.Store.Read(), scanRecord, decisionsOf, conversationID, accountID, before, DecisionsPage+1)
	if err != nil {
		return nil, false, err
	}
	if more = len(page) > DecisionsPage; more {
		page = page[:DecisionsPage]
	}
	slices.Reverse(page)
	return page, more, nil
}

// offersFor returns what came of decisions about a conversation, oldest first.
func (s *Service) offersFor(ctx context.Context, accountID, conversationID string, decisions []DecisionRecord) ([]Offer, error) {
	ids := make([]string, 0, len(decisions))
	for _, d := range decisions {
		ids = append(ids, d.ID)
	}
	listed, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("routing: offers: %w", err)
	}
	return collect(ctx, s.config.Store.Read(), scanOffer, offersOf, conversationID, accountID, string(listed))
}

// decision returns one stored decision. Error: NotFound.
func (s *Service) decision(ctx context.Context, accountID, id string) (DecisionRecord, error) {
	r, err := scanRecord(s.config.Store.Read().QueryRow(ctx, decisionByID, id, accountID))
	if errors.Is(err, store.ErrNoRows) {
		return DecisionRecord{}, fault.New(fault.NotFound)
	}
	return r, err
}

// missesKept is for how long it is remembered who let the last offer of a conversation pass: nobody waits that long.
const missesKept = 24 * time.Hour

// Tidy forgets the decisions from before a moment, in milliseconds.
func (s *Service) Tidy(ctx context.Context, before int64) error {
	_, err := s.config.Store.Bites(ctx, func(ctx context.Context, tx *store.Tx) (int64, error) {
		return tx.Exec(ctx, forgetDecisions, before)
	})
	if err != nil {
		return fmt.Errorf("routing: tidy: decisions: %w", err)
	}
	err = s.config.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, forgetMisses, clock.Millis(s.config.Clock.Now().Add(-missesKept)))
		return err
	})
	if err != nil {
		return fmt.Errorf("routing: tidy: %w", err)
	}
	return nil
}
