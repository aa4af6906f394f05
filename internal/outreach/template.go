package outreach

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Limits of a template's fields, in characters, and of what an account may have.
const (
	NameMax    = 60
	TitleMax   = 80
	TextMax    = 500
	ButtonMax  = 40
	AltMax     = 200
	SecondsMax = 600
	// TemplatesMax is how many templates an account may have.
	TemplatesMax = 500
)

// Style is how a template looks.
type Style string

// The styles.
const (
	Card         Style = "card"
	PictureAlone Style = "image"
)

// Position is where on the page it appears.
type Position string

// The positions.
const (
	BottomRight Position = "bottom_right"
	BottomLeft  Position = "bottom_left"
	TopRight    Position = "top_right"
	TopLeft     Position = "top_left"
	Center      Position = "center"
)

// Animation is how it comes. Who asked the system for less motion gets none.
type Animation string

// The animations.
const (
	NoAnimation Animation = "none"
	Fade        Animation = "fade"
	Slide       Animation = "slide"
	Bounce      Animation = "bounce"
)

// Text is what a card says in one language. The language is left out when all are empty.
type Text struct {
	Title  string `json:"title" maxLength:"80"`
	Text   string `json:"text" maxLength:"500"`
	Button string `json:"button" maxLength:"40"`
}

func (t Text) empty() bool { return t == Text{} }

// Texts are a template's words in the three languages.
type Texts struct {
	PT Text `json:"pt"`
	EN Text `json:"en"`
	ES Text `json:"es"`
}

func (t Texts) each() []Text { return []Text{t.PT, t.EN, t.ES} }

// In returns the words for a reader: in the first of the languages that has any, else in any that has.
func (t Texts) In(languages ...string) Text {
	by := map[string]Text{"pt": t.PT, "en": t.EN, "es": t.ES}
	for _, language := range languages {
		if len(language) >= 2 && !by[language[:2]].empty() {
			return by[language[:2]]
		}
	}
	for _, text := range t.each() {
		if !text.empty() {
			return text
		}
	}
	return Text{}
}

// Usable says which agents may send a template. Who administers outreach always may.
type Usable struct {
	Everybody     bool          `json:"everybody"`
	Roles         []access.Role `json:"roles" nullable:"false" maxItems:"3" enum:"administrator,supervisor,agent"`
	DepartmentIDs []string      `json:"department_ids" nullable:"false" maxItems:"100"`
}

func (u Usable) by(actor api.ActorInfo) bool {
	return u.Everybody || actor.Can(access.OutreachManage) || slices.Contains(u.Roles, access.Role(actor.Role)) ||
		slices.ContainsFunc(u.DepartmentIDs, func(id string) bool { return actor.DepartmentIDs[id] })
}

// Template is an invite or a promotion that an administrator prepared (T207–T209).
type Template struct {
	ID   string `json:"id"`
	Kind Kind   `json:"kind" enum:"invite,promotion"`
	// Name is what agents choose it by; visitors never see it.
	Name      string    `json:"name"`
	Style     Style     `json:"style" enum:"card,image"`
	Image     *Image    `json:"image"`
	ImageAlt  string    `json:"image_alt"`
	Texts     Texts     `json:"texts"`
	Link      string    `json:"link" doc:"Where a promotion leads; empty for an invite."`
	Position  Position  `json:"position" enum:"bottom_right,bottom_left,top_right,top_left,center"`
	Animation Animation `json:"animation" enum:"none,fade,slide,bounce"`
	Seconds   int       `json:"seconds" doc:"How long it is shown; 0: until it is answered."`
	// DepartmentID is preselected in the chat that an invite opens.
	DepartmentID *string `json:"department_id"`
	UsableBy     Usable  `json:"usable_by"`
	Active       bool    `json:"active"`
	UpdatedAt    int64   `json:"updated_at"`
}

// TransformSchema is called by huma.
func (Template) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "image")
}

