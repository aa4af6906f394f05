package agent

import (
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/api"
)

// heldSession is a session as it is held in memory. It does not change.
type heldSession struct {
	actor     api.ActorInfo
	expiresAt time.Time
	checkedAt time.Time
}

// sessionCache holds the sessions in use by the hash of their token, so that a request does not ask the database who it is from.
// An entry is believed for recheckEvery, unless an event makes it forgotten before.
type sessionCache struct {
	mu     sync.Mutex
	byHash map[string]heldSession
	// generation grows with every forget: a session read before one is not held after it.
	generation uint64
	// touchAt is when using a session is next written down, by session.
	touchAt map[string]time.Time
	swept   time.Time
}

func newSessionCache() *sessionCache {
	return &sessionCache{byHash: make(map[string]heldSession), touchAt: make(map[string]time.Time)}
}

func (c *sessionCache) current() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.generation
}

func (c *sessionCache) get(hash string, now time.Time) (heldSession, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	held, ok := c.byHash[hash]
	if !ok || stale(held, now) || !now.Before(held.expiresAt) {
		return heldSession{}, false
	}
	return held, true
}

func stale(held heldSession, now time.Time) bool {
	return now.Sub(held.checkedAt) >= recheckEvery || now.Before(held.checkedAt)
}

// put holds a session read at generation, and lets go of those nobody uses.
func (c *sessionCache) put(hash string, held heldSession, generation uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation != c.generation {
		return
	}
	c.byHash[hash] = held
	now := held.checkedAt
	if now.Sub(c.swept) < recheckEvery {
		return
	}
	c.swept = now
	for other, h := range c.byHash {
		if stale(h, now) {
			delete(c.byHash, other)
		}
	}
	for id, at := range c.touchAt {
		if now.Sub(at) > touchEvery {
			delete(c.touchAt, id)
		}
	}
}

// forget lets go of an agent's sessions.
func (c *sessionCache) forget(agentID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	for hash, held := range c.byHash {
		if held.actor.AgentID == agentID {
			delete(c.byHash, hash)
		}
	}
}

// due says whether using the session has to be written down now: at first, when nothing is remembered of it, else touchEvery after
// the last time. Of many who ask at once, one is told so.
func (c *sessionCache) due(sessionID string, first, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.touchAt[sessionID]
	if !ok {
		at = first
	}
	if now.Before(at) {
		return false
	}
	c.touchAt[sessionID] = now.Add(touchEvery)
	return true
}
