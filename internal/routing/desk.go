package routing

import (
	"context"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
)

const (
	retryAfter = time.Second
	// longestSleep bounds what a wrong clock can do: an account with something due is looked at again by then.
	longestSleep = time.Minute
	// looksAtOnce bounds how many accounts are looked at side by side.
	looksAtOnce = 8
)

// desk keeps which accounts the roulette has to look at, and when. Each account has one look at a time; what happens meanwhile is one
// more look afterwards, however much it is.
type desk struct {
	s    *Service
	slot chan struct{}

	mu       sync.Mutex
	accounts map[string]*round
	ctx      context.Context //nolint:containedctx // the life between Start and Stop
	cancel   context.CancelFunc
	running  sync.WaitGroup
}

// round is an account's part of the desk; the desk's lock guards it.
type round struct {
	// cause is what made the next look necessary, nil when none is.
	cause *Event
	busy  bool
	// watching says that offers or answers were being waited for at the last look.
	watching bool
	timer    *time.Timer
}

func newDesk(s *Service) *desk {
	return &desk{s: s, slot: make(chan struct{}, looksAtOnce), accounts: make(map[string]*round)}
}

// Start begins to distribute in the accounts given: what an earlier process left open is found at once. What happens in other accounts
// makes them known.
func (s *Service) Start(ctx context.Context, accountIDs []string) {
	d := s.desk
	d.mu.Lock()
	d.ctx, d.cancel = context.WithCancel(context.WithoutCancel(ctx))
	d.mu.Unlock()
	for _, id := range accountIDs {
		s.Wake(id, Event{Kind: Started})
	}
}

// Stop ends the distribution and waits for the looks that run.
func (s *Service) Stop() {
	d := s.desk
	d.mu.Lock()
	if d.cancel == nil {
		d.mu.Unlock()
		return
	}
	d.cancel()
	for _, r := range d.accounts {
		if r.timer != nil {
			r.timer.Stop()
		}
	}
	d.mu.Unlock()
	d.running.Wait()
}

// Wake has the roulette look at an account because of an event. It is quick and may be called from anywhere.
func (s *Service) Wake(accountID string, e Event) {
	d := s.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ctx == nil || d.ctx.Err() != nil {
		return
	}
	r, ok := d.accounts[accountID]
	if !ok {
		r = &round{watching: true} // nothing is known yet
		d.accounts[accountID] = r
	}
	if r.cause == nil {
		r.cause = &e
	}
	if !r.busy {
		r.busy = true
		d.running.Go(func() { d.turn(accountID, r) })
	}
}

// turn looks at an account until nothing new has happened.
func (d *desk) turn(accountID string, r *round) {
	d.slot <- struct{}{}
	defer func() { <-d.slot }()
	for {
		d.mu.Lock()
		if r.cause == nil || d.ctx.Err() != nil {
			r.busy = false
			d.mu.Unlock()
			return
		}
		cause, watching := *r.cause, r.watching
		r.cause = nil
		d.mu.Unlock()

		wake, kept, err := d.s.lookIfNeeded(d.ctx, accountID, cause, watching)
		after := time.Duration(0)
		switch {
		case err != nil && d.ctx.Err() == nil:
			d.s.config.Logger.Error("the queue could not be distributed; trying again", "account", accountID, "error", err)
			after, kept = retryAfter, true
		case err == nil && wake > 0:
			after = time.Duration(wake-clock.Millis(d.s.config.Clock.Now())) * time.Millisecond
			after = min(max(after, time.Millisecond), longestSleep)
		}
		d.mu.Lock()
		r.watching = kept
		d.sleep(accountID, r, after)
		d.mu.Unlock()
	}
}

// sleep sets the account's timer; the caller holds the lock. 0 is no timer.
func (d *desk) sleep(accountID string, r *round, after time.Duration) {
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
	if after > 0 && d.ctx.Err() == nil {
		r.timer = time.AfterFunc(after, func() { d.s.Wake(accountID, Event{Kind: Deadline}) })
	}
}

// lookIfNeeded spares the write when nobody waits and nothing is being waited for.
func (s *Service) lookIfNeeded(ctx context.Context, accountID string, e Event, watching bool) (wake int64, kept bool, err error) {
	if !watching {
		counters, err := s.config.Conversations.Board().Counters(ctx, accountID, everything)
		if err != nil {
			return 0, true, err //nolint:wrapcheck // it is only logged
		}
		if counters.Waiting == 0 {
			return 0, false, nil
		}
	}
	return s.look(ctx, accountID, e)
}

// everything is the scope of a whole account.
var everything = eventlog.Scope{All: true}

// Heard wakes the roulette for what the log tells, and keeps the rules. Register it with the log's Tail, after the board.
func (s *Service) Heard(r eventlog.Record) {
	switch r.Kind {
	case conversation.KindQueued, conversation.KindReturned:
		s.Wake(r.AccountID, Event{Kind: Queued, ConversationID: r.Subject})
	case conversation.KindClaimed, conversation.KindEnded, conversation.KindAbandoned, conversation.KindTransferred:
		s.Wake(r.AccountID, Event{Kind: ConversationOver, ConversationID: r.Subject})
	case conversation.KindReordered, KindOrdered, "department.saved":
		s.Wake(r.AccountID, Event{Kind: RulesChanged})
	case "agent.saved", "agent.status_changed":
		s.Wake(r.AccountID, Event{Kind: AgentChanged, AgentID: r.Subject})
	case KindRuleSaved, KindRuleRemoved, KindRulesOrdered:
		s.heardRules(r)
	case KindOfferMade:
		s.watch(r.AccountID)
	case KindOfferChanged:
		s.shown.ended(r.Subject) // another node may have ended it
		s.watch(r.AccountID)
		s.Wake(r.AccountID, Event{Kind: OfferOver})
	}
}

// watch notes that the account has something to be looked after, whoever made it.
func (s *Service) watch(accountID string) {
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	if r, ok := s.desk.accounts[accountID]; ok {
		r.watching = true
	}
}
