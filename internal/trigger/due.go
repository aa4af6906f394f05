package trigger

import "container/heap"

// dueVisit says when a visit has to be looked at again.
type dueVisit struct {
	at        int64
	visitorID string
}

// dueList is a heap of moments, the nearest first. A visit that found a nearer one stays in it with the old one too, which is then
// passed over.
type dueList []dueVisit

var _ heap.Interface = (*dueList)(nil)

func (d dueList) Len() int           { return len(d) }
func (d dueList) Less(i, j int) bool { return d[i].at < d[j].at }
func (d dueList) Swap(i, j int)      { d[i], d[j] = d[j], d[i] }

// Push is for container/heap.
func (d *dueList) Push(one any) {
	*d = append(*d, one.(dueVisit)) //nolint:forcetypeassert // only lanes push
}

// Pop is for container/heap.
func (d *dueList) Pop() any {
	last := len(*d) - 1
	one := (*d)[last]
	(*d)[last] = dueVisit{}
	*d = (*d)[:last]
	return one
}
