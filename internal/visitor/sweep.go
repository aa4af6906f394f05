package visitor

import (
	"container/heap"
	"context"
	"time"
)

const (
	// sweepEvery is how late a deadline may be noticed.
	sweepEvery = 500 * time.Millisecond
	// dueAtLatest makes every visit looked at once an hour, whatever happens, in milliseconds.
	dueAtLatest = int64(time.Hour / time.Millisecond)
)

// deadlines is a heap of the shard's visits by their next deadline. A deadline that moved away is noticed only when the old one
// comes: activity costs nothing here.
type deadlines []*visit

func (d deadlines) Len() int           { return len(d) }
func (d deadlines) Less(i, j int) bool { return d[i].due < d[j].due }
func (d deadlines) Swap(i, j int) {
	d[i], d[j] = d[j], d[i]
	d[i].index, d[j].index = int32(i), int32(j)
}

// Push implements heap.Interface.
func (d *deadlines) Push(x any) {
	v := x.(*visit)
	v.index = int32(len(*d))
	*d = append(*d, v)
}

// Pop implements heap.Interface.
func (d *deadlines) Pop() any {
	last := len(*d) - 1
	v := (*d)[last]
	(*d)[last] = nil
	*d = (*d)[:last]
	v.index = noIndex
	return v
}

// noIndex is the index of a visit that is not in the heap.
const noIndex = -1

// set makes sure that the visit is looked at by due.
func (d *deadlines) set(v *visit, due int64) {
	switch {
	case v.index == noIndex:
		v.due = due
		heap.Push(d, v)
	case due < v.due:
		v.due = due
		heap.Fix(d, int(v.index))
	}
}

func (d *deadlines) drop(v *visit) {
	if v.index != noIndex {
		heap.Remove(d, int(v.index))
	}
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
			v := heap.Pop(&sh.due).(*visit)
			if v.emptyAt != 0 && now-v.emptyAt >= l.options.Grace.Milliseconds() {
				l.end(v)
				continue
			}
			v.settle(now)
		}
		sh.mu.Unlock()
	}
}

// end ends a visit whose grace time is over: it was left when its last page was. The shard is locked.
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
	a := l.account(v.accountID())
	if v.shown {
		a.shown.Add(-1)
		l.sink.VisitLeft(v.state)
	}
	a.count(v.absence, absenceNone)
	a.visits.Add(-1)
	l.visits.Add(-1)
	l.record(v, v.emptyAt)
	v.tellFollowers(true)
	delete(sh.followers, v.state.ID)
	l.signals.put(signal{kind: signalDeparted, accountID: v.accountID(), visitorID: id})
}

// record hands a visit to the journal. Bots and visits without a monitored page leave no trace.
func (l *Live) record(v *visit, endedAt int64) {
	if v.absence == absenceBot || v.state.Pages == 0 {
		return
	}
	f := Finished{Detail: v.detail(), EndedAt: endedAt, Pages: int(v.state.Pages)}
	if v.repeats {
		f.Pages--
	}
	l.journal.add(f)
}
