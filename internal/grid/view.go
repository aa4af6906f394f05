package grid

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// Limits of a view and its windows.
const (
	MaxSorts   = 3
	MaxText    = 200 // characters
	MaxWords   = 64  // of a text
	MaxChoices = 300 // in each list of a filter
	MaxLength  = 200 // rows of a window
	MaxWindows = 8   // of one panel
	// MaxSeconds bounds the filter by time on site: a week.
	MaxSeconds = 7 * 24 * 60 * 60
	// maxChoice bounds one entry of a list, in bytes.
	maxChoice = 64
)

// Sort orders by one column.
type Sort struct {
	By  string `json:"by"`
	Dir string `json:"dir"` // "asc" or "desc"
}

// View is what a panel wants to see: a filter and an order. Empty lists and texts filter nothing; the parts of a filter apply
// together. Without an order the newest visits come first.
type View struct {
	Sort []Sort `json:"sort" nullable:"false"`
	// Text is searched in every readable column regardless of case and accents; each of its words must be found somewhere.
	Text             string   `json:"text"`
	States           []string `json:"states" nullable:"false"`
	SiteIDs          []string `json:"site_ids" nullable:"false"`
	DepartmentIDs    []string `json:"department_ids" nullable:"false"`
	Countries        []string `json:"countries" nullable:"false"`
	Devices          []string `json:"devices" nullable:"false"`
	AgentIDs         []string `json:"agent_ids" nullable:"false"`
	MinSecondsOnSite int      `json:"min_seconds_on_site"`
	Leads            bool     `json:"leads,omitempty" doc:"Only visitors whom a rule marked as leads."`
	// Group is the column by which the rows are grouped, empty for none.
	Group string `json:"group,omitempty" doc:"A column to group by: state, country, region, city, page_url, entry_url, referrer_kind, referrer_name, utm_source, utm_medium, utm_campaign, browser, system, device, language, site_id, department_id, agent_id. Empty: not grouped."`
}

// choices returns the lists of the filter with their names.
func (v *View) choices() []choice {
	return []choice{
		{"states", "state", &v.States},
		{"site_ids", "site_id", &v.SiteIDs},
		{"department_ids", "department_id", &v.DepartmentIDs},
		{"countries", "country", &v.Countries},
		{"devices", "device", &v.Devices},
		{"agent_ids", "agent_id", &v.AgentIDs},
	}
}

type choice struct {
	field  string
	column string
	list   *[]string
}

// normalise checks the view and returns the form that is the same for all views with the same meaning.
// Errors: validation, with the fields by their path.
func (v View) normalise() (View, error) {
	var faults []fault.Field
	refuse := func(name, code string, limit any) {
		faults = append(faults, fault.Field{Name: "view." + name, Code: code, Limit: limit})
	}
	if len(v.Sort) > MaxSorts {
		refuse("sort", fault.FieldTooMany, MaxSorts)
	}
	sorts := make([]Sort, 0, MaxSorts)
	for _, s := range v.Sort {
		switch {
		case columnIndex(s.By) < 0:
			refuse("sort", fault.FieldUnknown, nil)
		case s.Dir != "asc" && s.Dir != "desc":
			refuse("sort", fault.FieldNotAllowed, []string{"asc", "desc"})
		case !slices.ContainsFunc(sorts, func(o Sort) bool { return o.By == s.By }):
			sorts = append(sorts, s)
		}
	}
	if len(sorts) == 0 {
		sorts = append(sorts, Sort{"started_at", "desc"})
	}
	v.Sort = sorts
	if utf8.RuneCountInString(v.Text) > MaxText {
		refuse("text", fault.FieldTooLong, MaxText)
	} else {
		list := words(v.Text)
		slices.Sort(list)
		list = slices.Compact(list)
		if len(list) > MaxWords {
			refuse("text", fault.FieldTooMany, MaxWords)
		}
		v.Text = strings.Join(list, " ")
	}
	for _, c := range v.choices() {
		list := slices.Clone(*c.list)
		slices.Sort(list)
		*c.list = slices.Compact(list)
		switch {
		case len(list) > MaxChoices:
			refuse(c.field, fault.FieldTooMany, MaxChoices)
		case slices.ContainsFunc(list, func(s string) bool { return len(s) > maxChoice }):
			refuse(c.field, fault.FieldTooLong, maxChoice)
		}
	}
	for _, name := range v.States {
		if _, ok := parseState(name); !ok {
			refuse("states", fault.FieldUnknown, nil)
			break
		}
	}
	if _, ok := groupings[v.Group]; !ok && v.Group != "" {
		refuse("group", fault.FieldUnknown, nil)
	}
	switch {
	case v.MinSecondsOnSite < 0:
		refuse("min_seconds_on_site", fault.FieldTooSmall, 0)
	case v.MinSecondsOnSite > MaxSeconds:
		refuse("min_seconds_on_site", fault.FieldTooLarge, MaxSeconds)
	}
	if len(faults) > 0 {
		return View{}, fault.Invalid(faults...)
	}
	return v, nil
}

