package conversation

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
)

// MaxTypingRunes is how much of what a visitor is typing the agent sees.
const MaxTypingRunes = 500

// Typing says that somebody is typing. It is told at once and never stored. Exactly one of Agents and Visitor is set.
type Typing struct {
	ConversationID string
	On             bool
	// Text is what the visitor has typed so far; always empty for an agent's typing.
	Text string
	// ToAgents is who sees the visitor type.
	AccountID string
	ToAgents  *eventlog.Audience
	// ToVisitor is the frame that shows the agent typing.
	ToVisitor *eventlog.VisitorFrame
}

// TypingPush is the visitor's frame `typing`.
type TypingPush struct {
	T            string `json:"t" enum:"typing"`
	Conversation string `json:"conversation"`
	Name         string `json:"name"`
	On           bool   `json:"on"`
}

// OnTyping sets who is told of typing. Call it before Start.
func (s *Service) OnTyping(fn func(Typing)) { s.onTyping = fn }

// TypingByVisitor shows the agent what the visitor is typing; an empty text means that the visitor stopped. Foreign and
// finished conversations are ignored.
func (s *Service) TypingByVisitor(visitorID, conversationID, text string) {
	c, ok := s.board.find(conversationID)
	if !ok || c.VisitorID != visitorID || c.State != Active {
		return
	}
	if utf8.RuneCountInString(text) > MaxTypingRunes {
		text = string([]rune(text)[:MaxTypingRunes])
	}
	text = strings.Map(func(r rune) rune {
		if forbiddenInText(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	audience := eventlog.ToConversation(c.DepartmentID, c.agent()).And(c.participantIDs()...)
	shown := ""
	if s.peekAllowed(c.SiteID) {
		shown = s.maskingOf(c.SiteID).apply(text)
	}
	s.onTyping(Typing{ConversationID: conversationID, On: text != "", Text: shown, AccountID: c.accountID, ToAgents: &audience})
}

// TypingByAgent shows the visitor that the agent in charge, or one who takes part, is typing. Others' conversations are ignored.
func (s *Service) TypingByAgent(ctx context.Context, a AgentActor, conversationID string, on bool) {
	c, ok := s.board.find(conversationID)
	if !ok || c.accountID != a.AccountID || c.State != Active || (c.agent() != a.ID && !slices.Contains(c.participantIDs(), a.ID)) {
		return
	}
	s.onTyping(Typing{ConversationID: conversationID, On: on, AccountID: a.AccountID, ToVisitor: &eventlog.VisitorFrame{
		VisitorID: c.VisitorID,
		Frame: TypingPush{
			T: "typing", Conversation: conversationID, Name: s.agents.AgentName(ctx, a.AccountID, a.ID), On: on,
		},
	}})
}
