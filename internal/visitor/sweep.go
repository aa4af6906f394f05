package visitor

import (
	"context"
	"time"
)

const (
	// sweepEvery is how late a deadline may be noticed.
	sweepEvery = 500 * time.Millisecond
	// dueAtLatest makes every visit looked at once an hour, whatever happens, in milliseconds.
	dueAtLatest = int64(time.Hour / time.Millisecond)
)

// deadlines is a binary heap of the shard's visits by their next deadline; each visit knows its place. A deadline that moved away is
// noticed only when the old one comes: activity costs nothing here.
type deadlines []*visit

// noIndex is the index of a visit that is not in the heap.
const noIndex = -1

// set makes sure that the visit is looked at by due.
func (d *deadlines) set(v *visit, due int64) {
	switch {
	case v.index == noIndex:
		v.due, v.index = due, int32(len(*d))
		*d = append(*d, v)
		d.up(v)
	case due < v.due:
		v.due = due
		d.up(v)
	}
}

// drop takes the visit out, if it is in.
func (d *deadlines) drop(v *visit) {
	if v.index == noIndex {
		return
	}
	hole, last := v.index, len(*d)-1
	moved := (*d)[last]
	(*d)[last] = nil
	*d = (*d)[:last]
	v.index = noIndex
	if moved != v {
		(*d)[hole], moved.index = moved, hole
		d.up(moved)
		d.down(moved)
	}
}

func (d deadlines) up(v *visit) {
	for i := v.index; i > 0; {
		parent := (i - 1) / 2
		if d[parent].due <= v.due {
			return
		}
		d.swap(i, parent)
		i = parent
	}
}

func (d deadlines) down(v *visit) {
	for i := v.index; ; {
		child := 2*i + 1
		if int(child) >= len(d) {
			return
		}
		if right := child + 1; int(right) < len(d) && d[right].due < d[child].due {
			child = right
		}
		if v.due <= d[child].due {
			return
		}
		d.swap(i, child)
		i = child
	}
}

func (d deadlines) swap(i, j int32) {
	d[i], d[j] = d[j], d[i]
	d[i].index, d[j].index = i, j
}

func (l *Live) sweepUntil(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			l.sweep()
		}
	}
}

// sweep does what is due.
func (l *Live) sweep() {
	for i := range l.shards {
		sh := &l.shards[i]
		sh.mu.Lock()
		for now := l.now(); len(sh.due) > 0 && sh.due[0].due <= now; {
			v := sh.due[0]
			sh.due.drop(v)
			if v.emptyAt != 0 && now-v.emptyAt >= l.options.Grace.Milliseconds() {
				l.end(v)
				continue
			}
			v.settle(now)
		}
		sh.mu.Unlock()
	}
	l.makeRoom(l.now())
}

// end ends a visit: it was left when its last page was, or now while there is one. The shard is locked.
func (l *Live) end(v *visit) {
	v.over = true
	sh, id := v.shard, v.state.VisitorID
	sh.due.drop(v)
	delete(sh.visitors, id)
	d := l.directory(v.state.ID)
	d.mu.Lock()
	if d.visits[v.state.ID] == v {
		delete(d.visits, v.state.ID)
	}
	d.mu.Unlock()
	a := v.account
	if v.shown {
		a.shown.Add(-1)
		l.sink.VisitLeft(v.state)
	}
	a.count(v.absence, absenceNone)
	a.visits.Add(-1)
	l.visits.Add(-1)
	v.counts(0)
	endedAt := v.emptyAt
	if endedAt == 0 {
		endedAt = l.now()
	}
	l.record(v, endedAt)
	v.tellFollowers(true)
	delete(sh.followers, v.state.ID)
	l.signals.put(signal{kind: signalDeparted, accountID: v.accountID(), visitorID: id})
}

// record hands a visit to the journal. Bots and visits without a monitored page leave no trace.
func (l *Live) record(v *visit, endedAt int64) {
	if v.absence == absenceBot || v.state.Pages == 0 {
		return
	}
	f := Finished{Detail: v.detail(), EndedAt: endedAt, Pages: int(v.state.Pages), bytes: visitBytes + int64(v.whoBytes+v.trailBytes)}
	if v.repeats {
		f.Pages--
	}
	l.journal.add(f)
}
