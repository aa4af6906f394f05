package edge

import "sync"

// runQueue holds the connections that wait for a worker. It is linked through Conn.next: a connection is in it at most once, and waiting costs
// no memory.
type runQueue struct {
	mu     sync.Mutex
	some   sync.Cond
	first  *Conn
	last   *Conn
	closed bool
}

func (q *runQueue) push(c *Conn) {
	q.mu.Lock()
	if q.last == nil {
		q.first = c
	} else {
		q.last.next = c
	}
	q.last = c
	q.mu.Unlock()
	q.some.Signal()
}

// pop waits for a connection; nil when the queue is closed and empty.
func (q *runQueue) pop() *Conn {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.first == nil && !q.closed {
		q.some.Wait()
	}
	c := q.first
	if c == nil {
		return nil
	}
	if q.first = c.next; q.first == nil {
		q.last = nil
	}
	c.next = nil
	return c
}

func (q *runQueue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.some.Broadcast()
}
