package guard

import "container/list"

// queue holds connections by how long they have been waiting.
type queue struct{ list list.List }

// place is a connection's in the queue of all and in that of its network.
type place struct {
	conn        *conn
	own         *queue
	here, there *list.Element
}

func (q *queue) oldest() *conn {
	if front := q.list.Front(); front != nil {
		p, _ := front.Value.(*place) // it holds nothing else
		return p.conn
	}
	return nil
}

func (p *place) push(all *queue) {
	p.here, p.there = all.list.PushBack(p), p.own.list.PushBack(p)
}

func (p *place) remove(all *queue) {
	all.list.Remove(p.here)
	p.own.list.Remove(p.there)
}
