package department

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Attendance tells who is there. It is asked on every list, so it answers from memory.
type Attendance interface {
	// DepartmentOnline says whether somebody able serves the department now.
	DepartmentOnline(departmentID string) bool
}

// Zones tells the time zone of an account. It is asked on every list, so it answers from memory.
type Zones func(accountID string) *time.Location

// Service creates, changes and lists departments. It is safe for concurrent use.
type Service struct {
	store      *store.Store
	log        *eventlog.Log
	clock      clock.Clock
	ids        ident.Generator
	attendance Attendance
	zones      Zones

	mu    sync.RWMutex
	known map[string]map[string]Department // by account, by id
	hours openings
}

// NewService returns a service that knows no department yet: register Heard with the log's Tail, start the log, then call Load.
func NewService(st *store.Store, log *eventlog.Log, c clock.Clock, ids ident.Generator, a Attendance, zones Zones) *Service {
	return &Service{
		store: st, log: log, clock: c, ids: ids, attendance: a, zones: zones, known: make(map[string]map[string]Department),
		hours: openings{known: make(map[string]opening), told: make(map[string]bool)},
	}
}

// Load reads every department into memory. Call it after the log was started: what happens meanwhile waits and is applied on top.
func (s *Service) Load(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.known)
	if err := selectAll(ctx, s.store.Read(), s.keep); err != nil {
		return fmt.Errorf("department: load: %w", err)
	}
	return nil
}

// Heard keeps the memory true to the log. Register it with the log's Tail.
func (s *Service) Heard(r eventlog.Record) {
	if r.Kind != SavedKind {
		return
	}
	event, err := eventlog.Decode(r)
	if err != nil {
		return // Decode fails only for what this version did not write
	}
	if saved, ok := event.(Saved); ok {
		s.mu.Lock()
		s.keep(r.AccountID, saved.Department)
		s.mu.Unlock()
	}
}

// keep puts a department into the memory; the caller holds the lock.
func (s *Service) keep(accountID string, d Department) {
	if d.Settings.Order == "" { // from an event that is older than settings
		d.Settings = DefaultSettings()
	}
	s.hours.forget(d.ID)
	if s.known[accountID] == nil {
		s.known[accountID] = make(map[string]Department)
	}
	s.known[accountID][d.ID] = d
}

// List returns the account's departments in their order, the inactive ones too. The caller may keep the slice.
func (s *Service) List(accountID string) []Department {
	s.mu.RLock()
	list := make([]Department, 0, len(s.known[accountID]))
	for _, d := range s.known[accountID] {
		list = append(list, d)
	}
	s.mu.RUnlock()
	for i := range list {
		list[i] = s.present(accountID, list[i])
	}
	slices.SortFunc(list, byPosition)
	return list
}

// Get returns a department of the account, or false.
func (s *Service) Get(accountID, id string) (Department, bool) {
	s.mu.RLock()
	d, ok := s.known[accountID][id]
	s.mu.RUnlock()
	if !ok {
		return Department{}, false
	}
	return s.present(accountID, d), true
}

// Settings returns how a department of the account works, from memory: it is asked by whatever has to be decided there. Of one
// that is not known, DefaultSettings.
func (s *Service) Settings(accountID, departmentID string) Settings {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if d, ok := s.known[accountID][departmentID]; ok {
		return d.Settings
	}
	return DefaultSettings()
}

// Online says whether any active department of the account is attended now: whether its sites are online.
func (s *Service) Online(accountID string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, d := range s.known[accountID] {
		if s.present(accountID, d).Online {
			return true
		}
	}
	return false
}

func (s *Service) present(accountID string, d Department) Department {
	d.Open, _ = s.opening(accountID, d)
	d.Online = d.Active && d.Open && s.attendance.DepartmentOnline(d.ID)
	return d
}

