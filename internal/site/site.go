package site

import (
	"crypto/rand"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Limits of a site's fields.
const (
	NameMax    = 60
	DomainsMax = 50
)

// Site is a monitored web site. It is shared as it is: nobody changes AllowedDomains.
type Site struct {
	ID string `json:"id" format:"uuid"`
	// AccountID is not sent: whoever receives a site belongs to its account.
	AccountID string `json:"-"`
	Name      string `json:"name" maxLength:"60"`
	// Key names the site in its script. It is public and never changes.
	Key            string   `json:"key" doc:"Names the site in its script; public."`
	AllowedDomains []string `json:"allowed_domains" minItems:"1" maxItems:"50" nullable:"false" doc:"Where the script may run: a host, *.host, localhost, each with an optional port; * is everywhere."`
	Language       string   `json:"language" enum:"pt,en,es" doc:"The language visitors are spoken to in."`
	Active         bool     `json:"active" doc:"The script of an inactive site is refused."`
	// LegacyKey is the key that the site's pages carry from the original product; empty without one. It works like Key.
	LegacyKey string   `json:"legacy_key" maxLength:"64" doc:"The key of the product the site comes from, so that its pages keep their install code with only the host changed; or empty."`
	Settings  Settings `json:"settings"`
	// InstallCode is not stored: what to paste into the pages (T167).
	InstallCode string `json:"install_code" doc:"What to paste before </head> of every page."`
}

// languages a visitor can be spoken to in.
var languages = []string{"pt", "en", "es"}

// New is what a site is made of.
type New struct {
	Name           string
	AllowedDomains []string
	Language       string
}

// Check returns n as it will be stored, or a Validation error that names the fields.
func (n New) Check() (New, error) {
	var c field.Check
	n.Name = c.Line("name", n.Name, 1, NameMax)
	n.AllowedDomains = checkDomains(&c, n.AllowedDomains)
	field.OneOf(&c, "language", n.Language, languages...)
	return n, c.Err()
}

// Changes says what to change; nil leaves a field as it is.
type Changes struct {
	Name           *string
	AllowedDomains []string
	Language       *string
	Active         *bool
	LegacyKey      *string
	Settings       *Settings
}

func (c *Changes) check() error {
	var f field.Check
	if c.Name != nil {
		name := f.Line("name", *c.Name, 1, NameMax)
		c.Name = &name
	}
	if c.AllowedDomains != nil {
		c.AllowedDomains = checkDomains(&f, c.AllowedDomains)
	}
	if c.Language != nil {
		field.OneOf(&f, "language", *c.Language, languages...)
	}
	if c.LegacyKey != nil {
		key := checkLegacyKey(&f, *c.LegacyKey)
		c.LegacyKey = &key
	}
	if c.Settings != nil {
		settings := c.Settings.check(&f)
		c.Settings = &settings
	}
	return f.Err()
}

// checkDomains returns the canonical domains, each once.
func checkDomains(c *field.Check, typed []string) []string {
	switch {
	case len(typed) == 0:
		c.Refuse("allowed_domains", fault.FieldRequired, nil)
	case len(typed) > DomainsMax:
		c.Refuse("allowed_domains", fault.FieldTooMany, DomainsMax)
		return nil
	}
	domains := make([]string, 0, len(typed))
	for i, text := range typed {
		domain, ok := ParseDomain(text)
		if !ok {
			c.Refuse(fmt.Sprintf("allowed_domains[%d]", i), fault.FieldInvalid, nil)
			continue
		}
		if !slices.Contains(domains, domain) {
			domains = append(domains, domain)
		}
	}
	return domains
}

// keyLetters leaves out what is misread: 0 o, 1 l i.
const keyLetters = "23456789abcdefghjkmnpqrstuvwxyz"

// NewKey returns a random key as xxxx-xxxx-xxxx, about 59 bits: short enough to read out, too many to try.
func NewKey() string {
	const groups, size = 3, 4
	var b strings.Builder
	for i := 0; i < groups*size; {
		if i > 0 && i%size == 0 && b.Len() == i/size*(size+1)-1 {
			b.WriteByte('-')
		}
		// One byte at a time, the uneven rest thrown away, so that every letter is as likely.
		var draw [1]byte
		if _, err := rand.Read(draw[:]); err != nil {
			panic(fmt.Errorf("site: no randomness: %w", err))
		}
		limit := 256 / len(keyLetters) * len(keyLetters)
		if int(draw[0]) >= limit {
			continue
		}
		b.WriteByte(keyLetters[int(draw[0])%len(keyLetters)])
		i++
	}
	return b.String()
}

// InstallCode returns what to paste into the pages: a queue that takes commands before the script is there, and the script,
// loaded asynchronously. base is the public address of this installation without a slash at its end.
func InstallCode(base, key string) string {
	return "<script>window.aceno=window.aceno||function(){(aceno.q=aceno.q||[]).push(arguments)}</script>\n" +
		`<script async src="` + html.EscapeString(strings.TrimRight(base, "/")) + `/v/aceno.js" data-key="` + html.EscapeString(key) + `"></script>`
}
