package agent_test

import (
	"context"
	"errors"
	"net/netip"
	"slices"
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
		if got, err := h.Matches(t.Context(), agent.Caller{}, password, hash); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", password, got, err, want)
		}
	}
	if got, err := h.Matches(t.Context(), agent.Caller{}, "nobody has this password", ""); err != nil || got {
		t.Errorf("an unknown login matched: %v, %v", got, err)
	}
}

func TestHashParams_AreTheRecommendedOnes(t *testing.T) {
	hash, err := agent.NewHasher(agent.HashParams).Hash(t.Context(), "a good password")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q, %v", hash, err)
	}
}

// network is a /24 of its own for each number.
func network(n int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(n >> 8), byte(n), 0}), 24)
}

func TestHasher_TheKnownComeFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := agent.NewHasher(cheap)
		release := h.Occupy()
		var wg sync.WaitGroup
		turns := make(chan int)
		for i, c := range []agent.Caller{{Network: network(1)}, {Network: network(2)}, {Known: true}, {Network: network(3)}, {Known: true}} {
			wg.Go(func() {
				if err := h.Enter(t.Context(), c); err != nil {
					t.Error(err)
				}
				turns <- i
			})
			synctest.Wait()
		}
		release() // both slots: the two who are known
		if first, second := <-turns, <-turns; first+second != 2+4 {
			t.Errorf("the first were %d and %d", first, second)
		}
		for _, want := range []int{0, 1, 3} {
			h.Leave()
			if got := <-turns; got != want {
				t.Errorf("then came %d, want %d", got, want)
			}
		}
		wg.Wait()
	})
}

func TestHasher_AFloodTurnsAwayOnlyItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := agent.NewHasher(cheap)
		release := h.Occupy()
		callers := slices.Repeat([]agent.Caller{{Network: network(1)}}, 200)
		callers = append(callers, agent.Caller{Network: network(2)}, agent.Caller{Network: network(3)}, agent.Caller{Known: true})
		errs := make([]error, len(callers))
		var wg sync.WaitGroup
		for i, c := range callers {
			wg.Go(func() { _, errs[i] = h.Matches(t.Context(), c, "a good password", "") })
			synctest.Wait()
		}
		if got := h.Waiting(); got != 128+1 {
			t.Errorf("%d wait, want 128 strangers and who is known", got)
		}
		release()
		wg.Wait()
		refused := 0
		for i, err := range errs {
			switch {
			case i >= 200 && err != nil:
				t.Errorf("caller %d: %v", i, err)
			case err != nil:
				refused++
				if f, ok := errors.AsType[*fault.Error](err); !ok || f.Code != fault.RateLimited || f.Params["seconds"] == nil {
					t.Errorf("caller %d of the flood: %v", i, err)
				}
			}
		}
		if refused != 200-128+2 {
			t.Errorf("%d of the flood were refused", refused)
		}
	})
}

func TestHasher_WhoGivesUpHoldsNoPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := agent.NewHasher(cheap)
		release := h.Occupy()
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for i := range 400 { // half of them are known
			wg.Go(func() {
				if _, err := h.Matches(ctx, agent.Caller{Known: i%2 == 0, Network: network(i)}, "x", ""); err == nil {
					t.Error("somebody computed in an occupied hasher")
				}
			})
		}
		synctest.Wait()
		cancel()
		wg.Wait()
		if got := h.Waiting(); got != 0 {
			t.Errorf("%d still wait", got)
		}
		release()
		if _, err := h.Hash(t.Context(), "a good password"); err != nil {
			t.Errorf("after the flood: %v", err)
		}
	})
}
