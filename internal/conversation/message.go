package conversation

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// MaxTextRunes is the longest text of a message, in characters after trimming.
const MaxTextRunes = 5000

// Audience says who sees a message.
type Audience string

// The audiences.
const (
	// ToVisitor is seen by the visitor and the agents.
	ToVisitor Audience = "visitor"
	// ToAgents is internal: nothing of it may reach a visitor (B14).
	ToAgents Audience = "agents"
)

// MessageKind says what a message holds.
type MessageKind string

// The kinds.
const (
	TextMessage   MessageKind = "text"
	FileMessage   MessageKind = "file"
	SystemMessage MessageKind = "system"
)

// Author is who wrote a message.
type Author struct {
	Kind Party   `json:"kind" enum:"visitor,agent,system"`
	ID   *string `json:"id"`
	Name string  `json:"name"`
}

// Attachment is the file of a message.
type Attachment struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	URL         string `json:"url"`
}

// System is what a system message says; each client writes it in its reader's language.
type System struct {
	Key    string            `json:"key" enum:"queued,joined,ended,returned,abandoned,transferred,requeued,entered,left,warned,corrected"`
	Params map[string]string `json:"params"`
}

// Keys of system messages.
const (
	SystemQueued    = "queued"
	SystemJoined    = "joined"
	SystemEnded     = "ended"
	SystemReturned  = "returned"
	SystemAbandoned = "abandoned"
	// SystemTransferred names the agent who has it now, SystemRequeued the department it waits in.
	SystemTransferred = "transferred"
	SystemRequeued    = "requeued"
	// SystemEntered and SystemLeft are of agents beside the one in charge.
	SystemEntered = "entered"
	SystemLeft    = "left"
	// SystemWarned asks whether the visitor is still there, and says in how many minutes the conversation ends, if it does.
	SystemWarned = "warned"
	// SystemCorrected tells agents who changed the visitor's contact data, from what to what. It is always internal.
	SystemCorrected = "corrected"
)

// Reference names the message that another one answers.
type Reference struct {
	Sequence int64 `json:"sequence"`
	// VisitorSequence is null when the visitor may not see the message that is quoted; then the quoting one is internal too.
	VisitorSequence *int64 `json:"visitor_sequence"`
}

// Message is a message as agents see it.
type Message struct {
	ID             string `json:"id"`
	ConversationID string `json:"conversation_id"`
	// Sequence counts every message of a conversation from 1 without gaps.
	Sequence int64 `json:"sequence"`
	// VisitorSequence counts those the visitor may see, in the same way; null for an internal message.
	VisitorSequence *int64      `json:"visitor_sequence"`
	ClientID        string      `json:"client_id"`
	Kind            MessageKind `json:"kind" enum:"text,file,system"`
	Author          Author      `json:"author"`
	Audience        Audience    `json:"audience" enum:"visitor,agents"`
	Text            string      `json:"text"`
	File            *Attachment `json:"file"`
	System          *System     `json:"system"`
	At              int64       `json:"at"`
	// ReplyTo is what the message answers; absent when it quotes nothing.
	ReplyTo *Reference `json:"reply_to,omitempty" doc:"the message that is quoted; absent when none is"`
	// Revision counts the changes after sending: of two copies the one with the greater is newer.
	Revision  int64      `json:"revision,omitempty" doc:"how often it was changed after sending; absent for never"`
	EditedAt  *int64     `json:"edited_at,omitempty" doc:"when its text was last changed"`
	DeletedAt *int64     `json:"deleted_at,omitempty" doc:"when it was taken back; text and file are then empty"`
	Reactions []Reaction `json:"reactions,omitempty" doc:"at most one of each person"`
}

// preview is how a message stands in lists.
func (m Message) preview() string {
	if m.File != nil {
		return m.File.Name
	}
	return m.Text
}

// CleanText returns the text of a message as it will be stored: trimmed, its line ends \n. It refuses an empty text, one
// of more than MaxTextRunes characters, and control characters other than newline and tab: a Validation error of the
// field `text`.
func CleanText(text string) (string, error) {
	refuse := func(code string, limit any) (string, error) {
		return "", fault.Invalid(fault.Field{Name: "text", Code: code, Limit: limit})
	}
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	switch {
	case text == "":
		return refuse(fault.FieldRequired, nil)
	case utf8.RuneCountInString(text) > MaxTextRunes:
		return refuse(fault.FieldTooLong, MaxTextRunes)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, forbiddenInText):
		return refuse(fault.FieldControlChars, nil)
	}
	return text, nil
}

func forbiddenInText(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

// checkClientID refuses what is not a client's identifier: a Validation error of the field `client_id`.
func checkClientID(id string) error {
	if validClientID(id) {
		return nil
	}
	code := fault.FieldInvalid
	if id == "" {
		code = fault.FieldRequired
	}
	return fault.Invalid(fault.Field{Name: "client_id", Code: code})
}
