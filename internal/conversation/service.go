package conversation

import (
	"cmp"
	"context"
	"log/slog"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"

	"github.com/aceno-chat/aceno/internal/file"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/site"
)

// Agents names agents. It answers from memory: it is asked for every message.
type Agents interface {
	// AgentName returns the name visitors are told, or "" for an unknown agent.
	AgentName(ctx context.Context, accountID, agentID string) string
	// AgentPhotos returns the addresses of the photos visitors are shown, "" where there is none.
	AgentPhotos(ctx context.Context, accountID, agentID string) (square, upright string)
}

// Department is a department as visitors choose it.
type Department struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	// Online says that it is open and somebody able is present; to its visitor also that nothing else stands in the way.
	Online bool `json:"online"`
	// Closed says that it is outside its hours.
	Closed bool `json:"closed" doc:"Outside its hours."`
	// OpensAt is when its hours begin again; nil while it is open, and when nobody knows.
	OpensAt *int64 `json:"opens_at" doc:"When a closed one opens again, milliseconds UTC."`
	// IdentityRequired says that only visitors whose identity the site has signed may talk to it (T186).
	IdentityRequired bool `json:"identity_required" doc:"This visitor would have to be signed in to the site."`
}

// Departments knows the departments of an account. It answers from memory.
type Departments interface {
	// Attending returns the active departments in their order.
	Attending(ctx context.Context, accountID string) ([]Department, error)
	// DepartmentName returns the name visitors are told, of inactive departments too, or "" for an unknown one.
	DepartmentName(ctx context.Context, accountID, departmentID string) string
}

// Visits knows who is on the sites now.
type Visits interface {
	// VisitDetails returns what is known of a visit, false when it is over.
	VisitDetails(accountID, visitID string) (Details, bool)
	// VisitorOnline says whether the visitor has a page open, or had one within the grace time.
	VisitorOnline(accountID, visitorID string) bool
}

// Sites knows the sites; site.Service is it. It answers from memory.
type Sites interface {
	ByID(id string) (site.Site, bool)
}

// Calendar knows the days of an account.
type Calendar interface {
	// Day returns the day now falls on in the account's time zone: its year, and its first instant.
	Day(ctx context.Context, accountID string, now time.Time) (year int, start time.Time, err error)
}

// Blocks knows the blocked addresses; blocklist.Service is it.
type Blocks interface {
	// Blocked says whether visitors at the address may not chat now.
	Blocked(accountID string, addr netip.Addr) bool
}

// Files keeps the files of conversations; file.Service is it.
type Files interface {
	Save(ctx context.Context, accountID, conversationID string, audience file.Audience, u file.Upload) (file.File, error)
	Insert(ctx context.Context, tx *store.Tx, f file.File) error
	// Withdraw takes a file from the visitor; agents keep it.
	Withdraw(ctx context.Context, tx *store.Tx, id string) error
	Discard(ctx context.Context, f file.File)
	OfConversation(ctx context.Context, conversationID string) (map[string]file.File, error)
	VisitorURL(id string, audience file.Audience) string
}

// Invites knows what visitors were sent.
type Invites interface {
	// Inviter returns the agent whose invite a visitor accepted, empty when no agent sent it; false for anything else.
	Inviter(ctx context.Context, accountID, visitorID, outreachID string) (agentID string, ok bool, err error)
}

// Config is what the service needs.
type Config struct {
	Store       *store.Store
	Log         *eventlog.Log
	Files       Files
	Agents      Agents
	Departments Departments
	Visits      Visits
	Sites       Sites
	Calendar    Calendar
	// Peers may be nil: then there is nobody to transfer to.
	Peers Peers
	// Times tells a department's times; nil: they are all off.
	Times func(accountID, departmentID string) Times
	// Blocks may be nil: then nobody is blocked.
	Blocks Blocks
	// Invites may be nil: then nobody is invited.
	Invites Invites
	// Forms may be nil: then nothing is asked beside name and e-mail.
	Forms  Forms
	Clock  clock.Clock
	Idents ident.Generator
	Logger *slog.Logger
	// Witness may be nil: then nothing is written down.
	Witness Witness
	// Delay tells how late the database is with what it has to write for an account; nil: the store is asked.
	Delay func(ctx context.Context, accountID string) time.Duration
	// Mail says that the installation sends mail, so that visitors are offered their transcript.
	Mail bool
}

// Service runs the conversations. It is safe for concurrent use.
type Service struct {
	store       *store.Store
	log         *eventlog.Log
	files       Files
	agents      Agents
	peers       Peers
	times       func(accountID, departmentID string) Times
	departments Departments
	visits      Visits
	sites       Sites
	calendar    Calendar
	blocks      Blocks
	invites     Invites
	forms       Forms
	clock       clock.Clock
	idents      ident.Generator
	logger      *slog.Logger
	mail        bool
	witness     Witness

	board      *Board
	seen       *seenMarks
	departures *departures
	forecasts  *forecasts
	alarms     *alarms
	// began is when Start was called.
	began      time.Time
	levels     levels
	turnedAway atomic.Int64
	delay      func(ctx context.Context, accountID string) time.Duration
	onTyping   func(Typing)
	onTriage   func(accountID string, n Newcomer) Triage
}