// key is the same for views that are the same. v is normalised.
func (v View) key() string {
	key, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	return string(key)
}

// filter is the compiled filter of a view, its time on site apart. It is used by one goroutine at a time.
type filter struct {
	search  search
	choices []membership
	leads   bool
	reads   columnSet // what the answer depends on
}

type membership struct {
	text func(r *row) string
	list []string
}

func compileFilter(v View) filter {
	var f filter
	for word := range strings.FieldsSeq(v.Text) {
		f.search.words = append(f.search.words, []byte(word))
		f.reads |= searchedColumns
	}
	values := map[string]func(*row) string{
		"state":         func(r *row) string { return r.state.String() },
		"site_id":       func(r *row) string { return r.visit.SiteID },
		"department_id": func(r *row) string { return r.over.DepartmentID },
		"country":       func(r *row) string { return r.visit.Country.String() },
		"device":        func(r *row) string { return r.visit.Device.String() },
		"agent_id":      func(r *row) string { return r.over.AgentID },
	}
	if f.leads = v.Leads; v.Leads {
		f.reads |= set("lead_at")
	}
	for _, c := range v.choices() {
		if len(*c.list) > 0 {
			f.choices = append(f.choices, membership{values[c.column], *c.list})
			f.reads |= set(c.column)
		}
	}
	return f
}

// accepts says whether the row passes.
func (f *filter) accepts(r *row) bool {
	if f.leads && r.lead.at == 0 {
		return false
	}
	for _, c := range f.choices {
		if !slices.Contains(c.list, c.text(r)) {
			return false
		}
	}
	return f.search.finds(r)
}

// order is the compiled order of a view.
type order struct {
	by    []ordering
	reads columnSet
}

type ordering struct {
	column
	descending bool
}

// directed turns the value of an ascending column around when the order is descending.
func (o *ordering) directed(v uint64) uint64 {
	if o.descending {
		return ^v
	}
	return v
}

// key agrees with compare: rows with different keys are in the order of their keys.
func (o *ordering) key(r *row) uint64 {
	switch {
	case o.empty != nil && o.empty(r):
		return math.MaxUint64
	case o.prefix == nil:
		return 0
	}
	return o.directed(o.prefix(r))
}

// whole says that rows with the same key are equal in this column.
func (o *ordering) whole() bool { return o.decided && o.sortText == nil && o.sortShared == nil }

// item is an entry with keys of its row, which decide most comparisons without a look at the row.
type item struct {
	// first is the key of the first column; second that of what decides next, when first decides its column wholly.
	first, second uint64
	*entry
}

func (o *order) item(e *entry) item {
	i := item{first: o.by[0].key(e.row), entry: e}
	if o.by[0].whole() {
		i.second = o.secondKey(e.row)
	}
	return i
}

// secondKey is the key of what decides among rows that are equal in the first column.
func (o *order) secondKey(r *row) uint64 {
	if len(o.by) > 1 {
		return o.by[1].key(r)
	}
	return uint64(r.number) // counts from 1
}

func (o *order) less(a, b item) bool {
	if a.first != b.first {
		return a.first < b.first
	}
	if a.second != b.second {
		return a.second < b.second
	}
	return o.compare(a.row, b.row) < 0
}

func compileOrder(v View) order {
	var o order
	for _, s := range v.Sort {
		c := columns[columnIndex(s.By)]
		o.by = append(o.by, ordering{c, s.Dir == "desc"})
		o.reads |= set(s.By)
	}
	return o
}

// between orders two rows by this column alone.
func (o *ordering) between(a, b *row) int {
	result := o.compare(a, b)
	if result == 0 {
		return 0
	}
	if o.empty != nil {
		if x, y := o.empty(a), o.empty(b); x != y {
			return rank(x) - rank(y)
		}
	}
	if o.descending {
		return -result
	}
	return result
}

// compare is a strict order of all rows of an account: what is equal in every column comes by number.
func (o *order) compare(a, b *row) int {
	for i := range o.by {
		if result := o.by[i].between(a, b); result != 0 {
			return result
		}
	}
	if result := cmp.Compare(a.number, b.number); result != 0 {
		return result
	}
	return cmp.Compare(a.visit.ID, b.visit.ID)
}

func rank(last bool) int {
	if last {
		return 1
	}
	return 0
}
