package agent

import (
	"math"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
)

// How many wrong passwords are free before one has to wait. Each that follows doubles the wait, from a second to longestWait.
const (
	freeOfDevice  = 10  // on a device that signed in before, or at an open session
	freeOfPair    = 10  // for one login from one network
	freeOfLogin   = 50  // for one login, from all networks it is not known from
	freeOfNetwork = 100 // from one network, for all logins it is not known by
)

const (
	// longestWait is also how long it takes until one wrong password is forgotten, so that a guesser gets on by one in a minute at last.
	longestWait = time.Minute
	pacesKept   = 20_000 // made-up logins and addresses cannot fill the memory
)

// bound is what attempts are counted by.
type bound struct {
	key  string
	free int
}

// paces counts wrong passwords by their bounds.
type paces struct {
	clock clock.Clock
	mu    sync.Mutex
	byKey map[string]paced
}

type paced struct {
	wrong float64   // those not forgotten yet
	at    time.Time // when wrong was that many
	until time.Time // none is judged before
}

func newPaces(c clock.Clock) *paces { return &paces{clock: c, byKey: make(map[string]paced)} }

// take counts an attempt by each of the bounds before it is judged, so that many at once don't slip through. It returns 0, or how long to
// wait; then none of them counts it, so that asking too often makes nobody else wait.
func (p *paces) take(bounds []bound) time.Duration {
	now := p.clock.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	var wait time.Duration
	for _, b := range bounds {
		wait = max(wait, p.byKey[b.key].until.Sub(now))
	}
	if wait > 0 {
		return wait
	}
	for _, b := range bounds {
		known, held := p.byKey[b.key]
		if !held && len(p.byKey) >= pacesKept {
			p.sweep(now)
		}
		known.wrong = known.left(now) + 1
		known.at = now
		if over := int(math.Ceil(known.wrong)) - b.free; over >= 0 {
			known.until = now.Add(growing(over))
		}
		p.byKey[b.key] = known
	}
	return 0
}

// back takes back an attempt: it was not judged, or not wrong.
func (p *paces) back(bounds []bound) {
	now := p.clock.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range bounds {
		known, held := p.byKey[b.key]
		if !held {
			continue
		}
		known.wrong = max(known.left(now)-1, 0)
		known.at = now
		if int(math.Ceil(known.wrong)) < b.free {
			known.until = time.Time{}
		}
		p.byKey[b.key] = known
	}
}

// forget forgets what was wrong by a bound: the right password followed.
func (p *paces) forget(b bound) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.byKey, b.key)
}

// sweep forgets what is over; if that is not enough, one in two of the rest.
func (p *paces) sweep(now time.Time) {
	for key, known := range p.byKey {
		if known.left(now) == 0 {
			delete(p.byKey, key)
		}
	}
	keep := false
	for key := range p.byKey {
		if len(p.byKey) < pacesKept {
			break
		}
		if keep = !keep; !keep {
			delete(p.byKey, key)
		}
	}
}

// left returns how many wrong passwords are not forgotten at now.
func (p paced) left(now time.Time) float64 {
	return max(p.wrong-float64(now.Sub(p.at))/float64(longestWait), 0)
}

// growing returns the wait after the free ones and over more.
func growing(over int) time.Duration {
	const doublings = 6 // 64 s are longer than the longest
	return min(time.Second<<min(over, doublings), longestWait)
}
