package grid

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tidwall/btree"

	"github.com/aceno-chat/aceno/internal/visitor"
)

// ranked is an item while many are sorted at once.
type ranked struct {
	// rank is the exact place of the first column's value where it is a text, else the item's first key; next is the key of what
	// decides after it.
	rank, next uint64
	item
}

// sorted returns the items of entries in the order. Texts are folded and ranked once each, instead of at every comparison.
func (o *order) sorted(entries []*entry) []item {
	by := &o.by[0]
	list := make([]ranked, len(entries))
	switch {
	case by.sortShared != nil:
		rankTexts(list, entries, by, by.sortShared, visitor.Text.String)
	case by.sortText != nil:
		rankTexts(list, entries, by, by.sortText, strings.Clone)
	default:
		for i, e := range entries {
			list[i].item = o.item(e)
			list[i].rank = list[i].first
		}
	}
	if by.decided {
		for i := range list {
			list[i].next = o.secondKey(list[i].row)
		}
	}
	slices.SortFunc(list, func(a, b ranked) int {
		switch {
		case a.rank != b.rank:
			return cmp.Compare(a.rank, b.rank)
		case a.next != b.next:
			return cmp.Compare(a.next, b.next)
		}
		return o.compare(a.row, b.row)
	})
	items := make([]item, len(list))
	for i := range list {
		items[i] = list[i].item
	}
	return items
}

// rankTexts makes the items of entries whose first column is a text, which many of them share.
func rankTexts[T comparable](list []ranked, entries []*entry, by *ordering, text func(*row) T, spell func(T) string) {
	type form struct {
		text   T
		folded string
	}
	type place struct{ rank, first uint64 }
	places := map[T]place{}
	var forms []form
	for i, e := range entries {
		list[i].entry = e
		raw := text(e.row)
		if _, ok := places[raw]; !ok && !by.empty(e.row) {
			places[raw] = place{first: by.key(e.row)}
			forms = append(forms, form{raw, fold(spell(raw))})
		}
	}
	slices.SortFunc(forms, func(a, b form) int { return strings.Compare(a.folded, b.folded) })
	var rank uint64 // from 1: no text takes the place of the empty ones in either direction
	for i, f := range forms {
		if i == 0 || f.folded != forms[i-1].folded {
			rank++
		}
		places[f.text] = place{rank: by.directed(rank), first: places[f.text].first}
	}
	for i := range list {
		if r := list[i].row; by.empty(r) {
			list[i].rank = by.key(r)
			list[i].first = list[i].rank
		} else {
			p := places[text(r)]
			list[i].rank, list[i].first = p.rank, p.first
		}
	}
}

// load fills an empty tree with sorted items. The tree compares what it is given once more; so that this needs no look at the rows,
// it is given the items' places, and the items themselves afterwards.
func load(tree *btree.BTreeG[item], sorted []item) {
	for i := range sorted {
		tree.Load(item{first: uint64(i)})
	}
	tree.WalkMut(func(items []item) bool {
		for i := range items {
			items[i] = sorted[items[i].first]
		}
		return true
	})
}
