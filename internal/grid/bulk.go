package grid

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aceno-chat/aceno/internal/visitor"
)

// ranked is an item while many are sorted at once.
type ranked struct {
	// rank is the exact place of the first column's value, where texts were ranked; else the item's first key.
	rank uint64
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
	byNumber := by.decided && len(o.by) == 1
	slices.SortFunc(list, func(a, b ranked) int {
		switch {
		case a.rank != b.rank:
			return cmp.Compare(a.rank, b.rank)
		case a.second != b.second:
			return cmp.Compare(a.second, b.second)
		case byNumber && a.row.number != b.row.number:
			return cmp.Compare(a.row.number, b.row.number)
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
	var rank uint64
	for i, f := range forms {
		if i > 0 && f.folded != forms[i-1].folded {
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
