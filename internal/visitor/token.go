package visitor

import (
	"encoding/json"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/secret"
)

// tokenPurpose keeps tokens of visitors apart from everything else that is signed.
const tokenPurpose = "visitor"

// TokenLife is how long a token is good for. Every hello gives a fresh one.
const TokenLife = 365 * 24 * time.Hour

// maxToken bounds what is looked at, in bytes.
const maxToken = 1024

// Claims is what a visitor's token says. The visitor keeps it and cannot read more than this from it.
type Claims struct {
	VisitorID string `json:"v"`
	SiteID    string `json:"s"`
	VisitID   string `json:"i"`
	// StartedAt is when the visit began, IssuedAt when the token was made, in milliseconds.
	StartedAt int64 `json:"b"`
	IssuedAt  int64 `json:"t"`
	Visits    int32 `json:"c"`
	Number    int64 `json:"n"`
	// Limited: the visitor had not agreed when the token was made. Consent: the visitor had said so, and is remembered.
	Limited bool `json:"l,omitempty"`
	Consent bool `json:"g,omitempty"`
}

func (c Claims) sign(box *secret.Box) string {
	payload, err := json.Marshal(c)
	if err != nil {
		panic(err) // texts and numbers always encode
	}
	return box.Sign(tokenPurpose, payload)
}

// verify returns the claims of a token that this installation signed and that is not too old. now is in milliseconds.
func verify(box *secret.Box, token string, now int64) (Claims, bool) {
	if token == "" || len(token) > maxToken {
		return Claims{}, false
	}
	payload, ok := box.Verify(tokenPurpose, token)
	if !ok {
		return Claims{}, false
	}
	var c Claims
	if err := json.Unmarshal(payload, &c); err != nil || now-c.IssuedAt > TokenLife.Milliseconds() {
		return Claims{}, false
	}
	return c, true
}
