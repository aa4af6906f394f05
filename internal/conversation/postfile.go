package conversation

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/file"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// PostFileByAgent sends a file to the visitor, or to the other agents only. Repeating it is as safe as PostByAgent.
// Errors: Validation, NotFound, ConversationEnded, ConversationNotYours, and those of file.Service.Save.
func (s *Service) PostFileByAgent(ctx context.Context, a AgentActor, conversationID, clientID string, audience Audience, u file.Upload) (Message, error) {
	p, err := s.agentPosting(ctx, a, conversationID, clientID, audience)
	if err != nil {
		return Message{}, err
	}
	return s.postFile(ctx, p, u)
}

// PostFileByVisitor sends a visitor's file. Repeating it is as safe as PostByAgent.
// Errors: Validation, NotFound, ConversationEnded, and those of file.Service.Save.
func (s *Service) PostFileByVisitor(ctx context.Context, v VisitorActor, conversationID, clientID string, u file.Upload) (VisitorMessage, error) {
	p, err := visitorPosting(v, conversationID, clientID)
	if err != nil {
		return VisitorMessage{}, err
	}
	return s.visiblePost(s.postFile(ctx, p, u))
}

// postFile stores the bytes, then the row and the message in one write. Bytes whose write failed are deleted.
func (s *Service) postFile(ctx context.Context, p posting, u file.Upload) (Message, error) {
	if m, done, err := s.beforeFile(ctx, p); err != nil || done {
		return m, err
	}
	audience := file.ForVisitor
	if p.audience == ToAgents {
		audience = file.ForAgents
	}
	f, err := s.files.Save(ctx, p.accountID, p.conversationID, audience, u)
	if err != nil {
		return Message{}, fmt.Errorf("conversation: post a file: %w", err)
	}
	p.file = &f
	m, err := s.post(ctx, p)
	if (err != nil || m.File == nil || m.File.ID != f.ID) && !s.hasRow(ctx, f) {
		s.files.Discard(ctx, f)
	}
	return m, err
}

// beforeFile spares the store the bytes of a file that was sent before or may not be sent. The write decides again.
func (s *Service) beforeFile(ctx context.Context, p posting) (Message, bool, error) {
	c, ok, err := found(s.store.Read().QueryRow(ctx, selectByID, p.conversationID, p.accountID))
	if err != nil {
		return Message{}, false, err
	}
	if !ok || !p.knows(c) {
		return Message{}, false, fault.New(fault.NotFound)
	}
	m, ok, err := messageByClient(ctx, s.store.Read(), p.conversationID, p.by(), p.clientID)
	if err != nil || ok {
		if err == nil {
			m, err = s.withFile(ctx, m)
		}
		return m, true, err
	}
	if !c.State.Open() {
		return Message{}, false, fault.New(fault.ConversationEnded)
	}
	return Message{}, false, nil
}

// hasRow says whether a file's row was written after all: a commit whose answer was lost may have happened. When that
// cannot be known, the bytes stay.
func (s *Service) hasRow(ctx context.Context, f file.File) bool {
	all, err := s.files.OfConversation(context.WithoutCancel(ctx), f.ConversationID)
	if err != nil {
		return true
	}
	_, ok := all[f.ID]
	return ok
}

// withFile completes a stored message with the description of its file.
func (s *Service) withFile(ctx context.Context, m Message) (Message, error) {
	if m.File == nil {
		return m, nil
	}
	one := []Message{m}
	if err := s.withFiles(ctx, m.ConversationID, one); err != nil {
		return Message{}, err
	}
	return one[0], nil
}

// withFiles completes the stored messages of one conversation with the descriptions of their files.
func (s *Service) withFiles(ctx context.Context, conversationID string, messages []Message) error {
	var files map[string]file.File
	for i := range messages {
		m := &messages[i]
		if m.File == nil {
			continue
		}
		if files == nil {
			var err error
			if files, err = s.files.OfConversation(ctx, conversationID); err != nil {
				return fmt.Errorf("conversation: files: %w", err)
			}
		}
		// A file that was erased since leaves its message without an attachment.
		f, ok := files[m.File.ID]
		m.File = nil
		if ok {
			m.File = attachment(f)
		}
	}
	return nil
}
