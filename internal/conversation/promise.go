package conversation

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Promise is one of the times a department promises its visitors (P03).
type Promise string

// The promises.
const (
	// FirstResponse runs from the queue to the agent's first message.
	FirstResponse Promise = "first_response"
	// Response runs from the visitor's message to the agent's answer.
	Response Promise = "response"
	// Handling runs from the agent's joining to the end.
	Handling Promise = "handling"
)

// Promises are a department's promised times; zero is not promised.
type Promises struct {
	FirstResponse time.Duration
	Response      time.Duration
	Handling      time.Duration
}

func (p Promises) any() bool { return p != Promises{} }

// owed is a promise that runs in a conversation.
type owed struct {
	promise Promise
	// since is what the time is measured from, milliseconds.
	since  int64
	within time.Duration
}

func (o owed) due() time.Time { return time.UnixMilli(o.since).Add(o.within) }

// owes returns the promises that run now. On hold only handling does.
func (p Promises) owes(state State, queueEnteredAt int64, unansweredSince, joinedAt, holdUntil *int64) []owed {
	var list []owed
	if !state.Open() {
		return nil
	}
	if unansweredSince != nil && holdUntil == nil {
		o := owed{Response, *unansweredSince, p.Response}
		if *unansweredSince == queueEnteredAt {
			o = owed{FirstResponse, queueEnteredAt, p.FirstResponse}
		}
		list = append(list, o)
	}
	if joinedAt != nil {
		list = append(list, owed{Handling, *joinedAt, p.Handling})
	}
	kept := list[:0]
	for _, o := range list {
		if o.within > 0 {
			kept = append(kept, o)
		}
	}
	return kept
}

// BreachedEvent says that a promised time was missed, once for each. Visitors are not told.
type BreachedEvent struct {
	ConversationID string  `json:"conversation_id"`
	Number         int64   `json:"number"`
	VisitorName    string  `json:"visitor_name"`
	DepartmentID   string  `json:"department_id"`
	AgentID        *string `json:"agent_id" doc:"Who has the conversation; null while it waits."`
	Promise        Promise `json:"promise" enum:"first_response,response,handling"`
	Since          int64   `json:"since" doc:"What the time is measured from."`
}

// KindBreached is the kind of BreachedEvent.
const KindBreached = "conversation.breached"

// Kind returns KindBreached.
func (BreachedEvent) Kind() string { return KindBreached }

// Audience is the department, and who supervises it or the agent.
func (e BreachedEvent) Audience() eventlog.Audience {
	return eventlog.ToDepartmentOf(e.DepartmentID, Conversation{AgentID: e.AgentID}.Agent())
}

// Subject is the conversation.
func (e BreachedEvent) Subject() string { return e.ConversationID }

var _ = eventlog.Register[BreachedEvent]()

// lookForBreach tells of promises that were missed, and returns when one may be missed next, zero for never.
func (s *Service) lookForBreach(ctx context.Context, c Conversation) (next time.Time, err error) {
	p := s.timesOf(c).Promises
	if !p.any() {
		return time.Time{}, nil
	}
	now := s.clock.Now()
	if p.Response > 0 {
		next = now.Add(p.Response) // whatever the visitor writes from now on is not due before
	}
	for _, o := range p.owes(c.State, c.QueueEnteredAt, c.UnansweredSince, c.JoinedAt, c.HoldUntil) {
		if due := o.due(); due.After(now) {
			next = sooner(next, due)
			continue
		}
		if err := s.breach(ctx, c, o); err != nil {
			return time.Time{}, err
		}
	}
	return next, nil
}

// breach tells of a missed promise, unless that was done before or somebody answered meanwhile.
func (s *Service) breach(ctx context.Context, seen Conversation, o owed) error {
	var known int
	if err := s.store.Read().QueryRow(ctx, knownBreach, seen.ID, string(o.promise), o.since).Scan(&known); err != nil || known > 0 {
		return orStatement(err)
	}
	return s.write(ctx, seen.accountID, func(ctx context.Context, tx *store.Tx) error {
		c, ok, err := found(tx.QueryRow(ctx, selectByID, seen.ID, seen.accountID))
		if err != nil || !ok {
			return err
		}
		still := false
		for _, now := range s.timesOf(c).Promises.owes(c.State, c.QueueEnteredAt, c.UnansweredSince, c.JoinedAt, c.HoldUntil) {
			still = still || now == o
		}
		if !still {
			return nil
		}
		n, err := tx.Exec(ctx, insertBreach, c.ID, c.accountID, string(o.promise), o.since, s.now())
		if err != nil || n == 0 {
			return orStatement(err)
		}
		return s.log.Append(ctx, tx, c.accountID, BreachedEvent{
			ConversationID: c.ID, Number: c.Number, VisitorName: c.visitorName, DepartmentID: c.DepartmentID, AgentID: c.AgentID,
			Promise: o.promise, Since: o.since,
		})
	})
}

