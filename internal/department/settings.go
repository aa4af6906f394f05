package department

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Limits of the settings. Times are seconds unless their name says otherwise; 0 switches off what may be off.
const (
	OfferMin       = 5
	OfferMax       = 120
	AnswerMin      = 10
	AnswerMax      = 600
	LongestWaitMin = 60
	LongestWaitMax = 7200
	OverflowMin    = 5
	OverflowMax    = 3600
	InactivityMax  = 1440
	GoneMin        = 30
	GoneMax        = 900
	LevelMax       = 86_400
)

// Order says who of the able agents is offered a conversation first.
type Order string

// The orders.
const (
	// RoundRobin offers to who waited longest since the last offer.
	RoundRobin Order = "round_robin"
	// LowestLoad offers to who has the smallest share of the own limit in use.
	LowestLoad Order = "lowest_load"
)

// Settings is how a department works: what the administrator chose, by default DefaultSettings. A value that was handed out is
// never changed: whoever holds one may keep it.
type Settings struct {
	Order              Order `json:"order" enum:"round_robin,lowest_load" doc:"Whom the roulette offers a conversation first: who waited longest since the last offer, or who has least to do."`
	OfferSeconds       int   `json:"offer_seconds" minimum:"5" maximum:"120" doc:"How long an offer stands before it goes to another agent."`
	AnswerSeconds      int   `json:"answer_seconds" minimum:"0" maximum:"600" doc:"A conversation whose agent does not write for so long is taken back once; 10 or more, 0 for never."`
	LongestWaitSeconds int   `json:"longest_wait_seconds" minimum:"0" maximum:"7200" doc:"After so long in the queue the visitor is offered the contact form; 60 or more, 0 for never."`
	// Overflow lets agents of another department help.
	Overflow Overflow `json:"overflow"`
	Sticky   bool     `json:"sticky" doc:"The agent who attended the visitor last is asked first."`
	Hours    Hours    `json:"hours"`
	// AuthenticatedOnly refuses visitors without a signed identity (T186).
	AuthenticatedOnly bool       `json:"authenticated_only" doc:"Only visitors whose identity the site has signed may start a conversation."`
	Inactivity        Inactivity `json:"inactivity"`
	GoneSeconds       int        `json:"gone_seconds" minimum:"30" maximum:"900" doc:"A conversation whose visitor is away from the site for so long ends."`
	// ServiceLevel are the promised times (P03).
	ServiceLevel ServiceLevel `json:"service_level"`
	FormID       *string      `json:"form_id" format:"uuid" doc:"The conversation form that agents fill in; null for none."`
}

// Overflow says where else a conversation is offered when it waits too long.
type Overflow struct {
	DepartmentID *string `json:"department_id" format:"uuid" doc:"Another department of the account; null for none."`
	AfterSeconds int     `json:"after_seconds" minimum:"0" maximum:"3600" doc:"5 or more when there is a department."`
}

// Inactivity says what happens to a conversation in which the visitor falls silent.
type Inactivity struct {
	WarnMinutes int `json:"warn_minutes" minimum:"0" maximum:"1440" doc:"The visitor is asked whether somebody is still there; 0 for never."`
	EndMinutes  int `json:"end_minutes" minimum:"0" maximum:"1440" doc:"The conversation ends so long after the visitor's last sign; more than warn_minutes, 0 for never."`
}

// ServiceLevel are the times a department promises (P03).
type ServiceLevel struct {
	FirstResponse Level `json:"first_response" doc:"From the queue to the agent's first message."`
	Response      Level `json:"response" doc:"From the visitor's message to the agent's answer."`
	Handling      Level `json:"handling" doc:"From the agent's joining to the end."`
}

// Level is one promised time, in seconds.
type Level struct {
	Warn   int `json:"warn" minimum:"0" maximum:"86400" doc:"Seconds until it is about to be missed; 0 for no warning."`
	Breach int `json:"breach" minimum:"0" maximum:"86400" doc:"Seconds until it is missed; 0 for no promise."`
}

// DefaultSettings returns what a new department has.
func DefaultSettings() Settings {
	return Settings{
		Order: RoundRobin, OfferSeconds: 15, AnswerSeconds: 60, LongestWaitSeconds: 600, GoneSeconds: 90,
		Hours: Hours{Weekly: []Period{}, Holidays: []Holiday{}},
	}
}

// Open says whether the department's hours include t, and when that changes next; the zero time for never. account is the time
// zone of the account, which holds when the hours name none.
func (s Settings) Open(t time.Time, account *time.Location) (open bool, next time.Time) {
	return s.Hours.Open(t, account)
}

