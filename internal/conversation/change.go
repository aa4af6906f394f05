package conversation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// ChangeWindow is how long after sending its author may edit a message or take it back (P04).
const ChangeWindow = 15 * time.Minute

// Revision is what a message said before it was changed.
type Revision struct {
	Text string      `json:"text"`
	File *Attachment `json:"file"`
	// ReplacedAt is when something else took its place.
	ReplacedAt int64 `json:"replaced_at"`
}

// change is something that happens to one message after it was sent.
type change struct {
	accountID, conversationID string
	// by names the message: a sequence, the visitor's own when the visitor asks.
	query string
	by    int64
	// knows says whether the actor may know of the conversation, may whether the actor may take part in it.
	knows, may func(Conversation) bool
	// apply changes the message, or refuses.
	apply func(Conversation, *Message) error
}

func (s *Service) agentChange(a AgentActor, conversationID string, sequence int64) change {
	return change{
		accountID: a.AccountID, conversationID: conversationID, query: messageBySequence, by: sequence,
		knows: a.sees,
		may:   func(c Conversation) bool { return c.Agent() == a.ID || c.takesPart(a.ID) || a.Supervises },
	}
}

func visitorChange(v VisitorActor, conversationID string, sequence int64) change {
	owns := func(c Conversation) bool { return c.VisitorID == v.VisitorID && c.SiteID == v.SiteID }
	return change{
		accountID: v.AccountID, conversationID: conversationID, query: visibleBySequence, by: sequence, knows: owns, may: owns,
	}
}

// EditMessage changes the text of the agent's own message. What it said before is kept for agents; the visitor sees that it was edited.
// Errors: Validation, NotFound, ConversationEnded, MessageNotYours, MessageFixed (older than ChangeWindow, deleted, or no text).
func (s *Service) EditMessage(ctx context.Context, a AgentActor, conversationID string, sequence int64, text string) (Message, error) {
	text, err := CleanText(text)
	if err != nil {
		return Message{}, err
	}
	ch := s.agentChange(a, conversationID, sequence)
	ch.may = ch.knows // whose message it is decides
	ch.apply = func(_ Conversation, m *Message) error {
		if err := s.mayChange(a, *m); err != nil {
			return err
		}
		if m.Kind != TextMessage {
			return fault.New(fault.MessageFixed)
		}
		if m.Text != text {
			now := s.now()
			m.Text, m.EditedAt = text, &now
		}
		return nil
	}
	return s.change(ctx, ch)
}

// DeleteMessage takes the agent's own message back: nothing of it stays but its place. What it said is kept for agents; a file's
// addresses end at once. Errors: those of EditMessage. Taking back what was taken back changes nothing.
func (s *Service) DeleteMessage(ctx context.Context, a AgentActor, conversationID string, sequence int64) (Message, error) {
	ch := s.agentChange(a, conversationID, sequence)
	ch.may = ch.knows
	ch.apply = func(_ Conversation, m *Message) error {
		if m.DeletedAt != nil && m.Author.ID != nil && *m.Author.ID == a.ID {
			return nil
		}
		if err := s.mayChange(a, *m); err != nil {
			return err
		}
		now := s.now()
		m.Text, m.File, m.Reactions, m.DeletedAt = "", nil, nil, &now
		return nil
	}
	return s.change(ctx, ch)
}

// mayChange refuses an agent who may not edit or delete a message.
func (s *Service) mayChange(a AgentActor, m Message) error {
	switch {
	case m.Kind == SystemMessage:
		return fault.New(fault.MessageFixed)
	case m.Author.Kind != ByAgent || m.Author.ID == nil || *m.Author.ID != a.ID:
		return fault.New(fault.MessageNotYours)
	case m.DeletedAt != nil || s.now()-m.At > ChangeWindow.Milliseconds():
		return fault.New(fault.MessageFixed)
	}
	return nil
}

// change applies ch. The conversation's row is taken first, so that changes of one conversation happen one after another.
func (s *Service) change(ctx context.Context, ch change) (Message, error) {
	var m Message
	err := s.write(ctx, ch.accountID, func(ctx context.Context, tx *store.Tx) (err error) {
		m, err = s.changeIn(ctx, tx, ch)
		return err
	})
	if err != nil && !errors.Is(err, errAlready) {
		return Message{}, err
	}
	return m, nil
}

func (s *Service) changeIn(ctx context.Context, tx *store.Tx, ch change) (Message, error) {
	c, ok, err := found(tx.QueryRow(ctx, touchActive, ch.conversationID, ch.accountID))
	if err != nil {
		return Message{}, err
	}
	if !ok {
		return Message{}, ch.refused(ctx, tx)
	}
	switch {
	case !ch.knows(c):
		return Message{}, fault.New(fault.NotFound)
	case !ch.may(c):
		return Message{}, fault.New(fault.ConversationNotYours)
	}
	before, ok, err := oneMessage(tx.QueryRow(ctx, ch.query, c.ID, ch.by))
	if err == nil && !ok {
		err = fault.New(fault.NotFound)
	}
	if err == nil {
		before, err = s.withFile(ctx, before)
	}
	if err != nil {
		return Message{}, err
	}
	m := before
	if err := ch.apply(c, &m); err != nil {
		return Message{}, err
	}
	if m.Text == before.Text && m.File == before.File && slices.Equal(m.Reactions, before.Reactions) {
		return m, errAlready
	}
	m.Revision++
	if c, err = s.writeChange(ctx, tx, c, before, m); err != nil {
		return Message{}, err
	}
	if err := s.log.Append(ctx, tx, c.accountID, s.changed(c, m)); err != nil {
		return Message{}, fmt.Errorf("conversation: change a message: %w", err)
	}
	return m, nil
}

