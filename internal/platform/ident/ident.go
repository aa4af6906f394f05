// Package ident makes identifiers and random secrets.
package ident

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"sync"

	"github.com/google/uuid"
)

// Generator makes identifiers: UUID texts that sort by the time they were made.
type Generator interface {
	New() string
}

// V7 makes UUIDv7 (RFC 9562) texts of 36 characters.
type V7 struct{}

// New returns a fresh identifier.
func (V7) New() string { return uuid.Must(uuid.NewV7()).String() }

// Sequence makes predictable, valid identifiers for tests. It is safe for concurrent use.
type Sequence struct {
	mu   sync.Mutex
	next uint64
}

// New returns the next identifier of the sequence.
func (s *Sequence) New() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	return fmt.Sprintf("00000000-0000-7000-8000-%012x", s.next)
}

// Valid says whether s is a UUID in its canonical 36-character form.
func Valid(s string) bool {
	if len(s) != 36 {
		return false
	}
	_, err := uuid.Parse(s)
	return err == nil
}

// MadeAt returns when an identifier was made, in milliseconds UTC; 0 of what is none.
func MadeAt(id string) int64 {
	u, err := uuid.Parse(id)
	if err != nil {
		return 0
	}
	var at int64
	for _, b := range u[:6] { // RFC 9562: the first 48 bits are the time
		at = at<<8 | int64(b)
	}
	return at
}

// Secret returns n random bytes as unpadded base64url text. It panics only if the system has no randomness left to give.
func Secret(n int) string {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		panic(fmt.Errorf("ident: no randomness: %w", err))
	}
	return base64.RawURLEncoding.EncodeToString(b)
}
