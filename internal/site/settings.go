package site

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Limits of the settings' texts, in characters; of an image's address, in bytes; of the corner, in pixels.
const (
	LabelMax    = 40
	TitleMax    = 60
	GreetingMax = 300
	ImageURLMax = 2048
	CornerMax   = 24
)

// Settings is how the chat is called on a site and how it looks: what the administrator chose, by default DefaultSettings.
type Settings struct {
	// ChatMode is what opens (T145, T146, T222).
	ChatMode string `json:"chat_mode" enum:"widget,popup" doc:"What opens: the chat in the page, or a window of its own."`
	// CallMode is where the call is (T147).
	CallMode int `json:"call_mode" enum:"0,1,2,3,4,5,6,7,10,11" doc:"Where the call is: 0 where the code was placed, 1 bottom right, 2 bottom left, 3 right side, 4 left side, 5 nowhere, 6 top right, 7 top left; 10 and 11 the widget's round button at the bottom right and left."`
	// HideWhenOffline takes the call away while nobody attends.
	HideWhenOffline bool  `json:"hide_when_offline" doc:"No call while nobody attends."`
	Theme           Theme `json:"theme"`
	Texts           Texts `json:"texts"`
	// Privacy is what is known of visitors before they agree (B11).
	Privacy Privacy `json:"privacy"`
	// IdentityGeneration is raised to renew the secret of signed identities.
	IdentityGeneration int `json:"identity_generation,omitempty" minimum:"0" maximum:"1000000" required:"false" doc:"Raise it to renew the secret of signed identities; old signatures are refused then."`
}

// Theme is the chat's look (T148, T223).
type Theme struct {
	Brand  string `json:"brand" pattern:"^#[0-9a-f]{6}$" doc:"The colour of button, header and own messages."`
	Corner int    `json:"corner" minimum:"0" maximum:"24" doc:"How round corners are, in pixels."`
	Size   string `json:"size" enum:"compact,normal,large"`
	Scheme string `json:"scheme" enum:"light,dark,auto" doc:"auto: as the visitor's system is."`
	// Images in place of the call: an address with https (or http), or one of our own /v/images; empty for the drawn one.
	LauncherOnline  string `json:"launcher_online" maxLength:"2048" doc:"An image in place of the call, by its address; empty for ours."`
	LauncherOffline string `json:"launcher_offline" maxLength:"2048" doc:"The same while nobody attends; empty: launcher_online."`
}

// Texts are the site's own words by the visitor's language; what is empty is said as it comes with the product.
type Texts struct {
	PT Words `json:"pt"`
	EN Words `json:"en"`
	ES Words `json:"es"`
}

// Words are the site's own words in one language.
type Words struct {
	Label    string `json:"label" maxLength:"40" doc:"On the call."`
	Title    string `json:"title" maxLength:"60" doc:"Above the chat."`
	Greeting string `json:"greeting" maxLength:"300" doc:"Before the form."`
	Away     string `json:"away" maxLength:"300" doc:"While nobody attends."`
}

// DefaultSettings returns what a new site has.
func DefaultSettings() Settings {
	return Settings{
		ChatMode: "widget", CallMode: 10,
		Theme:   Theme{Brand: "#0f766e", Corner: 16, Size: "normal", Scheme: "auto"},
		Privacy: Privacy{Presence: PresenceFull, Notice: true, HonourGPC: true},
	}
}

// callModes are the places a call can have, with the original product's numbers.
var callModes = []int{0, 1, 2, 3, 4, 5, 6, 7, 10, 11}

