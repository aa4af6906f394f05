package trigger

import (
	"math/bits"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aceno-chat/aceno/internal/visitor"
)

// bitset is a set of small numbers.
type bitset []uint64

func newBits(n int) bitset      { return make(bitset, (n+wordBits-1)/wordBits) }
func (b bitset) set(i int)      { b[i/wordBits] |= 1 << (i % wordBits) }
func (b bitset) has(i int) bool { return b[i/wordBits]>>(i%wordBits)&1 != 0 }

func (b bitset) without(other bitset) {
	for i := range b {
		b[i] &^= other[i]
	}
}

// lowest is the place of the lowest bit of a word that is not 0.
func lowest(word uint64) int { return bits.TrailingZeros64(word) }

// ruleset is the active rules of an account, compiled. Nothing in it changes but the verdicts it remembers and what it counts.
type ruleset struct {
	accountID string
	list      []*rule // by priority
	byID      map[string]*rule
	all       bitset
	texts     []*textIndex
	// usesOnline and usesHistory say what the rules ask for beside the visit.
	usesOnline, usesHistory bool
	// views is how many page views the rules were held against since they were last written down.
	views atomic.Int64
}

// rule is one compiled rule.
type rule struct {
	trigger Trigger
	index   int
	// clauses are decided here, onPage by the visitor's page.
	clauses []clause
	onPage  []PageCondition
	clicked bool // one of onPage is the click on the call icon
}

// clause is a condition that the server decides. opens is when it may begin to hold, in milliseconds; 0 when time alone does nothing.
type clause func(f *facts) (holds bool, opens int64)

// compile prepares the active ones among an account's rules. zone is the account's own time zone.
func compile(accountID string, list []Trigger, zone *time.Location) *ruleset {
	s := &ruleset{accountID: accountID, byID: make(map[string]*rule)}
	list = slices.DeleteFunc(slices.Clone(list), func(t Trigger) bool { return !t.Active })
	slices.SortFunc(list, byPriority)
	s.all = newBits(len(list))
	for i, t := range list {
		r := &rule{trigger: t, index: i}
		s.list, s.byID[t.ID] = append(s.list, r), r
		s.all.set(i)
		local := zone
		if own, err := time.LoadLocation(t.TimeZone); err == nil && t.TimeZone != "" {
			local = own
		}
		for _, d := range t.Conditions {
			s.add(r, d, local)
		}
	}
	for _, index := range s.texts {
		index.rules = len(list)
	}
	return s
}

// add compiles one condition of a rule.
func (s *ruleset) add(r *rule, d Condition, zone *time.Location) {
	a := aspects[d.Field]
	n := 0
	if a.shape == shapeNumber {
		n, _ = strconv.Atoi(d.Values[0]) // it was checked
	}
	switch {
	case d.Field == Scroll:
		r.onPage = append(r.onPage, PageCondition{Scroll: n})
	case d.Field == SecondsOnPage:
		r.onPage = append(r.onPage, PageCondition{Seconds: n})
	case d.Field == Leaving:
		r.onPage = append(r.onPage, PageCondition{Leaving: true})
	case d.Field == IconClick:
		r.onPage, r.clicked = append(r.onPage, PageCondition{Click: true}), true
	case d.onTime():
		r.clauses = append(r.clauses, timeClause(weekOf(d), zone))
	case d.Field == SecondsOnSite:
		r.clauses = append(r.clauses, stayClause(d.Operator, int64(n)*1000))
	case d.Field == Pages:
		r.clauses = append(r.clauses, countClause(d.Operator, n, func(f *facts) int { return int(f.visit.Pages) }))
	case d.Field == Visits:
		r.clauses = append(r.clauses, countClause(d.Operator, n, func(f *facts) int { return int(f.visit.Visits) }))
	case a.shape == shapeTruth:
		s.usesOnline = s.usesOnline || d.Field == AgentsOnline
		s.usesHistory = s.usesHistory || d.Field != AgentsOnline
		r.clauses = append(r.clauses, truthClause(d.Field, d.Values[0] == "yes"))
	default:
		index, bit := s.indexText(r, d, a)
		r.clauses = append(r.clauses, func(f *facts) (bool, int64) { return f.verdicts[index].holds.has(bit), 0 })
	}
}

// timeAtMost bounds how long a moment of the clock is waited for at once: at a change to summer time it comes earlier than counted.
const timeAtMost = 15 * 60 * 1000

func timeClause(w *week, zone *time.Location) clause {
	return func(f *facts) (bool, int64) {
		now := time.UnixMilli(f.now).In(zone)
		at := minuteOfWeek(now)
		if w.has(at) {
			return true, 0
		}
		wait := w.next(at)
		if wait < 0 {
			return false, 0
		}
		begun := f.now - f.now%60_000 // zones differ by whole minutes
		return false, min(begun+int64(wait)*60_000, f.now+timeAtMost)
	}
}

