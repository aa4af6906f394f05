package site

import (
	"net/url"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Presence is what is known of visitors before they asked for contact (B11, T165).
type Presence string

// The modes of presence.
const (
	// PresenceFull knows visitors from the first page on.
	PresenceFull Presence = "full"
	// PresenceConsent knows nothing that lasts until the visitor agrees: an identifier that lives as long as the page, a cut address,
	// the path of the page.
	PresenceConsent Presence = "consent"
	// PresenceOff shows nobody; the chat still works.
	PresenceOff Presence = "off"
)

// PrivacyURLMax is the longest address of a privacy policy, in bytes.
const PrivacyURLMax = 2048

// Privacy is what a site does about its visitors' privacy.
type Privacy struct {
	Presence Presence `json:"presence" enum:"full,consent,off" doc:"full: visitors are known from the first page on. consent: until they agree only a cut address, the path, and nothing on the device. off: nobody is shown, the chat works."`
	Notice   bool     `json:"notice" doc:"Ask with the built-in notice while presence is consent; without it the site asks and says aceno('consent', true)."`
	// HonourDNT and HonourGPC make of a browser's wish what consent is before it is given; the notice is not shown then.
	HonourDNT bool   `json:"honour_dnt" doc:"Do Not Track counts as no consent, unless the site says it was given."`
	HonourGPC bool   `json:"honour_gpc" doc:"Global Privacy Control counts as no consent, unless the site says it was given."`
	PolicyURL string `json:"policy_url" maxLength:"2048" doc:"The site's privacy policy, linked from the notice; http or https, empty for none."`
	// HidePeek keeps from agents what a visitor types before sending it; that somebody types is still shown.
	HidePeek bool `json:"hide_peek,omitempty" required:"false" doc:"Agents see that a visitor types, not what."`
	// KeepCards and MaskCPF decide which numbers in visitors' messages are masked before anything is stored (P04).
	KeepCards bool `json:"keep_cards,omitempty" required:"false" doc:"Card numbers in visitors' messages stay as they are; else all but the last four digits are masked before anything is stored."`
	MaskCPF   bool `json:"mask_cpf,omitempty" required:"false" doc:"CPF numbers in visitors' messages are masked in the same way, all but the check digits."`
}

// Signals are a browser's wishes.
type Signals struct{ DNT, GPC bool }

// Limits says how much may be known of a visitor. consent is what the visitor or the site said: nil while nobody did.
func (p Privacy) Limits(s Signals, consent *bool) Presence {
	objects := p.objects(s)
	switch {
	case p.Presence == PresenceOff:
		return PresenceOff
	case consent != nil && *consent:
		return PresenceFull
	case p.Presence == PresenceConsent, objects, consent != nil:
		return PresenceConsent
	}
	return PresenceFull
}

// Asks says whether the built-in notice is to be shown to a visitor of whom nobody said anything.
func (p Privacy) Asks(s Signals) bool {
	return p.Presence == PresenceConsent && p.Notice && !p.objects(s)
}

func (p Privacy) objects(s Signals) bool { return p.HonourDNT && s.DNT || p.HonourGPC && s.GPC }

func (p Privacy) check(c *field.Check) Privacy {
	field.OneOf(c, "settings.privacy.presence", p.Presence, PresenceFull, PresenceConsent, PresenceOff)
	const name = "settings.privacy.policy_url"
	p.PolicyURL = strings.TrimSpace(p.PolicyURL)
	if p.PolicyURL == "" {
		return p
	}
	u, err := url.Parse(p.PolicyURL)
	switch {
	case len(p.PolicyURL) > PrivacyURLMax:
		c.Refuse(name, fault.FieldTooLong, PrivacyURLMax)
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil:
		c.Refuse(name, fault.FieldInvalid, nil)
	}
	return p
}
