package trigger

import (
	"context"
	"hash/maphash"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// Order is what a rule wants done to a visitor.
type Order struct {
	AccountID, SiteID, VisitID, VisitorID string
	TriggerID, TriggerName                string
	Action                                Action
}

// Outcome is what came of an order.
type Outcome uint8

// The outcomes.
const (
	// Done: it is on its way.
	Done Outcome = iota
	// Occupied: nothing may be sent to this visitor now: in conversation, waiting, blocked, something else is pending, the visit's limit.
	Occupied
	// Impossible: this rule's action can't be done, as when its template was switched off.
	Impossible
)

// Actions does what rules want. It is called from the engine's workers and may wait.
type Actions interface {
	Do(ctx context.Context, o Order) (Outcome, error)
}

// World is what the engine asks about everything else.
type World interface {
	// Online says whether somebody attends the account's visitors now. It answers from memory.
	Online(accountID string) bool
	// Busy says whether the visitor waits or is in conversation. It answers from memory.
	Busy(v *visitor.Visit) bool
	// Zone is the account's time zone. It answers from memory.
	Zone(accountID string) *time.Location
	// Pasts tells what happened with visitors before; who is not in the answer is new to us. It may wait.
	Pasts(ctx context.Context, accountID string, visitorIDs []string) (map[string]Past, error)
	// Tell sends a frame to the page that the visitor looks at. It returns at once.
	Tell(visitorID string, frame []byte)
}

// Runs remembers who was reached by rules that run once. Store implements it.
type Runs interface {
	// Claim notes the run; false when it stands there already.
	Claim(ctx context.Context, triggerID, subject string, at int64) (bool, error)
	// Release forgets a run of which nothing came.
	Release(ctx context.Context, triggerID, subject string) error
}

// EngineOptions of an Engine; all but Observe are needed.
type EngineOptions struct {
	Actions Actions
	World   World
	Runs    Runs
	Clock   clock.Clock
	Logger  *slog.Logger
	// Address returns what is remembered of a visitor's IP address, so that the address itself is not stored.
	Address func(v *visitor.Visit) string
	// Observe is told how long a page view waited for its decision.
	Observe func(took time.Duration)
}

// Engine holds visits against rules. It is a visitor.Sink and safe for concurrent use.
type Engine struct {
	options EngineOptions

	mu    sync.RWMutex
	rules map[string]*ruleset // by account

	seed  maphash.Seed
	lanes [laneCount]*lane
	jobs  chan job
	lost  atomic.Int64
	tally tally

	stop    context.CancelFunc
	running sync.WaitGroup
}

const (
	laneCount = 8
	workers   = 4
	// jobsMax is how many actions may wait for a worker. Those above are not begun: their moment is over by then.
	jobsMax   = 20_000
	tickEvery = 250 * time.Millisecond
)

var _ visitor.Sink = (*Engine)(nil)

// NewEngine returns an engine without rules.
func NewEngine(o EngineOptions) *Engine {
	e := &Engine{options: o, rules: make(map[string]*ruleset), seed: maphash.MakeSeed(), jobs: make(chan job, jobsMax)}
	for i := range e.lanes {
		e.lanes[i] = &lane{engine: e, wake: make(chan struct{}, 1), visits: make(map[string]*state)}
	}
	return e
}

// Start begins to evaluate.
func (e *Engine) Start() {
	ctx, stop := context.WithCancel(context.Background())
	e.stop = stop
	for _, l := range e.lanes {
		e.running.Go(func() { l.run(ctx) })
	}
	for range workers {
		e.running.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case j := <-e.jobs:
					e.do(ctx, j)
				}
			}
		})
	}
}

// Stop ends what Start began. What waits for a worker is given up.
func (e *Engine) Stop() {
	if e.stop == nil {
		return
	}
	e.stop()
	e.running.Wait()
}

// Lost returns how many actions were not begun because too many waited.
func (e *Engine) Lost() int64 { return e.lost.Load() }

// SetRules replaces an account's rules.
func (e *Engine) SetRules(accountID string, list []Trigger) {
	var compiled *ruleset
	if len(list) > 0 {
		compiled = compile(accountID, list, e.options.World.Zone(accountID))
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if old := e.rules[accountID]; old != nil {
		e.drain(old)
	}
	if compiled == nil || len(compiled.list) == 0 {
		delete(e.rules, accountID)
		return
	}
	e.rules[accountID] = compiled
}

// rulesOf returns an account's active rules, nil when there are none.
func (e *Engine) rulesOf(accountID string) *ruleset {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.rules[accountID]
}

func (e *Engine) lane(visitorID string) *lane {
	return e.lanes[maphash.String(e.seed, visitorID)%laneCount]
}

// VisitChanged takes the newest state of a visit.
func (e *Engine) VisitChanged(v *visitor.Visit) {
	if e.rulesOf(v.AccountID) != nil {
		e.lane(v.VisitorID).put(news{kind: newsChanged, visitorID: v.VisitorID, visit: v})
	}
}

// VisitLeft forgets a visit.
func (e *Engine) VisitLeft(v *visitor.Visit) {
	e.lane(v.VisitorID).put(news{kind: newsLeft, visitorID: v.VisitorID, visit: v})
}

// Met takes a page's answer: what it was asked to watch for has happened. Stale and invented answers are ignored.
func (e *Engine) Met(visitorID, triggerID string, page int32) {
	e.lane(visitorID).put(news{kind: newsMet, visitorID: visitorID, id: triggerID, page: page})
}

// Attended tells that a conversation of the visitor began.
func (e *Engine) Attended(visitorID string) {
	e.lane(visitorID).put(news{kind: newsPast, visitorID: visitorID, past: Past{Attended: true}})
}

// Invited tells that an invite was sent to the visitor.
func (e *Engine) Invited(visitorID string) {
	e.lane(visitorID).put(news{kind: newsPast, visitorID: visitorID, past: Past{Invited: true}})
}

// OnlineChanged tells that the first agent of an account came, or the last one went.
func (e *Engine) OnlineChanged(accountID string) {
	if s := e.rulesOf(accountID); s == nil || !s.usesOnline {
		return
	}
	for _, l := range e.lanes {
		l.put(news{kind: newsOnline, id: accountID})
	}
}

func (e *Engine) now() int64 { return clock.Millis(e.options.Clock.Now()) }
