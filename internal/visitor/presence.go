package visitor

// visit is one visit while it lasts. Everything in it is guarded by its shard's lock, but for what of state.Arrival never changes.
type visit struct {
	live    *Live
	shard   *shard
	account *account
	visitor string
	// state is the newest, never nil; told is what the grid knows.
	state, told *Visit
	tabs        []*Tab
	// trail is oldest first; trailBytes is what its texts hold.
	trail      []PageView
	trailBytes int32
	// bytes is what the visit counts for in the budget, whoBytes what of it rarely changes.
	bytes, whoBytes int32
	// due is the next time to look at the visit, index its place among the shard's deadlines.
	due   int64
	index int32
	// emptyAt is when the last page went, unseenAt when the last monitored one went; 0 while there is one.
	emptyAt, unseenAt int64
	absence           absence
	shown             bool
	// repeats: the first page was counted before the connection was lost.
	repeats bool
	over    bool
	// receiving is the tab that has what was sent to the visitor last.
	receiving string
}

// absence is why a visit is not in the grid.
type absence uint8

const (
	absenceNone absence = iota
	absenceUnmonitored
	absenceBot
	absenceCrowd
)

// maxTrail is how many pages of a visit are remembered, as far as maxTrailBytes allows.
const maxTrail = 50

// accountID never changes, unlike the state: it may be read without the shard's lock.
func (v *visit) accountID() string { return v.account.id }

// visitorID never changes either.
func (v *visit) visitorID() string { return v.visitor }

func (v *visit) detail() Detail {
	d := Detail{Visit: v.state, Trail: make([]PageView, len(v.trail))}
	for i, page := range v.trail {
		d.Trail[len(v.trail)-1-i] = page
	}
	return d
}

func (v *visit) connections(list []Connection) []Connection {
	for _, t := range v.tabs {
		if t.conn != nil {
			list = append(list, t.conn)
		}
	}
	return list
}

// openPage adds a page to the trail and counts it.
func (v *visit) openPage(t *Tab, now int64) {
	t.pageAt = now
	if !t.monitored {
		return
	}
	page := PageView{URL: t.url, Title: t.title, At: now}
	v.trail = append(v.trail, page)
	v.trailBytes += int32(page.size())
	v.trimTrail()
	next := *v.state
	next.Pages++
	v.state = &next
}

// reopenPage finds the page of a tab that lost its connection; false when the trail has forgotten it.
func (v *visit) reopenPage(t *Tab) bool {
	for i := len(v.trail) - 1; i >= 0; i-- {
		if page := &v.trail[i]; page.URL == t.url {
			page.LeftAt = 0
			t.pageAt = page.At
			return true
		}
	}
	return false
}

// retitlePage notes that the tab's page has another title.
func (v *visit) retitlePage(t *Tab, title Text) {
	t.title = title
	for i := len(v.trail) - 1; i >= 0; i-- {
		if page := &v.trail[i]; page.At == t.pageAt && page.URL == t.url {
			v.trailBytes += int32(title.size() - page.Title.size())
			page.Title = title
			v.trimTrail()
			return
		}
	}
}

// leavePage notes when the tab's page was left.
func (v *visit) leavePage(t *Tab, now int64) {
	for i := len(v.trail) - 1; i >= 0; i-- {
		if page := &v.trail[i]; page.At == t.pageAt && page.URL == t.url && page.LeftAt == 0 {
			page.LeftAt = now
			return
		}
	}
}

// attach makes the tab part of the visit.
func (v *visit) attach(t *Tab) {
	v.tabs = append(v.tabs, t)
	t.attached = true
	v.emptyAt = 0
	if t.monitored {
		v.unseenAt = 0
	}
}

