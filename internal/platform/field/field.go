// Package field checks the inputs of a command and collects what is wrong with each, so that a form learns everything at once.
package field

import (
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// Check collects the faults of one command. The zero value is ready.
type Check struct {
	faults []fault.Field
}

// Refuse records a fault by hand. limit is what the text of the code speaks of, or nil.
func (c *Check) Refuse(name, code string, limit any) {
	c.faults = append(c.faults, fault.Field{Name: name, Code: code, Limit: limit})
}

// Err returns a Validation error with every fault recorded, or nil.
func (c *Check) Err() error {
	if len(c.faults) == 0 {
		return nil
	}
	return fault.Invalid(c.faults...)
}

// Line returns value as one line: composed (NFC), without spaces around it. It refuses control characters, malformed UTF-8,
// and lengths outside shortest to longest, counted in characters.
func (c *Check) Line(name, value string, shortest, longest int) string {
	value = strings.TrimSpace(norm.NFC.String(value))
	n := utf8.RuneCountInString(value)
	switch {
	case !utf8.ValidString(value) || strings.ContainsFunc(value, unsafeInLine):
		c.Refuse(name, fault.FieldControlChars, nil)
	case n == 0 && shortest > 0:
		c.Refuse(name, fault.FieldRequired, nil)
	case n < shortest:
		c.Refuse(name, fault.FieldTooShort, shortest)
	case n > longest:
		c.Refuse(name, fault.FieldTooLong, longest)
	}
	return value
}

// Text is Line for several lines: newlines and tabs may stand in it.
func (c *Check) Text(name, value string, shortest, longest int) string {
	value = strings.ReplaceAll(value, "\r\n", "\n")
	marked := strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, value)
	before := len(c.faults)
	c.Line(name, marked, shortest, longest)
	if len(c.faults) > before {
		return value
	}
	return strings.TrimSpace(norm.NFC.String(value))
}

// Email returns a bare address (RFC 5322 addr-spec) of at most 254 characters, whose domain is a host's name. The grammar alone would take
// `ana@loja.example?cc=eva%40b.example` for one address, which a mail program reads as two.
func (c *Check) Email(name, value string) string {
	before := len(c.faults)
	value = c.Line(name, value, 1, 254)
	if len(c.faults) > before {
		return value
	}
	parsed, err := mail.ParseAddress(value)
	if err != nil || parsed.Address != value || strings.ContainsFunc(value[strings.LastIndexByte(value, '@')+1:], unsafeInHost) {
		c.Refuse(name, fault.FieldInvalid, nil)
	}
	return value
}

// unsafeInHost says that a character stands in no host's name, in whatever script.
func unsafeInHost(r rune) bool {
	return r != '.' && r != '-' && !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
}

// Between refuses numbers outside lowest to highest.
func (c *Check) Between(name string, value, lowest, highest int) int {
	switch {
	case value < lowest:
		c.Refuse(name, fault.FieldTooSmall, lowest)
	case value > highest:
		c.Refuse(name, fault.FieldTooLarge, highest)
	}
	return value
}

// OneOf refuses what is not among allowed.
func OneOf[T ~string](c *Check, name string, value T, allowed ...T) T {
	if !slices.Contains(allowed, value) {
		names := make([]string, len(allowed))
		for i, a := range allowed {
			names[i] = string(a)
		}
		c.Refuse(name, fault.FieldNotAllowed, strings.Join(names, ", "))
	}
	return value
}

// unsafeInLine tells the characters that have no place in a name: controls, line separators, and the marks that turn the
// direction of the text around them (they make one name look like another). Joiners of scripts and emoji may stay.
func unsafeInLine(r rune) bool {
	if r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
		return true
	}
	return unicode.IsControl(r) || r == 0x2028 || r == 0x2029 || r == 0xFEFF
}
