package trigger

import (
	"context"
	"log/slog"

	"github.com/aceno-chat/aceno/internal/visitor"
)

// job is work that may wait for the database: an action, or, without a rule, a look at the visitor's past.
type job struct {
	lane  *lane
	visit *visitor.Visit
	rule  *rule
}

// result is what came of an action, with what the lane needs to know of its rule.
type result struct {
	what    ending
	action  Action
	once    bool
	repeats int
}

type ending uint8

const (
	fired ending = iota
	// ranBefore: the rule runs once, and did.
	ranBefore
	occupied
	impossible
)

// submit hands a job to the workers; false when too many wait.
func (e *Engine) submit(j job) bool {
	select {
	case e.jobs <- j:
		return true
	default:
		if e.lost.Add(1)%1000 == 1 {
			e.options.Logger.Warn("triggers: more actions wait than can be done; some are left out", "lost", e.lost.Load())
		}
		return false
	}
}

func (e *Engine) do(ctx context.Context, j job) {
	v := j.visit
	if j.rule == nil {
		pasts, err := e.options.World.Pasts(ctx, v.AccountID, []string{v.VisitorID})
		if err != nil {
			e.failed(ctx, "a visitor's past could not be read", "", err)
		}
		past := pasts[v.VisitorID]
		past.Known = true
		j.lane.put(news{kind: newsPast, visitorID: v.VisitorID, past: past})
		return
	}
	t := j.rule.trigger
	what := e.act(ctx, v, t)
	if what == fired {
		e.tally.add(t.ID, Counters{Fired: 1})
	}
	j.lane.put(news{
		kind: newsDone, visitorID: v.VisitorID, id: t.ID,
		outcome: result{what: what, action: t.Action, once: t.Once != EveryTime, repeats: t.Repeats},
	})
}

// act carries a rule out: once for those that run once, whoever asks at the same moment.
func (e *Engine) act(ctx context.Context, v *visitor.Visit, t Trigger) ending {
	if t.Action.Kind.shows() && e.options.World.Busy(v) {
		return occupied
	}
	subject := e.subject(v, t)
	if subject != "" {
		first, err := e.options.Runs.Claim(ctx, t.ID, subject, e.now())
		if err != nil {
			e.failed(ctx, "a run could not be noted", t.ID, err)
			return impossible
		}
		if !first {
			return ranBefore
		}
	}
	outcome := Done
	if t.Action.Kind != Department { // which is told to the page by the lane, at each of its pages
		var err error
		outcome, err = e.options.Actions.Do(ctx, Order{
			AccountID: v.AccountID, SiteID: v.SiteID, VisitID: v.ID, VisitorID: v.VisitorID, TriggerID: t.ID, TriggerName: t.Name, Action: t.Action,
		})
		if err != nil {
			e.failed(ctx, "an action failed", t.ID, err)
			outcome = Impossible
		}
	}
	if outcome == Done {
		return fired
	}
	if subject != "" {
		if err := e.options.Runs.Release(ctx, t.ID, subject); err != nil {
			e.failed(ctx, "a run of which nothing came could not be forgotten", t.ID, err)
		}
	}
	if outcome == Occupied {
		return occupied
	}
	return impossible
}

// subject is what a rule that runs once is bound to, empty for others.
func (e *Engine) subject(v *visitor.Visit, t Trigger) string {
	switch t.Once {
	case PerVisitor:
		return "visitor:" + v.VisitorID
	case PerAddress:
		return "address:" + e.options.Address(v)
	}
	return ""
}

func (e *Engine) failed(ctx context.Context, what, triggerID string, err error) {
	if ctx.Err() == nil {
		e.options.Logger.LogAttrs(ctx, slog.LevelError, "a trigger failed", slog.String("what", what), slog.String("trigger", triggerID), slog.Any("error", err))
	}
}
