package visitor

import "unique"

// Text is a string kept once for all visits that have it: addresses, titles, browsers, places repeat thousands of times.
// Equal texts are equal with ==. The zero value is the empty text.
type Text struct {
	handle unique.Handle[string]
}

// Intern returns the Text of s.
func Intern(s string) Text {
	if s == "" {
		return Text{}
	}
	return Text{unique.Make(s)}
}

// String returns the string.
func (t Text) String() string {
	if t == (Text{}) {
		return ""
	}
	return t.handle.Value()
}
