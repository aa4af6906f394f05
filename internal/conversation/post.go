package conversation

import (
	"context"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/file"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// posting is a message on its way in. Exactly one of agent and visitor is set.
type posting struct {
	accountID      string
	conversationID string
	agent          *AgentActor
	visitor        *VisitorActor
	authorName     string
	clientID       string
	audience       Audience
	text           string
	file           *file.File
	// replyTo is the sequence of the message that is quoted, a visitor's in visitor sequence; 0 for none.
	replyTo int64
}

func (p posting) by() Party {
	if p.agent != nil {
		return ByAgent
	}
	return ByVisitor
}

// PostByAgent sends a text to the visitor, or to the other agents only. The same client id again returns the message that
// was stored first, whatever the text, also when the conversation has ended since.
// Errors: Validation, NotFound, ConversationEnded, ConversationNotYours.
func (s *Service) PostByAgent(ctx context.Context, a AgentActor, conversationID, clientID, text string, audience Audience) (Message, error) {
	return s.ReplyByAgent(ctx, a, conversationID, clientID, text, audience, 0)
}

// ReplyByAgent is PostByAgent with the sequence of a message that is quoted; 0 quotes none. What the visitor may not see can only be
// quoted to agents. Errors: those of PostByAgent.
func (s *Service) ReplyByAgent(ctx context.Context, a AgentActor, conversationID, clientID, text string, audience Audience, replyTo int64) (Message, error) {
	p, err := s.agentPosting(ctx, a, conversationID, clientID, audience)
	if err != nil {
		return Message{}, err
	}
	if p.text, err = CleanText(text); err != nil {
		return Message{}, err
	}
	p.replyTo = replyTo
	return s.post(ctx, p)
}

func (s *Service) agentPosting(ctx context.Context, a AgentActor, conversationID, clientID string, audience Audience) (posting, error) {
	if err := checkClientID(clientID); err != nil {
		return posting{}, err
	}
	if audience != ToVisitor && audience != ToAgents {
		return posting{}, fault.Invalid(fault.Field{Name: "audience", Code: fault.FieldNotAllowed, Limit: []Audience{ToVisitor, ToAgents}})
	}
	return posting{
		accountID: a.AccountID, conversationID: conversationID, agent: &a, clientID: clientID, audience: audience,
		authorName: s.agents.AgentName(ctx, a.AccountID, a.ID),
	}, nil
}

// PostByVisitor sends a visitor's text. Repeating it is as safe as PostByAgent.
// Errors: Validation, NotFound, ConversationEnded.
func (s *Service) PostByVisitor(ctx context.Context, v VisitorActor, conversationID, clientID, text string) (VisitorMessage, error) {
	return s.ReplyByVisitor(ctx, v, conversationID, clientID, text, 0)
}

// ReplyByVisitor is PostByVisitor with the visitor sequence of a message that is quoted; 0 quotes none.
func (s *Service) ReplyByVisitor(ctx context.Context, v VisitorActor, conversationID, clientID, text string, replyTo int64) (VisitorMessage, error) {
	p, err := visitorPosting(v, conversationID, clientID)
	if err != nil {
		return VisitorMessage{}, err
	}
	if p.text, err = CleanText(text); err != nil {
		return VisitorMessage{}, err
	}
	p.text, p.replyTo = s.maskingOf(v.SiteID).apply(p.text), replyTo
	return s.visiblePost(s.post(ctx, p))
}

func visitorPosting(v VisitorActor, conversationID, clientID string) (posting, error) {
	if err := checkClientID(clientID); err != nil {
		return posting{}, err
	}
	return posting{accountID: v.AccountID, conversationID: conversationID, visitor: &v, clientID: clientID, audience: ToVisitor}, nil
}

func (s *Service) visiblePost(m Message, err error) (VisitorMessage, error) {
	if err != nil {
		return VisitorMessage{}, err
	}
	v, ok := visibleMessage(m, s.visitorFileURL(m))
	if !ok {
		return VisitorMessage{}, fault.New(fault.NotFound)
	}
	return v, nil
}

// post is the hot path: the conversation moves on if the author may write in it, the message, the event. Why an author may
// not is found out only then.
func (s *Service) post(ctx context.Context, p posting) (Message, error) {
	var m Message
	err := s.write(ctx, p.accountID, func(ctx context.Context, tx *store.Tx) (err error) {
		m, err = s.postIn(ctx, tx, p)
		return err
	})
	if !errors.Is(err, errAlready) {
		return m, err
	}
	m, ok, err := messageByClient(ctx, s.store.Read(), p.conversationID, p.by(), p.clientID)
	if err == nil && !ok {
		err = fault.Wrap(fault.Unavailable, errors.New("conversation: a repeated message was lost with its batch"))
	}
	if err != nil {
		return Message{}, err
	}
	return s.withFile(ctx, m)
}

func (s *Service) postIn(ctx context.Context, tx *store.Tx, p posting) (Message, error) {
	m := Message{
		ID: s.idents.New(), ConversationID: p.conversationID, ClientID: p.clientID, Kind: TextMessage,
		Author: Author{Kind: p.by(), Name: p.authorName}, Audience: p.audience, Text: p.text, At: s.now(),
	}
	if p.file != nil {
		m.Kind = FileMessage
		m.File = attachment(*p.file)
	}
	c, ok, err := p.advance(ctx, tx, m)
	if err != nil {
		return Message{}, err
	}
	if !ok || !p.may(c) {
		return s.refused(ctx, tx, p)
	}
	if p.replyTo != 0 {
		if m.ReplyTo, err = p.quoted(ctx, tx); err != nil {
			return Message{}, err
		}
	}
	m.Sequence = c.LastSequence
	if p.audience == ToVisitor {
		m.VisitorSequence = &c.LastVisitorSequence
	}
	if p.visitor != nil {
		m.Author.ID, m.Author.Name = &p.visitor.VisitorID, c.visitorName
	} else {
		m.Author.ID = &p.agent.ID
	}
	fresh, err := m.insert(ctx, tx, p.accountID)
	if err != nil {
		return Message{}, err
	}
	if !fresh {
		return Message{}, errAlready
	}
	if p.file != nil {
		if err := s.files.Insert(ctx, tx, *p.file); err != nil {
			return Message{}, fmt.Errorf("conversation: post: %w", err)
		}
	}
	if p.audience == ToAgents {
		if err := s.witnessed(ctx, tx, *p.agent, c.Agent(), Whispered, c); err != nil {
			return Message{}, err
		}
	}
	if err := s.log.Append(ctx, tx, p.accountID, s.posted(c, m)); err != nil {
		return Message{}, fmt.Errorf("conversation: post: %w", err)
	}
	return m, nil
}

// advance counts the message into its conversation, under the rules of who may write where. What both sides see returns only what it moved.
func (p posting) advance(ctx context.Context, tx *store.Tx, m Message) (Conversation, bool, error) {
	if p.audience == ToAgents {
		return found(tx.QueryRow(ctx, postInternal, p.conversationID, p.accountID, p.agent.ID, p.agent.Supervises, p.agent.ID))
	}
	last := Embed(LastMessage{Text: m.preview(), AuthorKind: p.by(), At: m.At})
	var row store.Row
	if p.agent != nil {
		row = tx.QueryRow(ctx, postByAgent, last.text, m.At, p.conversationID, p.accountID, p.agent.ID, p.agent.ID)
	} else {
		row = tx.QueryRow(ctx, postByVisitor, last.text, m.At, p.conversationID, p.accountID, p.visitor.VisitorID, p.visitor.SiteID)
	}
	c, ok, err := foundBy(scanMoved, row)
	c.LastMessage = &last
	return c, ok, err
}

// may says whether the author may write in the conversation that was just counted on: of others', a supervisor only in those
// in scope. The condition of the update knows no scopes.
func (p posting) may(c Conversation) bool {
	return p.agent == nil || c.Agent() == p.agent.ID || c.takesPart(p.agent.ID) || p.agent.supervises(c.DepartmentID, c.Agent())
}

// posted is the event of a message. The two are different types, and only one can be shown to a visitor.
func (s *Service) posted(c Conversation, m Message) eventlog.Event {
	if m.Audience == ToAgents {
		return InternalEvent{ConversationID: c.ID, Message: m, Conversation: c.progress()}
	}
	return MessageEvent{
		ConversationID: c.ID, VisitorID: c.VisitorID, Message: m, Conversation: c.progress(), VisitorURL: s.visitorFileURL(m),
	}
}

// refused finds out why nothing was posted: the message was there already, and is returned, or the author may not write.
func (s *Service) refused(ctx context.Context, tx *store.Tx, p posting) (Message, error) {
	c, ok, err := found(tx.QueryRow(ctx, selectByID, p.conversationID, p.accountID))
	if err != nil {
		return Message{}, err
	}
	if !ok || !p.knows(c) {
		return Message{}, fault.New(fault.NotFound)
	}
	_, ok, err = messageByClient(ctx, tx, p.conversationID, p.by(), p.clientID)
	switch {
	case err != nil:
		return Message{}, err
	case ok:
		return Message{}, errAlready
	case !c.State.Open():
		return Message{}, fault.New(fault.ConversationEnded)
	default:
		return Message{}, fault.New(fault.ConversationNotYours)
	}
}

// knows says whether the author may know that the conversation exists.
func (p posting) knows(c Conversation) bool {
	if p.visitor != nil {
		return c.VisitorID == p.visitor.VisitorID && c.SiteID == p.visitor.SiteID
	}
	return p.agent.sees(c)
}

func attachment(f file.File) *Attachment {
	return &Attachment{ID: f.ID, Name: f.Name, ContentType: f.ContentType, Size: f.Size, URL: file.AgentURL(f.ID)}
}
