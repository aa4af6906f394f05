package routing

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Limits of a rule and of an account's rules; lengths in characters.
const (
	RuleNameMax   = 80
	ConditionsMax = 20
	ValuesMax     = 50
	ValueMax      = 200
	KeyMax        = 60
	SkillsMax     = 10
	// RulesMax is how many rules an account may have, active or not.
	RulesMax = 100
)

// Match says how many conditions must hold.
type Match string

// The ways.
const (
	All Match = "all"
	Any Match = "any"
)

// Field is what a condition looks at.
type Field string

// The fields.
const (
	ByDepartment   Field = "department"
	BySite         Field = "site"
	ByPageURL      Field = "page_url"
	ByEntryURL     Field = "entry_url"
	ByReferrer     Field = "referrer"
	ByReferrerKind Field = "referrer_kind"
	ByUTMSource    Field = "utm_source"
	ByUTMMedium    Field = "utm_medium"
	ByUTMCampaign  Field = "utm_campaign"
	ByCountry      Field = "country"
	ByTongue       Field = "language"
	// ByReturning is a visitor who was on the site before, ByAttended one who talked before.
	ByReturning Field = "returning"
	ByAttended  Field = "attended"
	// ByIdentified is a visitor whose identity the site has signed.
	ByIdentified Field = "identified"
	// ByField is what the site told or the visitor answered, by name.
	ByField Field = "field"
)

// Operator compares a field with the condition's values.
type Operator string

// The operators.
const (
	Is          Operator = "is"
	IsNot       Operator = "is_not"
	Contains    Operator = "contains"
	ContainsNot Operator = "contains_not"
	StartsWith  Operator = "starts_with"
	AtLeast     Operator = "at_least"
	AtMost      Operator = "at_most"
)

var (
	choiceOperators = []Operator{Is, IsNot}
	textOperators   = []Operator{Is, IsNot, Contains, ContainsNot, StartsWith}
	fieldOperators  = append(slices.Clone(textOperators), AtLeast, AtMost)
)

// operatorsOf are what makes sense for each field; there are no others.
var operatorsOf = map[Field][]Operator{
	ByDepartment: choiceOperators, BySite: choiceOperators, ByReferrerKind: choiceOperators, ByCountry: choiceOperators,
	ByTongue: choiceOperators, ByPageURL: textOperators, ByEntryURL: textOperators, ByReferrer: textOperators,
	ByUTMSource: textOperators, ByUTMMedium: textOperators, ByUTMCampaign: textOperators, ByField: fieldOperators,
	ByReturning: {Is}, ByAttended: {Is}, ByIdentified: {Is},
}

// The values of the fields that are true or not.
const (
	yes = "yes"
	no  = "no"
)

// RuleCondition is one fact about a conversation that enters a queue.
type RuleCondition struct {
	Field    Field    `json:"field" enum:"department,site,page_url,entry_url,referrer,referrer_kind,utm_source,utm_medium,utm_campaign,country,language,returning,attended,identified,field" doc:"What is looked at. identified: the site has signed who it is; field: what the site told or the visitor answered."`
	Operator Operator `json:"operator" enum:"is,is_not,contains,contains_not,starts_with,at_least,at_most" doc:"at_least and at_most compare numbers, of fields only."`
	Key      string   `json:"key,omitempty" maxLength:"60" doc:"Of field: its name."`
	Values   []string `json:"values" minItems:"1" maxItems:"50" nullable:"false" doc:"Any one of them, each at most 200 characters; of the negative operators none. One that begins with / is compared with an address's path. yes or no for returning, attended, identified."`
}

// Rule gives conversations a priority and skills when they enter a queue (P02). It is shared as it is: nobody changes its lists.
type Rule struct {
	ID         string          `json:"id" format:"uuid"`
	Name       string          `json:"name" maxLength:"80" doc:"Internal: decisions and the status window name it."`
	Active     bool            `json:"active"`
	Match      Match           `json:"match" enum:"all,any"`
	Conditions []RuleCondition `json:"conditions" minItems:"1" maxItems:"20" nullable:"false"`
	Priority   *int            `json:"priority" minimum:"0" maximum:"9" doc:"Each step counts as five minutes of waiting; of several rules the first that sets one decides. Null says nothing of it."`
	Skills     []string        `json:"skills" maxItems:"10" nullable:"false" doc:"What the agent should have, in lower case; those of all rules that hold are needed."`
	Version    int64           `json:"version" doc:"Grows with every change."`
	CreatedAt  int64           `json:"created_at" doc:"Milliseconds UTC."`
	UpdatedAt  int64           `json:"updated_at" doc:"Milliseconds UTC."`

	accountID string
	place     int64
}

