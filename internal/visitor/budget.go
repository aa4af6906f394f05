package visitor

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/aceno-chat/aceno/internal/platform/edge"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// What a visit is taken to hold, in bytes. A text counts for each visit that has it, though it is kept once for all.
const (
	// visitBytes is everything of a visit that has one size for all: its states, its places in our tables and in the grid.
	visitBytes = 1024
	tabBytes   = 256
	pageBytes  = 32
	fieldBytes = 32
	// maxTrailBytes bounds the addresses and titles of a visit's trail together. The oldest pages are forgotten; the first one stays
	// in the Arrival, the present one in the Visit.
	maxTrailBytes = 16 << 10
)

// searchAgain is when, after a search for visits to end that found too few, another one is worth its time, in milliseconds.
const searchAgain = 1000

// budget is the memory for visits.
type budget struct {
	limit  int64 // 0 is no bound
	logger *slog.Logger
	// held is what the visits hold now; shed counts those that were ended to make room, refused those that found none.
	held, shed, refused atomic.Int64

	// making is held by who makes room, and guards the rest.
	making                sync.Mutex
	searchAt              int64
	saidAt                int64
	saidShed, saidRefused int64
}

// full says whether there is no room for another visit.
func (b *budget) full() bool { return b.limit > 0 && b.held.Load() >= b.limit }

// size is how many bytes the text has.
func (t Text) size() int { return len(t.String()) }

// size is what the texts hold that belong to one visit alone; the other ones are of a few kinds.
func (a *Arrival) size() int {
	n := len(a.ID) + len(a.VisitorID) + a.EntryURL.size() + a.EntryTitle.size() + a.Referrer.size() + a.ReferrerName.size()
	n += a.UTMSource.size() + a.UTMMedium.size() + a.UTMCampaign.size()
	return n + a.Language.size() + a.TimeZone.size() + a.Screen.size()
}

func (i *Identity) size() int {
	if i == nil {
		return 0
	}
	n := len(i.Name) + len(i.Email) + len(i.Proven)
	for _, f := range i.Fields {
		n += fieldBytes + len(f.Key) + len(f.Value)
	}
	return n
}

func (p *PageView) size() int { return p.URL.size() + p.Title.size() }

// weigh brings what the visit counts for in the budget up to date. The shard is locked.
func (v *visit) weigh() {
	n := visitBytes + int(v.whoBytes+v.trailBytes) + cap(v.trail)*pageBytes
	for _, t := range v.tabs {
		n += tabBytes + len(t.id) + t.url.size() + t.title.size()
	}
	v.counts(int32(n))
}

// weighWho notes what the texts hold that say who the visitor is and how it came.
func (v *visit) weighWho() {
	arrival := v.state.Arrival
	v.whoBytes = int32(arrival.size() + v.state.Identity.size())
}

// counts sets what the visit counts for.
func (v *visit) counts(bytes int32) {
	v.live.budget.held.Add(int64(bytes - v.bytes))
	v.bytes = bytes
}

// trimTrail forgets the oldest pages above the bounds. The newest stays, however long its address is.
func (v *visit) trimTrail() {
	n := 0
	for rest := len(v.trail); rest > maxTrail || rest > 1 && v.trailBytes > maxTrailBytes; rest-- {
		v.trailBytes -= int32(v.trail[n].size())
		n++
	}
	v.trail = slices.Delete(v.trail, 0, n)
}

// admit says whether a new visit of the claims' visitor has a place. Somebody who has an open conversation always has. Errors:
// rate_limited when the network begins too many, unavailable when the memory is full of visits that may not be ended.
func (l *Live) admit(o *Origin, claims Claims, known, goesOn bool, now int64) error {
	var refused error
	if !goesOn {
		refused = l.pace.take(o.from, now)
	}
	if refused == nil && !l.makeRoom(now) {
		refused = fault.New(fault.Unavailable)
	}
	if refused != nil && known && l.conversations.Talking(context.Background(), o.Site.AccountID, claims.VisitorID) {
		return nil
	}
	if fault.Is(refused, fault.Unavailable) {
		l.budget.refused.Add(1)
	}
	return refused
}

