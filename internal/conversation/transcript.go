package conversation

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
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

// Recipient is who asks for the transcript of a conversation of their own.
type Recipient struct {
	Email string
	// Proven: the site's server signed for the address, and nobody has changed it since.
	Proven bool
	// Sent: the conversation went there already.
	Sent bool
}

// Recipient returns where a visitor may have a conversation of their own sent. Error: NotFound.
func (s *Service) Recipient(ctx context.Context, v VisitorActor, id string) (Recipient, error) {
	c, err := s.ofVisitor(ctx, s.store.Read(), v, id)
	if err != nil {
		return Recipient{}, err
	}
	details, err := c.Visitor.Value()
	if err != nil {
		return Recipient{}, err
	}
	var to string
	if err := s.store.Read().QueryRow(ctx, transcriptTo, id, v.AccountID).Scan(&to); err != nil {
		return Recipient{}, fmt.Errorf("conversation: transcript: %w", err)
	}
	return Recipient{Email: c.visitorEmail, Proven: c.VerifiedID != "" && details.Version == 0, Sent: to == c.visitorEmail}, nil
}

// SendTranscriptTo notes that a conversation goes to an address; false when it went there already.
func (s *Service) SendTranscriptTo(ctx context.Context, tx *store.Tx, accountID, id, email string) (bool, error) {
	n, err := tx.Exec(ctx, sendTranscript, email, id, accountID, email)
	if err != nil {
		return false, fmt.Errorf("conversation: transcript: %w", err)
	}
	return n > 0, nil
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
