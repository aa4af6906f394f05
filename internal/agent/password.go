package agent

import (
	"context"
	"fmt"
	"sync"

	"github.com/alexedwards/argon2id"
)

// HashParams are the cost of argon2id: 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet, second choice).
var HashParams = argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Hasher makes and verifies password hashes with bounded memory: hashSlots times the memory of its parameters. A flood of sign-ins waits in
// a line in which the known come first, and beyond its length is told to come again. Call it outside of writes.
type Hasher struct {
	params argon2id.Params
	line   line
	dummy  func() (string, error)
}

// NewHasher returns a hasher. Tests pass cheap parameters.
func NewHasher(params argon2id.Params) *Hasher {
	return &Hasher{
		params: params, line: line{free: hashSlots},
		// What an unknown login is compared with, so that it costs the same time as a known one.
		dummy: sync.OnceValues(func() (string, error) { return argon2id.CreateHash("nobody has this password", &params) }),
	}
}

// Hash returns the argon2id hash of password, for somebody who is known. Unavailable when too many wait.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := h.line.enter(ctx, Caller{Known: true}); err != nil {
		return "", err
	}
	defer h.line.leave()
	hash, err := argon2id.CreateHash(foldPassword(password), &h.params)
	if err != nil {
		return "", fmt.Errorf("agent: hash a password: %w", err)
	}
	return hash, nil
}

// Matches says whether password belongs to hash. An empty hash matches nothing and takes as long as any other. When too many wait,
// RateLimited for strangers and Unavailable for the known.
func (h *Hasher) Matches(ctx context.Context, c Caller, password, hash string) (bool, error) {
	err := h.line.enter(ctx, c)
	if err != nil {
		return false, err
	}
	defer h.line.leave()
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