// makeRoom ends visits when the memory is full, until an eighth of it is free, and says whether there is room then. No shard may be locked.
func (l *Live) makeRoom(now int64) bool {
	b := &l.budget
	if !b.full() {
		return true
	}
	b.making.Lock()
	defer b.making.Unlock()
	if b.full() && now >= b.searchAt {
		b.searchAt = now + searchAgain
		if l.shedTo(b.limit - b.limit/8) {
			b.searchAt = 0
		}
	}
	if shed, refused := b.shed.Load(), b.refused.Load(); now-b.saidAt >= saidEvery.Milliseconds() {
		b.logger.LogAttrs(context.Background(), slog.LevelWarn, "visitor: the memory for visits is full, some end early",
			slog.Int64("limit_bytes", b.limit), slog.Int64("ended", shed-b.saidShed), slog.Int64("refused", refused-b.saidRefused))
		b.saidAt, b.saidShed, b.saidRefused = now, shed, refused
	}
	return !b.full()
}

// expendable is a visit that may be ended to make room. The first to go are those without an open page; among these, and among the
// others, those of whom nothing is known, then those that say a name, then those whose identity was proven. Of equal ones the one that
// has been without activity for longest goes first.
type expendable struct {
	visit      *visit
	rank       uint8
	activityAt int64
}

func (v *visit) rank() uint8 {
	var rank uint8
	switch {
	case v.state.Proven() != "":
		rank = 2
	case v.state.Name() != "" || v.state.Email() != "":
		rank = 1
	}
	if len(v.tabs) > 0 {
		rank += 3
	}
	return rank
}

// shedTo ends visits until they hold at most so many bytes, and says whether they do. Visits with an open conversation stay.
func (l *Live) shedTo(goal int64) bool {
	b := &l.budget
	for _, c := range l.expendables() {
		if b.held.Load() <= goal {
			return true
		}
		// Asked before the shard is locked: the answer may wait for others.
		if !l.conversations.Talking(context.Background(), c.visit.accountID(), c.visit.visitorID()) {
			l.give(c)
		}
	}
	return b.held.Load() <= goal
}

// expendables returns all visits in the order in which they would go.
func (l *Live) expendables() []expendable {
	list := make([]expendable, 0, l.visits.Load())
	for i := range l.shards {
		sh := &l.shards[i]
		sh.mu.Lock()
		for _, v := range sh.visitors {
			list = append(list, expendable{v, v.rank(), v.state.ActivityAt})
		}
		sh.mu.Unlock()
	}
	slices.SortFunc(list, func(a, b expendable) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.activityAt, b.activityAt))
	})
	return list
}

// give ends a visit, unless it has become worth more meanwhile. Its pages may come back later.
func (l *Live) give(c expendable) {
	sh := c.visit.shard
	sh.mu.Lock()
	if c.visit.over || c.visit.rank() > c.rank {
		sh.mu.Unlock()
		return
	}
	connections := c.visit.connections(nil)
	l.end(c.visit)
	sh.mu.Unlock()
	l.budget.shed.Add(1)
	for _, one := range connections {
		one.Close(edge.CodeBusy, "no room")
	}
}

// Load is what the visits of this node hold, and what was refused since it started.
type Load struct {
	Visits int64
	// Bytes is an estimate, Limit what it may come to (Options.Memory).
	Bytes, Limit int64
	// Paced counts new visits refused because their network began too many, Refused those for which there was no memory, Shed the visits
	// that were ended to make room.
	Paced, Refused, Shed int64
}

// Load returns the numbers of this node.
func (l *Live) Load() Load {
	return Load{
		Visits: l.visits.Load(), Bytes: l.budget.held.Load(), Limit: l.budget.limit,
		Paced: l.pace.refused.Load(), Refused: l.budget.refused.Load(), Shed: l.budget.shed.Load(),
	}
}