// Changes says what a template shall be like; nil leaves a field as it is. A new template must name its kind and name; the rest
// has defaults: an active card at the bottom right that slides in, stays, and may be used by everybody.
type Changes struct {
	Name         *string
	Style        *Style
	ImageID      *string // empty: none
	ImageAlt     *string
	Texts        *Texts
	Link         *string
	Position     *Position
	Animation    *Animation
	Seconds      *int
	DepartmentID *string // empty: none
	UsableBy     *Usable
	Active       *bool
}

func blank(kind Kind) Template {
	return Template{
		Kind: kind, Style: Card, Position: BottomRight, Animation: Slide, Active: true,
		UsableBy: Usable{Everybody: true, Roles: []access.Role{}, DepartmentIDs: []string{}},
	}
}

// apply returns t with the changes, but for the image, which has to be looked up.
func (c Changes) apply(t Template) Template {
	set(&t.Name, c.Name)
	set(&t.Style, c.Style)
	set(&t.ImageAlt, c.ImageAlt)
	set(&t.Texts, c.Texts)
	set(&t.Link, c.Link)
	set(&t.Position, c.Position)
	set(&t.Animation, c.Animation)
	set(&t.Seconds, c.Seconds)
	set(&t.UsableBy, c.UsableBy)
	set(&t.Active, c.Active)
	if c.DepartmentID != nil {
		t.DepartmentID = c.DepartmentID
		if *c.DepartmentID == "" {
			t.DepartmentID = nil
		}
	}
	if t.UsableBy.Roles == nil {
		t.UsableBy.Roles = []access.Role{}
	}
	if t.UsableBy.DepartmentIDs == nil {
		t.UsableBy.DepartmentIDs = []string{}
	}
	return t
}

func set[T any](what, to *T) {
	if to != nil {
		*what = *to
	}
}

// check returns t cleaned, or a Validation error that names every field at fault. own are the account's own domains.
func (t Template) check(own domains) (Template, error) {
	var c field.Check
	field.OneOf(&c, "kind", t.Kind, Invite, Promotion)
	t.Name = c.Line("name", t.Name, 1, NameMax)
	field.OneOf(&c, "style", t.Style, Card, PictureAlone)
	field.OneOf(&c, "position", t.Position, BottomRight, BottomLeft, TopRight, TopLeft, Center)
	field.OneOf(&c, "animation", t.Animation, NoAnimation, Fade, Slide, Bounce)
	c.Between("seconds", t.Seconds, 0, SecondsMax)
	for _, role := range t.UsableBy.Roles {
		field.OneOf(&c, "usable_by.roles", role, access.Roles()...)
	}
	longest := 0
	for name, text := range map[string]*Text{"pt": &t.Texts.PT, "en": &t.Texts.EN, "es": &t.Texts.ES} {
		text.Title = c.Line("texts."+name+".title", text.Title, 0, TitleMax)
		text.Text = c.Text("texts."+name+".text", text.Text, 0, TextMax)
		text.Button = c.Line("texts."+name+".button", text.Button, 0, ButtonMax)
		longest = max(longest, len(text.Title)+len(text.Text))
	}
	switch {
	case t.Style == Card && longest == 0:
		c.Refuse("texts", fault.FieldRequired, nil)
	case t.Style == PictureAlone && t.Image == nil:
		c.Refuse("image_id", fault.FieldRequired, nil)
	}
	t.ImageAlt = c.Line("image_alt", t.ImageAlt, 0, AltMax)
	if t.Style == PictureAlone && t.ImageAlt == "" { // a picture in a card decorates; alone it is all there is
		c.Refuse("image_alt", fault.FieldRequired, nil)
	}
	switch {
	case t.Kind == Promotion:
		t.Link = checkAddress(&c, "link", t.Link, own, false)
	case t.Link != "":
		c.Refuse("link", fault.FieldNotAllowed, "promotion")
	}
	return t, c.Err()
}
