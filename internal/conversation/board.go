package conversation

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Board keeps the open conversations and today's counters of each account in memory. An account is read from the database
// when somebody first asks for it, at one position of its log, and then follows the log from exactly there: the board is
// the database at some position, never a mixture of two. It is safe for concurrent use.
type Board struct {
	store    *store.Store
	calendar Calendar
	clock    clock.Clock
	logger   *slog.Logger
	onChange func(BoardChange)

	mu       sync.RWMutex
	accounts map[string]*sheet
	// byID finds the account of an open conversation.
	byID map[string]string

	midnight *time.Timer
	stopped  bool
}

// BoardChange says what changed in an account.
type BoardChange struct {
	AccountID string
	// DepartmentIDs are those whose queue or counters changed.
	DepartmentIDs []string
	// QueueMoved says that places in the queue of one of them changed.
	QueueMoved bool
}

// Counters are the live counters of a scope (T010–T012). Finished and Abandoned count since midnight in the account's time zone.
type Counters struct {
	Waiting int `json:"waiting"`
	// WaitingSince is the entry of who waits longest; nil when nobody does.
	WaitingSince *int64 `json:"waiting_since"`
	Active       int    `json:"active"`
	Finished     int    `json:"finished"`
	Abandoned    int    `json:"abandoned"`
}

// OpenConversation is what the board knows of a conversation.
type OpenConversation struct {
	ID               string  `json:"id"`
	Number           int64   `json:"number"`
	SiteID           string  `json:"site_id"`
	DepartmentID     string  `json:"department_id"`
	VisitorID        string  `json:"visitor_id"`
	VisitID          string  `json:"visit_id"`
	State            State   `json:"state"`
	AgentID          *string `json:"agent_id"`
	QueueEnteredAt   int64   `json:"queue_entered_at"`
	QueueOrder       int64   `json:"queue_order"`
	ContactOfferedAt *int64  `json:"contact_offered_at"`
	EndedAt          *int64  `json:"ended_at"`
	AnsweredAt       *int64  `json:"answered_at"`
	Version          int64   `json:"version"`
	Earlier          int     `json:"earlier"`
	PreferredAgentID *string `json:"preferred_agent_id"`
	PreferredUntil   *int64  `json:"preferred_until"`
	// Participants are the agents beside the one in charge.
	Participants []Participant `json:"participants"`
	Visitor      struct {
		Name    string `json:"name"`
		Email   string `json:"email"`
		Version int64  `json:"version"`
	} `json:"visitor"`

	accountID string
}

func (c *OpenConversation) agent() string {
	if c.AgentID == nil {
		return ""
	}
	return *c.AgentID
}

// AccountID returns the account the conversation belongs to.
func (c *OpenConversation) AccountID() string { return c.accountID }

func inQueueOrder(a, b *OpenConversation) int {
	return cmp.Or(cmp.Compare(a.QueueOrder, b.QueueOrder), cmp.Compare(a.Number, b.Number))
}

func newBoard(st *store.Store, calendar Calendar, c clock.Clock, logger *slog.Logger) *Board {
	return &Board{
		store: st, calendar: calendar, clock: c, logger: logger, onChange: func(BoardChange) {},
		accounts: make(map[string]*sheet), byID: make(map[string]string),
	}
}

// OnChange sets who is told after each change, mostly from the log's goroutine: be quick. Call it before the log starts.
func (b *Board) OnChange(fn func(BoardChange)) { b.onChange = fn }

// Heard keeps the board true to the log. Register it with the log's Tail.
func (b *Board) Heard(r eventlog.Record) {
	b.mu.Lock()
	s, ok := b.accounts[r.AccountID]
	if !ok {
		b.mu.Unlock()
		return
	}
	if s.loading {
		s.pending = append(s.pending, r)
		b.mu.Unlock()
		return
	}
	change, ok := b.apply(context.Background(), s, r)
	b.mu.Unlock()
	if ok {
		b.onChange(change)
	}
}