// RuleDraft is what a rule is made of.
type RuleDraft struct {
	Name       string          `json:"name" minLength:"1" maxLength:"80"`
	Active     bool            `json:"active,omitempty"`
	Match      Match           `json:"match" enum:"all,any"`
	Conditions []RuleCondition `json:"conditions" minItems:"1" maxItems:"20" nullable:"false"`
	Priority   *int            `json:"priority,omitempty" minimum:"0" maximum:"9" doc:"Absent says nothing of it; then there must be skills."`
	Skills     []string        `json:"skills,omitempty" maxItems:"10" nullable:"false" doc:"At most 40 characters each."`
}

func inRuleOrder(a, b Rule) int {
	return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.ID, b.ID))
}

// check returns d as it will be stored, or a Validation error that names the fields; those of a condition as conditions.2.values.
func (d RuleDraft) check() (RuleDraft, error) {
	var c field.Check
	d.Name = c.Line("name", d.Name, 1, RuleNameMax)
	field.OneOf(&c, "match", d.Match, All, Any)
	if d.Priority != nil {
		c.Between("priority", *d.Priority, 0, conversation.MaxPriority)
	}
	d.Skills = checkSkills(&c, d.Skills)
	if d.Priority == nil && len(d.Skills) == 0 {
		c.Refuse("priority", fault.FieldRequired, nil)
	}
	switch {
	case len(d.Conditions) == 0:
		c.Refuse("conditions", fault.FieldRequired, nil)
	case len(d.Conditions) > ConditionsMax:
		c.Refuse("conditions", fault.FieldTooMany, ConditionsMax)
		return d, c.Err()
	}
	d.Conditions = slices.Clone(d.Conditions)
	for i := range d.Conditions {
		d.Conditions[i] = d.Conditions[i].check(&c, "conditions."+strconv.Itoa(i))
	}
	return d, c.Err()
}

func checkSkills(c *field.Check, typed []string) []string {
	if len(typed) > SkillsMax {
		c.Refuse("skills", fault.FieldTooMany, SkillsMax)
		return typed
	}
	skills := make([]string, 0, len(typed))
	for _, s := range typed {
		skills = append(skills, agent.Skill(c.Line("skills", s, 1, agent.SkillMax)))
	}
	slices.Sort(skills)
	return slices.Compact(skills)
}

func (d RuleCondition) check(c *field.Check, name string) RuleCondition {
	allowed, ok := operatorsOf[d.Field]
	if !ok {
		c.Refuse(name+".field", fault.FieldUnknown, nil)
		return d
	}
	field.OneOf(c, name+".operator", d.Operator, allowed...)
	if d.Field == ByField {
		d.Key = c.Line(name+".key", d.Key, 1, KeyMax)
	} else {
		d.Key = ""
	}
	name += ".values"
	one := d.Operator == AtLeast || d.Operator == AtMost || len(allowed) == 1
	switch {
	case len(d.Values) == 0:
		c.Refuse(name, fault.FieldRequired, nil)
		return d
	case one && len(d.Values) > 1:
		c.Refuse(name, fault.FieldTooMany, 1)
		return d
	case len(d.Values) > ValuesMax:
		c.Refuse(name, fault.FieldTooMany, ValuesMax)
		return d
	}
	d.Values = slices.Clone(d.Values)
	for i := range d.Values {
		d.Values[i] = c.Line(name, d.Values[i], 1, ValueMax)
		switch {
		case len(allowed) == 1:
			field.OneOf(c, name, d.Values[i], yes, no)
		case d.Operator == AtLeast || d.Operator == AtMost:
			if _, ok := number(d.Values[i]); !ok {
				c.Refuse(name, fault.FieldInvalid, nil)
			}
		}
	}
	return d
}
