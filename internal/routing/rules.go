package routing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// ruleBook holds every rule in memory, by account.
type ruleBook struct {
	mu sync.RWMutex
	// known are the rules of an account in their order. A list that was handed out is never changed.
	known map[string][]Rule
}

// of returns the account's rules in their order. Nobody may change the list.
func (b *ruleBook) of(accountID string) []Rule {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.known[accountID]
}

func (b *ruleBook) change(accountID string, fn func([]Rule) []Rule) {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := fn(slices.Clone(b.known[accountID]))
	slices.SortFunc(list, inRuleOrder)
	b.known[accountID] = list
}

// Rules returns the account's rules in the order in which they are asked. Nobody may change the list.
func (s *Service) Rules(accountID string) []Rule { return s.rules.of(accountID) }

// LoadRules reads every rule into memory. Call it after the log was started.
func (s *Service) LoadRules(ctx context.Context) error {
	list, err := collect(ctx, s.config.Store.Read(), scanRule, allRules)
	if err != nil {
		return fmt.Errorf("routing: load the rules: %w", err)
	}
	known := make(map[string][]Rule)
	for _, r := range list {
		known[r.accountID] = append(known[r.accountID], r)
	}
	s.rules.mu.Lock()
	defer s.rules.mu.Unlock()
	s.rules.known = known
	return nil
}

// heardRules keeps the memory true to the log.
func (s *Service) heardRules(r eventlog.Record) {
	event, err := eventlog.Decode(r)
	if err != nil {
		s.config.Logger.Error("an event could not be read", "kind", r.Kind, "position", r.Position, "error", err)
		return
	}
	switch e := event.(type) {
	case RuleSaved:
		e.Rule.accountID, e.Rule.place = r.AccountID, e.Place
		s.rules.change(r.AccountID, func(list []Rule) []Rule {
			i := slices.IndexFunc(list, func(known Rule) bool { return known.ID == e.Rule.ID })
			switch {
			case i < 0:
				return append(list, e.Rule)
			case list[i].Version <= e.Rule.Version:
				list[i] = e.Rule
			}
			return list
		})
	case RuleRemoved:
		s.rules.change(r.AccountID, func(list []Rule) []Rule {
			return slices.DeleteFunc(list, func(known Rule) bool { return known.ID == e.RuleID })
		})
	case RulesOrdered:
		s.rules.change(r.AccountID, func(list []Rule) []Rule {
			for i := range list {
				if place := slices.Index(e.RuleIDs, list[i].ID); place >= 0 {
					list[i].place = int64(place)
				}
			}
			return list
		})
	}
}

// CreateRule makes a rule, the last one in the order. Validation names the fields; name is `taken` when the account has it already.
func (s *Service) CreateRule(ctx context.Context, accountID string, d RuleDraft) (Rule, error) {
	d, err := s.checkedRule(accountID, d)
	if err != nil {
		return Rule{}, err
	}
	now := clock.Millis(s.config.Clock.Now())
	r := Rule{ID: s.config.Idents.New(), Version: 1, CreatedAt: now, accountID: accountID}.of(d, now)
	err = s.writeRules(ctx, accountID, func(ctx context.Context, tx *store.Tx) (eventlog.Event, error) {
		var n int
		var last int64
		if err := tx.QueryRow(ctx, countRules, accountID).Scan(&n, &last); err != nil {
			return nil, fmt.Errorf("routing: create a rule: %w", err)
		}
		if n >= RulesMax {
			return nil, fault.Invalid(fault.Field{Name: "name", Code: fault.FieldTooMany, Limit: RulesMax})
		}
		r.place = last + 1
		return RuleSaved{Rule: r, Place: r.place}, r.insert(ctx, tx)
	})
	return r, err
}

