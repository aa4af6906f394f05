package grid

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tidwall/btree"
)

// index holds the rows of one view in order. It is shared by all windows on that view, and guarded by its table's flush lock.
type index struct {
	key    string
	filter filter
	order  order
	// tree counts its items, so that the row at any place is found without walking.
	tree *btree.BTreeG[item]
	// young holds, by arrival, who passes the filter but for the time on site. Nil when the view has no such filter.
	young *btree.BTreeG[*entry]
	// least is the time on site that the filter asks for, in milliseconds.
	least int64
	// shown and waits say by slot who is in tree and in young.
	shown, waits bits
	// version grows with every change that a window could see.
	version uint64
	windows int
}

// item is an entry with the key of its row, which decides most comparisons without a look at the row.
type item struct {
	key uint64
	*entry
}

func (x *index) item(e *entry) item { return item{x.order.key(e.row), e} }

func (x *index) less(a, b item) bool {
	if a.key != b.key {
		return a.key < b.key
	}
	return x.order.compare(a.row, b.row) < 0
}

// bits is a set of slots.
type bits []uint64

func (b bits) has(slot int) bool { return slot>>6 < len(b) && b[slot>>6]&(1<<(slot&63)) != 0 }

func (b *bits) put(slot int) {
	for slot>>6 >= len(*b) {
		*b = append(*b, 0)
	}
	(*b)[slot>>6] |= 1 << (slot & 63)
}

func (b bits) drop(slot int) { b[slot>>6] &^= 1 << (slot & 63) }

func newTree[T any](less func(a, b T) bool) *btree.BTreeG[T] {
	return btree.NewBTreeGOptions(less, btree.Options{NoLocks: true})
}

// newIndex builds the index of a normalised view over the entries. now is in milliseconds.
func newIndex(v View, entries []*entry, now int64) *index {
	x := &index{key: v.key(), filter: compileFilter(v), order: compileOrder(v), least: int64(v.MinSecondsOnSite) * 1000}
	x.tree = newTree(x.less)
	if x.least > 0 {
		x.young = newTree(func(a, b *entry) bool {
			if a.row.visit.StartedAt != b.row.visit.StartedAt {
				return a.row.visit.StartedAt < b.row.visit.StartedAt
			}
			return a.slot < b.slot
		})
	}
	accepted := make([]*entry, 0, len(entries))
	for _, e := range entries {
		switch {
		case !x.filter.accepts(e.row):
		case x.tooYoung(e.row, now):
			x.young.Set(e)
			x.waits.put(e.slot)
		default:
			accepted = append(accepted, e)
			x.shown.put(e.slot)
		}
	}
	for _, i := range x.sorted(accepted) {
		x.tree.Load(i) // the fast way for items that come in order
	}
	return x
}

// sorted returns the items of entries in the order. Different texts are folded and ranked once, instead of at every comparison.
func (x *index) sorted(entries []*entry) []item {
	type ranked struct {
		rank   uint64
		number int64
		item
	}
	list := make([]ranked, len(entries))
	for i, e := range entries {
		list[i] = ranked{number: e.row.visit.Number, item: x.item(e)}
		list[i].rank = list[i].key
	}
	by := &x.order.by[0]
	if by.sortText != nil {
		ranks := rankTexts(entries, by.sortText)
		for i := range list {
			if r := list[i].row; !by.empty(r) {
				list[i].rank = by.directed(ranks[by.sortText(r)])
			}
		}
	}
	byNumber := len(x.order.by) == 1 && by.decided
	slices.SortFunc(list, func(a, b ranked) int {
		switch {
		case a.rank != b.rank:
			return cmp.Compare(a.rank, b.rank)
		case byNumber && a.number != b.number:
			return cmp.Compare(a.number, b.number)
		}
		return x.order.compare(a.row, b.row)
	})
	items := make([]item, len(list))
	for i := range list {
		items[i] = list[i].item
	}
	return items
}

// rankTexts gives every text of the entries its place among the folded ones; texts that fold alike share it.
func rankTexts(entries []*entry, text func(*row) string) map[string]uint64 {
	type form struct{ raw, folded string }
	ranks := map[string]uint64{}
	var forms []form
	for _, e := range entries {
		raw := text(e.row)
		if _, ok := ranks[raw]; !ok {
			ranks[raw] = 0
			forms = append(forms, form{raw, fold(raw)})
		}
	}
	slices.SortFunc(forms, func(a, b form) int { return strings.Compare(a.folded, b.folded) })
	var rank uint64
	for i, f := range forms {
		if i > 0 && f.folded != forms[i-1].folded {
			rank++
		}
		ranks[f.raw] = rank
	}
	return ranks
}

func (x *index) tooYoung(r *row, now int64) bool {
	return x.least > 0 && r.visit.StartedAt > now-x.least
}

// takeOut is the first half of a change: it removes the entry, which still has its old row, when its place depends on what changed,
// and says whether it must be put back with its new row. now is nil for an entry that goes, e.row is nil for one that comes.
func (x *index) takeOut(e *entry, now *row, diff columnSet) (putBack bool) {
	shown, waits := x.shown.has(e.slot), x.waits.has(e.slot)
	accepted := now != nil
	switch {
	case now == nil:
	case e.row == nil || diff&x.filter.reads != 0:
		accepted = x.filter.accepts(now)
	default:
		accepted = shown || waits
	}
	if shown {
		x.version++
		if accepted && diff&x.order.reads == 0 {
			return false
		}
		x.tree.Delete(x.item(e))
		x.shown.drop(e.slot)
	}
	if waits {
		if accepted {
			return false // the order of the young depends on nothing that changes
		}
		x.young.Delete(e)
		x.waits.drop(e.slot)
	}
	return accepted
}

// putIn is the second half: the entry has its new row.
func (x *index) putIn(e *entry, now int64) {
	if x.tooYoung(e.row, now) {
		x.young.Set(e)
		x.waits.put(e.slot)
		return
	}
	x.version++
	x.tree.Set(x.item(e))
	x.shown.put(e.slot)
}

// ripen shows those who have been on the site for long enough by now.
func (x *index) ripen(now int64) {
	if x.young == nil {
		return
	}
	for {
		e, ok := x.young.Min()
		if !ok || x.tooYoung(e.row, now) {
			return
		}
		x.young.PopMin()
		x.waits.drop(e.slot)
		x.putIn(e, now)
	}
}
