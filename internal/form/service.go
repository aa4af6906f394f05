package form

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/mail"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Around are what forms ask of other features. All of it answers from memory.
type Around interface {
	// HasDepartment says whether the account has the department.
	HasDepartment(accountID, departmentID string) bool
	// ChosenForm returns the form that the department's settings name for a kind, or "".
	ChosenForm(accountID string, kind Kind, departmentID string) string
	// MailWords returns what a copy by e-mail says of account and department, and the account's language.
	MailWords(ctx context.Context, accountID, departmentID string) (account, department, language string)
}

// Mail queues a message inside a write; mail.Queue is it.
type Mail interface {
	Add(ctx context.Context, tx *store.Tx, accountID string, m mail.Message) error
}

// Config is what the service needs.
type Config struct {
	Store  *store.Store
	Log    *eventlog.Log
	Clock  clock.Clock
	IDs    ident.Generator
	Mail   Mail
	Around Around
}

// Service keeps the forms and what was answered. It is safe for concurrent use.
type Service struct {
	Config

	mu    sync.RWMutex
	known map[string]map[string]Form // by account, by id
}

// NewService returns a service that knows no form yet: register Heard with the log's Tail, start the log, then call Load.
func NewService(c Config) *Service {
	return &Service{Config: c, known: make(map[string]map[string]Form)}
}

// Load reads every form into memory. Call it after the log was started: what happens meanwhile waits and is applied on top.
func (s *Service) Load(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.known)
	if err := selectAll(ctx, s.Store.Read(), s.keep); err != nil {
		return fmt.Errorf("form: load: %w", err)
	}
	return nil
}

