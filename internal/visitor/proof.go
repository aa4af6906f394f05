package visitor

import (
	"crypto/hmac"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/site"
)

// ProvenField is the field that holds the customer's id when the site's server has signed it. Pages can't set it.
const ProvenField = "verified_id"

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

// keepProof returns the fields with the proof that goes with them: the new one; the old one as long as the e-mail address it was given
// for stays.
func keepProof(fields []Field, proven string, otherEmail bool) []Field {
	kept := make([]Field, 0, len(fields)+1)
	for _, f := range fields {
		if f.Key == ProvenField && (proven != "" || otherEmail) {
			continue
		}
		if proven != "" && f.Key > ProvenField {
			kept = append(kept, Field{ProvenField, proven})
			proven = ""
		}
		kept = append(kept, f)
	}
	if proven != "" {
		kept = append(kept, Field{ProvenField, proven})
	}
	return kept
}
