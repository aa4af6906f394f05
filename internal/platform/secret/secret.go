// Package secret signs what is handed to strangers and hashes what must not be stored in the clear.
package secret

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// Box signs and verifies short texts with one installation key (HMAC-SHA256). It is safe for concurrent use.
type Box struct {
	key []byte
}

// New returns a box on key, which should hold at least 32 random bytes.
func New(key []byte) *Box {
	return &Box{key: append([]byte(nil), key...)}
}

// Sign returns `payload.signature`, both base64url. A token signed for one purpose does not verify for another.
func (b *Box) Sign(purpose string, payload []byte) string {
	body := base64.RawURLEncoding.EncodeToString(payload)
	return body + "." + base64.RawURLEncoding.EncodeToString(b.mac(purpose, body))
}

// Verify returns the payload of a token made by Sign for the same purpose, or false for anything else.
// The comparison takes the same time whatever differs.
func (b *Box) Verify(purpose, token string) ([]byte, bool) {
	body, signature, ok := strings.Cut(token, ".")
	if !ok {
		return nil, false
	}
	given, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(given, b.mac(purpose, body)) {
		return nil, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return nil, false
	}
	return payload, true
}

// Seal returns a keyed hash of data in hexadecimal, for what is kept where others may write. A seal for one purpose is none for another.
func (b *Box) Seal(purpose string, data []byte) string {
	return hex.EncodeToString(b.mac(purpose, string(data)))
}

func (b *Box) mac(purpose, body string) []byte {
	h := hmac.New(sha256.New, b.key)
	h.Write([]byte(purpose))
	h.Write([]byte{0})
	h.Write([]byte(body))
	return h.Sum(nil)
}

// Hash returns the SHA-256 of a random token in hexadecimal: enough for tokens of 128 random bits and more, never for passwords.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
