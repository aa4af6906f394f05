package agent

import (
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
)

// Bounds of wrong passwords for one login. The rate by address stands on the route; this one holds when a guesser has many addresses.
const (
	attemptsAllowed = 10
	attemptsWindow  = 10 * time.Minute
	attemptsKept    = 10_000 // logins remembered; made-up ones cannot fill the memory
)

// attempts counts wrong passwords by login. Logins that do not exist are counted like others, so that the refusal tells nothing.
type attempts struct {
	clock   clock.Clock
	mu      sync.Mutex
	byLogin map[string]attempt
}

type attempt struct {
	wrong int
	until time.Time // when the count is forgotten
}

func newAttempts(c clock.Clock) *attempts {
	return &attempts{clock: c, byLogin: make(map[string]attempt)}
}

// take counts an attempt before it is judged, so that many at once don't slip through. It returns 0, or how long the login has to wait.
func (a *attempts) take(login string) time.Duration {
	now := a.clock.Now()
	a.mu.Lock()
	defer a.mu.Unlock()
	known := a.byLogin[login]
	if !now.Before(known.until) {
		known = attempt{}
	}
	if known.wrong >= attemptsAllowed {
		return known.until.Sub(now)
	}
	if _, held := a.byLogin[login]; !held && len(a.byLogin) >= attemptsKept {
		a.sweep(now)
	}
	a.byLogin[login] = attempt{wrong: known.wrong + 1, until: now.Add(attemptsWindow)}
	return 0
}

// forgive forgets the attempts: the password was right.
func (a *attempts) forgive(login string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.byLogin, login)
}

// sweep forgets what is over; if that is not enough, one in two of the rest.
func (a *attempts) sweep(now time.Time) {
	for login, known := range a.byLogin {
		if !now.Before(known.until) {
			delete(a.byLogin, login)
		}
	}
	keep := false
	for login := range a.byLogin {
		if len(a.byLogin) < attemptsKept {
			break
		}
		if keep = !keep; !keep {
			delete(a.byLogin, login)
		}
	}
}
