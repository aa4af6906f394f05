package agent_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/alexedwards/argon2id"

	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// cheap makes tests quick; the format is the same.
var cheap = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func TestHasher(t *testing.T) {
	h := agent.NewHasher(cheap)
	hash, err := h.Hash(t.Context(), "Atenção às 9")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatalf("%q, %v", hash, err)
	}
	again, err := h.Hash(t.Context(), "Atenção às 9")
	if err != nil || again == hash {
		t.Errorf("two hashes of one password are the same: no salt (%v)", err)
	}
	for password, want := range map[string]bool{
		"Atenção às 9":                   true,
		"Atenc\u0327a\u0303o a\u0300s 9": true, // decomposed, as some keyboards type it
		"atenção às 9":                   false,
		"Atenção às 9 ":                  false,
		"":                               false,
	} {
		if got, err := h.Matches(t.Context(), password, hash); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", password, got, err, want)
		}
	}
	if got, err := h.Matches(t.Context(), "nobody has this password", ""); err != nil || got {
		t.Errorf("an unknown login matched: %v, %v", got, err)
	}
}

func TestHashParams_AreTheRecommendedOnes(t *testing.T) {
	hash, err := agent.NewHasher(agent.HashParams).Hash(t.Context(), "a good password")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q, %v", hash, err)
	}
}

func TestHasher_RefusesAFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := agent.NewHasher(cheap)
		release := h.Occupy()
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		var mu sync.Mutex
		codes := map[fault.Code]int{}
		for range 200 {
			wg.Go(func() {
				_, err := h.Hash(ctx, "a good password")
				mu.Lock()
				defer mu.Unlock()
				codes[fault.CodeOf(err)]++
			})
		}
		synctest.Wait()
		mu.Lock()
		refused := codes[fault.Unavailable]
		mu.Unlock()
		if refused != 200-128 {
			t.Errorf("%d were refused at once, want all but the 128 who may wait", refused)
		}
		cancel()
		wg.Wait()
		if codes[fault.Unavailable] != 200 {
			t.Errorf("those who gave up got %v", codes)
		}
		release()
		if _, err := h.Hash(t.Context(), "a good password"); err != nil {
			t.Errorf("after the flood: %v", err)
		}
	})
}
