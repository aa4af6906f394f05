package demo

import (
	"context"
	"sync"
	"time"
)

const (
	// mostWaiting is what the queue never goes over.
	mostWaiting = 6
	// visitorsPerWaiting is how many visitors make one of them wait.
	visitorsPerWaiting = 75
	// afterglow is how long the server may keep somebody in the queue who went away without a word.
	afterglow = 150 * time.Second
)

// desk sees to it that the queue lives and never overflows: it decides when another visitor asks for contact.
type desk struct {
	mu       sync.Mutex
	online   bool
	waiting  int         // those who fill in the form included
	departed []time.Time // waiting ones who left, by the time until which they count
	target   int
	redraw   time.Time
}

// hear takes down whether anybody attends.
func (d *desk) hear(online bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.online = online
}

// wants says whether another visitor may ask for contact now, and counts it as waiting when so.
func (d *desk) wants(luck *dice, visitors int, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !now.Before(d.redraw) {
		most := min(max(visitors/visitorsPerWaiting, 1), 4)
		least := max(most/2, 1)
		d.target = least + luck.IntN(most-least+1)
		d.redraw = now.Add(luck.between(30*time.Second, 90*time.Second))
	}
	if !d.online || d.waiting >= d.target || d.all(now) >= mostWaiting {
		return false
	}
	d.waiting++
	return true
}

// room takes somebody in who was invited, and says whether there was room.
func (d *desk) room(now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all(now) >= mostWaiting {
		return false
	}
	d.waiting++
	return true
}

// all counts who waits, and who the server may still keep in the queue.
func (d *desk) all(now time.Time) int {
	for len(d.departed) > 0 && !now.Before(d.departed[0]) {
		d.departed = d.departed[1:]
	}
	return d.waiting + len(d.departed)
}

// served takes down that one waits less: attended, ended, or never asked after all.
func (d *desk) served() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting--
}

// back takes down that somebody waits again.
func (d *desk) back() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting++
}

// gone takes down that somebody left the queue without a word.
func (d *desk) gone(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting--
	d.departed = append(d.departed, now.Add(afterglow))
}

// invite looks for somebody who might ask for contact, every few seconds.
func (c *crowd) invite(context.Context) {
	defer c.schedule.in(c.inviting, c.dice.between(2*time.Second, 7*time.Second))
	if !c.desk.wants(c.dice, len(c.guests), time.Now()) {
		return
	}
	first := c.dice.IntN(len(c.guests))
	for i := range c.guests {
		if c.guests[(first+i)%len(c.guests)].turnToDesk() {
			return
		}
	}
	c.desk.served() // nobody has a question
}
