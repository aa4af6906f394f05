package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s for comparing as people do who type in a hurry: without accents and in lower case.
func Fold(s string) string {
	return fold(s, func(int, int) {})
}

// fold tells of each rune of the folded text how many bytes it has, and which rune of s it comes from.
func fold(s string, tell func(bytes, from int)) string {
	var b strings.Builder
	b.Grow(len(s))
	n := 0
	for _, r := range s {
		if r < utf8.RuneSelf { // most of all texts: nothing to take apart
			b.WriteByte(byte(unicode.ToLower(r)))
			tell(1, n)
			n++
			continue
		}
		for _, part := range norm.NFKD.String(string(r)) {
			if unicode.Is(unicode.Mn, part) {
				continue
			}
			before := b.Len()
			b.WriteRune(unicode.ToLower(part))
			tell(b.Len()-before, n)
		}
		n++
	}
	return b.String()
}

// Excerpt returns up to longest characters of s around the first place where what, folded already, stands; ok is false when it does not.
func Excerpt(s, what string, longest int) (excerpt string, ok bool) {
	at := strings.Index(Fold(s), what)
	if at < 0 || what == "" {
		return "", false
	}
	from := make([]int, 0, len(s))
	fold(s, func(bytes, r int) {
		for range bytes {
			from = append(from, r)
		}
	})
	runes := []rune(s)
	start := max(0, from[at]-longest/4)
	end := min(len(runes), start+longest)
	start = max(0, end-longest)
	excerpt = strings.TrimSpace(string(runes[start:end]))
	if start > 0 {
		excerpt = "…" + excerpt
	}
	if end < len(runes) {
		excerpt += "…"
	}
	return excerpt, true
}
