package grid

import (
	"maps"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// FlushEvery is the time between two frames of a window: at most five a second.
const FlushEvery = 200 * time.Millisecond

// Counts are the exact numbers of an account, at one moment.
type Counts struct {
	// All is everybody in the table.
	All int
	// ByState adds up to All.
	ByState [stateCount]int
	// Idle are those away from the page, in conversation or not.
	Idle int
	// Bots and NotShown are online but not in the table: see visitor.Stats.
	Bots, NotShown int
}

// entry is one visit in the table. The first group belongs to the intake, the second to the flush.
type entry struct {
	visit *visitor.Visit
	over  *Overlay
	sent  *Outreach
	lead  *lead
	// blocked says that the visit's address is.
	blocked bool
	dirty   bool
	gone    bool

	row  *row // nil until the first flush that sees it
	slot int
}

// table holds the visits of one account.
type table struct {
	accountID string
	options   Options

	// mu guards the intake: it is held for moments only, because visitors' connections wait for it.
	mu        sync.Mutex
	entries   map[string]*entry // by visit
	byVisitor map[string]*entry
	overlays  map[string]*Overlay // by visitor
	counts    Counts
	names     map[string]visitor.Text
	watched   bool
	dirty     []*entry

	// flushing guards everything about views, windows and panels. It is taken before mu.
	flushing sync.Mutex
	indexes  map[string]*index
	ordered  []*index // the same, to walk through
	panels   map[*Panel]struct{}
	rows     []*entry // by slot, nil where free
	free     []int
	encoder  *encoder
	changes  []change
	spare    []*entry
	putBack  []*index
	// stop ends the flushing goroutine; nil while nobody watches.
	stop chan struct{}
}

func newTable(accountID string, options Options) *table {
	return &table{
		accountID: accountID, options: options,
		entries: map[string]*entry{}, byVisitor: map[string]*entry{}, overlays: map[string]*Overlay{},
		indexes: map[string]*index{}, panels: map[*Panel]struct{}{}, encoder: newEncoder(),
	}
}

func (t *table) visitChanged(v *visitor.Visit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.entries[v.ID]
	if e == nil {
		e = &entry{over: noOverlay, sent: noOutreach, lead: noLead, blocked: t.isBlocked(v)}
		if o := t.overlays[v.VisitorID]; o != nil {
			e.over = o
		}
		t.entries[v.ID] = e
		t.byVisitor[v.VisitorID] = e
	} else {
		t.count(e, -1)
		if v.Barred != e.visit.Barred {
			e.blocked = t.isBlocked(v)
		}
	}
	e.visit = v
	t.count(e, +1)
	t.mark(e)
}

func (t *table) visitLeft(v *visitor.Visit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.entries[v.ID]
	if e == nil {
		return
	}
	t.count(e, -1)
	delete(t.entries, v.ID)
	if t.byVisitor[v.VisitorID] == e {
		delete(t.byVisitor, v.VisitorID)
		if !lasting(e.over) {
			delete(t.overlays, v.VisitorID)
		}
	}
	e.gone = true
	t.mark(e)
}

// lasting says whether an overlay is kept for a visitor who is not there: only while the conversation is open.
func lasting(o *Overlay) bool { return o.State == Waiting || o.State == Active }

func (t *table) setConversation(visitorID string, o Overlay) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e, over := t.byVisitor[visitorID], &o
	if o == *noOverlay {
		over = noOverlay
	}
	if over == noOverlay || e == nil && !lasting(over) {
		delete(t.overlays, visitorID)
	} else {
		t.overlays[visitorID] = over
	}
	if e == nil || *e.over == *over {
		return
	}
	t.count(e, -1)
	e.over = over
	t.count(e, +1)
	t.mark(e)
}

func (t *table) setOutreach(visitorID string, o Outreach) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.byVisitor[visitorID]
	if e == nil || *e.sent == o {
		return
	}
	e.sent = &o
	t.mark(e)
}

func (t *table) setLead(visitorID string, l Lead) {
	now := noLead
	if l.At != 0 {
		now = &lead{at: l.At, source: visitor.Intern(l.Source)}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.byVisitor[visitorID]
	if e == nil || *e.lead == *now {
		return
	}
	e.lead = now
	t.mark(e)
}

func (t *table) setNames(names map[string]string) {
	interned := make(map[string]visitor.Text, len(names))
	for id, name := range names {
		interned[id] = visitor.Intern(name)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if maps.Equal(t.names, interned) {
		return
	}
	t.names = interned
	for _, e := range t.entries {
		t.mark(e)
	}
}

func (t *table) blocksChanged() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range t.entries {
		if now := t.isBlocked(e.visit); now != e.blocked {
			t.count(e, -1)
			e.blocked = now
			t.count(e, +1)
			t.mark(e)
		}
	}
}

func (t *table) isBlocked(v *visitor.Visit) bool {
	return v.Barred || t.options.Blocked != nil && t.options.Blocked(t.accountID, v.IP)
}

func (t *table) count(e *entry, n int) {
	t.counts.All += n
	t.counts.ByState[stateOf(e.visit, e.over, e.blocked)] += n
	if e.visit.Idle {
		t.counts.Idle += n
	}
}

// mark remembers that the next flush must look at the entry.
func (t *table) mark(e *entry) {
	if t.watched && !e.dirty {
		e.dirty = true
		t.dirty = append(t.dirty, e)
	}
}

// countsNow returns the exact numbers.
func (t *table) countsNow() Counts {
	t.mu.Lock()
	counts := t.counts
	t.mu.Unlock()
	if t.options.Crowd != nil {
		counts.Bots, counts.NotShown = t.options.Crowd(t.accountID)
	}
	return counts
}

func (t *table) now() int64 { return clock.Millis(t.options.Clock.Now()) }
