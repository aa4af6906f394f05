package trigger

import (
	"cmp"
)

// Limits of a rule and of an account's rules; lengths in characters.
const (
	NameMax        = 80
	DescriptionMax = 400
	PriorityMax    = 100
	// DelayMax and the seconds of conditions are in seconds.
	DelayMax      = 3600
	RepeatsMax    = 100
	ConditionsMax = 20
	ValuesMax     = 50
	ValueMax      = 200
	KeyMax        = 40
	TagMax        = 40
	// TriggersMax is how many rules an account may have, active or not.
	TriggersMax = 1000
)

// Once says how often a rule may reach the same person (T214, T215).
type Once string

// The ways.
const (
	// PerVisitor: once in a visitor's life.
	PerVisitor Once = "visitor"
	// PerAddress: once for everybody who comes from the same IP address.
	PerAddress Once = "address"
	// EveryTime: at each page view or click on the call icon, as far as Repeats allows.
	EveryTime Once = "every_time"
)

// Match says how many conditions must hold.
type Match string

// The ways.
const (
	All Match = "all"
	Any Match = "any"
)

// Kind of an action.
type Kind string

// The kinds.
const (
	Invite     Kind = "invite"
	Promotion  Kind = "promotion"
	Open       Kind = "open"
	Message    Kind = "message"
	Department Kind = "department"
	Tag        Kind = "tag"
	// Lead marks the visitor as somebody who may become a customer (P01).
	Lead Kind = "lead"
)

// shows says whether the visitor sees something of it: of such actions a visitor gets one at a time.
func (k Kind) shows() bool { return k != Department && k != Tag && k != Lead }

// MessageMax is the longest message of the team.
const MessageMax = 500

// Action is what a rule does. Only the fields of its kind are set.
type Action struct {
	Kind         Kind   `json:"kind" enum:"invite,promotion,open,message,department,tag,lead"`
	TemplateID   string `json:"template_id,omitempty" maxLength:"36" doc:"Of invite and promotion: what was prepared."`
	Text         string `json:"text,omitempty" maxLength:"500" doc:"Of message: what the team says."`
	DepartmentID string `json:"department_id,omitempty" maxLength:"36" doc:"Of department: where the visitor's contact goes."`
	Tag          string `json:"tag,omitempty" maxLength:"40" doc:"Of tag: the word that marks the visitor."`
}

// Condition is one fact about the visitor, the visit or the moment.
type Condition struct {
	Field    Field    `json:"field" enum:"page_url,page_title,entry_url,previous_url,referrer,referrer_kind,utm_source,utm_medium,utm_campaign,seconds_on_page,seconds_on_site,pages,visits,country,region,city,language,device,site,custom,day,hour,agents_online,invited,attended,scroll,leaving,icon_click" doc:"What is looked at."`
	Operator Operator `json:"operator" enum:"is,is_not,contains,contains_not,starts_with,ends_with,matches,matches_not,at_least,at_most,between,not_between" doc:"matches takes a regular expression (RE2)."`
	Key      string   `json:"key,omitempty" maxLength:"40" doc:"Of custom: the name of the site's own field."`
	Values   []string `json:"values" maxItems:"50" nullable:"false" doc:"Any one of them, for is, contains and the like; of between the beginning and the end, as 08:00 and 18:00; days are 1 (Monday) to 7."`
}

// Counters are what came of a rule.
type Counters struct {
	Evaluated int64 `json:"evaluated" doc:"Page views it was held against."`
	Fired     int64 `json:"fired" doc:"Times it acted."`
	Shown     int64 `json:"shown" doc:"Times a visitor saw what it sent."`
	Accepted  int64 `json:"accepted" doc:"Times a visitor accepted the invite or followed the promotion."`
}

