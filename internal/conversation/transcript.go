package conversation

import (
	"context"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// maxTranscript is how many messages a transcript holds at most: the newest.
const maxTranscript = 2000

// Transcript is a conversation as its visitor saw it. It is made of the visitor's own types only, which an internal message
// can't become (B14).
type Transcript struct {
	Conversation VisitorConversation
	// Name and Email are what the visitor filled in.
	Name, Email string
	SiteID      string
	Messages    []VisitorMessage
}

// TranscriptAddress returns the e-mail the visitor gave for a conversation of the visitor's own. Error: NotFound.
func (s *Service) TranscriptAddress(ctx context.Context, v VisitorActor, id string) (string, error) {
	c, err := s.ofVisitor(ctx, s.store.Read(), v, id)
	return c.visitorEmail, err
}

// Transcript returns what the visitor of a conversation may read of it now. Error: NotFound.
func (s *Service) Transcript(ctx context.Context, accountID, id string) (Transcript, error) {
	c, ok, err := found(s.store.Read().QueryRow(ctx, selectByID, id, accountID))
	if err != nil {
		return Transcript{}, err
	}
	if !ok {
		return Transcript{}, fault.New(fault.NotFound)
	}
	t := Transcript{Conversation: s.visible(ctx, c), Name: c.visitorName, Email: c.visitorEmail, SiteID: c.SiteID}
	messages, _, err := page(ctx, s.store.Read(), messagesVisible, id, max(0, c.LastVisitorSequence-maxTranscript), maxTranscript)
	if err != nil {
		return Transcript{}, err
	}
	if err := s.withFiles(ctx, id, messages); err != nil {
		return Transcript{}, err
	}
	for _, m := range messages {
		if visible, ok := visibleMessage(m, ""); ok { // a signed address would be dead by the time the mail is read
			t.Messages = append(t.Messages, visible)
		}
	}
	return t, nil
}
