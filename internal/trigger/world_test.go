package trigger

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// begin is a Wednesday, 10:00 in São Paulo.
var begin = time.Date(2026, 11, 18, 13, 0, 0, 0, time.UTC)

// world is an engine under the test's hand: nothing happens until settle, and time stands still until pass.
type world struct {
	t      *testing.T
	engine *Engine
	clock  *clock.Fake
	rules  []Trigger
	visits map[string]*visitor.Visit

	mu     sync.Mutex
	sent   []string
	frames []string
	runs   map[string]bool
	online bool
	busy   map[string]bool
	pasts  map[string]Past
	asked  int
	// answers are the outcomes of orders by rule; Done for others.
	answers map[string]Outcome
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		t: t, clock: clock.NewFake(begin), visits: map[string]*visitor.Visit{}, runs: map[string]bool{}, busy: map[string]bool{},
		pasts: map[string]Past{}, answers: map[string]Outcome{},
	}
	w.engine = NewEngine(EngineOptions{
		Actions: w, World: w, Runs: w, Clock: w.clock, Logger: slog.New(slog.DiscardHandler),
		Address: func(v *visitor.Visit) string { return v.IP.String() },
	})
	return w
}

func (w *world) Do(_ context.Context, o Order) (Outcome, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	outcome := w.answers[o.TriggerID]
	if outcome == Done {
		w.sent = append(w.sent, o.TriggerID+"→"+o.VisitorID)
	}
	return outcome, nil
}

func (w *world) Online(string) bool         { return w.online }
func (w *world) Busy(v *visitor.Visit) bool { return w.busy[v.VisitorID] }

func (w *world) Zone(string) *time.Location {
	zone, err := time.LoadLocation("America/Sao_Paulo")
	if err != nil {
		w.t.Fatal(err)
	}
	return zone
}

func (w *world) Pasts(_ context.Context, _ string, ids []string) (map[string]Past, error) {
	w.asked += len(ids)
	return w.pasts, nil
}

func (w *world) Tell(visitorID string, frame []byte) {
	w.frames = append(w.frames, visitorID+" "+string(frame))
}

func (w *world) Claim(_ context.Context, trigger, subject string, _ int64) (bool, error) {
	if w.runs[trigger+subject] {
		return false, nil
	}
	w.runs[trigger+subject] = true
	return true, nil
}

func (w *world) Release(_ context.Context, trigger, subject string) error {
	delete(w.runs, trigger+subject)
	return nil
}

// add makes a rule of a draft and gives the engine all rules.
func (w *world) add(id string, d Draft) {
	w.t.Helper()
	d.Name = id
	if d.Once == "" {
		d.Once = PerVisitor
	}
	if d.Match == "" {
		d.Match = All
	}
	if d.Action.Kind == "" {
		d.Action = Action{Kind: Open}
	}
	d, err := d.check()
	if err != nil {
		w.t.Fatalf("rule %s: %v", id, err)
	}
	t := Trigger{ID: id, CreatedAt: int64(len(w.rules))}.of(d, 0)
	t.Active = true
	w.rules = append(w.rules, t)
	w.engine.SetRules("account", w.rules)
}

// settle has everything done that can be.
func (w *world) settle() {
	for range 100 {
		idle := true
		for _, l := range w.engine.lanes {
			l.mu.Lock()
			idle = idle && len(l.waiting) == 0
			l.mu.Unlock()
			l.work()
		}
		for len(w.engine.jobs) > 0 {
			idle = false
			w.engine.do(w.t.Context(), <-w.engine.jobs)
		}
		if idle {
			return
		}
	}
	w.t.Fatal("the engine does not come to rest")
}

func (w *world) pass(d time.Duration) {
	for ; d > 0; d -= time.Second {
		w.clock.Advance(min(d, time.Second))
		w.settle()
	}
}

// view is a page view of a visitor, the first one is a new visit.
func (w *world) view(who, path string, edit ...func(*visitor.Visit)) {
	w.t.Helper()
	now := clock.Millis(w.clock.Now())
	url := visitor.Intern("https://shop.example" + path)
	v := &visitor.Visit{Arrival: &visitor.Arrival{
		ID: "visit-" + who, AccountID: "account", SiteID: "site", VisitorID: who, StartedAt: now, Visits: 1, IP: netip.MustParseAddr("200.1.2.3"),
		Country: visitor.Intern("BR"), City: visitor.Intern("Campinas"), Device: visitor.Intern("phone"), Language: visitor.Intern("pt-BR"),
		EntryURL: url, ReferrerKind: visitor.ReferrerSearch, Referrer: visitor.Intern("https://www.google.com/"), UTMSource: visitor.Intern("Boletim"),
	}}
	if old := w.visits[who]; old != nil {
		next := *old
		v = &next
	}
	v.PageURL, v.PageTitle, v.PageAt, v.ActivityAt = url, visitor.Intern("Page "+path), now, now
	v.Pages++
	for _, change := range edit {
		change(v)
	}
	w.change(v)
}

// change tells the engine of a visit's new state.
func (w *world) change(v *visitor.Visit) {
	w.visits[v.VisitorID] = v
	w.engine.VisitChanged(v)
	w.settle()
}

func (w *world) leave(who string) {
	w.engine.VisitLeft(w.visits[who])
	delete(w.visits, who)
	w.settle()
}

// expect checks what was done since the last call.
func (w *world) expect(want ...string) {
	w.t.Helper()
	slices.Sort(w.sent)
	slices.Sort(want)
	if !slices.Equal(w.sent, want) {
		w.t.Errorf("sent %v, want %v", w.sent, want)
	}
	w.sent = nil
}

// watches returns what the page was told to watch for by the last frame since the last call.
func (w *world) watches(who string) string {
	w.t.Helper()
	last := "nothing new"
	for _, f := range w.frames {
		to, data, _ := strings.Cut(f, " ")
		var frame WatchFrame
		if to != who || json.Unmarshal([]byte(data), &frame) != nil || frame.T != "watch" {
			continue
		}
		parts := []string{}
		for _, one := range frame.Watches {
			conditions, err := json.Marshal(one.Conditions)
			if err != nil {
				w.t.Fatal(err)
			}
			parts = append(parts, fmt.Sprintf("%s %s %s", one.ID, one.Match, conditions))
		}
		last = strings.Join(parts, "; ")
	}
	w.frames = nil
	return last
}

func is(f Field, values ...string) Condition {
	return Condition{Field: f, Operator: Is, Values: values}
}

func cond(f Field, o Operator, values ...string) Condition {
	return Condition{Field: f, Operator: o, Values: values}
}

func when(list ...Condition) Draft { return Draft{Conditions: list} }
