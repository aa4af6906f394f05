package conversation

import (
	"context"
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// emojis are what one may react with. The list is closed, so that every client can draw each of them.
var emojis = []string{"👍", "❤️", "😂", "😮", "😢", "🙏"}

// Emojis returns what one may react with. The caller may keep the slice.
func Emojis() []string { return slices.Clone(emojis) }

// Reaction is what somebody felt about a message, in one sign.
type Reaction struct {
	Emoji string `json:"emoji"`
	By    Party  `json:"by" enum:"visitor,agent"`
	ID    string `json:"id"`
	Name  string `json:"name"`
}

// ReactByAgent sets the agent's reaction to a message, or with an empty emoji takes it back. Setting what is set changes nothing.
// Errors: Validation, NotFound, ConversationEnded, ConversationNotYours, MessageFixed (it was deleted, or is the house's own).
func (s *Service) ReactByAgent(ctx context.Context, a AgentActor, conversationID string, sequence int64, emoji string) (Message, error) {
	return s.react(ctx, s.agentChange(a, conversationID, sequence), Reaction{
		Emoji: emoji, By: ByAgent, ID: a.ID, Name: s.agents.AgentName(ctx, a.AccountID, a.ID),
	})
}

// ReactByVisitor is ReactByAgent for the visitor; the sequence is the visitor's.
// Errors: Validation, NotFound, ConversationEnded, MessageFixed.
func (s *Service) ReactByVisitor(ctx context.Context, v VisitorActor, conversationID string, sequence int64, emoji string) (VisitorMessage, error) {
	return s.visiblePost(s.react(ctx, visitorChange(v, conversationID, sequence), Reaction{Emoji: emoji, By: ByVisitor, ID: v.VisitorID}))
}

func (s *Service) react(ctx context.Context, ch change, r Reaction) (Message, error) {
	if r.Emoji != "" && !slices.Contains(emojis, r.Emoji) {
		return Message{}, fault.Invalid(fault.Field{Name: "emoji", Code: fault.FieldNotAllowed, Limit: emojis})
	}
	ch.apply = func(c Conversation, m *Message) error {
		if m.DeletedAt != nil || m.Kind == SystemMessage {
			return fault.New(fault.MessageFixed)
		}
		if r.By == ByVisitor {
			r.Name = c.visitorName
		}
		m.Reactions = reacted(m.Reactions, r)
		return nil
	}
	return s.change(ctx, ch)
}

// reacted returns the reactions with one person's set anew, in the place it had.
func reacted(present []Reaction, r Reaction) []Reaction {
	next := slices.Clone(present)
	at := slices.IndexFunc(next, func(one Reaction) bool { return one.By == r.By && one.ID == r.ID })
	switch {
	case at < 0 && r.Emoji == "":
		return next
	case at < 0:
		return append(next, r)
	case r.Emoji == "":
		return slices.Delete(next, at, at+1)
	}
	next[at] = r
	return next
}
