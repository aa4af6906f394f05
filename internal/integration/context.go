package integration

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// Lifetime is how long a page may take an address for fresh.
const Lifetime = 5 * time.Minute

// The context travels in an address, which servers cut at some 8,000 characters: longer values of fields stay at home, and all together
// end here, in bytes.
const (
	fieldRunes  = 200
	fieldsBytes = 3000
)

// Parameter is the name of the address's parameter that holds the context.
const Parameter = "aceno"

// Context is what a page is told, as the claims of its token. Times are seconds UTC, as RFC 7519 has them.
type Context struct {
	Issuer       string              `json:"iss"`
	Audience     string              `json:"aud"`
	IssuedAt     int64               `json:"iat"`
	Expires      int64               `json:"exp"`
	AccountID    string              `json:"account_id"`
	Agent        Person              `json:"agent"`
	Conversation ConversationContext `json:"conversation"`
	Visitor      VisitorContext      `json:"visitor"`
}

// Person is an agent.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ConversationContext is the conversation the page is shown for.
type ConversationContext struct {
	ID           string `json:"id"`
	Number       int64  `json:"number"`
	State        string `json:"state"`
	SiteID       string `json:"site_id"`
	DepartmentID string `json:"department_id"`
	Department   string `json:"department"`
}

// VisitorContext is who it is with.
type VisitorContext struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Phone string `json:"phone,omitempty"`
	// VerifiedID is the customer's id when the site's server has signed it; the rest is what the visitor or an agent said.
	VerifiedID string         `json:"verified_id,omitempty"`
	Language   string         `json:"language,omitempty"`
	Country    string         `json:"country,omitempty"`
	Fields     map[string]any `json:"fields,omitempty"`
}

// Secret returns what the contexts of a page are signed with, 64 hexadecimal digits.
func Secret(box *secret.Box, id string) string {
	return secret.Hash(box.Sign("integration", []byte(id)))
}

// visitorContext tells of a conversation's visitor what fits an address.
func visitorContext(c conversation.Conversation) (VisitorContext, error) {
	d, err := c.Visitor.Value()
	if err != nil {
		return VisitorContext{}, fmt.Errorf("integration: the visitor: %w", err)
	}
	v := VisitorContext{ID: c.VisitorID, Name: d.Name, Email: d.Email, Phone: d.Phone, Language: d.Language, Country: d.Country, VerifiedID: c.VerifiedID}
	v.Fields = make(map[string]any)
	room := fieldsBytes
	for _, name := range slices.Sorted(maps.Keys(d.Fields)) {
		value := d.Fields[name]
		text, isText := value.(string)
		if visitor.ReadsAsProven(name) || isText && utf8.RuneCountInString(text) > fieldRunes {
			continue
		}
		encoded, err := json.Marshal(map[string]any{name: value})
		if err != nil {
			return VisitorContext{}, fmt.Errorf("integration: a field: %w", err)
		}
		if room -= len(encoded); room < 0 {
			break
		}
		v.Fields[name] = value
	}
	return v, nil
}

// token signs the context: a JSON Web Token with HS256.
func (c Context) token(key string) (string, error) {
	claims, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("integration: encode a context: %w", err)
	}
	const header = `{"alg":"HS256","typ":"JWT"}`
	signed := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString(claims)
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), nil
}

// address returns the page's address with the context in it, and the origin the context is for.
func address(page string, c Context, key string) (string, error) {
	u, err := url.Parse(page)
	if err != nil {
		return "", fmt.Errorf("integration: the address: %w", err)
	}
	c.Audience = u.Scheme + "://" + u.Host
	token, err := c.token(key)
	if err != nil {
		return "", err
	}
	query := u.Query()
	query.Set(Parameter, token)
	u.RawQuery = query.Encode()
	return u.String(), nil
}
