package trigger

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Listed is a rule with what came of it.
type Listed struct {
	Trigger
	Counters Counters `json:"counters"`
}

// List returns the account's rules in the order in which they have their turn, with their counters.
func (s *Service) List(ctx context.Context, accountID string) ([]Listed, error) {
	s.writeCounters(ctx)
	counted, err := selectCounters(ctx, s.Store.Read(), accountID)
	if err != nil {
		return nil, fmt.Errorf("trigger: list: %w", err)
	}
	sent, err := s.Outreach.OfTriggers(ctx, accountID)
	if err != nil {
		return nil, fmt.Errorf("trigger: list: %w", err)
	}
	s.mu.RLock()
	rules := s.list(accountID)
	s.mu.RUnlock()
	list := make([]Listed, len(rules))
	for i, t := range rules {
		c := counted[t.ID]
		c.Shown, c.Accepted = sent[t.ID].Shown, sent[t.ID].Accepted
		list[i] = Listed{Trigger: t, Counters: c}
	}
	return list, nil
}

// Create makes a rule. Validation names the fields; name is `taken` when the account has it already.
func (s *Service) Create(ctx context.Context, accountID string, d Draft) (Trigger, error) {
	d, err := s.checked(ctx, accountID, d)
	if err != nil {
		return Trigger{}, err
	}
	now := clock.Millis(s.Clock.Now())
	t := Trigger{ID: s.IDs.New(), accountID: accountID, Version: 1, CreatedAt: now}.of(d, now)
	err = s.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		n, err := countOf(ctx, tx, accountID)
		if err != nil {
			return fmt.Errorf("trigger: create: %w", err)
		}
		if n >= TriggersMax {
			return fault.Invalid(fault.Field{Name: "name", Code: fault.FieldTooMany, Limit: TriggersMax})
		}
		if err := insert(ctx, tx, t); err != nil {
			return nameTaken(err)
		}
		return s.Log.Append(ctx, tx, accountID, Saved{Trigger: t})
	})
	if err != nil {
		return Trigger{}, err
	}
	return t, s.Log.Settle(ctx, accountID)
}

// of returns the rule as the draft says.
func (t Trigger) of(d Draft, now int64) Trigger {
	t.Name, t.Description, t.Active, t.Priority, t.Delay = d.Name, d.Description, d.Active, d.Priority, d.Delay
	t.Once, t.Repeats, t.TimeZone, t.Match = d.Once, d.Repeats, d.TimeZone, d.Match
	t.Conditions, t.Action, t.UpdatedAt = d.Conditions, d.Action, now
	return t
}

// Update changes a rule of the account and returns it. NotFound, StaleWrite, or Validation as in Create.
func (s *Service) Update(ctx context.Context, accountID, id string, c Changes) (Trigger, error) {
	var t Trigger
	err := s.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		old, err := selectOne(ctx, tx, accountID, id)
		if errors.Is(err, store.ErrNoRows) {
			return fault.New(fault.NotFound)
		} else if err != nil {
			return fmt.Errorf("trigger: update: %w", err)
		}
		if c.Version != nil && *c.Version != old.Version {
			return fault.New(fault.StaleWrite)
		}
		d := c.with(old.draft())
		if d.Active || c.Action != nil || c.Conditions != nil {
			d, err = s.checked(ctx, accountID, d)
		} else { // a rule whose template is gone can be switched off and renamed
			d, err = d.check()
		}
		if err != nil {
			return err
		}
		t = old.of(d, clock.Millis(s.Clock.Now()))
		t.Version++
		if ok, err := update(ctx, tx, t, old.Version); err != nil {
			return nameTaken(err)
		} else if !ok {
			return fault.New(fault.StaleWrite)
		}
		return s.Log.Append(ctx, tx, accountID, Saved{Trigger: t})
	})
	if err != nil {
		return Trigger{}, err
	}
	return t, s.Log.Settle(ctx, accountID)
}

// Remove deletes a rule of the account. NotFound.
func (s *Service) Remove(ctx context.Context, accountID, id string) error {
	err := s.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		if ok, err := remove(ctx, tx, accountID, id); err != nil {
			return fmt.Errorf("trigger: remove: %w", err)
		} else if !ok {
			return fault.New(fault.NotFound)
		}
		return s.Log.Append(ctx, tx, accountID, Removed{TriggerID: id})
	})
	if err != nil {
		return err
	}
	return s.Log.Settle(ctx, accountID)
}

// checked is Draft.check with what the account has.
func (s *Service) checked(ctx context.Context, accountID string, d Draft) (Draft, error) {
	d, err := d.check()
	if err != nil {
		return d, err
	}
	unknown := func(name string) error { return fault.Invalid(fault.Field{Name: name, Code: fault.FieldUnknown}) }
	for i, c := range d.Conditions {
		if c.Field == Site && slices.ContainsFunc(c.Values, func(id string) bool { return !s.HasSite(accountID, id) }) {
			return d, unknown(fmt.Sprintf("conditions.%d.values", i))
		}
	}
	switch d.Action.Kind {
	case Invite, Promotion:
		ok, err := s.Outreach.Prepared(ctx, accountID, d.Action.Kind, d.Action.TemplateID)
		if err != nil {
			return d, fmt.Errorf("trigger: template: %w", err)
		}
		if !ok {
			return d, unknown("action.template_id")
		}
	case Department:
		if !s.HasDepartment(accountID, d.Action.DepartmentID) {
			return d, unknown("action.department_id")
		}
	}
	return d, nil
}

func nameTaken(err error) error {
	if store.IsUnique(err) {
		return fault.Invalid(fault.Field{Name: "name", Code: fault.FieldTaken})
	}
	return fmt.Errorf("trigger: save: %w", err)
}
