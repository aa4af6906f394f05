package visitor

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Limits of what a page may tell; lengths in characters, addresses in bytes.
const (
	MaxURL      = 2048
	MaxTitle    = 300
	MaxName     = 100
	MaxEmail    = 254
	MaxFields   = 20
	MaxKey      = 40
	maxField    = 200
	MaxTyping   = 500
	maxTab      = 64
	maxLanguage = 35 // RFC 5646, section 4.4.1
	maxTimeZone = 64
)

// Hello is a page view with everything the page tells about itself and its visitor: the first frame of a connection.
type Hello struct {
	// Token is the visitor's, empty or of no use for somebody new.
	Token string `json:"token"`
	// Tab names the browser tab: 1–64 characters, the same for all pages of the tab.
	Tab string `json:"tab"`
	// URL is http or https, at most MaxURL bytes; a page written into a frame (about:srcdoc) stands for its referrer.
	URL string `json:"url"`
	// Title is at most MaxTitle characters.
	Title string `json:"title"`
	// Referrer is at most MaxURL bytes; what is not http or https is taken as none.
	Referrer string `json:"referrer"`
	Language string `json:"language"`  // BCP 47, or empty
	Screen   string `json:"screen"`    // as 1366x768, or empty
	TimeZone string `json:"time_zone"` // IANA name, or empty
	Hidden   bool   `json:"hidden"`
	// Monitoring false keeps the page out of the grid (T028); nil is true.
	Monitoring *bool `json:"monitoring"`
	// Resumed: the same page view as before, after a lost connection.
	Resumed bool `json:"resumed"`
	// Consent is what the visitor or the site said of being known; nil while nobody did.
	Consent *bool `json:"consent"`
	Told
}

// Told is what a page tells about who its visitor is. Nil leaves what is known, empty forgets it.
type Told struct {
	Name  *string `json:"name"`
	Email *string `json:"email"`
	// Fields are texts, numbers and truths by their keys; at most 20, keys of at most 40 characters, values of at most 200.
	Fields map[string]json.RawMessage `json:"fields"`
	// UserID is the customer's id at the site, and Signature what the site's server signed it with; see prove.
	UserID    string `json:"user_id"`
	Signature string `json:"signature"`
	proven    string
}

// check returns the hello as it is used. origin is where the connection comes from, empty when unknown. Errors: validation.
func (h Hello) check(origin string) (Hello, error) {
	var c field.Check
	h.Tab = c.Line("tab", h.Tab, 1, maxTab)
	h.URL, h.Referrer = ofFrame(h.URL, h.Referrer)
	h.URL = checkURL(&c, h.URL, origin)
	h.Title = checkTitle(&c, h.Title)
	h.Referrer = checkReferrer(&c, h.Referrer)
	if !consists(h.Language, maxLanguage, isLanguage) {
		c.Refuse("language", fault.FieldInvalid, nil)
	}
	if !consists(h.TimeZone, maxTimeZone, isTimeZone) {
		c.Refuse("time_zone", fault.FieldInvalid, nil)
	}
	if !isScreen(h.Screen) {
		c.Refuse("screen", fault.FieldInvalid, nil)
	}
	h.Told.check(&c)
	return h, c.Err()
}

// check cleans what was told, in place.
func (t *Told) check(c *field.Check) {
	if t.Name != nil {
		name := c.Line("name", clean(*t.Name), 0, MaxName)
		t.Name = &name
	}
	if t.Email != nil {
		email := clean(*t.Email)
		if email != "" {
			email = c.Email("email", email)
		}
		t.Email = &email
	}
	if len(t.Fields) > MaxFields {
		c.Refuse("fields", fault.FieldTooMany, MaxFields)
	}
}

// apply returns the identity after t was told; the same pointer when nothing is new. Errors: validation.
func (t Told) apply(old *Identity) (*Identity, error) {
	var now Identity
	if old != nil {
		now = *old
	}
	if t.Name != nil {
		now.Name = *t.Name
	}
	if t.Email != nil {
		now.Email = *t.Email
	}
	if t.Fields != nil {
		var c field.Check
		now.Fields = merge(&c, now.Fields, t.Fields)
		if err := c.Err(); err != nil {
			return old, err
		}
	}
	if old != nil && now.Email != old.Email {
		now.Proven = "" // it was signed together with the address
	}
	if t.proven != "" {
		now.Proven = t.proven
	}
	switch {
	case now.Name == "" && now.Email == "" && now.Proven == "" && len(now.Fields) == 0:
		return nil, nil
	case old != nil && old.Name == now.Name && old.Email == now.Email && old.Proven == now.Proven && slices.Equal(old.Fields, now.Fields):
		return old, nil
	}
	return &now, nil
}

