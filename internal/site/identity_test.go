package site_test

import (
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/site"
)

func TestIdentitySecret(t *testing.T) {
	box := secret.New(make([]byte, 32))
	one := site.Site{ID: "1", Settings: site.DefaultSettings()}
	renewed := one
	renewed.Settings.IdentityGeneration++
	first := site.IdentitySecret(box, one)
	if len(first) != 64 || first != site.IdentitySecret(box, one) {
		t.Errorf("the secret is %q", first)
	}
	for name, other := range map[string]string{
		"another site":         site.IdentitySecret(box, site.Site{ID: "2", Settings: one.Settings}),
		"the next generation":  site.IdentitySecret(box, renewed),
		"another installation": site.IdentitySecret(secret.New([]byte("another key of thirty-two bytes.")), one),
	} {
		if other == first {
			t.Errorf("%s has the same secret", name)
		}
	}
}

// The guide's examples: what other languages' libraries make of the same words.
func TestIdentitySignature(t *testing.T) {
	// printf '42\nmaria@example.com' | openssl dgst -sha256 -hmac segredo
	const want = "587a257472693144a7d4a70fcded19675f80fbab5a7257674bbcb51188bf7cc3"
	if got := site.IdentitySignature("segredo", "42", "maria@example.com"); got != want {
		t.Errorf("got %s", got)
	}
}
