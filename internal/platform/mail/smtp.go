package mail

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// sendTimeout bounds the whole talk with the mail server.
const sendTimeout = 45 * time.Second

// SMTP sends through a mail server. It connects for each message: mail is rare here, and a kept connection is one to watch.
type SMTP struct {
	host    string
	options []mail.Option
	from    *netmail.Address
}

// NewSMTP reads where to send: `smtp://user:password@host:587` begins in the clear and requires STARTTLS, `?tls=none` does without,
// for a server on the same machine; `smtps://host:465` is encrypted from the beginning. from is the sender, as
// `Loja <nao-responda@loja.example>`. It does not connect.
func NewSMTP(address, from string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("mail: not an address as smtp://user:password@mail.example.com:587") // the cause would show the password
	}
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("mail: the sender %q is not an address as Loja <nao-responda@loja.example>", from)
	}
	s := &SMTP{host: u.Hostname(), from: sender, options: []mail.Option{mail.WithTimeout(sendTimeout)}}
	port, policy, auth := 587, mail.TLSMandatory, mail.SMTPAuthAutoDiscover
	switch tls := u.Query().Get("tls"); {
	case u.Scheme == "smtps":
		port = 465
		s.options = append(s.options, mail.WithSSL())
	case tls == "none":
		// Without encryption the library would not give a password away by itself; the operator has said so.
		port, policy, auth = 25, mail.NoTLS, mail.SMTPAuthPlainNoEnc
	case tls != "" && tls != "required":
		return nil, fmt.Errorf("mail: tls=%s is neither required nor none", tls)
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("mail: the port is not a number")
		}
	}
	s.options = append(s.options, mail.WithPort(port), mail.WithTLSPolicy(policy))
	if u.User != nil {
		password, _ := u.User.Password()
		s.options = append(s.options, mail.WithSMTPAuth(auth), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	if _, err := mail.NewClient(s.host, s.options...); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return s, nil
}

// Send returns after the server accepted the message. A refusal for good (5xx) is a RefusedError; anything else may be tried again.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	msg, err := build(s.from, m)
	if err != nil {
		return err
	}
	client, err := mail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if refused, ok := errors.AsType[*mail.SendError](err); ok && !refused.IsTemp() && refused.ErrorCode() >= 500 {
		return &RefusedError{fmt.Errorf("mail: %w", err)}
	}
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return nil
}
