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
	if secret.Hash("a") != secret.Hash("a") || secret.Hash("a") == secret.Hash("b") || len(secret.Hash("a")) != 64 {
		t.Fatal("Hash is not a stable 64-character digest")
	}
}
