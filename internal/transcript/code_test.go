package transcript_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/mail"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/platform/text"
)

// TestAsk_IsNoRelay: somebody opens a conversation with a stranger's address and a text for them. Nothing of it is mailed to the stranger
// but to whom types the code that came there.
func TestAsk_IsNoRelay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		server := post{make(chan mail.Message, 1)}
		h, s, runner := newDesk(t, st, server)
		runner.Start(t.Context())
		defer runner.Stop()
		v := conversationtest.Visitor("mallory")
		opened, _, err := h.Service.Open(t.Context(), v, conversation.Opening{
			ClientID: "o-1", DepartmentID: conversationtest.Sales, Name: "Seu banco https://name.example", Email: "victim@example.com",
			Text: "Confirme a sua senha em https://phish.example/login",
		})
		if err != nil {
			t.Fatal(err)
		}
		code := ""
		for _, language := range []text.Language{text.Portuguese, text.English, text.Spanish} {
			r, err := s.Ask(t.Context(), v, opened.ID, language)
			if err != nil || !r.CodeSent || r.Email != "victim@example.com" {
				t.Fatalf("%+v, %v", r, err)
			}
			m := <-server.got
			for _, piece := range []string{"phish", "senha em", "banco", "name.example", "http"} {
				if strings.Contains(m.Text+m.Subject, piece) {
					t.Errorf("%s: the mail holds %q:\n%s\n%s", language, piece, m.Subject, m.Text)
				}
			}
			found := regexp.MustCompile(`\b\d{6}\b`).FindAllString(m.Subject, -1)
			if m.To != "victim@example.com" || len(found) != 1 || !strings.Contains(m.Text, "\n    "+found[0]+"\n") {
				t.Fatalf("%s: %+v", language, m)
			}
			code = found[0]
		}
		if _, err := s.Ask(t.Context(), v, opened.ID, text.Portuguese); !fault.Is(err, fault.RateLimited) {
			t.Errorf("a fourth code at once: %v, want RateLimited", err)
		}
		wrong := "000000"
		if code == wrong {
			wrong = "000001"
		}
		for _, other := range []string{"", wrong, code + "0", "١٢٣٤٥٦"} {
			if _, err := s.Confirm(t.Context(), v, opened.ID, other, text.Portuguese); !fault.Is(err, fault.Validation) {
				t.Errorf("code %q: %v, want Validation", other, err)
			}
		}
		if _, err := s.Confirm(t.Context(), conversationtest.Visitor("rui"), opened.ID, code, text.Portuguese); !fault.Is(err, fault.NotFound) {
			t.Errorf("another visitor: %v", err)
		}
		h.Clock.Advance(20 * time.Minute)
		if _, err := s.Confirm(t.Context(), v, opened.ID, code, text.Portuguese); !fault.Is(err, fault.Validation) {
			t.Errorf("an old code: %v, want Validation", err)
		}
		h.Clock.Advance(-10 * time.Minute)
		if r, err := s.Confirm(t.Context(), v, opened.ID, " "+code+" ", text.Portuguese); err != nil || r.CodeSent || r.Email != "victim@example.com" {
			t.Fatalf("the right code: %+v, %v", r, err)
		}
		if m := <-server.got; m.To != "victim@example.com" || !strings.Contains(m.Text, "phish.example") {
			t.Errorf("who has the code gets the conversation: %+v", m)
		}
		if _, err := s.Confirm(t.Context(), v, opened.ID, code, text.Portuguese); !fault.Is(err, fault.TranscriptSent) {
			t.Errorf("once more: %v, want TranscriptSent", err)
		}
		if _, err := s.Ask(t.Context(), v, opened.ID, text.Portuguese); !fault.Is(err, fault.TranscriptSent) {
			t.Errorf("asked for once more: %v, want TranscriptSent", err)
		}
	})
}

// A conversation goes to a proven address at once, and once.
func TestAsk_Proven(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, s, _ := newDesk(t, st, post{})
		h.World.SetVisit("visit of maria", conversation.Details{Email: "maria@example.com", VerifiedID: "42"})
		c := h.Active(t, "maria", conversationtest.Ana)
		maria := conversationtest.Visitor("maria")
		if r, err := s.Ask(t.Context(), maria, c.ID, text.English); err != nil || r.CodeSent {
			t.Fatalf("%+v, %v", r, err)
		}
		if _, err := s.Ask(t.Context(), maria, c.ID, text.English); !fault.Is(err, fault.TranscriptSent) {
			t.Errorf("once more: %v, want TranscriptSent", err)
		}
	})
}
