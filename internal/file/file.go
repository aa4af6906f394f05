package file

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of a file.
const (
	// MaxBytes is the largest file that may be sent: 2 MiB (T114, T115).
	MaxBytes = 2 << 20
	// MaxNameRunes is the longest name that is kept.
	MaxNameRunes = 150
)

// Audience says who may ever see a file. It is that of the message that shows it.
type Audience string

// The audiences.
const (
	// ForVisitor is seen by the visitor and the agents.
	ForVisitor Audience = "visitor"
	// ForAgents never has an address that a visitor could use (B14).
	ForAgents Audience = "agents"
	// ForTeam is seen in a room of the team chat, never in a conversation.
	ForTeam Audience = "team"
)

// File is a stored file of a conversation or of a room of the team chat: exactly one of ConversationID and RoomID is set.
type File struct {
	ID             string
	AccountID      string
	ConversationID string
	RoomID         string
	// Name is clean: no folder, no control characters, at most MaxNameRunes.
	Name string
	// ContentType is what the content is, not what the sender called it.
	ContentType string
	// Size is in bytes, 1 to MaxBytes.
	Size int64
	// SHA256 is the content's, in hexadecimal.
	SHA256    string
	BlobKey   string
	Audience  Audience
	CreatedAt int64
}

// CleanName makes a sender's file name safe to store, show and offer for saving: without folders, control characters,
// characters that systems refuse in names, and marks that reverse the reading direction (they disguise extensions).
// The name is shortened before its extension. It may come out empty.
func CleanName(name string) string {
	name = strings.ToValidUTF8(name, "")
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			return -1
		case strings.ContainsRune(`<>:"/|?*`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		default:
			return r
		}
	}, name)
	name = norm.NFC.String(name) // not before: what is taken out may have stood between a letter and its accent
	name = strings.TrimLeft(name, " .")
	name = strings.TrimRight(name, " .")
	if utf8.RuneCountInString(name) <= MaxNameRunes {
		return name
	}
	extension := path.Ext(name)
	if utf8.RuneCountInString(extension) > 10 {
		extension = ""
	}
	stem := []rune(strings.TrimSuffix(name, extension))
	return strings.TrimRight(string(stem[:MaxNameRunes-utf8.RuneCountInString(extension)]), " .") + extension
}
