package agent

import "context"

// Occupy takes every slot of the hasher, as computations that do not end would, until release is called.
func (h *Hasher) Occupy() (release func()) {
	h.line.mu.Lock()
	defer h.line.mu.Unlock()
	h.line.free -= hashSlots
	return func() {
		for range hashSlots {
			h.line.leave()
		}
	}
}

// Waiting returns how many wait for a slot.
func (h *Hasher) Waiting() int {
	h.line.mu.Lock()
	defer h.line.mu.Unlock()
	return len(h.line.known) + len(h.line.strangers)
}

// Enter and Leave are what stands around a computation.
func (h *Hasher) Enter(ctx context.Context, c Caller) error { return h.line.enter(ctx, c) }

func (h *Hasher) Leave() { h.line.leave() }