// Heard keeps the memory true to the log. Register it with the log's Tail.
func (s *Service) Heard(r eventlog.Record) {
	if r.Kind != SavedKind && r.Kind != RemovedKind {
		return
	}
	event, err := eventlog.Decode(r)
	if err != nil {
		return // Decode fails only for what this version did not write
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e := event.(type) {
	case Saved:
		if s.known[r.AccountID][e.Form.ID].Version <= e.Form.Version {
			s.keep(r.AccountID, e.Form)
		}
	case Removed:
		delete(s.known[r.AccountID], e.FormID)
	}
}

// keep puts a form into the memory; the caller holds the lock.
func (s *Service) keep(accountID string, f Form) {
	if s.known[accountID] == nil {
		s.known[accountID] = make(map[string]Form)
	}
	s.known[accountID][f.ID] = f
}

// List returns the account's forms by kind and name, the inactive ones too. The caller may keep the slice.
func (s *Service) List(accountID string) []Form {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := make([]Form, 0, len(s.known[accountID]))
	for _, f := range s.known[accountID] {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b Form) int {
		return cmp.Or(cmp.Compare(slices.Index(Kinds(), a.Kind), slices.Index(Kinds(), b.Kind)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// For returns the form of a kind that a department uses: the one its settings name, else its own, else the one for departments without
// their own. Of several the oldest serves. ok is false when there is none.
func (s *Service) For(accountID string, kind Kind, departmentID string) (f Form, ok bool) {
	chosen := s.Around.ChosenForm(accountID, kind, departmentID)
	s.mu.RLock()
	defer s.mu.RUnlock()
	if f, ok := s.known[accountID][chosen]; ok && f.Active && f.Kind == kind {
		return f, true
	}
	rank := func(f Form) int {
		switch {
		case !f.Active || f.Kind != kind:
			return 0
		case slices.Contains(f.DepartmentIDs, departmentID):
			return 2
		case len(f.DepartmentIDs) == 0:
			return 1
		}
		return 0
	}
	best := 0
	for _, one := range s.known[accountID] {
		if r := rank(one); r > best || r == best && r > 0 && one.ID < f.ID { // identifiers sort by the time they were made
			f, best = one, r
		}
	}
	return f, best > 0
}

// Create makes a form. Validation names the fields; name is `taken` when the account has it already, department_ids when another
// active form of the kind is for one of them.
func (s *Service) Create(ctx context.Context, accountID string, kind Kind, d Draft) (Form, error) {
	d, err := s.checked(accountID, kind, d)
	if err != nil {
		return Form{}, err
	}
	now := clock.Millis(s.Clock.Now())
	f := Form{ID: s.IDs.New(), Kind: kind, Version: 1, CreatedAt: now}.of(d, now)
	err = s.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		n, err := countOf(ctx, tx, accountID)
		if err != nil {
			return err
		}
		if n >= FormsMax {
			return fault.Invalid(fault.Field{Name: "name", Code: fault.FieldTooMany, Limit: FormsMax})
		}
		if err := s.alone(ctx, tx, accountID, f); err != nil {
			return err
		}
		if err := insert(ctx, tx, accountID, f); err != nil {
			return nameTaken(err)
		}
		return s.Log.Append(ctx, tx, accountID, Saved{Form: f})
	})
	if err != nil {
		return Form{}, err
	}
	return f, s.Log.Settle(ctx, accountID)
}

// of returns the form as the draft says.
func (f Form) of(d Draft, now int64) Form {
	f.Name, f.Active, f.Mandatory, f.DepartmentIDs = d.Name, d.Active, d.Mandatory, d.DepartmentIDs
	f.Intro, f.CopyTo, f.Fields, f.UpdatedAt = d.Intro, d.CopyTo, d.Fields, now
	return f
}

// Replace writes a form of the account anew, if it still has the version that was looked at. Answers keep what was asked of them.
// Errors: NotFound, StaleWrite, Validation as in Create.
func (s *Service) Replace(ctx context.Context, accountID, id string, version int64, d Draft) (Form, error) {
	var f Form
	err := s.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		old, err := selectOne(ctx, tx, accountID, id)
		if errors.Is(err, store.ErrNoRows) {
			return fault.New(fault.NotFound)
		} else if err != nil {
			return fmt.Errorf("form: replace: %w", err)
		}
		d, err := s.checked(accountID, old.Kind, d)
		if err != nil {
			return err
		}
		f = old.of(d, clock.Millis(s.Clock.Now()))
		f.Version++
		if err := s.alone(ctx, tx, accountID, f); err != nil {
			return err
		}
		if ok, err := update(ctx, tx, accountID, f, version); err != nil {
			return nameTaken(err)
		} else if !ok {
			return fault.New(fault.StaleWrite)
		}
		return s.Log.Append(ctx, tx, accountID, Saved{Form: f})
	})
	if err != nil {
		return Form{}, err
	}
	return f, s.Log.Settle(ctx, accountID)
}

// Remove deletes a form of the account; what was answered stays. NotFound.
func (s *Service) Remove(ctx context.Context, accountID, id string) error {
	err := s.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		if ok, err := remove(ctx, tx, accountID, id); err != nil {
			return err
		} else if !ok {
			return fault.New(fault.NotFound)
		}
		return s.Log.Append(ctx, tx, accountID, Removed{FormID: id})
	})
	if err != nil {
		return err
	}
	return s.Log.Settle(ctx, accountID)
}

func (s *Service) checked(accountID string, kind Kind, d Draft) (Draft, error) {
	return d.check(kind, func(id string) bool { return s.Around.HasDepartment(accountID, id) })
}

// alone refuses a second active form of a kind for the same department: nobody could say which of them is asked.
func (s *Service) alone(ctx context.Context, tx *store.Tx, accountID string, f Form) error {
	if !f.Active {
		return nil
	}
	others, err := selectKind(ctx, tx, accountID, f.Kind)
	if err != nil {
		return err
	}
	for _, o := range others {
		both := slices.ContainsFunc(f.DepartmentIDs, func(id string) bool { return slices.Contains(o.DepartmentIDs, id) })
		if o.ID != f.ID && o.Active && (both || len(f.DepartmentIDs) == 0 && len(o.DepartmentIDs) == 0) {
			return fault.Invalid(fault.Field{Name: "department_ids", Code: fault.FieldTaken})
		}
	}
	return nil
}

func nameTaken(err error) error {
	if store.IsUnique(err) {
		return fault.Invalid(fault.Field{Name: "name", Code: fault.FieldTaken})
	}
	return err
}
