package audit

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Service adds to the log, reads and verifies it. It is safe for concurrent use.
type Service struct {
	store *store.Store
	box   *secret.Box
	clock clock.Clock
	// name returns what an agent is called.
	name    func(accountID, agentID string) string
	witness *Witness
}

// NewService returns a service that seals with the box, and tells the witness.
func NewService(st *store.Store, box *secret.Box, c clock.Clock, name func(accountID, agentID string) string, w *Witness) *Service {
	return &Service{store: st, box: box, clock: c, name: name, witness: w}
}

// Record adds an entry, inside the write of what it tells of: either both are there or neither. The time, the agent's name and, in a
// request, its address are filled in.
func (s *Service) Record(ctx context.Context, tx *store.Tx, accountID string, e Entry) error {
	previous, err := takeHead(ctx, tx, accountID)
	if err != nil {
		return fmt.Errorf("audit: record: %w", err)
	}
	e.Sequence, e.At, e.AgentName = previous.sequence+1, clock.Millis(s.clock.Now()), s.name(accountID, e.AgentID)
	if addr := api.ClientAddr(ctx); addr.IsValid() {
		e.Address = addr.String()
	}
	if e.Details == nil {
		e.Details = map[string]string{}
	}
	stored, err := json.Marshal(e.Details)
	if err != nil {
		return fmt.Errorf("audit: encode details: %w", err)
	}
	e.stored = string(stored)
	if e.Seal, err = e.seal(s.box, accountID, previous.seal); err != nil {
		return err
	}
	if err := insert(ctx, tx, accountID, e); err != nil {
		return fmt.Errorf("audit: record: %w", err)
	}
	tx.AfterCommit(func() { s.witness.note(accountID, e) })
	return nil
}

// Filter says which entries to list. Empty fields let everything through.
type Filter struct {
	AgentID string
	Action  Action
	// Before is the sequence to go on from; 0 for the newest.
	Before int64
	Limit  int
}

// Page is a page of entries, the newest first.
type Page struct {
	Entries []Entry `json:"entries" nullable:"false" doc:"The newest first."`
	More    bool    `json:"more"`
}

// List returns a page of the account's log.
func (s *Service) List(ctx context.Context, accountID string, f Filter) (Page, error) {
	entries, err := selectEntries(ctx, s.store.Read(), accountID, f, f.Limit+1)
	if err != nil {
		return Page{}, fmt.Errorf("audit: list: %w", err)
	}
	if len(entries) > f.Limit {
		return Page{Entries: entries[:f.Limit], More: true}, nil
	}
	return Page{Entries: entries}, nil
}