func stayClause(o Operator, limit int64) clause {
	return func(f *facts) (bool, int64) {
		stay := f.now - f.visit.StartedAt
		if o == AtMost {
			return stay <= limit, 0
		}
		if stay >= limit {
			return true, 0
		}
		return false, f.visit.StartedAt + limit
	}
}

func countClause(o Operator, n int, count func(f *facts) int) clause {
	return func(f *facts) (bool, int64) {
		switch o {
		case AtLeast:
			return count(f) >= n, 0
		case AtMost:
			return count(f) <= n, 0
		default:
			return count(f) == n, 0
		}
	}
}

func truthClause(what Field, want bool) clause {
	return func(f *facts) (bool, int64) {
		switch what {
		case AgentsOnline:
			return f.online == want, 0
		case Invited:
			return f.past.Known && f.past.Invited == want, 0
		default:
			return f.past.Known && f.past.Attended == want, 0
		}
	}
}

// textIndex decides all conditions on one text at once and remembers the answers: addresses, titles, places repeat thousands of times.
type textIndex struct {
	field Field
	key   string // of custom
	rules int
	tests []textTest

	mu    sync.RWMutex
	known map[visitor.Text]*verdict
}

// knownMax is how many texts one index remembers; when it is full it begins anew.
const knownMax = 8192

// longestKnown is how long a text may be to be remembered, in bytes: pages say what they like, and it would stay.
const longestKnown = 512

// verdict is what a text means to the rules.
type verdict struct {
	// holds is by test.
	holds bitset
	// excluded are the rules that this text alone rules out.
	excluded bitset
}

// textTest is one condition on a text.
type textTest struct {
	rule     int
	decisive bool // a rule that needs all of its conditions
	operator Operator
	address  bool
	language bool
	values   []string
	patterns []*regexp.Regexp
}

// indexText puts a condition into the index of its field, and returns where its answer will stand.
func (s *ruleset) indexText(r *rule, d Condition, a aspect) (index, bit int) {
	index = slices.IndexFunc(s.texts, func(t *textIndex) bool { return t.field == d.Field && t.key == d.Key })
	if index < 0 {
		index = len(s.texts)
		s.texts = append(s.texts, &textIndex{field: d.Field, key: d.Key, known: make(map[visitor.Text]*verdict)})
	}
	test := textTest{
		rule: r.index, decisive: r.trigger.Match == All, operator: d.Operator, address: a.shape == shapeAddress,
		language: d.Field == Language,
	}
	for _, value := range d.Values {
		if d.Operator == Matches || d.Operator == MatchesNot {
			if compiled, err := pattern(value); err == nil {
				test.patterns = append(test.patterns, compiled)
			}
			continue
		}
		test.values = append(test.values, strings.ToLower(value))
	}
	t := s.texts[index]
	t.tests = append(t.tests, test)
	return index, len(t.tests) - 1
}

// of returns the verdict on a text.
func (t *textIndex) of(text visitor.Text) *verdict {
	t.mu.RLock()
	found := t.known[text]
	t.mu.RUnlock()
	if found != nil {
		return found
	}
	v := t.decide(text.String())
	if len(text.String()) > longestKnown {
		return v
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.known) >= knownMax {
		clear(t.known)
	}
	t.known[text] = v
	return v
}

func (t *textIndex) decide(text string) *verdict {
	v := &verdict{holds: newBits(len(t.tests)), excluded: newBits(t.rules)}
	lower := strings.ToLower(text)
	for i := range t.tests {
		test := &t.tests[i]
		if test.holds(text, lower) {
			v.holds.set(i)
		} else if test.decisive {
			v.excluded.set(test.rule)
		}
	}
	return v
}

func (t *textTest) holds(text, lower string) bool {
	one := slices.ContainsFunc(t.patterns, func(p *regexp.Regexp) bool { return p.MatchString(text) }) ||
		slices.ContainsFunc(t.values, func(value string) bool { return t.fits(lower, value) })
	return one != t.operator.negative()
}

// fits compares one text with one value, both in lower case.
func (t *textTest) fits(text, value string) bool {
	if t.address && strings.HasPrefix(value, "/") && text != "" {
		text = pathOf(text, strings.Contains(value, "?") || t.operator == Contains || t.operator == ContainsNot || t.operator == StartsWith)
	}
	switch t.operator {
	case Contains, ContainsNot:
		return strings.Contains(text, value)
	case StartsWith:
		return strings.HasPrefix(text, value)
	case EndsWith:
		return strings.HasSuffix(text, value)
	}
	if t.address {
		return strings.TrimSuffix(text, "/") == strings.TrimSuffix(value, "/")
	}
	return text == value || t.language && strings.HasPrefix(text, value+"-")
}

// pathOf returns what of an address follows the host, without the fragment; and without the query unless it is asked for.
func pathOf(address string, query bool) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if query && u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return path
}
