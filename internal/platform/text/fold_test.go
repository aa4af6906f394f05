package text

import (
	"strings"
	"testing"
)

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("ab", 100) + "Promoção" + strings.Repeat("cd", 100)
	for _, row := range []struct {
		text, what, want string
		ok               bool
	}{
		{"A promoção acabou", "PROMOCAO", "A promoção acabou", true},
		{"A promocão acabou", "promoção", "A promocão acabou", true},
		{"ÍNDICE ﬁnal", "indice final", "ÍNDICE ﬁnal", true},
		{"nada", "promo", "", false},
		{"nada", "", "", false},
		{long, "promocao", "…ababababab" + "Promoção" + "cdcdcdcdcdcdcdcdcdcdcd…", true},
	} {
		got, ok := Excerpt(row.text, Fold(row.what), 40)
		if got != row.want || ok != row.ok {
			t.Errorf("%q: %q, %v", row.what, got, ok)
		}
	}
}
