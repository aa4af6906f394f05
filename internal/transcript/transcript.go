package transcript

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/jobs"
	"github.com/aceno-chat/aceno/internal/platform/mail"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/text"
)

// JobKind is the kind of the jobs that make and send one transcript.
const JobKind = "transcript"

// Conversations reads what a visitor may read; conversation.Service is it.
type Conversations interface {
	TranscriptAddress(ctx context.Context, v conversation.VisitorActor, id string) (string, error)
	Transcript(ctx context.Context, accountID, id string) (conversation.Transcript, error)
}

// Accounts names accounts and knows where they are.
type Accounts interface {
	// TranscriptAccount returns the account's name and its time zone.
	TranscriptAccount(ctx context.Context, accountID string) (name string, zone *time.Location, err error)
}

// Jobs adds work to a write; jobs.Runner is it.
type Jobs interface {
	Add(ctx context.Context, tx *store.Tx, accountID, kind string, payload any) error
}

// Mail sends; mail.Queue is it.
type Mail interface {
	On() bool
	Send(ctx context.Context, m mail.Message) error
}

// Config is what the service needs.
type Config struct {
	Store         *store.Store
	Conversations Conversations
	Accounts      Accounts
	Jobs          Jobs
	Mail          Mail
}

// Service takes requests for transcripts and sends them. It is safe for concurrent use.
type Service struct{ Config }

// NewService returns a service. Register its Do for JobKind.
func NewService(c Config) *Service { return &Service{c} }

type request struct {
	ConversationID string        `json:"conversation_id"`
	Language       text.Language `json:"language"`
}

// Ask has the transcript of a visitor's own conversation sent to the address given for it, which is returned.
// Errors: NotFound, MailOff.
func (s *Service) Ask(ctx context.Context, v conversation.VisitorActor, id string, language text.Language) (string, error) {
	to, err := s.Conversations.TranscriptAddress(ctx, v, id)
	if err != nil {
		return "", err
	}
	if !s.Mail.On() {
		return "", fault.New(fault.MailOff)
	}
	return to, s.Store.Write(store.InLane(ctx, v.AccountID), func(ctx context.Context, tx *store.Tx) error {
		return s.Jobs.Add(ctx, tx, v.AccountID, JobKind, request{ConversationID: id, Language: language})
	})
}

// Do makes a transcript and sends it.
func (s *Service) Do(ctx context.Context, j jobs.Job) error {
	var r request
	if err := json.Unmarshal(j.Payload, &r); err != nil {
		return jobs.Permanent(fmt.Errorf("transcript: read the job: %w", err))
	}
	t, err := s.Conversations.Transcript(ctx, j.AccountID, r.ConversationID)
	if fault.Is(err, fault.NotFound) {
		return jobs.Permanent(err) // erased meanwhile
	}
	if err != nil {
		return err
	}
	name, zone, err := s.Accounts.TranscriptAccount(ctx, j.AccountID)
	if err != nil {
		return err
	}
	m := write(t, name, zone, r.Language)
	m.ID = j.ID
	return s.Mail.Send(ctx, m)
}
