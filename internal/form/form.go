package form

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Limits of a form, in characters where nothing else is said.
const (
	NameMax        = 80
	IntroMax       = 400
	LabelMax       = 120
	HintMax        = 200
	FieldsMax      = 30
	OptionsMax     = 50
	OptionMax      = 60
	ShortMax       = 200
	LongMax        = 1000
	FormsMax       = 100
	DepartmentsMax = 200
)

// Kind says who fills a form in, and when.
type Kind string

// The kinds.
const (
	// Identification is asked of the visitor before the chat (T149).
	Identification Kind = "identification"
	// Conversation is filled in by the agent, for reports (T127).
	Conversation Kind = "conversation"
	// Contact is asked beside the contact request (T205).
	Contact Kind = "contact"
	// Survey is asked of the visitor after the end (T206).
	Survey Kind = "survey"
)

// Kinds returns every kind in its order.
func Kinds() []Kind { return []Kind{Identification, Conversation, Contact, Survey} }

// Type is what a field takes.
type Type string

// The types (T201).
const (
	Short    Type = "short"
	Long     Type = "long"
	Number   Type = "number"
	Phone    Type = "phone"
	Email    Type = "email"
	Date     Type = "date"
	CPF      Type = "cpf"
	CNPJ     Type = "cnpj"
	Choice   Type = "choice"
	Choices  Type = "choices"
	Checkbox Type = "checkbox"
)

// Types returns every type.
func Types() []Type {
	return []Type{Short, Long, Number, Phone, Email, Date, CPF, CNPJ, Choice, Choices, Checkbox}
}

// Texts are the same words in each language; what is empty is said in the first language that is not.
type Texts struct {
	PT string `json:"pt,omitempty" maxLength:"400"`
	EN string `json:"en,omitempty" maxLength:"400"`
	ES string `json:"es,omitempty" maxLength:"400"`
}

// In returns the words in a language, or in the first that has any.
func (t Texts) In(language string) string {
	return cmp.Or(map[string]string{"pt": t.PT, "en": t.EN, "es": t.ES}[language], t.PT, t.EN, t.ES)
}

// Empty says that there are no words in any language.
func (t Texts) Empty() bool { return t.In("") == "" }

func (t Texts) check(c *field.Check, name string, required bool, longest int) Texts {
	t.PT = c.Text(name+".pt", t.PT, 0, longest)
	t.EN = c.Text(name+".en", t.EN, 0, longest)
	t.ES = c.Text(name+".es", t.ES, 0, longest)
	if required && t.Empty() {
		c.Refuse(name, fault.FieldRequired, nil)
	}
	return t
}

// Option is one of the answers of a choice.
type Option struct {
	Value string `json:"value" minLength:"1" maxLength:"60" doc:"What is stored; stays when the words change."`
	Label Texts  `json:"label"`
}

// Field is one question.
type Field struct {
	ID       string `json:"id" minLength:"1" maxLength:"40" pattern:"^[a-z][a-z0-9_]*$" doc:"What answers and the site call it; unique in the form."`
	Type     Type   `json:"type" enum:"short,long,number,phone,email,date,cpf,cnpj,choice,choices,checkbox"`
	Label    Texts  `json:"label" doc:"In at least one language."`
	Hint     Texts  `json:"hint,omitzero" required:"false"`
	Required bool   `json:"required" doc:"A checkbox must then be ticked."`
	// MaxLength bounds short and long texts.
	MaxLength int `json:"max_length,omitempty" minimum:"0" maximum:"1000" doc:"Of short (200 at most) and long (1,000 at most) texts; the most there can be if absent or 0."`
	// Lowest and Highest bound numbers.
	Lowest  *float64 `json:"lowest,omitempty" nullable:"false"`
	Highest *float64 `json:"highest,omitempty" nullable:"false"`
	Options []Option `json:"options,omitempty" maxItems:"50" nullable:"false" doc:"Of choice and choices."`
	// DepartmentIDs are where it is asked; empty for everywhere (T151, T202).
	DepartmentIDs []string `json:"department_ids,omitempty" maxItems:"200" nullable:"false" doc:"Asked only there; everywhere if empty."`
}

// Longest is how many characters a text may have.
func (f Field) Longest() int {
	most := LongMax
	if f.Type == Short {
		most = ShortMax
	}
	if f.MaxLength > 0 {
		return min(f.MaxLength, most)
	}
	return most
}

func (f Field) asksIn(departmentID string) bool {
	return len(f.DepartmentIDs) == 0 || slices.Contains(f.DepartmentIDs, departmentID)
}

// Form is a form of an account. Times are milliseconds UTC.
type Form struct {
	ID            string   `json:"id" format:"uuid"`
	Kind          Kind     `json:"kind" enum:"identification,conversation,contact,survey"`
	Name          string   `json:"name" doc:"Internal, unique among the account's forms of the kind."`
	Active        bool     `json:"active"`
	Mandatory     bool     `json:"mandatory" doc:"Of a conversation form: the tab can't be closed while it is unanswered."`
	DepartmentIDs []string `json:"department_ids" nullable:"false" doc:"Whom it is for; empty for every department without one of its own."`
	Intro         Texts    `json:"intro" doc:"What stands above the fields."`
	CopyTo        string   `json:"copy_to" doc:"Receives the answers by e-mail; empty for nobody."`
	Fields        []Field  `json:"fields" nullable:"false"`
	Version       int64    `json:"version" doc:"Grows with every change."`
	CreatedAt     int64    `json:"created_at"`
	UpdatedAt     int64    `json:"updated_at"`
}