// UpdateRule replaces a rule of the account, whose version must be the one given. NotFound, StaleWrite, or Validation as in CreateRule.
func (s *Service) UpdateRule(ctx context.Context, accountID, id string, version int64, d RuleDraft) (Rule, error) {
	d, err := s.checkedRule(accountID, d)
	if err != nil {
		return Rule{}, err
	}
	var r Rule
	err = s.writeRules(ctx, accountID, func(ctx context.Context, tx *store.Tx) (eventlog.Event, error) {
		old, err := scanRule(tx.QueryRow(ctx, ruleByID, id, accountID))
		if errors.Is(err, store.ErrNoRows) {
			return nil, fault.New(fault.NotFound)
		} else if err != nil {
			return nil, fmt.Errorf("routing: update a rule: %w", err)
		}
		r = old.of(d, clock.Millis(s.config.Clock.Now()))
		r.Version = version + 1
		ok, err := r.update(ctx, tx, version)
		if err == nil && !ok {
			err = fault.New(fault.StaleWrite)
		}
		return RuleSaved{Rule: r, Place: r.place}, err
	})
	return r, err
}

// RemoveRule deletes a rule of the account. NotFound.
func (s *Service) RemoveRule(ctx context.Context, accountID, id string) error {
	return s.writeRules(ctx, accountID, func(ctx context.Context, tx *store.Tx) (eventlog.Event, error) {
		n, err := tx.Exec(ctx, deleteRule, id, accountID)
		if err == nil && n == 0 {
			err = fault.New(fault.NotFound)
		}
		return RuleRemoved{RuleID: id}, err
	})
}

// OrderRules puts the account's rules into another order. The list must name each of them once: else StaleWrite, because somebody added or
// removed one meanwhile.
func (s *Service) OrderRules(ctx context.Context, accountID string, ids []string) error {
	return s.writeRules(ctx, accountID, func(ctx context.Context, tx *store.Tx) (eventlog.Event, error) {
		known, err := collect(ctx, tx, scanRule, rulesOf, accountID)
		if err != nil {
			return nil, err
		}
		unnamed := make(map[string]bool, len(known))
		for _, r := range known {
			unnamed[r.ID] = true
		}
		for place, id := range ids {
			if !unnamed[id] {
				return nil, fault.New(fault.StaleWrite)
			}
			delete(unnamed, id)
			if _, err := tx.Exec(ctx, placeRule, int64(place), id, accountID); err != nil {
				return nil, fmt.Errorf("routing: order the rules: %w", err)
			}
		}
		if len(unnamed) > 0 {
			return nil, fault.New(fault.StaleWrite)
		}
		return RulesOrdered{RuleIDs: ids}, nil
	})
}

// writeRules runs a change with its event, and waits until the memory knows it.
func (s *Service) writeRules(ctx context.Context, accountID string, fn func(context.Context, *store.Tx) (eventlog.Event, error)) error {
	err := s.config.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		event, err := fn(ctx, tx)
		switch {
		case store.IsUnique(err):
			return fault.Invalid(fault.Field{Name: "name", Code: fault.FieldTaken})
		case err != nil:
			return err
		}
		return s.config.Log.Append(ctx, tx, accountID, event)
	})
	if err != nil {
		return err
	}
	return s.config.Log.Settle(ctx, accountID) //nolint:wrapcheck // the request was given up
}

// of returns the rule as the draft says.
func (r Rule) of(d RuleDraft, now int64) Rule {
	r.Name, r.Active, r.Match, r.Conditions, r.Priority, r.Skills = d.Name, d.Active, d.Match, d.Conditions, d.Priority, d.Skills
	r.UpdatedAt = now
	return r
}

// checkedRule is RuleDraft.check with what the account has.
func (s *Service) checkedRule(accountID string, d RuleDraft) (RuleDraft, error) {
	d, err := d.check()
	if err != nil {
		return d, err
	}
	for i, c := range d.Conditions {
		has := map[Field]func(accountID, id string) bool{ByDepartment: s.config.HasDepartment, BySite: s.config.HasSite}[c.Field]
		if has != nil && slices.ContainsFunc(c.Values, func(id string) bool { return !has(accountID, id) }) {
			return d, fault.Invalid(fault.Field{Name: "conditions." + strconv.Itoa(i) + ".values", Code: fault.FieldUnknown})
		}
	}
	return d, nil
}
