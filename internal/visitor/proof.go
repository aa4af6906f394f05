package visitor

import (
	"crypto/hmac"
	"strings"
	"unicode"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/text"
	"github.com/aceno-chat/aceno/internal/site"
)

// ProvenName is what the customer's id is called that the site's server has signed. It is kept apart from what pages tell, in
// Identity.Proven; no field of theirs may be called so.
const ProvenName = "verified_id"

// ReadsAsProven says whether people would take a field's name for ProvenName: case, width, accents, signs and what can't be seen apart.
func ReadsAsProven(name string) bool { return letters(name) == letters(ProvenName) }

// letters returns the letters and digits of a name, folded.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text.Fold(name))
}

// maxUserID bounds a customer's id at the site, in characters.
const maxUserID = 100

// prove checks what the site's server signed, if anything was. A wrong signature refuses all that was told with it. Errors: validation.
func (t *Told) prove(identitySecret string) error {
	if t.Signature == "" {
		return nil
	}
	var c field.Check
	id := c.Line("user_id", t.UserID, 1, maxUserID)
	email := ""
	if t.Email != nil {
		email = *t.Email
	}
	signature := site.IdentitySignature(identitySecret, id, email)
	if !hmac.Equal([]byte(strings.ToLower(t.Signature)), []byte(signature)) {
		c.Refuse("signature", fault.FieldInvalid, nil)
	}
	if err := c.Err(); err != nil {
		return err
	}
	t.proven = id
	return nil
}
