package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s for comparing as people do who type in a hurry: without accents and in lower case.
func Fold(s string) string {
	folded, _ := fold(s)
	return folded
}

// fold returns also, for each byte of the folded text, which rune of s it comes from.
func fold(s string) (string, []int) {
	var b strings.Builder
	from := make([]int, 0, len(s))
	n := 0
	for _, r := range s {
		if r < utf8.RuneSelf { // most of all texts: nothing to take apart
			b.WriteRune(unicode.ToLower(r))
			from = append(from, n)
			n++
			continue
		}
		for _, part := range norm.NFKD.String(string(r)) {
			if unicode.Is(unicode.Mn, part) {
				continue
			}
			before := b.Len()
			b.WriteRune(unicode.ToLower(part))
			for range b.Len() - before {
				from = append(from, n)
			}
		}
		n++
	}
	return b.String(), from
}

// Excerpt returns up to longest characters of s around the first place where what, folded already, stands; ok is false when it does not.
func Excerpt(s, what string, longest int) (excerpt string, ok bool) {
	folded, from := fold(s)
	at := strings.Index(folded, what)
	if at < 0 || what == "" {
		return "", false
	}
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
