package routing

import (
	"context"
	"fmt"
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// MaxArranged is how many conversations or agents one new order names.
const MaxArranged = 500

// roulette is the key of the agents' order among the departments' queue orders.
const roulette = ""

// RouletteAgent is an agent's part in the roulette.
type RouletteAgent struct {
	AgentID string `json:"agent_id" maxLength:"36"`
	Skipped bool   `json:"skipped" doc:"passed over until let in again"`
}

// ArrangeQueue puts waiting conversations of a department in another order (T066): they share the places they had. version is the one
// that the status window told. Errors: NotFound, Validation, StaleWrite.
func (s *Service) ArrangeQueue(ctx context.Context, accountID string, scope eventlog.Scope, departmentID string, version int64, ids []string) error {
	if !scope.Supervises(departmentID, "") {
		return fault.New(fault.NotFound)
	}
	if err := distinct("conversation_ids", ids); err != nil {
		return err
	}
	return s.config.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		if err := s.raise(ctx, tx, accountID, departmentID, version); err != nil {
			return err
		}
		if err := s.config.Conversations.Arrange(ctx, tx, accountID, departmentID, ids); err != nil {
			return fmt.Errorf("routing: %w", err)
		}
		return s.witnessed(ctx, tx, accountID, scope.AgentID, Deed{Kind: QueueReordered, DepartmentID: departmentID, Details: inOrder(ids)})
	})
}

// ArrangeAgents puts agents of the roulette in another order and says who is skipped: they share the turns they had, so that the others
// keep theirs. version is the one that the status window told. Errors: NotFound, Validation, StaleWrite.
func (s *Service) ArrangeAgents(ctx context.Context, accountID string, scope eventlog.Scope, version int64, agents []RouletteAgent) error {
	ids := make([]string, 0, len(agents))
	for _, a := range agents {
		known, ok := s.config.Presence.Agent(accountID, a.AgentID)
		if !ok || !supervises(scope, known) {
			return fault.New(fault.NotFound)
		}
		ids = append(ids, a.AgentID)
	}
	if err := distinct("agents", ids); err != nil {
		return err
	}
	return s.config.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		if err := s.raise(ctx, tx, accountID, roulette, version); err != nil {
			return err
		}
		known, _, err := turns(ctx, tx, accountID)
		if err != nil {
			return err
		}
		places := make([]int64, 0, len(ids))
		for _, id := range ids {
			places = append(places, known[id].turn)
		}
		slices.Sort(places)
		for i := len(places) - 2; i >= 0; i-- {
			places[i] = min(places[i], places[i+1]-1)
		}
		for i, a := range agents {
			if _, err := tx.Exec(ctx, putTurn, a.AgentID, accountID, places[i], a.Skipped); err != nil {
				return fmt.Errorf("routing: turns: %w", err)
			}
		}
		if err := s.config.Log.Append(ctx, tx, accountID, RouletteOrdered{Agents: agents}); err != nil {
			return fmt.Errorf("routing: turns: %w", err)
		}
		return s.witnessed(ctx, tx, accountID, scope.AgentID, rouletteDeeds(known, agents)...)
	})
}

func supervises(scope eventlog.Scope, a Present) bool {
	return slices.ContainsFunc(a.DepartmentIDs, func(id string) bool { return scope.Supervises(id, a.AgentID) })
}

// raise counts a new order, or refuses it when the list it was made from is no longer the newest.
func (s *Service) raise(ctx context.Context, tx *store.Tx, accountID, what string, version int64) error {
	n, err := tx.Exec(ctx, raiseOrder, accountID, what, version)
	if err != nil {
		return fmt.Errorf("routing: order: %w", err)
	}
	if n == 0 {
		return fault.New(fault.StaleWrite)
	}
	return nil
}

func distinct(field string, ids []string) error {
	if len(ids) == 0 {
		return fault.Invalid(fault.Field{Name: field, Code: fault.FieldRequired})
	}
	if len(ids) > MaxArranged {
		return fault.Invalid(fault.Field{Name: field, Code: fault.FieldTooMany, Limit: MaxArranged})
	}
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if seen[id] {
			return fault.Invalid(fault.Field{Name: field, Code: fault.FieldTaken})
		}
		seen[id] = true
	}
	return nil
}