// Create makes a department. Validation names the fields; name is `taken` when the account has it already.
func (s *Service) Create(ctx context.Context, accountID string, n New) (Department, error) {
	n, err := n.Check()
	if err != nil {
		return Department{}, err
	}
	var d Department
	err = s.store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		var err error
		d, err = s.CreateIn(ctx, tx, accountID, n)
		return err
	})
	if err != nil {
		return Department{}, err
	}
	return d, s.log.Settle(ctx, accountID)
}

// CreateIn is Create inside a write that makes more than the department. n is what Check returned.
func (s *Service) CreateIn(ctx context.Context, tx *store.Tx, accountID string, n New) (Department, error) {
	d := Department{
		ID: s.ids.New(), Name: n.Name, DisplayName: n.DisplayName, Description: n.Description, Email: n.Email, Active: true,
		Settings: DefaultSettings(), Open: true,
	}
	if n.Position != nil {
		d.Position = *n.Position
	} else {
		last, err := lastPosition(ctx, tx, accountID)
		if err != nil {
			return Department{}, fmt.Errorf("department: create: %w", err)
		}
		d.Position = min(last+1, PositionMax)
	}
	if err := insert(ctx, tx, accountID, d, clock.Millis(s.clock.Now())); err != nil {
		return Department{}, nameTaken(err)
	}
	return d, s.log.Append(ctx, tx, accountID, Saved{Department: d})
}

// Update changes a department of the account and returns it. NotFound, StaleWrite (the settings were changed meanwhile), or
// Validation as in Create.
func (s *Service) Update(ctx context.Context, accountID, id string, c Changes) (Department, error) {
	if err := c.check(); err != nil {
		return Department{}, err
	}
	var d Department
	err := s.store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		var err error
		if d, err = update(ctx, tx, accountID, id, c); errors.Is(err, store.ErrNoRows) {
			return fault.New(fault.NotFound)
		} else if err != nil {
			return nameTaken(err)
		}
		if c.Settings != nil {
			if d.Settings, err = s.changeSettings(ctx, tx, accountID, id, *c.Settings); err != nil {
				return err
			}
		}
		d = s.present(accountID, d)
		return s.log.Append(ctx, tx, accountID, Saved{Department: d})
	})
	if err != nil {
		return Department{}, err
	}
	return d, s.log.Settle(ctx, accountID)
}

// changeSettings checks and stores changed settings: the whole is checked, since parts of it must fit each other.
func (s *Service) changeSettings(ctx context.Context, tx *store.Tx, accountID, id string, c SettingsChanges) (Settings, error) {
	before, err := storedSettings(ctx, tx, accountID, id)
	if err != nil {
		return Settings{}, fmt.Errorf("department: read settings: %w", err)
	}
	old, err := decodeSettings(before)
	if err != nil {
		return Settings{}, fmt.Errorf("department: %w", err)
	}
	var f field.Check
	settings := c.apply(old).check(&f, id)
	if to := settings.Overflow.DepartmentID; to != nil && f.Err() == nil {
		found, err := exists(ctx, tx, accountID, *to)
		if err != nil {
			return Settings{}, err
		}
		if !found {
			f.Refuse("settings.overflow.department_id", fault.FieldUnknown, nil)
		}
	}
	if err := f.Err(); err != nil {
		return Settings{}, err
	}
	stored, err := replaceSettings(ctx, tx, accountID, id, before, settings)
	if err != nil {
		return Settings{}, fmt.Errorf("department: save settings: %w", err)
	}
	if !stored {
		return Settings{}, fault.New(fault.StaleWrite)
	}
	return settings, nil
}

// InAccount says, inside a write, whether every one of ids is a department of the account.
func (s *Service) InAccount(ctx context.Context, tx *store.Tx, accountID string, ids []string) (bool, error) {
	for _, id := range ids {
		if found, err := exists(ctx, tx, accountID, id); err != nil || !found {
			return false, err
		}
	}
	return true, nil
}

func nameTaken(err error) error {
	if store.IsUnique(err) {
		return fault.Invalid(fault.Field{Name: "name", Code: fault.FieldTaken})
	}
	return fmt.Errorf("department: save: %w", err)
}
