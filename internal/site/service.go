package site

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Config is what a Service stands on.
type Config struct {
	Store *store.Store
	Log   *eventlog.Log
	Clock clock.Clock
	IDs   ident.Generator
	// NewKey makes the keys of new sites; the function NewKey when nil.
	NewKey func() string
	// Box derives the secrets of signed identities.
	Box *secret.Box
	// KeepImage keeps an account's picture and makes it public. Errors: FileEmpty, ImageTooLarge, ImageRefused.
	KeepImage func(ctx context.Context, accountID string, content io.Reader) (CallImage, error)
	// PublicURL is this installation's address as visitors reach it, for the install code; empty to take it from each request.
	PublicURL string
}

// Service creates, changes and finds sites. It is safe for concurrent use.
type Service struct {
	config Config

	mu    sync.RWMutex
	byKey map[string]Site
	byID  map[string]Site
}

// NewService returns a service that knows no site yet: register Heard with the log's Tail, start the log, then call Load.
func NewService(c Config) *Service {
	if c.NewKey == nil {
		c.NewKey = NewKey
	}
	return &Service{config: c, byKey: make(map[string]Site), byID: make(map[string]Site)}
}

// Load reads every site into memory. Call it after the log was started: what happens meanwhile waits and is applied on top.
func (s *Service) Load(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, err := selectAll(ctx, s.config.Store.Read())
	if err != nil {
		return fmt.Errorf("site: load: %w", err)
	}
	clear(s.byKey)
	clear(s.byID)
	for _, site := range list {
		s.keep(site)
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
		saved.Site.AccountID = r.AccountID
		s.mu.Lock()
		s.keep(saved.Site)
		s.mu.Unlock()
	}
}

// keep puts a site into the memory; the caller holds the lock.
func (s *Service) keep(site Site) {
	site = s.present(site)
	if before, ok := s.byID[site.ID]; ok {
		delete(s.byKey, before.LegacyKey)
	}
	s.byKey[site.Key] = site
	if site.LegacyKey != "" {
		s.byKey[site.LegacyKey] = site
	}
	s.byID[site.ID] = site
}

func (s *Service) present(site Site) Site { return s.at(site, "") }

// at writes the install code for the configured address, else for base, which a request came to.
func (s *Service) at(site Site, base string) Site {
	if site.Settings.ChatMode == "" { // from an event that is older than settings
		site.Settings = DefaultSettings()
	}
	site.InstallCode = InstallCode(cmp.Or(s.config.PublicURL, base), site.Key)
	return site
}

// ByKey returns the site a script names, the inactive ones too, or false. It answers from memory: keys that do not exist cost nothing.
func (s *Service) ByKey(_ context.Context, key string) (Site, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	site, ok := s.byKey[key]
	return site, ok
}

// ByID returns a site of any account, or false.
func (s *Service) ByID(id string) (Site, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	site, ok := s.byID[id]
	return site, ok
}

// List returns the account's sites by name. The caller may keep the slice.
func (s *Service) List(accountID string) []Site {
	s.mu.RLock()
	list := []Site{}
	for _, site := range s.byID {
		if site.AccountID == accountID {
			list = append(list, site)
		}
	}
	s.mu.RUnlock()
	slices.SortFunc(list, func(a, b Site) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// ListAt is List with the install codes for base, the address a request came to, when no public address is configured.
func (s *Service) ListAt(accountID, base string) []Site {
	list := s.List(accountID)
	for i := range list {
		list[i] = s.at(list[i], base)
	}
	return list
}

// Create makes a site with a fresh key. Validation names the fields.
func (s *Service) Create(ctx context.Context, accountID string, n New) (Site, error) {
	n, err := n.Check()
	if err != nil {
		return Site{}, err
	}
	var made Site
	err = s.config.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		var err error
		made, err = s.CreateIn(ctx, tx, accountID, n)
		return err
	})
	if err != nil {
		return Site{}, err
	}
	return made, s.config.Log.Settle(ctx, accountID)
}

// CreateIn is Create inside a write that makes more than the site. n is what Check returned.
func (s *Service) CreateIn(ctx context.Context, tx *store.Tx, accountID string, n New) (Site, error) {
	site := s.present(Site{
		ID: s.config.IDs.New(), AccountID: accountID, Name: n.Name, Key: s.config.NewKey(),
		AllowedDomains: n.AllowedDomains, Language: n.Language, Active: true, Settings: DefaultSettings(),
	})
	if err := insert(ctx, tx, site, clock.Millis(s.config.Clock.Now())); err != nil {
		return Site{}, fmt.Errorf("site: create: %w", err)
	}
	return site, s.config.Log.Append(ctx, tx, accountID, Saved{Site: site})
}

// Update changes a site of the account and returns it. NotFound, or Validation as in Create, a legacy key that another site has included.
func (s *Service) Update(ctx context.Context, accountID, id string, c Changes) (Site, error) {
	if err := c.check(); err != nil {
		return Site{}, err
	}
	var changed Site
	err := s.config.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		site, err := update(ctx, tx, accountID, id, c)
		if errors.Is(err, store.ErrNoRows) {
			return fault.New(fault.NotFound)
		}
		if store.IsUnique(err) {
			return fault.Invalid(fault.Field{Name: "legacy_key", Code: fault.FieldTaken})
		}
		if err != nil {
			return fmt.Errorf("site: update: %w", err)
		}
		changed = s.present(site)
		return s.config.Log.Append(ctx, tx, accountID, Saved{Site: changed})
	})
	if err != nil {
		return Site{}, err
	}
	return changed, s.config.Log.Settle(ctx, accountID)
}
