package grid

import (
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Folding makes texts comparable regardless of case and accents: "Álvaro" = "alvaro". Every letter is replaced by the lower case of its
// base letter; combining marks vanish.

// vanishes stands for combining marks.
const vanishes = -2

// folded holds the folded form of the characters that Latin scripts use.
var folded = func() (table [0x250]rune) {
	for r := range table {
		table[r] = foldRune(rune(r))
	}
	return table
}()

func foldRune(r rune) rune {
	if unicode.Is(unicode.Mn, r) {
		return vanishes
	}
	if d := norm.NFD.PropertiesString(string(r)).Decomposition(); d != nil {
		r, _ = utf8.DecodeRune(d)
	}
	return unicode.ToLower(r)
}

// next returns the next folded character of s from i and where to go on; −1 at the end.
func next(s string, i int) (rune, int) {
	for i < len(s) {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		i += size
		if int(r) < len(folded) {
			r = folded[r]
		} else {
			r = foldRune(r)
		}
		if r != vanishes {
			return r, i
		}
	}
	return -1, i
}

// compareFold orders a and b by their folded forms: −1, 0 or 1.
func compareFold(a, b string) int {
	i, j := 0, 0
	for {
		// Most characters are equal ASCII: addresses of one site begin alike.
		for i < len(a) && j < len(b) && a[i] == b[j] && a[i] < utf8.RuneSelf {
			i, j = i+1, j+1
		}
		var x, y rune
		x, i = next(a, i)
		y, j = next(b, j)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		case x < 0:
			return 0
		}
	}
}

// appendFold appends the folded form of s.
func appendFold(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		}
		var r rune
		if r, i = next(s, i); r >= 0 {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// foldPrefix returns the first eight bytes of the folded form of s as a number: where two differ, they are in the order of compareFold.
func foldPrefix(s string) uint64 {
	var prefix [8 + utf8.UTFMax]byte
	out := prefix[:0]
	for i := 0; len(out) < 8; {
		var r rune
		if r, i = next(s, i); r < 0 {
			break
		}
		out = utf8.AppendRune(out, r)
	}
	return binary.BigEndian.Uint64(prefix[:])
}

// fold returns the folded form of s.
func fold(s string) string { return string(appendFold(nil, s)) }

// words returns the folded words of a search text.
func words(s string) []string { return strings.Fields(fold(s)) }
