package grid

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Limits of saved views.
const (
	ViewNameMax    = 60 // characters
	MaxSavedViews  = 100
	MaxViewColumns = 60
	// maxColumnName bounds the name of a column, in bytes.
	maxColumnName = 40
)

// SavedView is a view of the grid under a name: its agent's own, or shared with everybody of the account (P01).
type SavedView struct {
	ID      string `json:"id" format:"uuid"`
	AgentID string `json:"agent_id" format:"uuid" doc:"Whose it is: only this agent changes it."`
	Name    string `json:"name" maxLength:"60"`
	Shared  bool   `json:"shared"`
	Definition
}

// Definition is what a saved view shows.
type Definition struct {
	View View `json:"view"`
	// Columns are the panel's own names, in order; empty leaves the columns as they are.
	Columns []string `json:"columns" nullable:"false" maxItems:"60" doc:"Names of columns, in the panel's words and order; empty leaves them as they are."`
}

// SavedViews keeps them.
type SavedViews struct {
	store *store.Store
	log   *eventlog.Log
	clock clock.Clock
	ids   ident.Generator
}

// NewSavedViews returns the service over a store; log tells of changes.
func NewSavedViews(st *store.Store, log *eventlog.Log, c clock.Clock, ids ident.Generator) *SavedViews {
	return &SavedViews{store: st, log: log, clock: c, ids: ids}
}

// check returns the view as it will be stored. Errors: validation.
func (v SavedView) check() (SavedView, error) {
	if _, err := v.View.normalise(); err != nil {
		return v, err
	}
	var c field.Check
	v.Name = c.Line("name", v.Name, 1, ViewNameMax)
	if len(v.Columns) > MaxViewColumns {
		c.Refuse("columns", fault.FieldTooMany, MaxViewColumns)
	}
	for _, name := range v.Columns {
		if len(name) > maxColumnName {
			c.Refuse("columns", fault.FieldTooLong, maxColumnName)
			break
		}
	}
	if v.Columns == nil {
		v.Columns = []string{}
	}
	return v, c.Err()
}

// List returns an agent's own views and those shared in the account, by name.
func (s *SavedViews) List(ctx context.Context, accountID, agentID string) ([]SavedView, error) {
	return selectViews(ctx, s.store.Read(), accountID, agentID)
}

// Create keeps a view in an agent's name. Errors: validation; name is `too_many` when the agent has MaxSavedViews.
func (s *SavedViews) Create(ctx context.Context, accountID string, v SavedView) (SavedView, error) {
	v, err := v.check()
	if err != nil {
		return v, err
	}
	v.ID = s.ids.New()
	return v, s.store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		stored, err := insertView(ctx, tx, accountID, v, clock.Millis(s.clock.Now()))
		if err == nil && !stored {
			return fault.Invalid(fault.Field{Name: "name", Code: fault.FieldTooMany, Limit: MaxSavedViews})
		}
		if err != nil {
			return wrapped(err)
		}
		return s.log.Append(ctx, tx, accountID, changedView(v.ID, v.AgentID, v.Shared))
	})
}

// Save replaces a view of the agent's own. Errors: validation, not_found.
func (s *SavedViews) Save(ctx context.Context, accountID string, v SavedView) (SavedView, error) {
	v, err := v.check()
	if err != nil {
		return v, err
	}
	return v, s.store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		was, err := sharedBefore(ctx, tx, accountID, v.ID)
		if err == nil {
			err = found(updateView(ctx, tx, accountID, v))
		}
		if err != nil {
			return err
		}
		return s.log.Append(ctx, tx, accountID, changedView(v.ID, v.AgentID, v.Shared || was))
	})
}

// Remove forgets a view of the agent's own; whoever supervises everything may remove shared ones too. Errors: not_found.
func (s *SavedViews) Remove(ctx context.Context, accountID, agentID, id string, supervisor bool) error {
	return s.store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		was, err := sharedBefore(ctx, tx, accountID, id)
		if err == nil {
			err = found(deleteView(ctx, tx, accountID, agentID, id, supervisor))
		}
		if err != nil {
			return err
		}
		return s.log.Append(ctx, tx, accountID, changedView(id, agentID, was))
	})
}

func found(ok bool, err error) error {
	if err == nil && !ok {
		return fault.New(fault.NotFound)
	}
	return wrapped(err)
}

func wrapped(err error) error {
	if err != nil {
		return fmt.Errorf("grid: saved views: %w", err)
	}
	return nil
}
