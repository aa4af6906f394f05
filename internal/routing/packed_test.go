package routing

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPack_ComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := `{"a":"` + strings.Repeat(rapid.String().Draw(t, "piece"), rapid.IntRange(0, 3*packFrom).Draw(t, "times")) + `"}`
		stored := pack([]byte(text))
		if len(stored) > max(len(text), packFrom)*4/3+64 {
			t.Fatalf("%d bytes are stored as %d", len(text), len(stored))
		}
		if got, err := unpack(stored); err != nil || string(got) != text {
			t.Fatalf("%d bytes came back as %d, %v", len(text), len(got), err)
		}
	})
	if _, err := unpack(packedMark + "!"); err == nil {
		t.Error("took what is damaged")
	}
}
