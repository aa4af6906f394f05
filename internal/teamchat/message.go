package teamchat

import (
	"strings"
	"unicode/utf8"

	"github.com/aceno-chat/aceno/internal/file"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Limits of a message.
const (
	// TextMax is the longest text, in characters after trimming.
	TextMax = 5000
	// MentionsMax is how many members a message may mention.
	MentionsMax = 20
	// MentionsCounted is how many unread mentions of a room are counted: that many means that many or more.
	MentionsCounted = 1000
	// previewMax is how much of a text stands in the list of rooms.
	previewMax = 200
)

// Message is what an agent said in a room.
type Message struct {
	ID         string      `json:"id"`
	Sequence   int64       `json:"sequence" doc:"Counts the messages of the room from 1 without gaps."`
	ClientID   string      `json:"client_id"`
	AuthorID   string      `json:"author_id"`
	AuthorName string      `json:"author_name" doc:"As it was when the message was sent."`
	Text       string      `json:"text" doc:"Empty when the message is a file."`
	Mentions   []string    `json:"mentions" nullable:"false" doc:"The members it calls, by identifier."`
	File       *Attachment `json:"file"`
	At         int64       `json:"at"`
}

// Attachment is the file of a message.
type Attachment struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	URL         string `json:"url"`
}

func attach(f file.File) *Attachment {
	return &Attachment{ID: f.ID, Name: f.Name, ContentType: f.ContentType, Size: f.Size, URL: "/api/team/files/" + f.ID}
}

// preview is how the message stands in the list of rooms.
func (m Message) preview() Last {
	text := m.Text
	if m.File != nil {
		text = m.File.Name
	}
	if utf8.RuneCountInString(text) > previewMax {
		text = string([]rune(text)[:previewMax]) + "…"
	}
	return Last{Text: text, AuthorID: m.AuthorID, AuthorName: m.AuthorName, At: m.At}
}

// New is what an agent sends: a text, or a file.
type New struct {
	// ClientID makes the command safe to repeat: the same id of the same agent in a room returns the message of the first time.
	ClientID string
	Text     string
	// Mentions are identifiers of members.
	Mentions []string
	file     *file.File
}

// check returns n as it will be stored, or a Validation error that names every field at fault.
func (n New) check() (New, error) {
	var c field.Check
	if len(n.ClientID) < 1 || len(n.ClientID) > 64 || strings.ContainsFunc(n.ClientID, func(r rune) bool { return r <= ' ' || r > '~' }) {
		c.Refuse("client_id", fault.FieldInvalid, nil)
	}
	if n.file == nil {
		n.Text = c.Text("text", n.Text, 1, TextMax)
	}
	if len(n.Mentions) > MentionsMax {
		c.Refuse("mentions", fault.FieldTooMany, MentionsMax)
	}
	return n, c.Err()
}
