package trigger

import (
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/visitor"
)

// A text as long as pages like is decided, but does not stay.
func TestTextIndex_RemembersShortTextsOnly(t *testing.T) {
	x := &textIndex{known: make(map[visitor.Text]*verdict)}
	for _, text := range []string{"https://shop.example/", strings.Repeat("u", longestKnown+1)} {
		if x.of(visitor.Intern(text)) == nil {
			t.Errorf("%.30s is not decided", text)
		}
	}
	if len(x.known) != 1 {
		t.Errorf("%d texts remembered", len(x.known))
	}
}
