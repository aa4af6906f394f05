package app

import (
	"encoding/json"
	"fmt"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/live"
)

const typingSubject = "aceno.typing."

// typingSignal shows agents what a visitor is typing, on every node that has one of them. It is never stored.
type typingSignal struct {
	AccountID      string          `json:"account_id"`
	Audience       string          `json:"audience"`
	ConversationID string          `json:"conversation_id"`
	Frame          json.RawMessage `json:"frame"`
}

type typingFrame struct {
	T            string `json:"t" enum:"typing"`
	Conversation string `json:"conversation"`
	On           bool   `json:"on"`
	Text         string `json:"text"`
}

func (a *App) tellTyping(t conversation.Typing) {
	if t.ToVisitor != nil {
		a.pushToVisitor(t.AccountID, *t.ToVisitor)
		return
	}
	data := encodeFrame(typingSignal{
		AccountID: t.AccountID, Audience: t.ToAgents.String(), ConversationID: t.ConversationID,
		Frame: encodeFrame(typingFrame{T: "typing", Conversation: t.ConversationID, On: t.On, Text: t.Text}),
	})
	if err := a.bus.Publish(typingSubject+t.AccountID, data); err != nil {
		a.log.Debug("a sign of typing was lost", "error", err)
	}
}

// listen joins this node to what travels on the bus beside the log.
func (a *App) listen() error {
	stopVisitors, err := a.listenForVisitors()
	if err != nil {
		return fmt.Errorf("app: %w", err)
	}
	a.stopBus = append(a.stopBus, stopVisitors)
	stopTyping, err := a.bus.Subscribe(typingSubject+"*", func(_ string, data []byte) {
		var signal typingSignal
		if err := json.Unmarshal(data, &signal); err != nil {
			a.log.Error("an unreadable sign of typing on the bus", "error", err)
			return
		}
		audience, err := eventlog.ParseAudience(signal.Audience)
		if err != nil {
			return
		}
		a.hub.Each(signal.AccountID, func(s *live.Session) {
			if s.Sees(audience, signal.ConversationID) {
				s.Send(signal.Frame)
			}
		})
	})
	if err != nil {
		return fmt.Errorf("app: %w", err)
	}
	a.stopBus = append(a.stopBus, stopTyping)
	return nil
}
