package edge

import (
	"slices"
	"sync"
	"time"
)

// delayQueue holds connections that must be looked at a fixed time after they were pushed. First in, first due: no timers, no sorting.
type delayQueue struct {
	delay time.Duration
	mu    sync.Mutex
	items []delayed
}

type delayed struct {
	conn *Conn
	at   time.Duration // of the push, since the server's start
}

func (q *delayQueue) push(c *Conn, now time.Duration) {
	q.mu.Lock()
	q.items = append(q.items, delayed{c, now})
	q.mu.Unlock()
}

// due removes and returns what was pushed at least the delay ago.
func (q *delayQueue) due(now time.Duration) []delayed {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for n < len(q.items) && q.items[n].at+q.delay <= now {
		n++
	}
	if n == 0 {
		return nil
	}
	list := slices.Clone(q.items[:n])
	clear(q.items[:n]) // the array lives until it is full: it must not hold connections
	if q.items = q.items[n:]; len(q.items) == 0 {
		q.items = nil
	}
	return list
}

// sweepLoop is the only clock of all connections.
func (s *Server) sweepLoop() {
	step := s.options.tick()
	ticker := time.NewTicker(step)
	defer ticker.Stop()
	buckets := max(1, int(s.options.PingEvery/step))
	for bucket := 0; ; bucket = (bucket + 1) % buckets {
		select {
		case <-s.stop:
			return
		case <-ticker.C:
			s.expire(s.now())
			s.ping(bucket, buckets)
		}
	}
}

// expire ends what is overdue: closed connections whose peer does not hang up, open ones without a hello, polls nobody asks for.
func (s *Server) expire(now time.Duration) {
	for _, d := range s.lingering.due(now) {
		if !d.conn.polled { // a finished poll waits for its reader as long as any poll
			d.conn.sever()
		}
	}
	for _, d := range s.hellos.due(now) {
		d.conn.mu.Lock()
		if d.conn.phase == phaseOpen && !d.conn.greeted {
			s.stats.protocolErrors.Add(1)
			d.conn.finishLocked(nil, CodeProtocol, "no hello")
		}
		d.conn.mu.Unlock()
	}
	for _, d := range s.resting.due(now) {
		if p, ok := d.conn.carrier.(*poll); ok {
			p.expire(d.conn, d.at)
		}
	}
}

func (s *Server) ping(bucket, buckets int) {
	for _, c := range s.registry.bucket(bucket, buckets) {
		c.beat()
	}
}

// waiting is how many pushes are not due yet.
func (q *delayQueue) waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items)
}
