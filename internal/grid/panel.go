package grid

import (
	"sync/atomic"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// Panel is one agent's live connection to the table of its account: its windows, and the visit it follows.
// Its methods are safe for concurrent use.
type Panel struct {
	table *table
	send  func(frame []byte)
	// The rest is guarded by the table's flush lock.
	windows map[int64]*window
	follow  *follow
	// closed is set before the lock is taken, so that what waits for the lock does nothing any more.
	closed atomic.Bool
}

// Range is the part of a view that a window shows.
type Range struct {
	// Offset is from 0; behind the last line there is nothing.
	Offset int
	// Length is 1 to MaxLength lines: rows, and headings when the view is grouped.
	Length int
	// Groups says whose rows are shown.
	Groups Folding
}

func (r Range) check() error {
	faults := r.Groups.check()
	if r.Offset < 0 {
		faults = append(faults, fault.Field{Name: "offset", Code: fault.FieldTooSmall, Limit: 0})
	}
	switch {
	case r.Length < 1:
		faults = append(faults, fault.Field{Name: "length", Code: fault.FieldTooSmall, Limit: 1})
	case r.Length > MaxLength:
		faults = append(faults, fault.Field{Name: "length", Code: fault.FieldTooLarge, Limit: MaxLength})
	}
	if len(faults) > 0 {
		return fault.Invalid(faults...)
	}
	return nil
}

// Watch opens the window id, or moves it: to another view or range. An answer always follows: at once, or with the next flush when
// the window's last frame is younger than FlushEvery. Errors: validation.
func (p *Panel) Watch(id int64, view View, at Range) error {
	view, err := view.normalise()
	if err != nil {
		return err
	}
	if err := at.check(); err != nil {
		return err
	}
	t := p.table
	t.flushing.Lock()
	defer t.flushing.Unlock()
	w := p.windows[id]
	switch {
	case p.closed.Load():
		return nil
	case w == nil && len(p.windows) == MaxWindows:
		return fault.Invalid(fault.Field{Name: "id", Code: fault.FieldTooMany, Limit: MaxWindows})
	case w == nil:
		w = &window{id: id}
		p.windows[id] = w
		p.join()
	}
	w.view, w.at, w.moved = view, at, true
	if now := t.now(); now-w.sentAt >= FlushEvery.Milliseconds() {
		p.tell(w, t.update(), now)
		t.encoder.reset()
	}
	return nil
}

// Unwatch closes a window; one that is not open is ignored.
func (p *Panel) Unwatch(id int64) {
	p.table.flushing.Lock()
	defer p.table.flushing.Unlock()
	if w := p.windows[id]; w != nil {
		p.table.leave(w.index)
		delete(p.windows, id)
		p.part()
	}
}

// Close closes everything. No frame is sent after it returned.
func (p *Panel) Close() {
	p.closed.Store(true)
	p.Follow("")
	p.table.flushing.Lock()
	defer p.table.flushing.Unlock()
	for id, w := range p.windows {
		p.table.leave(w.index)
		delete(p.windows, id)
	}
	p.part()
}

// join makes the panel part of the flushes.
func (p *Panel) join() {
	p.table.panels[p] = struct{}{}
	p.table.begin()
}

// part takes it out when it watches nothing.
func (p *Panel) part() {
	if len(p.windows) == 0 && p.follow == nil {
		delete(p.table.panels, p)
		p.table.end()
	}
}

// tell sends the window's frame, if there is something to tell.
func (p *Panel) tell(w *window, counts Counts, now int64) {
	if w.index == nil || w.moved && w.index.key != w.view.key() {
		old := w.index
		w.index = p.table.open(w.view)
		p.table.leave(old)
	}
	if frame := p.table.encoder.frameFor(w, counts); frame != nil {
		w.sentAt = now
		p.send(frame)
	}
}

// follow is the visit whose details a panel shows.
type follow struct {
	visitID string
	stop    func()
	// latest is written by the visitor's side, which must not wait.
	latest   atomic.Pointer[followed]
	sent     *followed
	over     *Overlay
	state    State
	outreach *Outreach
	lead     *lead
}

type followed struct {
	detail visitor.Detail
	gone   bool
}

// Follow sends the details of a visit now and at every change, at most five times a second, until it is gone or another is followed;
// the empty id follows none. A visit that is not there is answered as gone.
func (p *Panel) Follow(visitID string) {
	t := p.table
	t.flushing.Lock()
	defer t.flushing.Unlock()
	defer p.part()
	if p.follow != nil {
		p.follow.stop()
		p.follow = nil
	}
	if visitID == "" || p.closed.Load() {
		return
	}
	f := &follow{visitID: visitID}
	stop, ok := t.options.Visits.Follow(t.accountID, visitID, func(d visitor.Detail, gone bool) { f.latest.Store(&followed{d, gone}) })
	if !ok {
		p.send(append(appendString([]byte(`{"t":"visit","id":`), visitID), `,"gone":true,"visit":null}`...))
		return
	}
	f.stop = stop
	p.follow = f
	p.join()
	p.tellFollowed()
}

// tellFollowed sends the followed visit when it or its conversation changed. The caller parts.
func (p *Panel) tellFollowed() {
	f := p.follow
	if f == nil {
		return
	}
	latest := f.latest.Load()
	if latest == nil {
		return
	}
	t, v := p.table, latest.detail.Visit
	t.mu.Lock()
	over := t.overlays[v.VisitorID]
	if over == nil {
		over = noOverlay
	}
	sent, marked := noOutreach, noLead
	if e := t.byVisitor[v.VisitorID]; e != nil {
		sent, marked = e.sent, e.lead
	}
	r := t.rowOf(v, over, sent, marked, t.isBlocked(v))
	t.mu.Unlock()
	if latest == f.sent && over == f.over && r.state == f.state && sent == f.outreach && marked == f.lead {
		return
	}
	f.sent, f.over, f.state, f.outreach, f.lead = latest, over, r.state, sent, marked
	if latest.gone {
		r.state = Left
	}
	p.send(appendVisit(nil, f.visitID, r, latest))
	if latest.gone {
		f.stop()
		p.follow = nil
	}
}
