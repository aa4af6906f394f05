package outreach

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// Changed says that a delivery was made, or came a step further.
type Changed struct {
	Delivery Delivery `json:"delivery"`
	// Content and AgentName are what the page is told, so that every node can tell it again.
	Content   Content `json:"content"`
	AgentName string  `json:"agent_name"`
}

// TemplateSaved says that a template was created or changed.
type TemplateSaved struct {
	Template Template `json:"template"`
}

// SettingsSaved says that the account's rules were changed.
type SettingsSaved struct {
	Settings Settings `json:"settings"`
}

// The kinds of the events.
const (
	KindChanged       = "outreach.changed"
	KindTemplateSaved = "outreach.template_saved"
	KindSettingsSaved = "outreach.settings_saved"
)

// Kind returns KindChanged.
func (Changed) Kind() string { return KindChanged }

// Audience is everybody: whoever sees the visitor sees what was sent.
func (Changed) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the delivery.
func (e Changed) Subject() string { return e.Delivery.ID }

// Kind returns KindTemplateSaved.
func (TemplateSaved) Kind() string { return KindTemplateSaved }

// Audience is everybody of the account.
func (TemplateSaved) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the template.
func (e TemplateSaved) Subject() string { return e.Template.ID }

// Kind returns KindSettingsSaved.
func (SettingsSaved) Kind() string { return KindSettingsSaved }

// Audience is everybody of the account.
func (SettingsSaved) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the account's rules.
func (SettingsSaved) Subject() string { return "settings" }

var (
	_ = eventlog.Register[Changed]()
	_ = eventlog.Register[TemplateSaved]()
	_ = eventlog.Register[SettingsSaved]()
)
