package conversation

import (
	"math"
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
)

// sheet is one account's part of the board. The board's lock guards it.
type sheet struct {
	accountID string
	// loading is set until the sheet was read; pending keeps the log's records meanwhile, loaded is closed after.
	loading bool
	loaded  chan struct{}
	pending []eventlog.Record
	// position is that of the last record the sheet knows of.
	position int64
	day      day

	open        map[string]*OpenConversation
	departments map[string]*tally
	active      map[string]map[string]*OpenConversation // by agent
	visitors    map[string]map[string]*OpenConversation // by visitor
}

// day is a day of the account: it begins at start, the next one at end, in milliseconds.
type day struct{ start, end int64 }

// tally is what is counted per department.
type tally struct {
	waiting   []*OpenConversation // in queue order
	active    int
	finished  int
	abandoned int
	// first are the first words of those that ended today.
	first []firstWord
}

// firstWord is how long a visitor waited for the agent's first word, or until the end when there was none.
type firstWord struct {
	// took is in milliseconds, a month at most.
	took     int32
	answered bool
}

// ending is what is counted of a conversation that is over.
type ending struct {
	departmentID string
	at           int64
	abandoned    bool
	first        firstWord
}

func endingOf(c *OpenConversation) ending {
	e := ending{departmentID: c.DepartmentID, abandoned: c.State == Abandoned}
	if c.EndedAt != nil {
		e.at = *c.EndedAt
	}
	until := e.at
	if e.first.answered = c.AnsweredAt != nil; e.first.answered {
		until = *c.AnsweredAt
	}
	e.first.took = int32(min(max(until-c.QueueEnteredAt, 0), math.MaxInt32))
	return e
}

// count counts a conversation that ended, if that was today.
func (s *sheet) count(e ending) {
	if e.at < s.day.start || e.at >= s.day.end {
		return
	}
	t := s.tally(e.departmentID)
	if e.abandoned {
		t.abandoned++
	} else {
		t.finished++
	}
	t.first = append(t.first, e.first)
}

// within says whether the promised time was kept; decided is false when the conversation ended before anybody could have known.
func (w firstWord) within(target int64) (decided, kept bool) {
	kept = w.answered && int64(w.took) <= target
	return w.answered || int64(w.took) >= target, kept
}

func newSheet(accountID string) *sheet {
	return &sheet{
		accountID: accountID, loading: true, loaded: make(chan struct{}),
		open: make(map[string]*OpenConversation), departments: make(map[string]*tally),
		active: make(map[string]map[string]*OpenConversation), visitors: make(map[string]map[string]*OpenConversation),
	}
}

func (s *sheet) tally(departmentID string) *tally {
	t, ok := s.departments[departmentID]
	if !ok {
		t = &tally{}
		s.departments[departmentID] = t
	}
	return t
}

// put brings in the newest state of a conversation and says whether places in a queue changed.
func (s *sheet) put(c *OpenConversation) (queueMoved bool) {
	if old, ok := s.open[c.ID]; ok {
		queueMoved = s.remove(old)
	}
	t := s.tally(c.DepartmentID)
	switch c.State {
	case Waiting:
		at, _ := slices.BinarySearchFunc(t.waiting, c, inQueueOrder)
		t.waiting = slices.Insert(t.waiting, at, c)
		queueMoved = true
	case Active:
		t.active++
		hold(s.active, c.agent(), c)
	case Ended, Abandoned:
		s.count(endingOf(c))
	}
	if c.State.Open() {
		s.open[c.ID] = c
		hold(s.visitors, c.VisitorID, c)
	}
	return queueMoved
}

// remove takes out an open conversation and says whether it waited.
func (s *sheet) remove(c *OpenConversation) (waited bool) {
	delete(s.open, c.ID)
	release(s.visitors, c.VisitorID, c)
	t := s.tally(c.DepartmentID)
	if c.State == Active {
		t.active--
		release(s.active, c.agent(), c)
		return false
	}
	if at, ok := slices.BinarySearchFunc(t.waiting, c, inQueueOrder); ok {
		t.waiting = slices.Delete(t.waiting, at, at+1)
	}
	return true
}

func hold(in map[string]map[string]*OpenConversation, key string, c *OpenConversation) {
	if in[key] == nil {
		in[key] = make(map[string]*OpenConversation, 1)
	}
	in[key][c.ID] = c
}

func release(from map[string]map[string]*OpenConversation, key string, c *OpenConversation) {
	delete(from[key], c.ID)
	if len(from[key]) == 0 {
		delete(from, key)
	}
}

func (t *tally) counters() Counters {
	c := Counters{Waiting: len(t.waiting), Active: t.active, Finished: t.finished, Abandoned: t.abandoned}
	if len(t.waiting) > 0 {
		since := t.waiting[0].QueueEnteredAt
		c.WaitingSince = &since
	}
	return c
}

func (s *sheet) counters(scope eventlog.Scope) Counters {
	var sum Counters
	for id, t := range s.departments {
		if !scope.All && !scope.DepartmentIDs[id] {
			continue
		}
		c := t.counters()
		sum.Waiting += c.Waiting
		sum.Active += c.Active
		sum.Finished += c.Finished
		sum.Abandoned += c.Abandoned
		if c.WaitingSince != nil && (sum.WaitingSince == nil || *c.WaitingSince < *sum.WaitingSince) {
			sum.WaitingSince = c.WaitingSince
		}
	}
	return sum
}

func (s *sheet) inQueue(scope eventlog.Scope) []OpenConversation {
	all := []OpenConversation{}
	for id, t := range s.departments {
		if !scope.All && !scope.DepartmentIDs[id] {
			continue
		}
		for _, c := range t.waiting {
			all = append(all, *c)
		}
	}
	slices.SortFunc(all, func(a, b OpenConversation) int { return inQueueOrder(&a, &b) })
	return all
}

func (s *sheet) place(conversationID string) (int64, bool) {
	c, ok := s.open[conversationID]
	if !ok || c.State != Waiting {
		return 0, false
	}
	at, ok := slices.BinarySearchFunc(s.tally(c.DepartmentID).waiting, c, inQueueOrder)
	return int64(at + 1), ok
}
