package audit

import (
	"encoding/json"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/secret"
)

// Action is what was done. The list is closed.
type Action string

// The actions.
const (
	ConversationWatched     Action = "conversation.watched"
	ConversationWhispered   Action = "conversation.whispered"
	ConversationJoined      Action = "conversation.joined"
	ConversationTakenOver   Action = "conversation.taken_over"
	ConversationTransferred Action = "conversation.transferred"
	ConversationEnded       Action = "conversation.ended"
	ConversationCorrected   Action = "conversation.corrected"
	SessionEnded            Action = "session.ended"
	SignInFailed            Action = "sign_in.failed"
	QueueReordered          Action = "queue.reordered"
	RouletteChanged         Action = "roulette.changed"
	SupervisionGranted      Action = "supervision.granted"
)

// Actions returns every action.
func Actions() []Action {
	return []Action{
		ConversationWatched, ConversationWhispered, ConversationJoined, ConversationTakenOver, ConversationTransferred,
		ConversationEnded, ConversationCorrected, SessionEnded, SignInFailed, QueueReordered, RouletteChanged, SupervisionGranted,
	}
}

// Subject is what it was done to.
type Subject struct {
	Kind string `json:"kind" enum:"conversation,agent,queue"`
	ID   string `json:"id"`
	// Name is what people call it: the number of a conversation, the name of an agent.
	Name string `json:"name"`
}

// Entry is one line of the log.
type Entry struct {
	Sequence int64 `json:"sequence" doc:"From 1, without gaps."`
	At       int64 `json:"at" doc:"Milliseconds UTC."`
	// AgentID and AgentName are who did it, as called then; empty for somebody who did not sign in.
	AgentID   string            `json:"agent_id"`
	AgentName string            `json:"agent_name"`
	Action    Action            `json:"action" enum:"conversation.watched,conversation.whispered,conversation.joined,conversation.taken_over,conversation.transferred,conversation.ended,conversation.corrected,session.ended,sign_in.failed,queue.reordered,roulette.changed,supervision.granted"`
	Subject   Subject           `json:"subject"`
	Details   map[string]string `json:"details"`
	Address   string            `json:"address" doc:"The network address it came from; empty when it did not come from a request."`
	Seal      string            `json:"seal" doc:"Seals this entry and all before it."`

	// stored is Details as it stands in the table: the seal is over that text.
	stored string
}

// sealPurpose keeps the seals apart from everything else the installation's key signs.
const sealPurpose = "audit"

// seal returns the seal of the entry after previous. Every field is framed by its JSON form, so that no two entries seal alike.
func (e Entry) seal(box *secret.Box, accountID, previous string) (string, error) {
	text, err := json.Marshal([]any{
		accountID, previous, e.Sequence, e.At, e.AgentID, e.AgentName, e.Action, e.Subject, e.stored, e.Address,
	})
	if err != nil {
		return "", fmt.Errorf("audit: seal: %w", err)
	}
	return box.Seal(sealPurpose, text), nil
}
