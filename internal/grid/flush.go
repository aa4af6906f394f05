package grid

import (
	"slices"
	"time"

	"github.com/aceno-chat/aceno/internal/visitor"
)

// change is what the intake hands to the flush: the newest state of one entry.
type change struct {
	entry *entry
	now   *row // nil: it goes
}

// begin makes the table watched: everybody becomes a row, and from now on changes are gathered. The flush lock is held.
func (t *table) begin() {
	if t.stop != nil {
		return
	}
	t.mu.Lock()
	t.watched = true
	for _, e := range t.entries {
		e.dirty = false
		t.place(e, t.makeRow(e))
	}
	t.mu.Unlock()
	stop := make(chan struct{})
	t.stop = stop
	if !t.options.byHand {
		t.options.group.Go(func() { t.run(stop) })
	}
}

// end makes the table unwatched when no panel needs it any more. The flush lock is held.
func (t *table) end() {
	if t.stop == nil || len(t.panels) > 0 {
		return
	}
	close(t.stop)
	t.stop = nil
	t.mu.Lock()
	defer t.mu.Unlock()
	t.watched = false
	for _, e := range t.dirty {
		e.dirty = false
	}
	for _, e := range t.rows {
		if e != nil {
			e.row = nil
		}
	}
	t.dirty, t.spare, t.changes, t.rows, t.free = nil, nil, nil, nil, nil
	t.encoder = newEncoder()
}

func (t *table) run(stop <-chan struct{}) {
	ticker := time.NewTicker(FlushEvery)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			return
		case <-ticker.C:
			t.flush()
		}
	}
}

// flush brings all indexes up to date and tells every panel what it does not know yet.
func (t *table) flush() {
	t.flushing.Lock()
	defer t.flushing.Unlock()
	if t.stop == nil {
		return
	}
	now, counts := t.now(), t.update()
	for p := range t.panels {
		for _, w := range p.windows {
			p.tell(w, counts, now)
		}
		p.tellFollowed()
		p.part()
	}
	t.encoder.reset()
}

// update applies the gathered changes to the indexes and returns the numbers that belong to them.
func (t *table) update() Counts {
	t.mu.Lock()
	dirty := t.dirty
	t.dirty, t.spare = t.spare[:0], dirty
	t.changes = t.changes[:0]
	for _, e := range dirty {
		e.dirty = false
		if e.gone {
			t.changes = append(t.changes, change{entry: e})
		} else {
			t.changes = append(t.changes, change{e, t.makeRow(e)})
		}
	}
	counts := t.counts
	t.mu.Unlock()
	if t.options.Crowd != nil {
		counts.Bots, counts.NotShown = t.options.Crowd(t.accountID)
	}
	now := t.now()
	for _, c := range t.changes {
		t.apply(c, now)
	}
	clear(t.changes)
	clear(t.spare)
	for _, x := range t.ordered {
		x.ripen(now)
	}
	return counts
}

// apply moves one entry in every index. Nothing is compared between the two halves, so no index ever sees a row out of its place.
func (t *table) apply(c change, now int64) {
	e := c.entry
	var diff columnSet
	switch {
	case e.row != nil && c.now != nil:
		if diff = changed(e.row, c.now); diff == 0 {
			return
		}
	case e.row == nil && c.now == nil:
		return // came and went between two flushes
	case e.row == nil:
		e.slot = t.slot()
	}
	t.putBack = t.putBack[:0]
	for _, x := range t.ordered {
		if x.takeOut(e, c.now, diff) {
			t.putBack = append(t.putBack, x)
		}
	}
	if c.now == nil {
		t.rows[e.slot] = nil
		t.free = append(t.free, e.slot)
		e.row = nil
		return
	}
	e.row = c.now
	t.rows[e.slot] = e
	for _, x := range t.putBack {
		x.putIn(e, now)
	}
}

// place gives a new entry its slot and row without telling any index.
func (t *table) place(e *entry, r *row) {
	e.slot = t.slot()
	e.row = r
	t.rows[e.slot] = e
}

func (t *table) slot() int {
	if n := len(t.free); n > 0 {
		slot := t.free[n-1]
		t.free = t.free[:n-1]
		return slot
	}
	t.rows = append(t.rows, nil)
	return len(t.rows) - 1
}

// makeRow makes the entry's newest row. The intake lock is held.
func (t *table) makeRow(e *entry) *row {
	return t.rowOf(e.visit, e.over, e.sent, e.lead, e.blocked)
}

func (t *table) rowOf(v *visitor.Visit, o *Overlay, sent *Outreach, l *lead, blocked bool) *row {
	return &row{
		visit: v, over: o, sent: sent, lead: l, number: v.Number, startedAt: v.StartedAt, state: stateOf(v, o, blocked),
		site: t.names[v.SiteID], department: t.names[o.DepartmentID], agent: t.names[o.AgentID], inviter: t.names[sent.AgentID],
	}
}

// open returns the index of a normalised view, built when nobody uses it yet.
func (t *table) open(v View) *index {
	key := v.key()
	x := t.indexes[key]
	if x == nil {
		entries := make([]*entry, 0, len(t.rows))
		for _, e := range t.rows {
			if e != nil {
				entries = append(entries, e)
			}
		}
		x = newIndex(v, entries, t.now())
		t.indexes[key] = x
		t.ordered = append(t.ordered, x)
	}
	x.windows++
	return x
}

// leave drops an index that nobody uses any more.
func (t *table) leave(x *index) {
	if x == nil {
		return
	}
	if x.windows--; x.windows == 0 {
		delete(t.indexes, x.key)
		t.ordered = slices.DeleteFunc(t.ordered, func(other *index) bool { return other == x })
	}
}
