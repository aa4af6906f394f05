package trigger

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/ident"
)

// check returns d as it will be stored, or a Validation error that names the fields; those of a condition as conditions.2.values.
func (d Draft) check() (Draft, error) {
	var c field.Check
	d.Name = c.Line("name", d.Name, 1, NameMax)
	d.Description = c.Text("description", d.Description, 0, DescriptionMax)
	c.Between("priority", d.Priority, 0, PriorityMax)
	c.Between("delay", d.Delay, 0, DelayMax)
	c.Between("repeats", d.Repeats, 0, RepeatsMax)
	field.OneOf(&c, "once", d.Once, PerVisitor, PerAddress, EveryTime)
	field.OneOf(&c, "match", d.Match, All, Any)
	if d.TimeZone != "" {
		if _, err := time.LoadLocation(d.TimeZone); err != nil || d.TimeZone == "Local" {
			c.Refuse("time_zone", fault.FieldUnknown, nil)
		}
	}
	if d.Once != EveryTime {
		d.Repeats = 0
	}
	d.Conditions = checkConditions(&c, d.Conditions)
	d.Action = d.Action.check(&c)
	if d.Action.Kind == Lead {
		d.Once, d.Repeats = PerVisitor, 0 // nobody is marked twice, nor again after the mark was taken away
	}
	if c.Err() == nil && neverInTime(d.Match, d.Conditions) {
		c.Refuse("conditions", fault.FieldContradiction, nil)
	}
	return d, c.Err()
}

func checkConditions(c *field.Check, typed []Condition) []Condition {
	switch {
	case len(typed) == 0:
		c.Refuse("conditions", fault.FieldRequired, nil)
	case len(typed) > ConditionsMax:
		c.Refuse("conditions", fault.FieldTooMany, ConditionsMax)
		return typed
	}
	checked := make([]Condition, len(typed))
	for i, one := range typed {
		checked[i] = one.check(c, "conditions."+strconv.Itoa(i))
	}
	return checked
}

func (d Condition) check(c *field.Check, name string) Condition {
	a, ok := aspects[d.Field]
	if !ok {
		c.Refuse(name+".field", fault.FieldUnknown, nil)
		return d
	}
	field.OneOf(c, name+".operator", d.Operator, a.allowed()...)
	if d.Field == Custom {
		d.Key = c.Line(name+".key", d.Key, 1, KeyMax)
	} else {
		d.Key = ""
	}
	name += ".values"
	switch {
	case len(d.Values) == 0:
		c.Refuse(name, fault.FieldRequired, nil)
		return d
	case len(d.Values) > ValuesMax:
		c.Refuse(name, fault.FieldTooMany, ValuesMax)
		return d
	}
	d.Values = slices.Clone(d.Values)
	for i := range d.Values {
		d.Values[i] = c.Line(name, d.Values[i], 1, ValueMax)
	}
	if a.shape == shapeHour {
		checkHours(c, name, d.Values)
		return d
	}
	if one := a.shape == shapeNumber || a.shape == shapeTruth; one && len(d.Values) > 1 {
		c.Refuse(name, fault.FieldTooMany, 1)
		return d
	}
	for _, value := range d.Values {
		a.checkValue(c, name, d.Operator, value)
	}
	return d
}

// checkValue refuses what the field can't be compared with.
func (a aspect) checkValue(c *field.Check, name string, o Operator, value string) {
	switch a.shape {
	case shapeNumber:
		n, err := strconv.Atoi(value)
		if err != nil {
			c.Refuse(name, fault.FieldInvalid, nil)
			return
		}
		c.Between(name, n, a.lowest, a.highest)
	case shapeTruth:
		field.OneOf(c, name, value, "yes", "no")
		if a.onPage && value == "no" {
			c.Refuse(name, fault.FieldNotAllowed, "yes") // nobody can wait for what does not happen
		}
	case shapeDay:
		field.OneOf(c, name, value, "1", "2", "3", "4", "5", "6", "7")
	case shapeChoice:
		if a.choices != nil {
			field.OneOf(c, name, value, a.choices...)
		}
	case shapeText, shapeAddress:
		if o == Matches || o == MatchesNot {
			if _, err := pattern(value); err != nil {
				c.Refuse(name, fault.FieldInvalid, err.Error())
			}
		}
	case shapeHour:
	}
}

// pattern compiles a regular expression: RE2, whose time grows with the text alone; letters of both cases are the same.
func pattern(value string) (*regexp.Regexp, error) {
	compiled, err := regexp.Compile("(?i:" + value + ")")
	if err == nil {
		_, err = regexp.Compile(value) // parentheses that only match ours would pass
	}
	if err != nil {
		text := err.Error()
		if _, why, ok := strings.Cut(text, "error parsing regexp: "); ok {
			text = why
		}
		return nil, fmt.Errorf("%s", text) //nolint:err113 // it is told to the administrator as it is
	}
	return compiled, nil
}

// check returns the action with only the fields of its kind.
func (a Action) check(c *field.Check) Action {
	checked := Action{Kind: a.Kind}
	switch a.Kind {
	case Invite, Promotion:
		checked.TemplateID = a.TemplateID
		switch {
		case a.TemplateID == "":
			c.Refuse("action.template_id", fault.FieldRequired, nil)
		case !ident.Valid(a.TemplateID):
			c.Refuse("action.template_id", fault.FieldUnknown, nil)
		}
	case Message:
		checked.Text = c.Text("action.text", a.Text, 1, MessageMax)
	case Department:
		checked.DepartmentID = a.DepartmentID
		if a.DepartmentID == "" {
			c.Refuse("action.department_id", fault.FieldRequired, nil)
		}
	case Tag:
		checked.Tag = c.Line("action.tag", a.Tag, 1, TagMax)
		if strings.Contains(checked.Tag, ",") {
			c.Refuse("action.tag", fault.FieldInvalid, nil)
		}
	case Open, Lead:
	default:
		field.OneOf(c, "action.kind", a.Kind, Invite, Promotion, Open, Message, Department, Tag, Lead)
	}
	return checked
}
