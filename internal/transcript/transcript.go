package transcript

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/jobs"
	"github.com/aceno-chat/aceno/internal/platform/mail"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/text"
)

// JobKind is the kind of the jobs that make and send one transcript.
const JobKind = "transcript"

// Conversations reads what a visitor may read; conversation.Service is it.
type Conversations interface {
	Recipient(ctx context.Context, v conversation.VisitorActor, id string) (conversation.Recipient, error)
	SendTranscriptTo(ctx context.Context, tx *store.Tx, accountID, id, email string) (bool, error)
	Transcript(ctx context.Context, accountID, id string) (conversation.Transcript, error)
	// MayView says whether the agent of the request may see a conversation: nil, or NotFound.
	MayView(ctx context.Context, id string) error
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
	Box           *secret.Box
	Clock         clock.Clock
}

// Service takes requests for transcripts and sends them. It is safe for concurrent use.
type Service struct {
	Config

	codes *api.Limiter
}

// NewService returns a service. Register its Do for JobKind.
func NewService(c Config) *Service { return &Service{Config: c, codes: api.NewLimiter(c.Clock)} }

type request struct {
	ConversationID string        `json:"conversation_id"`
	Language       text.Language `json:"language"`
	// To is where an agent has it sent; empty for the address the visitor gave.
	To string `json:"to,omitempty"`
	// CodeOf is the time, in milliseconds, of the code that is sent in place of the transcript; 0 for the transcript.
	CodeOf int64 `json:"code_of,omitempty"`
}

// Preview is a transcript as it would be sent.
type Preview struct {
	To      string `json:"to" doc:"the address the visitor gave"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	Mail    bool   `json:"mail" doc:"the installation sends mail"`
}

// Preview returns what an agent would have sent. Error: NotFound.
func (s *Service) Preview(ctx context.Context, accountID, id string, language text.Language) (Preview, error) {
	m, err := s.compose(ctx, accountID, id, language)
	return Preview{To: m.To, Subject: m.Subject, Text: m.Text, Mail: s.Mail.On()}, err
}

// Send has the transcript of a conversation sent to an address (T117). It is made when it is sent: what is said meanwhile is in it.
// Errors: NotFound, Validation, MailOff.
func (s *Service) Send(ctx context.Context, accountID, id, to string, language text.Language) (string, error) {
	if _, err := s.Conversations.Transcript(ctx, accountID, id); err != nil {
		return "", err
	}
	var c field.Check
	to = c.Email("email", to)
	if err := c.Err(); err != nil {
		return "", err
	}
	if !s.Mail.On() {
		return "", fault.New(fault.MailOff)
	}
	return to, s.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		return s.Jobs.Add(ctx, tx, accountID, JobKind, request{ConversationID: id, Language: language, To: to})
	})
}

func (s *Service) compose(ctx context.Context, accountID, id string, language text.Language) (mail.Message, error) {
	t, err := s.Conversations.Transcript(ctx, accountID, id)
	if err != nil {
		return mail.Message{}, err
	}
	name, zone, err := s.Accounts.TranscriptAccount(ctx, accountID)
	if err != nil {
		return mail.Message{}, err
	}
	return write(t, name, zone, language), nil
}

// Receipt tells where the transcript goes, or the code that it takes.
type Receipt struct {
	Email    string `json:"email"`
	CodeSent bool   `json:"code_sent" doc:"A code went there first: who has it gets the conversation."`
}

// Ask has the transcript of a visitor's own conversation sent to the address given for it, once. To an address that nobody has proven goes
// a code, in words of ours alone: what a stranger wrote is never sent from the company's address to whomever the stranger names.
// Errors: NotFound, MailOff, TranscriptSent, RateLimited (many codes went to the address lately).
func (s *Service) Ask(ctx context.Context, v conversation.VisitorActor, id string, language text.Language) (Receipt, error) {
	to, err := s.recipient(ctx, v, id)
	if err != nil {
		return Receipt{}, err
	}
	if to.Proven {
		return Receipt{Email: to.Email}, s.send(ctx, v.AccountID, to.Email, request{ConversationID: id, Language: language})
	}
	if wait := s.codes.Take(v.AccountID+" "+to.Email, codeRate); wait > 0 {
		return Receipt{}, fault.New(fault.RateLimited).With("seconds", int(wait.Seconds())+1)
	}
	r := request{ConversationID: id, Language: language, CodeOf: clock.Millis(s.Clock.Now())}
	err = s.Store.Write(store.InLane(ctx, v.AccountID), func(ctx context.Context, tx *store.Tx) error {
		return s.Jobs.Add(ctx, tx, v.AccountID, JobKind, r)
	})
	return Receipt{Email: to.Email, CodeSent: true}, err
}

// Confirm has the transcript sent to whom the code came that Ask sent. Errors: NotFound, MailOff, TranscriptSent, Validation of code.
func (s *Service) Confirm(ctx context.Context, v conversation.VisitorActor, id, code string, language text.Language) (Receipt, error) {
	to, err := s.recipient(ctx, v, id)
	if err != nil {
		return Receipt{}, err
	}
	if !s.isCode(strings.TrimSpace(code), id, to.Email) {
		return Receipt{}, fault.Invalid(fault.Field{Name: "code", Code: fault.FieldInvalid})
	}
	return Receipt{Email: to.Email}, s.send(ctx, v.AccountID, to.Email, request{ConversationID: id, Language: language})
}

func (s *Service) recipient(ctx context.Context, v conversation.VisitorActor, id string) (conversation.Recipient, error) {
	to, err := s.Conversations.Recipient(ctx, v, id)
	switch {
	case err != nil:
	case !s.Mail.On():
		err = fault.New(fault.MailOff)
	case to.Sent:
		err = fault.New(fault.TranscriptSent)
	}
	return to, err
}

// send has the transcript made and sent, if it did not go to the address before.
func (s *Service) send(ctx context.Context, accountID, email string, r request) error {
	return s.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		first, err := s.Conversations.SendTranscriptTo(ctx, tx, accountID, r.ConversationID, email)
		if err != nil {
			return err
		}
		if !first {
			return fault.New(fault.TranscriptSent)
		}
		return s.Jobs.Add(ctx, tx, accountID, JobKind, r)
	})
}

// Do makes a transcript and sends it.
func (s *Service) Do(ctx context.Context, j jobs.Job) error {
	var r request
	if err := json.Unmarshal(j.Payload, &r); err != nil {
		return jobs.Permanent(fmt.Errorf("transcript: read the job: %w", err))
	}
	compose := s.compose
	if r.CodeOf != 0 {
		compose = func(ctx context.Context, accountID, id string, language text.Language) (mail.Message, error) {
			return s.composeCode(ctx, accountID, id, language, time.UnixMilli(r.CodeOf))
		}
	}
	m, err := compose(ctx, j.AccountID, r.ConversationID, r.Language)
	if fault.Is(err, fault.NotFound) {
		return jobs.Permanent(err) // erased meanwhile
	}
	if err != nil {
		return err
	}
	m.ID = j.ID
	if r.To != "" {
		m.To = r.To
	}
	return s.Mail.Send(ctx, m)
}
