package conversation

import "github.com/aceno-chat/aceno/internal/file"

// MaxTabs is how many conversations that are over, and how many that an agent takes part in, a panel begins with: the newest. Older ones
// are found in the visitors' histories.
const MaxTabs = 200

// Limits are what clients must know before they send.
type Limits struct {
	// Text is the longest message in characters, FileBytes the largest file.
	Text      int      `json:"text"`
	FileBytes int      `json:"file_bytes"`
	FileTypes []string `json:"file_types" nullable:"false" doc:"Endings of file names, without the dot."`
}

// LimitsNow returns the limits in force.
func LimitsNow() Limits {
	return Limits{Text: MaxTextRunes, FileBytes: file.MaxBytes, FileTypes: file.Extensions()}
}
