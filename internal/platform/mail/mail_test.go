package mail_test

import (
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/mail"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// server is a mail server in the process. It knows one user and refuses one recipient for good and one for now.
type server struct {
	addr string
	mu   sync.Mutex
	got  []delivery
}

type delivery struct{ user, from, to, data string }

type session struct {
	server *server
	delivery
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = listener.Addr().String()
	backend := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }))
	backend.Domain, backend.AllowInsecureAuth, backend.EnableSMTPUTF8 = "mail.test", true, true
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = backend.Serve(listener)
	}()
	t.Cleanup(func() {
		_ = backend.Close()
		<-done
	})
	return s
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user == "echo" {
			plain := base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password))
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "refused " + password + ", that is " + plain}
		}
		if user != "ana" || password != "s3cret" {
			return smtp.ErrAuthFailed
		}
		s.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch {
	case strings.HasPrefix(to, "nobody@"):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	case strings.HasPrefix(to, "full@"):
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "mailbox full"}
	}
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	s.data = string(data)
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.got = append(s.server.got, s.delivery)
	return err
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func TestSMTP_Delivers(t *testing.T) {
	s := newServer(t)
	sender, err := mail.NewSMTP("smtp://ana:s3cret@"+s.addr+"?tls=none", "Trilha <nao-responda@trilha.example>")
	if err != nil {
		t.Fatal(err)
	}
	err = sender.Send(t.Context(), mail.Message{
		From: "Trilha Equipamentos", To: "maria@example.com", ReplyTo: "loja@trilha.example", Subject: "Sua conversa nº 1 · ação",
		Text: "Olá, Maria!\n.\nAté logo", HTML: "<p>Olá, <b>Maria</b>!</p>", ID: "job-1",
	})
	if err != nil {
		t.Fatal(err)
	}
	got := s.got[0]
	if got.user != "ana" || got.from != "nao-responda@trilha.example" || got.to != "maria@example.com" {
		t.Errorf("envelope: %+v", got)
	}
	m, err := netmail.ReadMessage(strings.NewReader(got.data))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "Sua conversa nº 1 · ação" {
		t.Errorf("subject %q, %v", subject, err)
	}
	for name, want := range map[string]string{
		"From": `"Trilha Equipamentos" <nao-responda@trilha.example>`, "Reply-To": "<loja@trilha.example>",
		"Message-ID": "<job-1@trilha.example>", "Auto-Submitted": "auto-generated",
	} {
		if h := m.Header.Get(name); h != want {
			t.Errorf("%s: %q, want %q", name, h, want)
		}
	}
	body, err := io.ReadAll(m.Body)
	if err != nil || !strings.Contains(string(body), "Ol=C3=A1, Maria!") || !strings.Contains(string(body), "text/html") {
		t.Errorf("%v, body %s", err, body)
	}
}

func TestSMTP_TellsRefusalsFromDelays(t *testing.T) {
	s := newServer(t)
	sender, err := mail.NewSMTP("smtp://"+s.addr+"?tls=none", "a@trilha.example")
	if err != nil {
		t.Fatal(err)
	}
	for to, wantRefused := range map[string]bool{"nobody@example.com": true, "full@example.com": false, "not an address": true} {
		err := sender.Send(t.Context(), mail.Message{To: to, Subject: "x", Text: "x"})
		if _, refused := errors.AsType[*mail.RefusedError](err); err == nil || refused != wantRefused {
			t.Errorf("%s: %v, refused = %v, want %v", to, err, refused, wantRefused)
		}
	}
	// Whoever demands encryption does not talk to a server without it.
	strict, err := mail.NewSMTP("smtp://ana:s3cret@"+s.addr, "a@trilha.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := strict.Send(t.Context(), mail.Message{To: "maria@example.com", Subject: "x", Text: "x"}); err == nil || len(s.got) > 0 {
		t.Errorf("sent in the clear: %v", err)
	}
}

func TestSMTP_AHeaderCannotBeSmuggledIn(t *testing.T) {
	s := newServer(t)
	sender, err := mail.NewSMTP("smtp://"+s.addr+"?tls=none", "a@trilha.example")
	if err != nil {
		t.Fatal(err)
	}
	err = sender.Send(t.Context(), mail.Message{
		From: "x\r\nBcc: thief@example.com", To: "maria@example.com", Subject: "Hello\r\nBcc: thief@example.com", Text: "x",
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(strings.NewReader(s.got[0].data))
	if err != nil || m.Header.Get("Bcc") != "" {
		t.Errorf("%v in %s", err, s.got[0].data)
	}
}

func TestNewSMTP_RefusesWhatIsNoServer(t *testing.T) {
	for _, address := range []string{"", "mail.example.com", "http://mail.example.com", "smtp://", "smtp://h?tls=maybe", "smtp://user:p%zz@h"} {
		_, err := mail.NewSMTP(address, "a@trilha.example")
		if err == nil || strings.Contains(err.Error(), "p%zz") {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := mail.NewSMTP("smtps://u:p@mail.example.com", "s3cret"); err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Error("a sender that is no address was taken")
	}
}

// TestSMTP_KeepsThePassword: some servers say again what they refuse.
func TestSMTP_KeepsThePassword(t *testing.T) {
	s := newServer(t)
	sender, err := mail.NewSMTP("smtp://echo:s3cr%23t@"+s.addr+"?tls=none", "a@trilha.example")
	if err != nil {
		t.Fatal(err)
	}
	err = sender.Send(t.Context(), mail.Message{To: "ana@example.com", Text: "x"})
	if err == nil || !strings.Contains(err.Error(), "refused •••, that is •••") {
		t.Errorf("%v", err)
	}
}

func TestOutbox_KeepsTheNewest(t *testing.T) {
	o := mail.NewOutbox(clock.NewFake(time.UnixMilli(1)))
	for i := range 120 {
		if err := o.Send(t.Context(), mail.Message{Subject: strings.Repeat("x", i)}); err != nil {
			t.Fatal(err)
		}
	}
	all := o.All()
	if len(all) != 100 || len(all[0].Subject) != 119 || len(all[99].Subject) != 20 {
		t.Errorf("%d kept, the newest %d", len(all), len(all[0].Subject))
	}
}