// writeChange stores what a message is now and what it said before, and has lists show the newest text as it is now.
func (s *Service) writeChange(ctx context.Context, tx *store.Tx, c Conversation, before, m Message) (Conversation, error) {
	if err := m.update(ctx, tx); err != nil {
		return c, err
	}
	if m.Text == before.Text && m.File == before.File {
		return c, nil
	}
	if err := before.keep(ctx, tx, c.accountID, s.now()); err != nil {
		return c, err
	}
	if m.File == nil && before.File != nil && m.Audience == ToVisitor {
		if err := s.files.Withdraw(ctx, tx, before.File.ID); err != nil {
			return c, fmt.Errorf("conversation: delete a file: %w", err)
		}
	}
	if c.LastMessage == nil || m.Audience != ToVisitor {
		return c, nil
	}
	last, err := c.LastMessage.Value()
	if err != nil {
		return c, err
	}
	if last.At != m.At || last.AuthorKind != m.Author.Kind || last.Text != before.preview() {
		return c, nil
	}
	shown := Embed(LastMessage{Text: m.preview(), AuthorKind: m.Author.Kind, At: m.At})
	c.LastMessage = &shown
	if _, err := tx.Exec(ctx, showLast, shown.text, c.ID, c.accountID); err != nil {
		return c, fmt.Errorf("conversation: change a message: %w", err)
	}
	return c, nil
}

// changed is the event of a change. As with new messages, the two are different types, and only one can be shown to a visitor.
func (s *Service) changed(c Conversation, m Message) eventlog.Event {
	switch e := s.posted(c, m).(type) {
	case MessageEvent:
		return MessageChangedEvent{e}
	case InternalEvent:
		return InternalChangedEvent{e}
	default:
		panic(fmt.Sprintf("conversation: a message's event is a %T", e))
	}
}

// refused finds out why a message can't be changed: its conversation is not active.
func (ch change) refused(ctx context.Context, tx *store.Tx) error {
	c, ok, err := found(tx.QueryRow(ctx, selectByID, ch.conversationID, ch.accountID))
	switch {
	case err != nil:
		return err
	case !ok || !ch.knows(c):
		return fault.New(fault.NotFound)
	case c.State.Open():
		return fault.New(fault.ConversationNotYours)
	}
	return fault.New(fault.ConversationEnded)
}

// quoted finds the message that a posting answers. Error: a Validation error of the field reply_to.
func (p posting) quoted(ctx context.Context, tx *store.Tx) (*Reference, error) {
	query := messageBySequence
	if p.visitor != nil {
		query = visibleBySequence
	}
	m, ok, err := oneMessage(tx.QueryRow(ctx, query, p.conversationID, p.replyTo))
	if err != nil {
		return nil, err
	}
	if !ok || m.Kind == SystemMessage || (p.audience == ToVisitor && m.Audience != ToVisitor) {
		return nil, fault.Invalid(fault.Field{Name: "reply_to", Code: fault.FieldUnknown})
	}
	return &Reference{Sequence: m.Sequence, VisitorSequence: m.VisitorSequence}, nil
}

// Changed returns the messages of a conversation up to a sequence that were changed after sending, as they are now, at most 200:
// what somebody who holds them has to bring up to date. Error: NotFound.
func (s *Service) Changed(ctx context.Context, a AgentActor, conversationID string, upTo int64) ([]Message, error) {
	if _, err := s.Get(ctx, a, conversationID); err != nil {
		return nil, err
	}
	return s.changedUpTo(ctx, changedMessages, conversationID, upTo)
}

func (s *Service) changedUpTo(ctx context.Context, query, conversationID string, upTo int64) ([]Message, error) {
	if upTo <= 0 {
		return nil, nil
	}
	messages, err := collect(ctx, s.store.Read(), scanMessage, query, conversationID, upTo, MaxPage)
	if err != nil {
		return nil, err
	}
	return messages, s.withFiles(ctx, conversationID, messages)
}

// Revisions returns what a message said before, the newest first; empty for one that was never edited or deleted. Error: NotFound.
func (s *Service) Revisions(ctx context.Context, a AgentActor, conversationID string, sequence int64) ([]Revision, error) {
	if _, err := s.Get(ctx, a, conversationID); err != nil {
		return nil, err
	}
	kept, err := collect(ctx, s.store.Read(), scanRevision, revisionsOf, conversationID, sequence)
	if err != nil || len(kept) == 0 {
		return kept, err
	}
	files, err := s.files.OfConversation(ctx, conversationID)
	if err != nil {
		return nil, fmt.Errorf("conversation: revisions: %w", err)
	}
	for i := range kept {
		if kept[i].File == nil {
			continue
		}
		f, ok := files[kept[i].File.ID]
		kept[i].File = nil
		if ok {
			kept[i].File = attachment(f)
		}
	}
	return kept, nil
}
