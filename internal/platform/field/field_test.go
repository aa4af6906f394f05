package field_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

func codeOf(t *testing.T, c *field.Check) string {
	t.Helper()
	err := c.Err()
	if err == nil {
		return ""
	}
	var refused *fault.Error
	if !errors.As(err, &refused) || refused.Code != fault.Validation || len(refused.Fields) != 1 || refused.Fields[0].Name != "x" {
		t.Fatalf("got %v, want one fault of field x", err)
	}
	return refused.Fields[0].Code
}

func TestCheck_Line(t *testing.T) {
	tests := []struct{ name, in, out, code string }{
		{"trims", "  Ana  ", "Ana", ""},
		{"composes", "Atenc\u0327a\u0303o", "Atenção", ""},
		{"keeps emoji with joiners", "Ana 👩‍💻", "Ana 👩‍💻", ""},
		{"empty", "   ", "", fault.FieldRequired},
		{"short", "a", "a", fault.FieldTooShort},
		{"counts characters, not bytes", strings.Repeat("ã", 12), strings.Repeat("ã", 12), ""},
		{"long", strings.Repeat("a", 13), strings.Repeat("a", 13), fault.FieldTooLong},
		{"newline", "a\nb", "a\nb", fault.FieldControlChars},
		{"null", "a\x00b", "a\x00b", fault.FieldControlChars},
		{"direction override", "a\u202eb", "a\u202eb", fault.FieldControlChars},
		{"malformed", "ab\xff", "ab\xff", fault.FieldControlChars},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var c field.Check
			if got := c.Line("x", tt.in, 2, 12); got != tt.out {
				t.Errorf("got %q, want %q", got, tt.out)
			}
			if got := codeOf(t, &c); got != tt.code {
				t.Errorf("got code %q, want %q", got, tt.code)
			}
		})
	}
}

func TestCheck_Text(t *testing.T) {
	var c field.Check
	if got := c.Text("x", " one\r\ntwo\tthree ", 1, 20); got != "one\ntwo\tthree" || c.Err() != nil {
		t.Errorf("got %q, %v", got, c.Err())
	}
	c.Text("x", "a\x07b", 1, 20)
	if got := codeOf(t, &c); got != fault.FieldControlChars {
		t.Errorf("got code %q", got)
	}
}

func TestCheck_Email(t *testing.T) {
	for _, good := range []string{"ana@loja.com.br", "a+b@x.io", "josé@exemplo.com", "compras&vendas@x.io", "a?b@x.io", "a@café.example"} {
		var c field.Check
		c.Email("x", good)
		if code := codeOf(t, &c); code != "" {
			t.Errorf("%q refused: %s", good, code)
		}
	}
	for bad, want := range map[string]string{
		"": fault.FieldRequired, "ana": fault.FieldInvalid, "Ana <ana@x.io>": fault.FieldInvalid, "a@b@c": fault.FieldInvalid,
		"a@x.io?cc=b%40x.io": fault.FieldInvalid, "a@x.io&bcc=b": fault.FieldInvalid, "a@x.io%0ab": fault.FieldInvalid, "a@[127.0.0.1]": fault.FieldInvalid,
		"a@x.io\nBcc: b@x.io": fault.FieldControlChars, strings.Repeat("a", 250) + "@x.io": fault.FieldTooLong,
	} {
		var c field.Check
		c.Email("x", bad)
		if code := codeOf(t, &c); code != want {
			t.Errorf("%q: got %q, want %q", bad, code, want)
		}
	}
}

func TestCheck_CollectsEverything(t *testing.T) {
	var c field.Check
	c.Line("a", "", 1, 5)
	c.Between("b", 0, 1, 50)
	c.Between("c", 51, 1, 50)
	field.OneOf(&c, "d", "fr", "pt", "en")
	c.Between("fine", 50, 1, 50)
	var refused *fault.Error
	if !errors.As(c.Err(), &refused) || len(refused.Fields) != 4 {
		t.Fatalf("got %v, want four faults", c.Err())
	}
}
