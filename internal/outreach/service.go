package outreach

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/blob"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/site"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// Visits knows who is on the sites now; visitor.Live is it. It answers from memory.
type Visits interface {
	// Visit returns a visit, false when it is over or of another account.
	Visit(accountID, visitID string) (visitor.Detail, bool)
	// Online says whether the visitor has a page open, or had one within the grace time.
	Online(visitorID string) bool
}

// Sites knows the account's sites; site.Service is it. It answers from memory.
type Sites interface {
	ByID(id string) (site.Site, bool)
	List(accountID string) []site.Site
}

// Conversations tells who talks already. It answers from memory.
type Conversations interface {
	// OpenOf returns whether the visitor waits or is in conversation on the site; agentID is empty while waiting.
	OpenOf(ctx context.Context, accountID, visitorID, siteID string) (agentID string, open bool, err error)
}

// Departments knows the account's departments.
type Departments interface {
	// InAccount says, inside a write, whether every one of ids is a department of the account.
	InAccount(ctx context.Context, tx *store.Tx, accountID string, ids []string) (bool, error)
}

// Config is what the service needs.
type Config struct {
	Store         *store.Store
	Log           *eventlog.Log
	Bucket        *blob.Bucket
	Visits        Visits
	Sites         Sites
	Conversations Conversations
	Departments   Departments
	// Blocked says whether nobody at the address may be approached; nil: nobody is blocked.
	Blocked func(accountID string, address netip.Addr) bool
	// Push sends a frame to one page of the visitor, whichever node holds it: the visible one that was active last.
	Push   func(accountID, visitorID string, frame Frame)
	Clock  clock.Clock
	Idents ident.Generator
	Logger *slog.Logger
}

// Service prepares, sends and follows outreach. It is safe for concurrent use.
type Service struct {
	store         *store.Store
	log           *eventlog.Log
	bucket        *blob.Bucket
	visits        Visits
	sites         Sites
	conversations Conversations
	departments   Departments
	blocked       func(accountID string, address netip.Addr) bool
	push          func(accountID, visitorID string, frame Frame)
	clock         clock.Clock
	idents        ident.Generator
	logger        *slog.Logger

	decoding sync.Mutex

	mu        sync.RWMutex
	templates map[string]map[string]Template // by account, by id
	settings  map[string]Settings            // by account
	// pending is what waits for its answer, by delivery; latest is the newest delivery of each visitor who is there.
	pending map[string]Delivery
	latest  map[string]Delivery

	startedAt int64
	stop      context.CancelFunc
	working   sync.WaitGroup
}

// New returns a service that knows nothing yet: register Heard with the log's Tail, start the log, then call Load.
func New(c Config) *Service {
	s := &Service{
		store: c.Store, log: c.Log, bucket: c.Bucket, visits: c.Visits, sites: c.Sites, conversations: c.Conversations,
		departments: c.Departments, blocked: c.Blocked, push: c.Push, clock: c.Clock, idents: c.Idents, logger: c.Logger,
		templates: make(map[string]map[string]Template), settings: make(map[string]Settings),
		pending: make(map[string]Delivery), latest: make(map[string]Delivery),
	}
	if s.blocked == nil {
		s.blocked = func(string, netip.Addr) bool { return false }
	}
	s.startedAt = s.now()
	return s
}

func (s *Service) now() int64 { return clock.Millis(s.clock.Now()) }

// remembered is how far back Load reads deliveries: visits go on after a restart when their page was open within half an hour.
const remembered = time.Hour

// Load reads into memory what is kept there. Call it after the log was started: what happens meanwhile waits and is applied on top.
func (s *Service) Load(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.store.Read()
	if err := selectTemplates(ctx, r, s.keepTemplate); err != nil {
		return err
	}
	if err := selectSettings(ctx, r, func(accountID string, of Settings) { s.settings[accountID] = of }); err != nil {
		return err
	}
	pending, err := deliveries(ctx, r, selectPending)
	if err != nil {
		return fmt.Errorf("outreach: load: %w", err)
	}
	recent, err := deliveries(ctx, r, selectRecent, s.now()-remembered.Milliseconds())
	if err != nil {
		return fmt.Errorf("outreach: load: %w", err)
	}
	recent = append(recent, pending...)
	slices.SortFunc(recent, func(a, b Delivery) int { return cmp.Compare(a.QueuedAt, b.QueuedAt) })
	for _, d := range recent {
		s.keepDelivery(d)
	}
	return nil
}

// Heard keeps the memory true to the log. Register it with the log's Tail.
func (s *Service) Heard(r eventlog.Record) {
	switch r.Kind {
	case KindChanged, KindTemplateSaved, KindSettingsSaved:
	default:
		return
	}
	event, err := eventlog.Decode(r)
	if err != nil {
		return // Decode fails only for what this version did not write
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e := event.(type) {
	case Changed:
		d := e.Delivery
		d.accountID, d.content, d.agentName = r.AccountID, e.Content, e.AgentName
		s.keepDelivery(d)
	case TemplateSaved:
		s.keepTemplate(r.AccountID, e.Template)
	case SettingsSaved:
		s.settings[r.AccountID] = e.Settings
	}
}

// keepTemplate and keepDelivery put into the memory; the caller holds the lock.
func (s *Service) keepTemplate(accountID string, t Template) {
	if s.templates[accountID] == nil {
		s.templates[accountID] = make(map[string]Template)
	}
	s.templates[accountID][t.ID] = t
}

func (s *Service) keepDelivery(d Delivery) {
	if known, ok := s.latest[d.VisitorID]; !ok || known.ID == d.ID && known.Version < d.Version || known.ID != d.ID && known.QueuedAt <= d.QueuedAt {
		s.latest[d.VisitorID] = d
	}
	if known, ok := s.pending[d.ID]; ok && known.Version >= d.Version {
		return
	}
	if d.State.Pending() {
		s.pending[d.ID] = d
	} else {
		delete(s.pending, d.ID)
	}
}

// Latest returns the newest delivery to a visitor who is there, false when there was none in this visit.
func (s *Service) Latest(visitorID string) (Delivery, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	d, ok := s.latest[visitorID]
	return d, ok
}

// List returns the account's templates by kind and name, the inactive ones too.
func (s *Service) List(accountID string) []Template {
	s.mu.RLock()
	list := make([]Template, 0, len(s.templates[accountID]))
	for _, t := range s.templates[accountID] {
		list = append(list, t)
	}
	s.mu.RUnlock()
	slices.SortFunc(list, func(a, b Template) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// Template returns a template of the account, or false.
func (s *Service) Template(accountID, id string) (Template, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, ok := s.templates[accountID][id]
	return t, ok
}
