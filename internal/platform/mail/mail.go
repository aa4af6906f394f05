package mail

import (
	"context"
	"fmt"
	netmail "net/mail"

	"github.com/wneessen/go-mail"
)

// Message is one e-mail. Addresses are bare (`ana@example.com`).
type Message struct {
	// From is the name beside the installation's own address, as the account's; may be empty.
	From string `json:"from,omitempty"`
	To   string `json:"to"`
	// ReplyTo is where answers go; may be empty.
	ReplyTo string `json:"reply_to,omitempty"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	// HTML is the same for people who want it formatted; may be empty. Whoever makes it escapes what is foreign.
	HTML string `json:"html,omitempty"`
	// ID makes the Message-ID the same each time the message is sent, so that a repetition can be told as one.
	ID string `json:"id,omitempty"`
}

// Sender hands messages on.
type Sender interface {
	// Send returns nil when somebody took the responsibility for the message. Refused tells a failure for good.
	Send(ctx context.Context, m Message) error
}

// RefusedError is a failure that no repetition mends: the address or the message was refused.
type RefusedError struct{ cause error }

func (e *RefusedError) Error() string { return e.cause.Error() }
func (e *RefusedError) Unwrap() error { return e.cause }

// build makes the message as it travels. from is the installation's address.
func build(from *netmail.Address, m Message) (*mail.Msg, error) {
	refused := func(err error) (*mail.Msg, error) { return nil, &RefusedError{fmt.Errorf("mail: %w", err)} }
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	name := m.From
	if name == "" {
		name = from.Name
	}
	msg.FromMailAddress(&netmail.Address{Name: name, Address: from.Address})
	if err := msg.To(m.To); err != nil {
		return refused(err)
	}
	if m.ReplyTo != "" {
		if err := msg.ReplyTo(m.ReplyTo); err != nil {
			return refused(err)
		}
	}
	msg.Subject(m.Subject)
	msg.SetDate()
	if m.ID != "" {
		_, domain, _ := cutLast(from.Address, '@')
		msg.SetMessageIDWithValue(m.ID + "@" + domain)
	} else {
		msg.SetMessageID()
	}
	// RFC 3834: answering machines keep quiet.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == sep {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}
