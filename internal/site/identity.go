package site

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"github.com/aceno-chat/aceno/internal/platform/secret"
)

// IdentitySecret returns what the site's own server signs its customers with, 64 hexadecimal digits. It is not stored: it follows from
// the installation's key, the site and the generation in its settings, so that a greater generation renews it.
func IdentitySecret(box *secret.Box, s Site) string {
	return secret.Hash(box.Sign("identity", []byte(s.ID+"/"+strconv.Itoa(s.Settings.IdentityGeneration))))
}

// IdentitySignature signs a customer: HMAC-SHA256 in hexadecimal over the customer's id at the site, a newline and the e-mail address.
func IdentitySignature(identitySecret, userID, email string) string {
	mac := hmac.New(sha256.New, []byte(identitySecret))
	mac.Write([]byte(userID + "\n" + email))
	return hex.EncodeToString(mac.Sum(nil))
}
