package routing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// DeedKind is what a supervisor did to a queue or the roulette. The list is closed; the audit log has the same names.
type DeedKind string

// The deeds.
const (
	QueueReordered  DeedKind = "queue.reordered"
	RouletteChanged DeedKind = "roulette.changed"
)

// Deed is something a supervisor did, for the audit log.
type Deed struct {
	Kind DeedKind
	// DepartmentID is whose queue was put in order; else empty.
	DepartmentID string
	// AgentID is who was skipped or let in again; else empty.
	AgentID string
	Details map[string]string
}

// Witness writes a deed down, in the same write.
type Witness func(ctx context.Context, tx *store.Tx, accountID, byAgentID string, d Deed) error

// namedInDeed is how many of a new order are written down: the rest kept its order or is of no interest any more.
const namedInDeed = 20

// inOrder is a new order for the audit log.
func inOrder(ids []string) map[string]string {
	return map[string]string{"order": strings.Join(ids[:min(len(ids), namedInDeed)], " "), "count": strconv.Itoa(len(ids))}
}

func (s *Service) witnessed(ctx context.Context, tx *store.Tx, accountID, byAgentID string, deeds ...Deed) error {
	if s.config.Witness == nil {
		return nil
	}
	for _, d := range deeds {
		if err := s.config.Witness(ctx, tx, accountID, byAgentID, d); err != nil {
			return fmt.Errorf("routing: write down %s: %w", d.Kind, err)
		}
	}
	return nil
}

// rouletteDeeds tells what a new roulette changes: who is skipped or let in again, one deed each, and one for a new order.
func rouletteDeeds(before map[string]turn, agents []RouletteAgent) []Deed {
	var deeds []Deed
	ids := make([]string, 0, len(agents))
	for _, a := range agents {
		ids = append(ids, a.AgentID)
		if before[a.AgentID].skipped != a.Skipped {
			deeds = append(deeds, Deed{
				Kind: RouletteChanged, AgentID: a.AgentID, Details: map[string]string{"skipped": strconv.FormatBool(a.Skipped)},
			})
		}
	}
	if !slices.IsSortedFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(before[a].turn, before[b].turn), cmp.Compare(a, b))
	}) {
		deeds = append(deeds, Deed{Kind: RouletteChanged, Details: inOrder(ids)})
	}
	return deeds
}
