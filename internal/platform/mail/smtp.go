package mail

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/aceno-chat/aceno/internal/platform/address"
)

// sendTimeout bounds the whole talk with the mail server.
const sendTimeout = 45 * time.Second

// SMTP sends through a mail server. It connects for each message: mail is rare here, and a kept connection is one to watch.
type SMTP struct {
	host    string
	options []mail.Option
	from    *netmail.Address
	secrets []string
}

// NewSMTP reads where to send: `smtp://user:password@host:587` begins in the clear and requires STARTTLS, `?tls=none` does without,
// for a server on the same machine; `smtps://host:465` is encrypted from the beginning. from is the sender, as
// `Loja <nao-responda@loja.example>`. It does not connect. No error, of Send neither, holds the password or a piece of the address.
func NewSMTP(server, from string) (*SMTP, error) {
	u, err := serverAddress(server)
	if err != nil {
		return nil, fmt.Errorf("mail: the server's address %w; it is written as smtp://user:password@mail.example.com:587", err)
	}
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, errors.New("mail: the sender is not an address as Loja <nao-responda@loja.example>")
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
		return nil, errors.New("mail: tls in the server's address is neither required nor none")
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
		s.secrets = forms(u.User.Username(), password)
	}
	if _, err := mail.NewClient(s.host, s.options...); err != nil {
		return nil, fmt.Errorf("mail: %w", s.discreet(err))
	}
	return s, nil
}

func serverAddress(text string) (*url.URL, error) {
	u, err := address.Parse(text, "smtp", "smtps")
	if err != nil {
		return nil, err //nolint:wrapcheck // the caller says what the address is of
	}
	parameters := u.Query()
	parameters.Del("tls")
	switch {
	case u.Hostname() == "":
		return nil, errors.New("names no host")
	case strings.Trim(u.Path, "/") != "" || len(parameters) > 0:
		return nil, errors.New("has a path or a parameter that is not tls")
	}
	return u, nil
}

// forms are the ways in which a password travels to the server, which may say it again when it refuses it.
func forms(user, password string) []string {
	if password == "" {
		return nil
	}
	encoded := base64.StdEncoding.EncodeToString
	return []string{encoded([]byte("\x00" + user + "\x00" + password)), encoded([]byte(password)), password}
}

// discreet returns the error, without the password when the mail server has put it into its answer.
func (s *SMTP) discreet(err error) error {
	said := err.Error()
	for _, secret := range s.secrets {
		said = strings.ReplaceAll(said, secret, "•••")
	}
	if said == err.Error() {
		return err
	}
	return errors.New(said)
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
		return &RefusedError{fmt.Errorf("mail: %w", s.discreet(err))}
	}
	if err != nil {
		return fmt.Errorf("mail: %w", s.discreet(err))
	}
	return nil
}
