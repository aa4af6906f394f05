package trigger

import (
	"container/heap"
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/visitor"
)

// news is something that a lane learns.
type news struct {
	kind      newsKind
	visitorID string
	visit     *visitor.Visit
	id        string // a rule's; of newsOnline the account's
	page      int32
	past      Past
	outcome   result
	at        time.Time
}

type newsKind uint8

const (
	newsChanged newsKind = iota
	newsLeft
	newsMet
	newsPast
	newsOnline
	newsDone
)

// lane holds some of the visits and works for them one after another.
type lane struct {
	engine *Engine

	mu      sync.Mutex
	waiting []news
	wake    chan struct{}

	// working guards the rest; it is held while the lane works, and by those who look.
	working sync.Mutex
	visits  map[string]*state // by visitor
	due     dueList
	facts   facts
	spare   []news
}

// state is what the engine knows of one visit beside the visit itself.
type state struct {
	visit    *visitor.Visit
	previous visitor.Text
	past     Past
	asked    bool // for the past
	rules    map[string]*progress
	// showing: something that shows was sent on this page, or is about to be.
	showing bool
	// watched are the rules that the page was told to watch for, in order; watchedPage is the page view that was told.
	watched     []string
	watchedPage int32
	department  string
	due         int64
}

// progress is how far one rule has come with one visit.
type progress struct {
	fired  int32
	dueAt  int64 // of the delay; 0 while it does not run
	acting bool
	// met: the page's conditions hold on this page.
	met bool
	// rested: not again on this page. ended: not again in this visit.
	rested, ended bool
}

func (l *lane) put(n news) {
	n.at = l.engine.options.Clock.Now()
	l.mu.Lock()
	l.waiting = append(l.waiting, n)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *lane) run(ctx context.Context) {
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
		case <-ticker.C:
		}
		l.work()
	}
}

// work takes what waits and what is due.
func (l *lane) work() {
	l.working.Lock()
	defer l.working.Unlock()
	l.mu.Lock()
	waiting := l.waiting
	l.waiting = l.spare[:0]
	l.mu.Unlock()
	for i := range waiting {
		l.learn(&waiting[i])
	}
	clear(waiting)
	l.spare = waiting
	for now := l.engine.now(); len(l.due) > 0 && l.due[0].at <= now; {
		one, _ := heap.Pop(&l.due).(dueVisit)
		if s := l.visits[one.visitorID]; s != nil && s.due == one.at {
			s.due = 0
			l.decide(s)
		}
	}
}

func (l *lane) learn(n *news) {
	if n.kind == newsOnline {
		for _, s := range l.visits {
			if s.visit.AccountID == n.id {
				l.decide(s)
			}
		}
		return
	}
	s := l.visits[n.visitorID]
	if n.kind == newsChanged {
		l.changed(s, n)
		return
	}
	if s == nil {
		return
	}
	switch n.kind {
	case newsLeft:
		if s.visit.ID == n.visit.ID {
			delete(l.visits, n.visitorID)
		}
	case newsMet:
		l.met(s, n)
	case newsPast:
		s.past = Past{
			Known: s.past.Known || n.past.Known, Invited: s.past.Invited || n.past.Invited, Attended: s.past.Attended || n.past.Attended,
		}
		l.decide(s)
	case newsDone:
		l.done(s, n)
	}
}

// changed takes a new state of a visit, and decides when it may matter: at a page view, when the page comes to the front, when the
// site tells more of its visitor.
func (l *lane) changed(s *state, n *news) {
	v := n.visit
	if s == nil || s.visit.ID != v.ID {
		s = &state{visit: v, past: Past{Known: v.Visits <= 1 && v.Pages <= 1}}
		l.visits[v.VisitorID] = s
		l.viewed(s, n)
		return
	}
	old := s.visit
	s.visit = v
	switch {
	case v.Pages != old.Pages:
		s.previous = old.PageURL
		l.viewed(s, n)
	case v.PageURL != old.PageURL, v.PageTitle != old.PageTitle, v.Identity != old.Identity, old.Hidden && !v.Hidden:
		l.decide(s)
	}
}

// viewed begins a page: what was true of the page before is over.
func (l *lane) viewed(s *state, n *news) {
	s.showing = false
	for _, p := range s.rules {
		p.met, p.rested = false, false
		s.showing = s.showing || p.acting
	}
	rules := l.engine.rulesOf(s.visit.AccountID)
	if rules == nil {
		return
	}
	rules.views.Add(1)
	if s.department != "" {
		l.tell(s, DepartmentFrame{T: "department", Department: s.department})
	}
	l.decide(s)
	if observe := l.engine.options.Observe; observe != nil {
		observe(l.engine.options.Clock.Now().Sub(n.at))
	}
}

// met takes the page's word for its conditions.
func (l *lane) met(s *state, n *news) {
	rules := l.engine.rulesOf(s.visit.AccountID)
	if rules == nil || n.page != s.visit.Pages {
		return
	}
	r := rules.byID[n.id]
	if r == nil || len(r.onPage) == 0 {
		return
	}
	p := s.of(n.id)
	p.met = true
	if r.clicked && !p.acting {
		p.rested, s.showing = false, false // a click is as good as a page view
	}
	l.decide(s)
}