// apply brings one record into a sheet; the caller holds the lock. ok is false when nothing visible changed.
func (b *Board) apply(ctx context.Context, s *sheet, r eventlog.Record) (change BoardChange, ok bool) {
	if r.Position <= s.position {
		return BoardChange{}, false
	}
	if r.Position != s.position+1 {
		// The log was pruned past this node. What the sheet says is unknown: forget it, the next question reads it anew.
		b.forget(s)
		return BoardChange{}, false
	}
	s.position = r.Position
	switch r.Kind {
	case KindQueued, KindClaimed, KindReturned, KindEnded, KindAbandoned, KindTransferred, KindParticipants, KindWaited, KindCorrected:
	case KindReordered:
		return b.reorder(s, r)
	default:
		return BoardChange{}, false
	}
	var event struct {
		Conversation OpenConversation `json:"conversation"`
	}
	if err := json.Unmarshal(r.Payload, &event); err != nil {
		b.logger.Error("an event could not be read", "kind", r.Kind, "position", r.Position, "error", err)
		b.forget(s)
		return BoardChange{}, false
	}
	c := &event.Conversation
	c.accountID = r.AccountID
	if !c.State.Open() && r.Kind != KindEnded && r.Kind != KindAbandoned {
		return BoardChange{}, false // its end was counted already
	}
	if c.EndedAt != nil {
		b.turn(ctx, s, *c.EndedAt)
	}
	departments := []string{c.DepartmentID}
	if old, ok := s.open[c.ID]; ok && old.DepartmentID != c.DepartmentID {
		departments = append(departments, old.DepartmentID)
	}
	moved := s.put(c)
	if c.State.Open() {
		b.byID[c.ID] = c.accountID
	} else {
		delete(b.byID, c.ID)
	}
	return BoardChange{AccountID: r.AccountID, DepartmentIDs: departments, QueueMoved: moved}, true
}

func (b *Board) forget(s *sheet) {
	delete(b.accounts, s.accountID)
	for id := range s.open {
		delete(b.byID, id)
	}
}

// sheet returns the account's sheet with the board locked; unlock with b.mu.Unlock. On an error nothing is locked.
func (b *Board) sheet(ctx context.Context, accountID string) (*sheet, error) {
	for {
		b.mu.Lock()
		s, ok := b.accounts[accountID]
		if ok && !s.loading {
			b.turn(ctx, s, clock.Millis(b.clock.Now()))
			return s, nil
		}
		if ok {
			b.mu.Unlock()
			select {
			case <-s.loaded:
				continue
			case <-ctx.Done():
				return nil, fmt.Errorf("conversation: board: %w", ctx.Err())
			}
		}
		s = newSheet(accountID)
		b.accounts[accountID] = s
		b.mu.Unlock()
		if err := b.fill(ctx, s); err != nil {
			return nil, err
		}
	}
}

// fill reads an account while the log's records of it wait, then lets them in.
func (b *Board) fill(ctx context.Context, s *sheet) error {
	defer close(s.loaded)
	read, err := b.read(ctx, s.accountID)
	b.mu.Lock()
	if err != nil {
		delete(b.accounts, s.accountID)
		b.mu.Unlock()
		return err
	}
	s.loading, s.position, s.day = false, read.position, read.today
	for _, e := range read.ended {
		b.turn(ctx, s, e.at) // it became midnight while reading
	}
	for _, e := range read.ended {
		s.count(e)
	}
	for _, c := range read.open {
		s.put(c)
		b.byID[c.ID] = s.accountID
	}
	var changes []BoardChange
	for _, r := range s.pending {
		if change, ok := b.apply(ctx, s, r); ok {
			changes = append(changes, change)
		}
	}
	s.pending = nil
	b.mu.Unlock()
	for _, change := range changes {
		b.onChange(change)
	}
	return nil
}

// reading is what the board reads of an account: the open conversations and those that ended today, at a position of the log.
type reading struct {
	position int64
	today    day
	open     []*OpenConversation
	ended    []ending
}

