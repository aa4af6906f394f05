package grid

import (
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/visitor"
)

// A text as long as pages like is searched, but does not stay.
func TestSearch_RemembersShortTextsOnly(t *testing.T) {
	s := search{words: [][]byte{[]byte("cart")}}
	for _, text := range []string{"https://shop.example/cart", strings.Repeat("u", longestKnown) + "cart"} {
		for range 2 {
			if s.inText(visitor.Intern(text)) != 1 {
				t.Errorf("%.30s is not found", text)
			}
		}
	}
	if len(s.known) != 1 {
		t.Errorf("%d texts remembered", len(s.known))
	}
}