// Trigger is a rule. It is shared as it is: nobody changes its conditions.
type Trigger struct {
	ID          string      `json:"id" format:"uuid"`
	Name        string      `json:"name" maxLength:"80" doc:"Internal: visitors never see it."`
	Description string      `json:"description" maxLength:"400"`
	Active      bool        `json:"active"`
	Priority    int         `json:"priority" minimum:"0" maximum:"100" doc:"The greater one goes first."`
	Delay       int         `json:"delay" minimum:"0" maximum:"3600" doc:"Seconds between the moment the conditions hold and the action; they must still hold then."`
	Once        Once        `json:"once" enum:"visitor,address,every_time"`
	Repeats     int         `json:"repeats" minimum:"0" maximum:"100" doc:"At most so often in a visit; 0 is without limit. Only with every_time."`
	TimeZone    string      `json:"time_zone" maxLength:"64" doc:"IANA name, for days and hours; empty is the account's."`
	Match       Match       `json:"match" enum:"all,any"`
	Conditions  []Condition `json:"conditions" minItems:"1" maxItems:"20" nullable:"false"`
	Action      Action      `json:"action"`
	Version     int64       `json:"version" doc:"Grows with every change."`
	CreatedAt   int64       `json:"created_at" doc:"Milliseconds UTC."`
	UpdatedAt   int64       `json:"updated_at" doc:"Milliseconds UTC."`

	accountID string
}

// AccountID is whose rule it is; it is not sent.
func (t Trigger) AccountID() string { return t.accountID }

// Draft is what a rule is made of.
type Draft struct {
	Name        string      `json:"name" minLength:"1" maxLength:"80"`
	Description string      `json:"description,omitempty" maxLength:"400"`
	Active      bool        `json:"active,omitempty" doc:"Off if absent: try it first."`
	Priority    int         `json:"priority,omitempty" minimum:"0" maximum:"100"`
	Delay       int         `json:"delay,omitempty" minimum:"0" maximum:"3600"`
	Once        Once        `json:"once" enum:"visitor,address,every_time"`
	Repeats     int         `json:"repeats,omitempty" minimum:"0" maximum:"100"`
	TimeZone    string      `json:"time_zone,omitempty" maxLength:"64"`
	Match       Match       `json:"match" enum:"all,any"`
	Conditions  []Condition `json:"conditions" maxItems:"20" nullable:"false" doc:"At least one."`
	Action      Action      `json:"action"`
}

// Changes says what to change; nil leaves a field as it is.
type Changes struct {
	Name        *string
	Description *string
	Active      *bool
	Priority    *int
	Delay       *int
	Once        *Once
	Repeats     *int
	TimeZone    *string
	Match       *Match
	Conditions  []Condition
	Action      *Action
	// Version, when given, is the one that is changed: stale when somebody was quicker.
	Version *int64
}

// draft returns the rule as it could be typed again.
func (t Trigger) draft() Draft {
	return Draft{
		Name: t.Name, Description: t.Description, Active: t.Active, Priority: t.Priority, Delay: t.Delay, Once: t.Once,
		Repeats: t.Repeats, TimeZone: t.TimeZone, Match: t.Match, Conditions: t.Conditions, Action: t.Action,
	}
}

// with returns the rule's draft with the changes in it.
func (c Changes) with(d Draft) Draft {
	change(&d.Name, c.Name)
	change(&d.Description, c.Description)
	change(&d.Active, c.Active)
	change(&d.Priority, c.Priority)
	change(&d.Delay, c.Delay)
	change(&d.Once, c.Once)
	change(&d.Repeats, c.Repeats)
	change(&d.TimeZone, c.TimeZone)
	change(&d.Match, c.Match)
	change(&d.Action, c.Action)
	if c.Conditions != nil {
		d.Conditions = c.Conditions
	}
	return d
}

func change[T any](field, to *T) {
	if to != nil {
		*field = *to
	}
}

// byPriority orders rules as they have their turn, and as people see them.
func byPriority(a, b Trigger) int {
	return cmp.Or(-cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.CreatedAt, b.CreatedAt), cmp.Compare(a.ID, b.ID))
}