// withTexts adds fields that are texts.
func (t Told) withTexts(fields map[string]string) Told {
	if len(fields) == 0 {
		return t
	}
	t.Fields = make(map[string]json.RawMessage, len(fields))
	for key, value := range fields {
		raw, err := json.Marshal(value)
		if err != nil {
			panic(err) // texts always encode
		}
		t.Fields[key] = raw
	}
	return t
}

// merge puts the told fields over the old ones; null takes one away. The result is in the order of its keys.
func merge(c *field.Check, old []Field, told map[string]json.RawMessage) []Field {
	merged := slices.Clone(old)
	for key, raw := range told {
		key = c.Line("fields", clean(key), 1, MaxKey)
		at, found := slices.BinarySearchFunc(merged, key, func(f Field, key string) int { return strings.Compare(f.Key, key) })
		value, ok := scalar(raw)
		switch {
		case ReadsAsProven(key):
			c.Refuse("fields", fault.FieldNotAllowed, nil)
		case !ok:
			c.Refuse("fields", fault.FieldInvalid, nil)
		case string(raw) == "null":
			if found {
				merged = slices.Delete(merged, at, at+1)
			}
		case found:
			merged[at].Value = c.Line("fields", value, 0, maxField)
		default:
			merged = slices.Insert(merged, at, Field{key, c.Line("fields", value, 0, maxField)})
		}
	}
	if len(merged) > MaxFields {
		c.Refuse("fields", fault.FieldTooMany, MaxFields)
	}
	return merged
}

// scalar returns a JSON text, number or truth as text.
func scalar(raw json.RawMessage) (string, bool) {
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return "", false
	}
	switch value := value.(type) {
	case string:
		return clean(value), true
	case float64, bool, nil:
		return string(raw), true
	}
	return "", false
}

// ofFrame returns the address and the referrer of a page. One that was written into a frame has no address: it stands for the page that
// holds it, which its browser calls the referrer (https://html.spec.whatwg.org/multipage/iframe-embed-object.html, srcdoc).
func ofFrame(address, referrer string) (string, string) {
	if address == "about:srcdoc" {
		return referrer, ""
	}
	return address, referrer
}

// checkURL returns an absolute http or https address without credentials. A page's address begins with the origin of its connections.
func checkURL(c *field.Check, raw, origin string) string {
	switch {
	case raw == "":
		c.Refuse("url", fault.FieldRequired, nil)
	case len(raw) > MaxURL:
		c.Refuse("url", fault.FieldTooLong, MaxURL)
	default:
		u, ok := webURL(raw)
		if !ok || origin != "" && u.Scheme+"://"+u.Host != origin {
			c.Refuse("url", fault.FieldInvalid, nil)
			return ""
		}
		if u.User != nil {
			u.User = nil
			return u.String()
		}
	}
	return raw
}

func checkTitle(c *field.Check, title string) string {
	return c.Line("title", clean(title), 0, MaxTitle)
}

func checkReferrer(c *field.Check, raw string) string {
	if len(raw) > MaxURL {
		c.Refuse("referrer", fault.FieldTooLong, MaxURL)
		return ""
	}
	if u, ok := webURL(raw); !ok || u.User != nil {
		return ""
	}
	return raw
}

func webURL(raw string) (*url.URL, bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, false
	}
	return u, true
}

// clean makes one line of a text: controls and marks that turn the direction of writing become spaces.
func clean(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == 0x2028, r == 0x2029:
			return ' '
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF:
			return -1
		}
		return r
	}, s))
}

// cleanLines is clean for texts of several lines.
func cleanLines(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// cut returns at most n characters of s.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

// consists says that s has at most limit bytes, all of them allowed.
func consists(s string, limit int, allowed func(c byte) bool) bool {
	for i := range len(s) {
		if !allowed(s[i]) {
			return false
		}
	}
	return len(s) <= limit
}

func isLanguage(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

func isTimeZone(c byte) bool { return isLanguage(c) || c == '/' || c == '+' || c == ':' }

func isScreen(s string) bool {
	width, height, ok := strings.Cut(s, "x")
	digit := func(c byte) bool { return '0' <= c && c <= '9' }
	return s == "" || ok && width != "" && height != "" && consists(width, 5, digit) && consists(height, 5, digit)
}