var colour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// check returns the settings as they will be stored; what is refused is named below "settings.".
func (s Settings) check(c *field.Check) Settings {
	field.OneOf(c, "settings.chat_mode", s.ChatMode, "widget", "popup")
	if !slices.Contains(callModes, s.CallMode) {
		c.Refuse("settings.call_mode", fault.FieldNotAllowed, callModes)
	}
	c.Between("settings.identity_generation", s.IdentityGeneration, 0, 1_000_000)
	t := &s.Theme
	t.Brand = strings.ToLower(t.Brand)
	if !colour.MatchString(t.Brand) {
		c.Refuse("settings.theme.brand", fault.FieldInvalid, nil)
	}
	c.Between("settings.theme.corner", t.Corner, 0, CornerMax)
	field.OneOf(c, "settings.theme.size", t.Size, "compact", "normal", "large")
	field.OneOf(c, "settings.theme.scheme", t.Scheme, "light", "dark", "auto")
	t.LauncherOnline = checkImage(c, "settings.theme.launcher_online", t.LauncherOnline)
	t.LauncherOffline = checkImage(c, "settings.theme.launcher_offline", t.LauncherOffline)
	s.Privacy = s.Privacy.check(c)
	for language, words := range map[string]*Words{"pt": &s.Texts.PT, "en": &s.Texts.EN, "es": &s.Texts.ES} {
		at := "settings.texts." + language + "."
		words.Label = c.Line(at+"label", words.Label, 0, LabelMax)
		words.Title = c.Line(at+"title", words.Title, 0, TitleMax)
		words.Greeting = c.Text(at+"greeting", words.Greeting, 0, GreetingMax)
		words.Away = c.Text(at+"away", words.Away, 0, GreetingMax)
	}
	return s
}

// checkImage returns the address of an image that pages may show: https or http without credentials, or one of our own.
func checkImage(c *field.Check, name, address string) string {
	address = strings.TrimSpace(address)
	if address == "" {
		return ""
	}
	if len(address) > ImageURLMax {
		c.Refuse(name, fault.FieldTooLong, ImageURLMax)
		return ""
	}
	u, err := url.Parse(address)
	own := err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(u.Path, "/v/images/")
	foreign := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
	if !own && !foreign {
		c.Refuse(name, fault.FieldInvalid, nil)
		return ""
	}
	return u.String()
}

// Look is what every page of the site is told when it is welcomed.
type Look struct {
	ChatMode        string            `json:"chat_mode"`
	CallMode        int               `json:"call_mode"`
	HideWhenOffline bool              `json:"hide_when_offline"`
	Theme           LookTheme         `json:"theme"`
	Labels          map[string]string `json:"labels,omitempty"`
}

// LookTheme is the theme with what follows from it.
type LookTheme struct {
	Theme
	// Ink reads on Brand.
	Ink string `json:"ink"`
}

// Look returns the part of the settings that is needed before the chat is opened.
func (s Settings) Look() Look {
	look := Look{ChatMode: s.ChatMode, CallMode: s.CallMode, HideWhenOffline: s.HideWhenOffline, Theme: LookTheme{s.Theme, inkOn(s.Theme.Brand)}}
	for language, words := range map[string]Words{"pt": s.Texts.PT, "en": s.Texts.EN, "es": s.Texts.ES} {
		if words.Label != "" {
			if look.Labels == nil {
				look.Labels = make(map[string]string, 3)
			}
			look.Labels[language] = words.Label
		}
	}
	return look
}

// inkOn returns white or nearly black, whichever reads better on a colour: by relative luminance (WCAG 2.2).
func inkOn(brand string) string {
	parts := [3]float64{}
	for i := range parts {
		if 3+2*i > len(brand) {
			return "#ffffff"
		}
		n, err := strconv.ParseUint(brand[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return "#ffffff"
		}
		part := float64(n) / 255
		if part <= 0.04045 {
			parts[i] = part / 12.92
		} else {
			parts[i] = math.Pow((part+0.055)/1.055, 2.4)
		}
	}
	if 0.2126*parts[0]+0.7152*parts[1]+0.0722*parts[2] > 0.179 {
		return "#111111"
	}
	return "#ffffff"
}

// decodeSettings reads stored settings; what is missing has its default.
func decodeSettings(text string) (Settings, error) {
	s := DefaultSettings()
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return Settings{}, fmt.Errorf("decode settings: %w", err)
	}
	return s, nil
}

// legacyKey is what the original product's keys are made of.
var legacyKey = regexp.MustCompile(`^[A-Za-z0-9_-]{6,64}$`)

func checkLegacyKey(c *field.Check, key string) string {
	key = strings.TrimSpace(key)
	if key != "" && !legacyKey.MatchString(key) {
		c.Refuse("legacy_key", fault.FieldInvalid, nil)
	}
	return key
}
