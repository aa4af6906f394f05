package agent

import (
	"context"
	"fmt"
	"sync"

	"github.com/alexedwards/argon2id"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// HashParams are the cost of argon2id: 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet, second choice).
var HashParams = argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Bounds of the work strangers can cause: at most hashSlots computations at a time, at most hashQueue callers waiting for one.
const (
	hashSlots = 2
	hashQueue = 128
)

// Hasher makes and verifies password hashes with bounded memory: hashSlots times the memory of its parameters. A flood of
// sign-ins waits, and beyond hashQueue is refused with Unavailable; nobody else's memory goes with it. Call it outside of writes.
type Hasher struct {
	params argon2id.Params
	places chan struct{} // those who compute or wait
	slots  chan struct{} // those who compute
	dummy  func() (string, error)
}

// NewHasher returns a hasher. Tests pass cheap parameters.
func NewHasher(params argon2id.Params) *Hasher {
	return &Hasher{
		params: params, places: make(chan struct{}, hashSlots+hashQueue), slots: make(chan struct{}, hashSlots),
		// What an unknown login is compared with, so that it costs the same time as a known one.
		dummy: sync.OnceValues(func() (string, error) { return argon2id.CreateHash("nobody has this password", &params) }),
	}
}

// Hash returns the argon2id hash of password.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	hash, err := argon2id.CreateHash(foldPassword(password), &h.params)
	if err != nil {
		return "", fmt.Errorf("agent: hash a password: %w", err)
	}
	return hash, nil
}

// Matches says whether password belongs to hash. An empty hash matches nothing and takes as long as any other.
func (h *Hasher) Matches(ctx context.Context, password, hash string) (bool, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	unknown := hash == ""
	if unknown {
		if hash, err = h.dummy(); err != nil {
			return false, fmt.Errorf("agent: hash a password: %w", err)
		}
	}
	ok, err := argon2id.ComparePasswordAndHash(foldPassword(password), hash)
	if err != nil {
		return false, fmt.Errorf("agent: compare a password: %w", err)
	}
	return ok && !unknown, nil
}

// enter takes a place and then a slot.
func (h *Hasher) enter(ctx context.Context) (leave func(), err error) {
	select {
	case h.places <- struct{}{}:
	default:
		return nil, fault.New(fault.Unavailable)
	}
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots; <-h.places }, nil
	case <-ctx.Done():
		<-h.places
		return nil, fault.Wrap(fault.Unavailable, ctx.Err())
	}
}
