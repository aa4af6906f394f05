package contact

import (
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Limits of a request's fields, in characters.
const (
	NameMax    = 100
	PhoneMax   = 40
	SubjectMax = 150
	MessageMax = 5000
)

// State is how far a request is.
type State string

// The states. An agent may move a request from any of them to any other.
const (
	Open       State = "open"
	InProgress State = "in_progress"
	Answered   State = "answered"
)

// States returns every state in its order.
func States() []State { return []State{Open, InProgress, Answered} }

// Request is what a visitor left. Times are milliseconds UTC.
type Request struct {
	ID           string  `json:"id" format:"uuid"`
	SiteID       string  `json:"site_id"`
	DepartmentID string  `json:"department_id"`
	VisitorID    string  `json:"visitor_id"`
	Name         string  `json:"name"`
	Email        string  `json:"email"`
	Phone        string  `json:"phone" doc:"Empty when not given."`
	Subject      string  `json:"subject" doc:"Empty when not given."`
	Message      string  `json:"message"`
	PageURL      string  `json:"page_url" doc:"Where the visitor was; empty when unknown."`
	Language     string  `json:"language" enum:"pt,en,es"`
	State        State   `json:"state" enum:"open,in_progress,answered"`
	AgentID      *string `json:"agent_id" doc:"Who changed the state last."`
	CreatedAt    int64   `json:"created_at"`
	ChangedAt    int64   `json:"changed_at"`
	Version      int64   `json:"version" doc:"Grows with every change."`
}

// New is what a visitor fills in.
type New struct {
	// ClientID makes the command safe to repeat.
	ClientID, DepartmentID, Name, Email, Phone, Subject, Message string
	// Answers are those to the contact form's own fields; what it does not ask is left out.
	Answers map[string]any
}

// check returns n as it will be stored, or a Validation error that names every field at fault.
func (n New) check() (New, error) {
	var c field.Check
	if len(n.ClientID) < 1 || len(n.ClientID) > 64 || strings.ContainsFunc(n.ClientID, func(r rune) bool { return r <= ' ' || r > '~' }) {
		c.Refuse("client_id", fault.FieldInvalid, nil)
	}
	if n.DepartmentID == "" {
		c.Refuse("department_id", fault.FieldRequired, nil)
	}
	n.Name = c.Line("name", n.Name, 1, NameMax)
	n.Email = c.Email("email", n.Email)
	n.Phone = checkPhone(&c, n.Phone)
	n.Subject = c.Line("subject", n.Subject, 0, SubjectMax)
	n.Message = c.Text("message", n.Message, 1, MessageMax)
	return n, c.Err()
}

// checkPhone takes what people write as a phone number in any country: it has 6 to 20 digits, and nothing but digits, spaces and
// the usual marks.
func checkPhone(c *field.Check, phone string) string {
	phone = c.Line("phone", phone, 0, PhoneMax)
	digits := 0
	for _, r := range phone {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune(" +-().,/#xX", r):
			c.Refuse("phone", fault.FieldInvalid, nil)
			return phone
		}
	}
	if phone != "" && (digits < 6 || digits > 20) {
		c.Refuse("phone", fault.FieldInvalid, nil)
	}
	return phone
}