// New returns a service. Register its Heard with the log's Tail before the log starts.
func New(c Config) *Service {
	s := &Service{
		store: c.Store, log: c.Log, files: c.Files, agents: c.Agents, departments: c.Departments, visits: c.Visits, sites: c.Sites,
		calendar: c.Calendar, blocks: c.Blocks, invites: c.Invites, forms: c.Forms, clock: c.Clock, idents: c.Idents, logger: c.Logger, mail: c.Mail,
		peers: c.Peers, times: c.Times, witness: c.Witness,
		onTyping: func(Typing) {},
	}
	if s.delay = c.Delay; s.delay == nil {
		s.delay = func(ctx context.Context, accountID string) time.Duration {
			return c.Store.Delay(store.InLane(ctx, accountID))
		}
	}
	s.levels.accounts = make(map[string]accountLevels)
	s.board = newBoard(c.Store, c.Calendar, c.Clock, c.Logger)
	s.forecasts = &forecasts{
		store: c.Store, calendar: c.Calendar, clock: c.Clock, logger: c.Logger, accounts: make(map[string]*accountForecast),
	}
	s.seen = newSeenMarks(s.writeSeen)
	s.alarms = newAlarms(s.ring, c.Clock, c.Logger)
	s.departures = newDepartures(s.leave, s.alarms, c.Clock)
	return s
}

// Start begins to watch for visitors who left and for the ends of the accounts' days. Stop ends that, and writes the seen
// marks that wait.
func (s *Service) Start(ctx context.Context) {
	s.began = s.clock.Now()
	s.alarms.set(alarm{kind: ofAllTimes}, s.began)
	s.alarms.set(alarm{kind: ofAllGone}, s.began.Add(sweepAfter))
	s.alarms.start(ctx)
	s.board.start()
}

// Stop ends what Start began and waits for it.
func (s *Service) Stop() {
	s.alarms.stop()
	s.board.stop()
	s.seen.stop()
}

// Board returns the open conversations and today's counters in memory.
func (s *Service) Board() *Board { return s.board }

func (s *Service) now() int64 { return clock.Millis(s.clock.Now()) }

// write runs fn in the account's lane, where everything that locks the account's rows belongs.
func (s *Service) write(ctx context.Context, accountID string, fn func(context.Context, *store.Tx) error) error {
	return s.store.Write(store.InLane(ctx, accountID), fn)
}

// names looks up what the visitor is told of the conversation's identifiers.
func (s *Service) names(ctx context.Context, c Conversation) Names {
	n := Names{Department: s.departments.DepartmentName(ctx, c.accountID, c.DepartmentID)}
	if c.AgentID != nil {
		n.Agent = s.agents.AgentName(ctx, c.accountID, *c.AgentID)
		n.AgentPhoto, n.AgentPortrait = s.agents.AgentPhotos(ctx, c.accountID, *c.AgentID)
	}
	return n
}

// Get returns a conversation that the agent may see. Error: NotFound.
func (s *Service) Get(ctx context.Context, a AgentActor, id string) (Conversation, error) {
	c, ok, err := found(s.store.Read().QueryRow(ctx, selectByID, id, a.AccountID))
	if err != nil {
		return Conversation{}, err
	}
	if !ok || !a.sees(c) {
		return Conversation{}, fault.New(fault.NotFound)
	}
	return c, nil
}

// OpenIn returns the open conversations that in lets through, in the order in which they came, at most limit.
func (s *Service) OpenIn(ctx context.Context, accountID string, in func(departmentID, agentID string) bool, limit int) ([]Conversation, error) {
	all, err := list(ctx, s.store.Read(), openOfAccount, accountID)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(c Conversation) bool { return !in(c.DepartmentID, c.Agent()) })
	return all[:min(limit, len(all))], nil
}

// Mine returns the agent's conversations whose tabs are open: the active ones, the ended ones not yet closed, and those the agent
// takes part in and has not left; of either of the latter two the newest MaxTabs.
func (s *Service) Mine(ctx context.Context, accountID, agentID string) ([]Conversation, error) {
	held, err := list(ctx, s.store.Read(), heldBy, agentID, accountID)
	if err != nil {
		return nil, err
	}
	unclosed, err := list(ctx, s.store.Read(), unclosedOf, agentID, accountID, MaxTabs)
	if err != nil {
		return nil, err
	}
	own := append(append([]Conversation{}, held...), unclosed...) // a list, of nobody too
	slices.SortFunc(own, func(a, b Conversation) int { return cmp.Compare(a.Number, b.Number) })
	others, err := list(ctx, s.store.Read(), takesPartIn, agentID, accountID, MaxTabs)
	if err != nil {
		return nil, err
	}
	return append(own, others...), nil
}

// MayView says whether the agent of the request may see a conversation and what belongs to it: nil, or NotFound.
func (s *Service) MayView(ctx context.Context, conversationID string) error {
	_, err := s.Get(ctx, ActorOf(ctx), conversationID)
	return err
}

// ofVisitor returns a conversation of the visitor's own. Error: NotFound.
func (s *Service) ofVisitor(ctx context.Context, q querier, v VisitorActor, id string) (Conversation, error) {
	c, ok, err := found(q.QueryRow(ctx, selectByID, id, v.AccountID))
	if err != nil {
		return Conversation{}, err
	}
	if !ok || c.VisitorID != v.VisitorID || c.SiteID != v.SiteID {
		return Conversation{}, fault.New(fault.NotFound)
	}
	return c, nil
}