// of returns the rule's progress with the visit.
func (s *state) of(id string) *progress {
	if s.rules == nil {
		s.rules = make(map[string]*progress)
	}
	p := s.rules[id]
	if p == nil {
		p = &progress{}
		s.rules[id] = p
	}
	return p
}

// decide holds all rules against the visit as it is now, has those that apply act, and tells the page what to watch for.
func (l *lane) decide(s *state) {
	rules := l.engine.rulesOf(s.visit.AccountID)
	if rules == nil {
		return
	}
	f := &l.facts
	f.visit, f.previous, f.now, f.past = s.visit, s.previous, l.engine.now(), s.past
	f.online = rules.usesOnline && l.engine.options.World.Online(s.visit.AccountID)
	if rules.usesHistory && !s.past.Known && !s.asked {
		s.asked = l.engine.submit(job{lane: l, visit: s.visit})
	}
	candidates := rules.candidates(f)
	for id, p := range s.rules {
		if r := rules.byID[id]; r == nil || !candidates.has(r.index) {
			p.dueAt = 0
		}
	}
	next, watched := int64(0), make([]string, 0, len(s.watched))
	for word, left := range candidates {
		for ; left != 0; left &= left - 1 {
			r := rules.list[word*wordBits+lowest(left)]
			asks, opens := l.consider(s, r, f)
			next = earlier(next, opens)
			if asks {
				watched = append(watched, r.trigger.ID)
			}
		}
	}
	l.watch(s, rules, watched)
	if next != 0 && (s.due == 0 || next < s.due) {
		s.due = next
		heap.Push(&l.due, dueVisit{next, s.visit.VisitorID})
	}
}

// consider decides one rule. asks: the page has to watch for it; opens: when to look again, 0 for never.
func (l *lane) consider(s *state, r *rule, f *facts) (asks bool, opens int64) {
	p := s.rules[r.trigger.ID]
	if p != nil && (p.ended || p.acting) {
		return p.acting && r.clicked, 0
	}
	d := r.decide(f, p != nil && p.met)
	// The click may come again, as often as the rule allows.
	asks = d.asks || d.holds && r.clicked && r.trigger.Once == EveryTime
	if !d.holds {
		if p != nil {
			p.dueAt = 0
		}
		return asks, d.opens
	}
	if p != nil && p.rested {
		return asks, 0
	}
	if r.trigger.Delay > 0 {
		if p == nil {
			p = s.of(r.trigger.ID)
		}
		if p.dueAt == 0 {
			p.dueAt = f.now + int64(r.trigger.Delay)*1000
		}
		if f.now < p.dueAt {
			return asks, p.dueAt
		}
	}
	if r.trigger.Action.Kind.shows() && (s.showing || s.visit.Hidden) {
		return asks, 0
	}
	l.act(s, r)
	return asks, 0
}

// act has a worker carry out the rule.
func (l *lane) act(s *state, r *rule) {
	if !l.engine.submit(job{lane: l, visit: s.visit, rule: r}) {
		return
	}
	p := s.of(r.trigger.ID)
	p.acting, p.dueAt = true, 0
	s.showing = s.showing || r.trigger.Action.Kind.shows()
}

// done takes what came of an action.
func (l *lane) done(s *state, n *news) {
	p := s.of(n.id)
	p.acting, p.rested = false, true
	switch n.outcome.what {
	case fired:
		p.fired++
		p.ended = n.outcome.once || n.outcome.repeats > 0 && int(p.fired) >= n.outcome.repeats
		if n.outcome.action.Kind == Department {
			s.department = n.outcome.action.DepartmentID
			l.tell(s, DepartmentFrame{T: "department", Department: s.department})
		}
	case ranBefore:
		p.ended = true
		l.giveWay(s, n)
	case impossible:
		l.giveWay(s, n)
	case occupied:
	}
}

// giveWay lets the next rule have its turn: of this one nothing came.
func (l *lane) giveWay(s *state, n *news) {
	if n.outcome.action.Kind.shows() {
		s.showing = false
		l.decide(s)
	}
}

// watch tells the page what to watch for, when that is not what it was told on this page already. Each frame replaces the one before.
func (l *lane) watch(s *state, rules *ruleset, ids []string) {
	if slices.Equal(s.watched, ids) && (len(ids) == 0 || s.watchedPage == s.visit.Pages) {
		return
	}
	s.watched, s.watchedPage = ids, s.visit.Pages
	frame := WatchFrame{T: "watch", Page: s.visit.Pages, Elapsed: l.facts.now - s.visit.PageAt, Watches: make([]Watch, 0, len(ids))}
	for _, id := range ids {
		r := rules.byID[id]
		frame.Watches = append(frame.Watches, Watch{ID: id, Match: r.trigger.Match, Conditions: r.onPage})
	}
	l.tell(s, frame)
}

func (l *lane) tell(s *state, frame any) {
	data, err := json.Marshal(frame)
	if err != nil {
		panic(err) // our own frames always encode
	}
	l.engine.options.World.Tell(s.visit.VisitorID, data)
}