func orStatement(err error) error {
	if err != nil {
		return fmt.Errorf("conversation: breaches: %w", err)
	}
	return nil
}

// sooner returns the earlier of two moments; zero is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// watchPromise has a conversation that came into a queue looked at when its department's first promise is due.
func (s *Service) watchPromise(conversationID string) {
	c, ok := s.board.find(conversationID)
	if !ok || s.times == nil {
		return
	}
	p := s.times(c.accountID, c.DepartmentID).Promises
	for _, within := range []time.Duration{p.FirstResponse, p.Response} {
		if within > 0 {
			due := sooner(time.UnixMilli(c.QueueEnteredAt).Add(within), s.clock.Now().Add(within))
			s.alarms.set(alarm{kind: ofConversation, accountID: c.accountID, id: c.ID}, due)
			return
		}
	}
}

// LevelNow is how a department keeps its promises.
type LevelNow struct {
	// TargetSeconds is the promised first response, 0 when none is promised.
	TargetSeconds int `json:"target_seconds" doc:"promised seconds to the first response; 0 when none is promised"`
	// Decided are the conversations that are open or ended today and whose first response came or is too late; Within are those in time.
	Decided int `json:"decided" doc:"of the conversations that are open or ended today, those whose first response came, or is late"`
	Within  int `json:"within" doc:"of those, how many were answered within the target"`
	// Breached are the open conversations in which a promised time is over now.
	Breached int `json:"breached" doc:"open conversations in which a promised time is over now"`
}

// timing is what the promises of a conversation depend on.
type timing struct {
	departmentID    string
	state           State
	queueEnteredAt  int64
	answeredAt      *int64
	unansweredSince *int64
	joinedAt        *int64
	holdUntil       *int64
}

// count brings an open conversation into its department's level.
func (l *LevelNow) count(t timing, p Promises, now int64) {
	if target := p.FirstResponse.Milliseconds(); target > 0 {
		switch {
		case t.answeredAt != nil && *t.answeredAt-t.queueEnteredAt <= target:
			l.Decided++
			l.Within++
		case t.answeredAt != nil || now-t.queueEnteredAt >= target:
			l.Decided++
		}
	}
	for _, o := range p.owes(t.state, t.queueEnteredAt, t.unansweredSince, t.joinedAt, t.holdUntil) {
		if o.due().UnixMilli() <= now {
			l.Breached++
			return
		}
	}
}

// levelsFresh is how old a department's level may be: many panels ask at the same event.
const levelsFresh = 3 * time.Second

// levels keeps the levels of each account for levelsFresh.
type levels struct {
	mu       sync.Mutex
	accounts map[string]accountLevels
}

type accountLevels struct {
	at time.Time
	by map[string]LevelNow
}

// Levels returns how each of the departments keeps its promises; those that promise nothing are absent. It may be some seconds old.
func (s *Service) Levels(ctx context.Context, accountID string, departmentIDs []string) (map[string]LevelNow, error) {
	promises := make(map[string]Promises)
	for _, id := range departmentIDs {
		if s.times == nil {
			break
		}
		if p := s.times(accountID, id).Promises; p.any() {
			promises[id] = p
		}
	}
	if len(promises) == 0 {
		return nil, nil //nolint:nilnil // nobody promises anything
	}
	now := s.clock.Now()
	s.levels.mu.Lock()
	known := s.levels.accounts[accountID]
	s.levels.mu.Unlock()
	if age := now.Sub(known.at); age >= 0 && age < levelsFresh && covers(known.by, promises) {
		return known.by, nil
	}
	rows, err := collect(ctx, s.store.Read(), scanTiming, openTimings, accountID)
	if err != nil {
		return nil, err
	}
	by := make(map[string]LevelNow, len(promises))
	for id, p := range promises {
		level := LevelNow{TargetSeconds: int(p.FirstResponse / time.Second)}
		if target := p.FirstResponse.Milliseconds(); target > 0 {
			if level.Decided, level.Within, err = s.board.firstWords(ctx, accountID, id, target); err != nil {
				return nil, err
			}
		}
		by[id] = level
	}
	for _, t := range rows {
		if level, ok := by[t.departmentID]; ok {
			level.count(t, promises[t.departmentID], now.UnixMilli())
			by[t.departmentID] = level
		}
	}
	s.levels.mu.Lock()
	defer s.levels.mu.Unlock()
	s.levels.accounts[accountID] = accountLevels{at: now, by: by}
	return by, nil
}

// covers says whether the levels are of these promises.
func covers(by map[string]LevelNow, promises map[string]Promises) bool {
	for id, p := range promises {
		if level, ok := by[id]; !ok || level.TargetSeconds != int(p.FirstResponse/time.Second) {
			return false
		}
	}
	return true
}