// detach takes the tab out, if it is in.
func (v *visit) detach(t *Tab, now int64) {
	if !t.attached {
		return
	}
	t.attached = false
	for i, other := range v.tabs {
		if other == t {
			v.tabs = append(v.tabs[:i], v.tabs[i+1:]...)
			break
		}
	}
	v.leavePage(t, now)
	if len(v.tabs) == 0 {
		v.tabs = nil
		v.emptyAt = now
	}
	if v.front() == nil && v.unseenAt == 0 {
		v.unseenAt = now
	}
}

// front returns the monitored tab that was active last, nil when there is none.
func (v *visit) front() *Tab {
	var front *Tab
	for _, t := range v.tabs {
		if t.monitored && (front == nil || t.activeAt > front.activeAt) {
			front = t
		}
	}
	return front
}

// receiver returns the page a person most likely looks at: visible before hidden, then active last. Nil when no
// page has one.
func (v *visit) receiver() *Tab {
	var best *Tab
	for _, t := range v.tabs {
		if t.conn != nil && (best == nil || best.hidden && !t.hidden || best.hidden == t.hidden && t.activeAt > best.activeAt) {
			best = t
		}
	}
	return best
}

// tab returns the open page with this identifier, or nil.
func (v *visit) tab(id string) *Tab {
	for _, t := range v.tabs {
		if t.id == id {
			return t
		}
	}
	return nil
}

// settle brings the visit's state in line with its tabs and tells everybody who looks, when something changed. Every change ends
// with it.
func (v *visit) settle(now int64) {
	old := v.state
	next := *old
	if front := v.front(); front != nil {
		next.PageURL, next.PageTitle, next.PageAt = front.url, front.title, front.pageAt
		next.ActivityAt = max(next.ActivityAt, front.activeAt)
		next.Hidden = true
		for _, t := range v.tabs {
			next.Hidden = next.Hidden && (t.hidden || !t.monitored)
		}
	}
	next.Idle = next.Hidden || now-next.ActivityAt >= v.live.options.IdleAfter.Milliseconds()
	next.Barred = v.barred()
	if next != *old {
		v.state = &next
	}
	v.show(now)
	v.told = v.state
	v.tellFollowers(false) // the trail may have changed even when the state did not
	v.weigh()
	v.shard.due.set(v, v.nextDue(now))
}

// barred says whether the whole address of a limited visit, which is known only to its pages' connections, is blocked.
func (v *visit) barred() bool {
	blocked := v.live.options.Blocked
	if !v.state.Limited || blocked == nil {
		return false
	}
	for _, t := range v.tabs {
		if t.from.IsValid() && blocked(v.accountID(), t.from) {
			return true
		}
	}
	return len(v.tabs) == 0 && v.state.Barred
}

// show decides whether the grid shows the visit, and tells it.
func (v *visit) show(now int64) {
	a := v.account
	why := v.absence
	switch {
	case why == absenceBot:
	case v.unseenAt != 0 && (!v.shown || now-v.unseenAt >= v.live.options.Grace.Milliseconds()):
		why = absenceUnmonitored
	case !v.shown && !a.takePlace(v.live.options.MaxShown):
		why = absenceCrowd
	default:
		why = absenceNone
	}
	wasShown := v.shown
	a.count(v.absence, why)
	v.absence, v.shown = why, why == absenceNone
	switch {
	case v.shown && (v.told != v.state || !wasShown):
		v.live.sink.VisitChanged(v.state)
	case wasShown && !v.shown:
		a.shown.Add(-1)
		v.live.sink.VisitLeft(v.state)
	}
}

// nextDue is when the visit must be looked at again, at the latest.
func (v *visit) nextDue(now int64) int64 {
	grace := v.live.options.Grace.Milliseconds()
	due := now + dueAtLatest
	if !v.state.Idle {
		due = min(due, v.state.ActivityAt+v.live.options.IdleAfter.Milliseconds())
	}
	if v.emptyAt != 0 {
		due = min(due, v.emptyAt+grace)
	}
	if v.shown && v.unseenAt != 0 {
		due = min(due, v.unseenAt+grace)
	}
	return due
}