// Asked returns the fields that are asked in a department.
func (f Form) Asked(departmentID string) []Field {
	asked := []Field{}
	for _, one := range f.Fields {
		if one.asksIn(departmentID) {
			asked = append(asked, one)
		}
	}
	return asked
}

// Draft is what an administrator writes.
type Draft struct {
	Name          string   `json:"name" minLength:"1" maxLength:"80" doc:"Unique among the account's forms of the kind."`
	Active        bool     `json:"active"`
	Mandatory     bool     `json:"mandatory,omitempty" doc:"Only of a conversation form."`
	DepartmentIDs []string `json:"department_ids,omitempty" maxItems:"200" nullable:"false" doc:"Whom it is for; every department without one of its own if empty."`
	Intro         Texts    `json:"intro,omitzero" required:"false"`
	CopyTo        string   `json:"copy_to,omitempty" maxLength:"254"`
	Fields        []Field  `json:"fields" maxItems:"30" nullable:"false"`
}

// reserved are what the product itself asks, or the server says.
var reserved = []string{"name", "email", "department", "department_id", "text", "message", "subject", "verified_id"}

var fieldID = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// check returns d as it will be stored, or a Validation error that names every field at fault.
func (d Draft) check(kind Kind, hasDepartment func(id string) bool) (Draft, error) {
	var c field.Check
	d.Name = c.Line("name", d.Name, 1, NameMax)
	d.Intro = d.Intro.check(&c, "intro", false, IntroMax)
	if d.CopyTo = strings.TrimSpace(d.CopyTo); d.CopyTo != "" {
		d.CopyTo = c.Email("copy_to", d.CopyTo)
	}
	if d.Mandatory && kind != Conversation {
		c.Refuse("mandatory", fault.FieldNotAllowed, nil)
	}
	d.DepartmentIDs = checkDepartments(&c, "department_ids", d.DepartmentIDs, hasDepartment)
	if len(d.Fields) > FieldsMax {
		c.Refuse("fields", fault.FieldTooMany, FieldsMax)
		return d, c.Err()
	}
	d.Fields = slices.Clone(d.Fields)
	seen := map[string]bool{}
	for i := range d.Fields {
		name := fmt.Sprintf("fields.%d", i)
		f := &d.Fields[i]
		if seen[f.ID] {
			c.Refuse(name+".id", fault.FieldTaken, nil)
		}
		seen[f.ID] = true
		*f = f.check(&c, name, hasDepartment)
	}
	return d, c.Err()
}

func checkDepartments(c *field.Check, name string, ids []string, has func(id string) bool) []string {
	ids = append([]string{}, ids...)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) > DepartmentsMax {
		c.Refuse(name, fault.FieldTooMany, DepartmentsMax)
		return ids
	}
	if slices.ContainsFunc(ids, func(id string) bool { return !has(id) }) {
		c.Refuse(name, fault.FieldUnknown, nil)
	}
	return ids
}

// check returns the field with nothing in it that its type does not have.
func (f Field) check(c *field.Check, name string, hasDepartment func(id string) bool) Field {
	if !fieldID.MatchString(f.ID) {
		c.Refuse(name+".id", fault.FieldInvalid, nil)
	} else if slices.Contains(reserved, f.ID) || strings.ReplaceAll(f.ID, "_", "") == "verifiedid" { // people would take it for the proof
		c.Refuse(name+".id", fault.FieldNotAllowed, nil)
	}
	field.OneOf(c, name+".type", f.Type, Types()...)
	f.Label = f.Label.check(c, name+".label", true, LabelMax)
	f.Hint = f.Hint.check(c, name+".hint", false, HintMax)
	f.DepartmentIDs = checkDepartments(c, name+".department_ids", f.DepartmentIDs, hasDepartment)
	switch f.Type {
	case Short:
		f.MaxLength = c.Between(name+".max_length", f.MaxLength, 0, ShortMax)
	case Long:
		f.MaxLength = c.Between(name+".max_length", f.MaxLength, 0, LongMax)
	default:
		f.MaxLength = 0
	}
	if f.Type != Number {
		f.Lowest, f.Highest = nil, nil
	} else if f.Lowest != nil && f.Highest != nil && *f.Lowest > *f.Highest {
		c.Refuse(name+".highest", fault.FieldTooSmall, *f.Lowest)
	}
	if f.Type != Choice && f.Type != Choices {
		f.Options = nil
		return f
	}
	f.Options = checkOptions(c, name+".options", f.Options)
	return f
}

func checkOptions(c *field.Check, name string, options []Option) []Option {
	switch {
	case len(options) == 0:
		c.Refuse(name, fault.FieldRequired, nil)
	case len(options) > OptionsMax:
		c.Refuse(name, fault.FieldTooMany, OptionsMax)
		return options
	}
	options = slices.Clone(options)
	seen := map[string]bool{}
	for i := range options {
		at := fmt.Sprintf("%s.%d", name, i)
		options[i].Value = c.Line(at+".value", options[i].Value, 1, OptionMax)
		options[i].Label = options[i].Label.check(c, at+".label", true, LabelMax)
		if seen[options[i].Value] {
			c.Refuse(at+".value", fault.FieldTaken, nil)
		}
		seen[options[i].Value] = true
	}
	return options
}