// SettingsChanges says which parts of the settings to change; what is nil stays.
type SettingsChanges struct {
	Order              *Order        `json:"order,omitempty" enum:"round_robin,lowest_load" nullable:"false"`
	OfferSeconds       *int          `json:"offer_seconds,omitempty" minimum:"5" maximum:"120" nullable:"false"`
	AnswerSeconds      *int          `json:"answer_seconds,omitempty" minimum:"0" maximum:"600" nullable:"false"`
	LongestWaitSeconds *int          `json:"longest_wait_seconds,omitempty" minimum:"0" maximum:"7200" nullable:"false"`
	Overflow           *Overflow     `json:"overflow,omitempty" nullable:"false"`
	Sticky             *bool         `json:"sticky,omitempty" nullable:"false"`
	Hours              *Hours        `json:"hours,omitempty" nullable:"false"`
	AuthenticatedOnly  *bool         `json:"authenticated_only,omitempty" nullable:"false"`
	Inactivity         *Inactivity   `json:"inactivity,omitempty" nullable:"false"`
	GoneSeconds        *int          `json:"gone_seconds,omitempty" minimum:"30" maximum:"900" nullable:"false"`
	ServiceLevel       *ServiceLevel `json:"service_level,omitempty" nullable:"false"`
	FormID             *string       `json:"form_id,omitempty" maxLength:"36" nullable:"false" doc:"Empty for none."`
}

// apply returns s with the changes.
func (c SettingsChanges) apply(s Settings) Settings {
	change(&s.Order, c.Order)
	change(&s.OfferSeconds, c.OfferSeconds)
	change(&s.AnswerSeconds, c.AnswerSeconds)
	change(&s.LongestWaitSeconds, c.LongestWaitSeconds)
	change(&s.Overflow, c.Overflow)
	change(&s.Sticky, c.Sticky)
	change(&s.Hours, c.Hours)
	change(&s.AuthenticatedOnly, c.AuthenticatedOnly)
	change(&s.Inactivity, c.Inactivity)
	change(&s.GoneSeconds, c.GoneSeconds)
	change(&s.ServiceLevel, c.ServiceLevel)
	if c.FormID != nil {
		if s.FormID = c.FormID; *c.FormID == "" {
			s.FormID = nil
		}
	}
	return s
}

func change[T any](value, to *T) {
	if to != nil {
		*value = *to
	}
}

// check returns the settings as they will be stored; what is refused is named below "settings.". departmentID is whose they are.
func (s Settings) check(c *field.Check, departmentID string) Settings {
	field.OneOf(c, "settings.order", s.Order, RoundRobin, LowestLoad)
	c.Between("settings.offer_seconds", s.OfferSeconds, OfferMin, OfferMax)
	orOff(c, "settings.answer_seconds", s.AnswerSeconds, AnswerMin, AnswerMax)
	orOff(c, "settings.longest_wait_seconds", s.LongestWaitSeconds, LongestWaitMin, LongestWaitMax)
	if to := s.Overflow.DepartmentID; to == nil {
		s.Overflow.AfterSeconds = 0
	} else {
		checkID(c, "settings.overflow.department_id", *to)
		if *to == departmentID {
			c.Refuse("settings.overflow.department_id", fault.FieldContradiction, nil)
		}
		c.Between("settings.overflow.after_seconds", s.Overflow.AfterSeconds, OverflowMin, OverflowMax)
	}
	s.Hours = s.Hours.check(c, "settings.hours")
	in := s.Inactivity
	c.Between("settings.inactivity.warn_minutes", in.WarnMinutes, 0, InactivityMax)
	c.Between("settings.inactivity.end_minutes", in.EndMinutes, 0, InactivityMax)
	if in.EndMinutes > 0 && in.WarnMinutes >= in.EndMinutes {
		c.Refuse("settings.inactivity.end_minutes", fault.FieldTooSmall, in.WarnMinutes+1)
	}
	c.Between("settings.gone_seconds", s.GoneSeconds, GoneMin, GoneMax)
	s.ServiceLevel.FirstResponse.check(c, "settings.service_level.first_response")
	s.ServiceLevel.Response.check(c, "settings.service_level.response")
	s.ServiceLevel.Handling.check(c, "settings.service_level.handling")
	if s.FormID != nil {
		checkID(c, "settings.form_id", *s.FormID)
	}
	return s
}

// check refuses a level whose warning would come after the breach.
func (l Level) check(c *field.Check, name string) {
	c.Between(name+".warn", l.Warn, 0, LevelMax)
	c.Between(name+".breach", l.Breach, 0, LevelMax)
	if l.Breach > 0 && l.Warn >= l.Breach {
		c.Refuse(name+".breach", fault.FieldTooSmall, l.Warn+1)
	}
}

// orOff is Between for a number that may also be 0, for off.
func orOff(c *field.Check, name string, value, lowest, highest int) {
	if value != 0 {
		c.Between(name, value, lowest, highest)
	}
}

func checkID(c *field.Check, name, id string) {
	if _, err := uuid.Parse(id); err != nil {
		c.Refuse(name, fault.FieldInvalid, nil)
	}
}

// decodeSettings reads stored settings; what is missing has its default.
func decodeSettings(text string) (Settings, error) {
	s := DefaultSettings()
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return Settings{}, fmt.Errorf("decode settings: %w", err)
	}
	return s, nil
}

// encodeSettings writes settings as they are stored.
func encodeSettings(s Settings) (string, error) {
	data, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("encode settings: %w", err)
	}
	return string(data), nil
}