// read is one statement, because one statement sees one moment on both engines. Of what ended today, which may be much, nothing is kept
// but what is counted.
func (b *Board) read(ctx context.Context, accountID string) (r reading, err error) {
	if r.today, err = b.dayOf(ctx, accountID, b.clock.Now()); err != nil {
		return reading{}, err
	}
	rows, err := b.store.Read().Query(ctx, selectBoard, accountID, accountID, r.today.start)
	if err != nil {
		return reading{}, fmt.Errorf("conversation: board: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	r.position = -1
	departments := make(map[string]string)
	for rows.Next() {
		row, err := scanBoard(rows)
		if err != nil {
			return reading{}, err
		}
		r.position = max(r.position, row.position)
		switch c := row.conversation; {
		case c == nil:
		case c.State.Open():
			c.accountID = accountID
			r.open = append(r.open, c)
		default:
			id, ok := departments[c.DepartmentID]
			if !ok {
				id = c.DepartmentID
				departments[id] = id
			}
			e := endingOf(c)
			e.departmentID = id // one text for all of them
			r.ended = append(r.ended, e)
		}
	}
	if err := rows.Err(); err != nil {
		return reading{}, fmt.Errorf("conversation: board: %w", err)
	}
	if r.position < 0 {
		return reading{}, fmt.Errorf("conversation: board: no account %s", accountID)
	}
	return r, nil
}

// Counters returns the counters of what the scope may see. Departments count as a whole: an agent's own conversations are in them.
func (b *Board) Counters(ctx context.Context, accountID string, scope eventlog.Scope) (Counters, error) {
	s, err := b.sheet(ctx, accountID)
	if err != nil {
		return Counters{}, err
	}
	defer b.mu.Unlock()
	return s.counters(scope), nil
}

// Waiting returns who waits in the departments of the scope, in waiting order.
func (b *Board) Waiting(ctx context.Context, accountID string, scope eventlog.Scope) ([]OpenConversation, error) {
	s, err := b.sheet(ctx, accountID)
	if err != nil {
		return nil, err
	}
	defer b.mu.Unlock()
	return s.inQueue(scope), nil
}

// Position returns the place of a conversation in its department's queue, from 1; false when it does not wait.
func (b *Board) Position(ctx context.Context, accountID, conversationID string) (int64, bool) {
	s, err := b.sheet(ctx, accountID)
	if err != nil {
		return 0, false
	}
	defer b.mu.Unlock()
	return s.place(conversationID)
}

// ActiveByAgent returns how many conversations each agent has; agents without one are absent.
func (b *Board) ActiveByAgent(ctx context.Context, accountID string) (map[string]int, error) {
	s, err := b.sheet(ctx, accountID)
	if err != nil {
		return nil, err
	}
	defer b.mu.Unlock()
	held := make(map[string]int, len(s.active))
	for agent, conversations := range s.active {
		held[agent] = len(conversations)
	}
	return held, nil
}

// ActiveOf returns the agent's active conversations, the oldest number first.
func (b *Board) ActiveOf(ctx context.Context, accountID, agentID string) ([]OpenConversation, error) {
	s, err := b.sheet(ctx, accountID)
	if err != nil {
		return nil, err
	}
	defer b.mu.Unlock()
	held := make([]OpenConversation, 0, len(s.active[agentID]))
	for _, c := range s.active[agentID] {
		held = append(held, *c)
	}
	slices.SortFunc(held, func(a, b OpenConversation) int { return cmp.Compare(a.Number, b.Number) })
	return held, nil
}

// ByDepartment returns the counters of each department of the scope; departments without anything are absent.
func (b *Board) ByDepartment(ctx context.Context, accountID string, scope eventlog.Scope) (map[string]Counters, error) {
	s, err := b.sheet(ctx, accountID)
	if err != nil {
		return nil, err
	}
	defer b.mu.Unlock()
	all := make(map[string]Counters, len(s.departments))
	for id, d := range s.departments {
		if scope.All || scope.DepartmentIDs[id] {
			all[id] = d.counters()
		}
	}
	return all, nil
}

// firstWords returns of how many conversations of a department that ended today it is known whether a promised first response, in
// milliseconds, was kept, and of how many it was.
func (b *Board) firstWords(ctx context.Context, accountID, departmentID string, target int64) (decided, kept int, err error) {
	s, err := b.sheet(ctx, accountID)
	if err != nil {
		return 0, 0, err
	}
	defer b.mu.Unlock()
	t, ok := s.departments[departmentID]
	if !ok {
		return 0, 0, nil
	}
	for _, w := range t.first {
		known, in := w.within(target)
		if known {
			decided++
		}
		if in {
			kept++
		}
	}
	return decided, kept, nil
}

// OpenByVisitor returns the visitor's open conversation on the site.
func (b *Board) OpenByVisitor(ctx context.Context, accountID, visitorID, siteID string) (string, bool) {
	s, err := b.sheet(ctx, accountID)
	if err != nil {
		b.logger.Error("the board could not be read", "account", accountID, "error", err)
		return "", false
	}
	defer b.mu.Unlock()
	for id, c := range s.visitors[visitorID] {
		if c.SiteID == siteID {
			return id, true
		}
	}
	return "", false
}

// OpenOf returns who has the visitor's open conversation on the site, empty while it waits; open is false when there is none.
func (b *Board) OpenOf(ctx context.Context, accountID, visitorID, siteID string) (agentID string, open bool, err error) {
	s, err := b.sheet(ctx, accountID)
	if err != nil {
		return "", false, err
	}
	defer b.mu.Unlock()
	for _, c := range s.visitors[visitorID] {
		if c.SiteID == siteID {
			return c.agent(), true, nil
		}
	}
	return "", false, nil
}

// hasOpen says whether the visitor has an open conversation on any site.
func (b *Board) hasOpen(ctx context.Context, accountID, visitorID string) (bool, error) {
	s, err := b.sheet(ctx, accountID)
	if err != nil {
		return false, err
	}
	defer b.mu.Unlock()
	return len(s.visitors[visitorID]) > 0, nil
}

// AllOpen returns every open conversation of the account, in no order: for who builds something on top, as the grid.
func (b *Board) AllOpen(ctx context.Context, accountID string) ([]OpenConversation, error) {
	s, err := b.sheet(ctx, accountID)
	if err != nil {
		return nil, err
	}
	defer b.mu.Unlock()
	all := make([]OpenConversation, 0, len(s.open))
	for _, c := range s.open {
		all = append(all, *c)
	}
	return all, nil
}

// find returns an open conversation of any account that was asked for before.
func (b *Board) find(conversationID string) (OpenConversation, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if s, ok := b.accounts[b.byID[conversationID]]; ok {
		if c, ok := s.open[conversationID]; ok {
			return *c, true
		}
	}
	return OpenConversation{}, false
}

func (b *Board) accountOf(conversationID string) (string, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	accountID, ok := b.byID[conversationID]
	return accountID, ok
}

// reorder brings a new order of a department's queue into a sheet; the caller holds the lock.
func (b *Board) reorder(s *sheet, r eventlog.Record) (BoardChange, bool) {
	var event ReorderedEvent
	if err := json.Unmarshal(r.Payload, &event); err != nil {
		b.logger.Error("an event could not be read", "kind", r.Kind, "position", r.Position, "error", err)
		b.forget(s)
		return BoardChange{}, false
	}
	for _, p := range event.Places {
		if known, ok := s.open[p.ConversationID]; ok {
			moved := *known
			moved.QueueOrder = p.QueueOrder
			moved.Version++
			s.put(&moved)
		}
	}
	return BoardChange{AccountID: r.AccountID, DepartmentIDs: []string{event.DepartmentID}, QueueMoved: true}, true
}
