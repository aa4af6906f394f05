package transcript_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/jobs"
	"github.com/aceno-chat/aceno/internal/platform/mail"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/platform/text"
	"github.com/aceno-chat/aceno/internal/transcript"
)

type accounts struct{}

func (accounts) TranscriptAccount(context.Context, string) (string, *time.Location, error) {
	return "Trilha", time.FixedZone("BRT", -3*60*60), nil
}

// post is a mail server that hands over what it got.
type post struct{ got chan mail.Message }

func (p post) Send(_ context.Context, m mail.Message) error {
	p.got <- m
	return nil
}

// newDesk returns a service whose mail goes to the server; its jobs run from Start on.
func newDesk(t *testing.T, st *store.Store, server mail.Sender) (*conversationtest.House, *transcript.Service, *jobs.Runner) {
	t.Helper()
	h := conversationtest.New(t, st)
	runner := jobs.New(st, clock.System{}, ident.V7{}, slog.New(slog.DiscardHandler))
	s := transcript.NewService(transcript.Config{
		Store: st, Conversations: h.Service, Accounts: accounts{}, Jobs: runner, Mail: mail.NewQueue(runner, server), Box: h.Box, Clock: h.Clock,
	})
	runner.Handle(transcript.JobKind, s.Do)
	return h, s, runner
}

func TestTranscript_HoldsWhatTheVisitorSawAndNothingElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		server := post{make(chan mail.Message, 1)}
		h, s, runner := newDesk(t, st, server)
		runner.Start(t.Context())
		defer runner.Stop()

		h.World.SetVisit("visit of maria", conversation.Details{Email: "maria@example.com", VerifiedID: "42"})
		c := h.Active(t, "maria", conversationtest.Ana)
		ana, maria := conversationtest.Agent(conversationtest.Ana), conversationtest.Visitor("maria")
		post := func(text string, audience conversation.Audience) {
			t.Helper()
			if _, err := h.Service.PostByAgent(t.Context(), ana, c.ID, text, text, audience); err != nil {
				t.Fatal(err)
			}
		}
		post("first", conversation.ToVisitor)
		post("internal-secret", conversation.ToAgents)
		post("last", conversation.ToVisitor)

		r, err := s.Ask(t.Context(), maria, c.ID, text.Portuguese)
		if err != nil || r.CodeSent {
			t.Fatalf("%+v, %v", r, err)
		}
		to, m := r.Email, <-server.got
		if m.To != to || m.From != "Trilha" || !strings.HasPrefix(m.Subject, "Sua conversa com Trilha, protocolo ") {
			t.Errorf("to %q: %+v", to, m)
		}
		if strings.Contains(m.Text, "internal-secret") || !strings.Contains(m.Text, ": first\n") || !strings.Contains(m.Text, ": last\n") ||
			!strings.Contains(m.Text, "entrou na conversa") {
			t.Errorf("text %s", m.Text)
		}
		// An agent has it sent elsewhere, and sees before what it says.
		preview, err := s.Preview(t.Context(), conversationtest.Account, c.ID, text.English)
		if err != nil || preview.To != to || strings.Contains(preview.Text, "internal-secret") || !strings.Contains(preview.Text, ": last\n") {
			t.Errorf("preview %+v, %v", preview, err)
		}
		if _, err := s.Send(t.Context(), conversationtest.Account, c.ID, "outra@example.com", text.English); err != nil {
			t.Fatal(err)
		}
		if m := <-server.got; m.To != "outra@example.com" || m.Text != preview.Text || m.Subject != preview.Subject {
			t.Errorf("sent %+v", m)
		}
		for _, address := range []string{"", "maria", "a@b\r\nBcc: x@example.com", "Maria <m@example.com>"} {
			if _, err := s.Send(t.Context(), conversationtest.Account, c.ID, address, text.English); !fault.Is(err, fault.Validation) {
				t.Errorf("to %q: %v", address, err)
			}
		}
		if _, err := s.Send(t.Context(), "another", c.ID, "m@example.com", text.English); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account's: %v", err)
		}
		if _, err := s.Ask(t.Context(), conversationtest.Visitor("rui"), c.ID, text.Portuguese); !fault.Is(err, fault.NotFound) {
			t.Errorf("another visitor: %v", err)
		}
		off := transcript.NewService(transcript.Config{Store: st, Conversations: h.Service, Accounts: accounts{}, Jobs: runner, Mail: mail.NewQueue(runner, nil), Clock: h.Clock})
		if _, err := off.Ask(t.Context(), maria, c.ID, text.Portuguese); !fault.Is(err, fault.MailOff) {
			t.Errorf("without a mail server: %v", err)
		}
		if err := s.Do(t.Context(), jobs.Job{AccountID: "another", Payload: []byte(`{"conversation_id":"` + c.ID + `"}`)}); !fault.Is(errors.Unwrap(err), fault.NotFound) {
			t.Errorf("another account's conversation: %v", err)
		}
	})
}
