package agent

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/network"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

const (
	// failuresEvery is how often at most the wrong passwords for one agent from one network are written down: in between they are summed.
	failuresEvery = 10 * time.Minute
	// failureNetworks is how many networks are told apart for one agent; the others are one together.
	failureNetworks = 8
)

// Failures are wrong passwords for one agent from one network.
type Failures struct {
	AccountID, AgentID string
	// Network is the zero prefix for several together.
	Network netip.Prefix
	Count   int
}

// Address names the network for people: an address, the /64 of one, or nothing.
func (f Failures) Address() string { return network.Name(f.Network) }

// tally sums wrong passwords until they are written down. However many try, it holds little: there are only so many agents.
type tally struct {
	mu      sync.Mutex
	byAgent map[string]map[netip.Prefix]summed
}

type summed struct {
	Failures
	told time.Time // zero before the first time
}

func newTally() *tally { return &tally{byAgent: make(map[string]map[netip.Prefix]summed)} }

func (t *tally) note(f Failures) {
	t.mu.Lock()
	defer t.mu.Unlock()
	networks := t.byAgent[f.AgentID]
	if networks == nil {
		networks = make(map[netip.Prefix]summed)
		t.byAgent[f.AgentID] = networks
	}
	if _, held := networks[f.Network]; !held && len(networks) >= failureNetworks {
		f.Network = netip.Prefix{}
	}
	sum := networks[f.Network]
	f.Count += sum.Count
	networks[f.Network] = summed{Failures: f, told: sum.told}
}

// due takes out what is to be written down: all of it at the end of the program.
func (t *tally) due(now time.Time, all bool) (list []Failures) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for agentID, networks := range t.byAgent {
		for network, sum := range networks {
			switch waits := !sum.told.IsZero() && now.Sub(sum.told) < failuresEvery; {
			case sum.Count > 0 && (all || !waits):
				list = append(list, sum.Failures)
				sum.Count, sum.told = 0, now
				networks[network] = sum
			case sum.Count == 0 && !waits:
				delete(networks, network)
			}
		}
		if len(networks) == 0 {
			delete(t.byAgent, agentID)
		}
	}
	return list
}

// TellFailures writes down the wrong passwords for each agent by network: the first at once, then their sum every ten minutes at most; at
// the end of the program, last, what is left. Call it often.
func (s *Service) TellFailures(ctx context.Context, last bool) error {
	var errs []error
	for _, f := range s.failures.due(s.config.Clock.Now(), last) {
		err := s.config.Store.Write(store.InLane(ctx, f.AccountID), func(ctx context.Context, tx *store.Tx) error {
			return s.config.Failed(ctx, tx, f)
		})
		if err != nil {
			s.failures.note(f)
			errs = append(errs, fmt.Errorf("agent: write down failed sign-ins: %w", err))
		}
	}
	return errors.Join(errs...)
}
