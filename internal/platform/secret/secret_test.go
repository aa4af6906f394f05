package secret_test

import (
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/secret"
)

func TestBox_VerifiesOnlyItsOwnTokensForTheirPurpose(t *testing.T) {
	box := secret.New([]byte("0123456789abcdef0123456789abcdef"))
	token := box.Sign("visitor", []byte("hello"))

	if got, ok := box.Verify("visitor", token); !ok || string(got) != "hello" {
		t.Fatalf("Verify = %q, %v; want hello, true", got, ok)
	}
	body, signature, _ := strings.Cut(token, ".")
	bad := map[string]string{
		"other purpose":     token,
		"empty":             "",
		"no signature":      body,
		"empty signature":   body + ".",
		"changed payload":   "x" + token,
		"changed signature": body + "." + strings.ToUpper(signature),
		"not base64":        body + ".***",
	}
	for name, tok := range bad {
		purpose := "visitor"
		if name == "other purpose" {
			purpose = "file"
		}
		if _, ok := box.Verify(purpose, tok); ok {
			t.Errorf("%s: verified", name)
		}
	}
	if _, ok := secret.New([]byte("another key of thirty-two bytes!")).Verify("visitor", token); ok {
		t.Error("a token of another installation verified")
	}
}

func TestHash_IsStableAndHidesTheToken(t *testing.T) {
	// What any SHA-256 tool prints for the letter.
	if got := secret.Hash("a"); got != "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb" {
		t.Fatalf("Hash = %s, which is not the SHA-256", got)
	}
}
