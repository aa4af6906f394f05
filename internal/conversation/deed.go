package conversation

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Deed is something a supervisor did in a conversation of somebody else's. The list is closed; the audit log has the same names.
type Deed string

// The deeds.
const (
	Whispered     Deed = "conversation.whispered"
	Joined        Deed = "conversation.joined"
	TakenOver     Deed = "conversation.taken_over"
	HandedOn      Deed = "conversation.transferred"
	EndedByOthers Deed = "conversation.ended"
	Corrected     Deed = "conversation.corrected"
)

// Witness writes down, in the same write, what an agent did in a conversation of somebody else's.
type Witness func(ctx context.Context, tx *store.Tx, accountID, agentID string, d Deed, c Conversation) error

// witnessed has a deed written down; inCharge is who had the conversation then. What one does in one's own is no deed.
func (s *Service) witnessed(ctx context.Context, tx *store.Tx, a AgentActor, inCharge string, d Deed, c Conversation) error {
	if s.witness == nil || inCharge == a.ID {
		return nil
	}
	if err := s.witness(ctx, tx, a.AccountID, a.ID, d, c); err != nil {
		return fmt.Errorf("conversation: write down %s: %w", d, err)
	}
	return nil
}
