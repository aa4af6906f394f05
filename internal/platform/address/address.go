// Package address reads the addresses among the settings, with their users and passwords. What is wrong is said in words: no error holds a
// piece of the address, because it may be one of the password. The standard parser's errors do.
package address

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Parse reads an address that begins with one of the schemes and `://`. Characters that have a meaning in addresses stand in a user or a
// password as their codes; the error names the one that was forgotten, and its code.
func Parse(text string, schemes ...string) (*url.URL, error) {
	scheme, rest, _ := strings.Cut(text, "://")
	if !slices.Contains(schemes, strings.ToLower(scheme)) || len(rest) == len(text) {
		return nil, fmt.Errorf("does not begin with %s://", strings.Join(schemes, ":// or "))
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return nil, errors.New("holds a space or a control character: write %20 for a space")
	}
	if err := checkMarks(rest); err != nil {
		return nil, err
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("has a malformed host or port") // the cause would show what stands there: the password, when a mark is missing
	}
	return u, nil
}

// codes are the characters that end a user and a password too early.
var codes = map[byte]string{'#': "%23", '/': "%2F", '?': "%3F"}

// checkMarks finds characters that were meant as part of the password and stand for something else. rest is what follows the scheme.
func checkMarks(rest string) error {
	authority := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority = rest[:end]
		// An @ may stand in the value of a parameter; anywhere else it ends a password that was not whole.
		name, _, _ := strings.Cut(rest[end:], "=")
		if strings.Contains(name, "@") || rest[end] == '#' && strings.Contains(rest[end:], "@") {
			return fmt.Errorf("holds a %q in the user or the password: write %s", rest[end], codes[rest[end]])
		}
	}
	if strings.Contains(rest, "#") {
		return errors.New("holds a '#': write %23")
	}
	for i := range len(rest) {
		if rest[i] == '%' && (i+2 >= len(rest) || !isHex(rest[i+1]) || !isHex(rest[i+2])) {
			return errors.New("holds a '%' that begins no code: write %25")
		}
	}
	if end := strings.LastIndexByte(authority, '@'); end >= 0 && strings.ContainsFunc(authority[:end], unsafe) {
		return errors.New("holds a character in the user or the password that has to be written as its code, as %5B for '['")
	}
	return nil
}

func isHex(c byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", c) >= 0 }

// unsafe says that a character may not stand as it is in a user or a password (RFC 3986, 3.2.1, and the @ that everybody writes).
func unsafe(r rune) bool {
	letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	return !letter && !strings.ContainsRune("-._~!$&'()*+,;=:%@", r)
}
