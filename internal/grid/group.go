package grid

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/tidwall/btree"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// MaxExcept bounds the groups of a window that are not like the others.
const MaxExcept = 300

// groupings holds the columns by which a view may be grouped (T045), and what rows of one group have in common. Addresses are
// grouped without query and fragment: a product with twenty campaign parameters is one page.
var groupings = map[string]func(*row) string{
	"state":         func(r *row) string { return r.state.String() },
	"country":       func(r *row) string { return r.visit.Country.String() },
	"region":        func(r *row) string { return r.visit.Region.String() },
	"city":          func(r *row) string { return r.visit.City.String() },
	"page_url":      func(r *row) string { return plainAddress(r.visit.PageURL.String()) },
	"entry_url":     func(r *row) string { return plainAddress(r.visit.EntryURL.String()) },
	"referrer_kind": func(r *row) string { return string(r.visit.ReferrerKind) },
	"referrer_name": func(r *row) string { return r.visit.ReferrerName.String() },
	"utm_source":    func(r *row) string { return r.visit.UTMSource.String() },
	"utm_medium":    func(r *row) string { return r.visit.UTMMedium.String() },
	"utm_campaign":  func(r *row) string { return r.visit.UTMCampaign.String() },
	"browser":       func(r *row) string { return r.visit.Browser.String() },
	"system":        func(r *row) string { return r.visit.System.String() },
	"device":        func(r *row) string { return r.visit.Device.String() },
	"language":      func(r *row) string { return r.visit.Language.String() },
	"site_id":       func(r *row) string { return r.visit.SiteID },
	"department_id": func(r *row) string { return r.over.DepartmentID },
	"agent_id":      func(r *row) string { return r.over.AgentID },
}

func plainAddress(url string) string {
	if end := strings.IndexAny(url, "?#"); end >= 0 {
		return url[:end]
	}
	return url
}

// Folding says which groups of a window show their rows: all or none, and the exceptions by number.
type Folding struct {
	Open   bool    `json:"open"`
	Except []int64 `json:"except" nullable:"false"`
}

func (f Folding) check() []fault.Field {
	if len(f.Except) > MaxExcept {
		return []fault.Field{{Name: "groups.except", Code: fault.FieldTooMany, Limit: MaxExcept}}
	}
	return nil
}

func (f Folding) open(number int64) bool { return f.Open != slices.Contains(f.Except, number) }

// heading is the line above the rows of one group, at one moment. It is never changed.
type heading struct {
	number int64 // below 0, the same as long as the process runs and after
	key    string
	count  int
}

// line is what stands in one place of a window: a row, or the heading of a group.
type line struct {
	row  *row // nil for a heading
	head *heading
	open bool // the heading's rows follow
}

func (l line) number() int64 {
	if l.head != nil {
		return l.head.number
	}
	return l.row.number
}

// shows says that a heading looks like another.
func (l line) shows(other line) bool {
	return l.head != nil && *l.head == *other.head && l.open == other.open
}

type group struct {
	heading
	tree *btree.BTreeG[item]
	head *heading // as last shown
}

// show returns the heading with the present count.
func (g *group) show() *heading {
	if g.head == nil || g.head.count != g.tree.Len() {
		g.head = &heading{g.number, g.key, g.tree.Len()}
	}
	return g.head
}

// groups keeps the rows of a grouped view: each group in its own tree. The largest group comes first, unless the view's order
// begins with what it is grouped by: then they come in that order.
type groups struct {
	key    func(*row) string
	less   func(a, b item) bool
	byKey  map[string]*group
	taken  map[int64]bool // numbers
	list   []*group
	sorted bool
	total  int
	// by orders the groups by their rows' value; nil: by size.
	by *ordering
}

func newGroups(v View, o order) *groups {
	g := &groups{key: groupings[v.Group], less: o.less, byKey: map[string]*group{}, taken: map[int64]bool{}}
	if o.by[0].name == v.Group {
		g.by = &o.by[0]
	}
	return g
}

// of returns the group of a row, made when it is the first.
func (g *groups) of(r *row) *group {
	key := g.key(r)
	found := g.byKey[key]
	if found == nil {
		found = &group{heading: heading{number: g.number(key), key: key}, tree: newTree(g.less)}
		g.byKey[key] = found
		g.list = append(g.list, found)
		g.sorted = false
	}
	return found
}

// number makes a group's number of its key, so that it is the same whenever the view is opened again.
func (g *groups) number(key string) int64 {
	h := fnv.New64a()
	h.Write([]byte(key))
	number := -1 - int64(h.Sum64()&(1<<52-1)) // 52 bits: exact as a number of JavaScript
	for g.taken[number] {
		number--
	}
	g.taken[number] = true
	return number
}

func (g *groups) put(i item) {
	g.of(i.row).tree.Set(i)
	g.total++
	g.sorted = false
}

func (g *groups) drop(i item) {
	of := g.of(i.row)
	of.tree.Delete(i)
	g.total--
	g.sorted = false
	if of.tree.Len() == 0 {
		delete(g.byKey, of.key)
		delete(g.taken, of.number)
	}
}

// load fills empty groups with the rows of the view in order.
func (g *groups) load(sorted []item) {
	parts := map[*group][]item{}
	for _, i := range sorted {
		of := g.of(i.row)
		parts[of] = append(parts[of], i)
	}
	for of, part := range parts {
		load(of.tree, part)
	}
	g.total = len(sorted)
}

func (g *groups) sort() {
	if g.sorted {
		return
	}
	g.list = slices.DeleteFunc(g.list, func(of *group) bool { return of.tree.Len() == 0 })
	slices.SortFunc(g.list, func(a, b *group) int {
		if g.by != nil {
			x, _ := a.tree.Min()
			y, _ := b.tree.Min()
			if by := g.by.between(x.row, y.row); by != 0 {
				return by
			}
		} else if by := b.tree.Len() - a.tree.Len(); by != 0 {
			return by
		}
		return cmp.Compare(a.key, b.key)
	})
	g.sorted = true
}

// lines appends what stands at offset to offset+length, headings counted, and returns how many lines there are in all.
func (g *groups) lines(dst []line, offset, length int, f Folding) ([]line, int) {
	g.sort()
	at, end := 0, offset+length
	for _, of := range g.list {
		open := f.open(of.number)
		if at >= offset && at < end {
			dst = append(dst, line{head: of.show(), open: open})
		}
		at++
		if !open {
			continue
		}
		for i := max(0, offset-at); i < of.tree.Len() && at+i < end; i++ {
			e, _ := of.tree.GetAt(i)
			dst = append(dst, line{row: e.row})
		}
		at += of.tree.Len()
	}
	return dst, at
}
