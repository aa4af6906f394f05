package grid

import (
	"github.com/tidwall/btree"
)

// index holds the rows of one view in order. It is shared by all windows on that view, and guarded by its table's flush lock.
type index struct {
	key    string
	filter filter
	order  order
	// tree counts its items, so that the row at any place is found without walking. Nil when the view is grouped.
	tree *btree.BTreeG[item]
	// groups holds the rows of a grouped view, nil for others.
	groups *groups
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
	if v.Group != "" {
		x.groups = newGroups(v, x.order)
		x.order.reads |= set(v.Group)
	} else {
		x.tree = newTree(x.order.less)
	}
	if x.least > 0 {
		x.young = newTree(func(a, b *entry) bool {
			if a.row.startedAt != b.row.startedAt {
				return a.row.startedAt < b.row.startedAt
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
	if sorted := x.order.sorted(accepted); x.groups != nil {
		x.groups.load(sorted)
	} else {
		load(x.tree, sorted)
	}
	return x
}

// total returns how many rows the view has.
func (x *index) total() int {
	if x.groups != nil {
		return x.groups.total
	}
	return x.tree.Len()
}

// lines appends what stands at offset to offset+length, and returns how many lines there are in all.
func (x *index) lines(dst []line, offset, length int, f Folding) ([]line, int) {
	if x.groups != nil {
		return x.groups.lines(dst, offset, length, f)
	}
	for i := offset; i < offset+length; i++ {
		e, ok := x.tree.GetAt(i)
		if !ok {
			break
		}
		dst = append(dst, line{row: e.row})
	}
	return dst, x.tree.Len()
}

func (x *index) tooYoung(r *row, now int64) bool {
	return x.least > 0 && r.startedAt > now-x.least
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
		if i := x.order.item(e); x.groups != nil {
			x.groups.drop(i)
		} else {
			x.tree.Delete(i)
		}
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
	if i := x.order.item(e); x.groups != nil {
		x.groups.put(i)
	} else {
		x.tree.Set(i)
	}
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
