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

// Watch opens the window id, or moves it: to another view, offset or length. An answer always follows: at once, or with the next
// flush when the window's last frame is younger than FlushEvery.
//
// offset is from 0, length 1 to MaxLength; an offset behind the last row shows nothing. Errors: validation.
func (p *Panel) Watch(id int64, view View, offset, length int) error {
	view, err := view.normalise()
	if err != nil {
		return err
	}
	switch {
	case offset < 0:
		return fault.Invalid(fault.Field{Name: "offset", Code: fault.FieldTooSmall, Limit: 0})
	case length < 1:
		return fault.Invalid(fault.Field{Name: "length", Code: fault.FieldTooSmall, Limit: 1})
	case length > MaxLength:
		return fault.Invalid(fault.Field{Name: "length", Code: fault.FieldTooLarge, Limit: MaxLength})
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
	w.view, w.offset, w.length, w.moved = view, offset, length, true
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
	latest atomic.Pointer[followed]
	sent   *followed
	over   *Overlay
}

type followed struct {
	detail visitor.Detail
	gone   bool
}

// Follow sends the details of a visit now and at every change, at most four times a second, until it is gone or another is followed;
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
	r := t.rowOf(v, over)
	t.mu.Unlock()
	if latest == f.sent && over == f.over {
		return
	}
	f.sent, f.over = latest, over
	if latest.gone {
		r.state = Left
	}
	p.send(appendVisit(nil, f.visitID, r, latest))
	if latest.gone {
		f.stop()
		p.follow = nil
	}
}
