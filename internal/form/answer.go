package form

import (
	"cmp"
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Answer is what was said to one field, with the question as it was then.
type Answer struct {
	Field string `json:"field"`
	Type  Type   `json:"type" enum:"short,long,number,phone,email,date,cpf,cnpj,choice,choices,checkbox"`
	Label Texts  `json:"label"`
	// Value is a text, a number, a truth, or the values chosen.
	Value any `json:"value" doc:"A text, a number, true, or a list of the values chosen."`
	// Shown are the words of the options chosen.
	Shown []Texts `json:"shown,omitempty" nullable:"false" doc:"The words of the options chosen."`
}

// Text returns the answer as people read it, in a language.
func (a Answer) Text(language string) string {
	if len(a.Shown) > 0 {
		words := make([]string, len(a.Shown))
		for i, t := range a.Shown {
			words[i] = t.In(language)
		}
		return strings.Join(words, ", ")
	}
	switch value := a.Value.(type) {
	case string:
		return showDocument(a.Type, value)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case bool:
		return cmp.Or(map[string]string{"pt": "sim", "es": "sí"}[language], "yes")
	}
	return ""
}

// Check checks the answers to what the form asks in a department and returns them in its order, without those that say nothing.
// What the form does not ask is left out. Faults are named prefix + "." + the field's id.
func (f Form) Check(departmentID, prefix string, given map[string]any) ([]Answer, error) {
	answers := []Answer{}
	var c field.Check
	for _, asked := range f.Asked(departmentID) {
		value, code, limit := asked.Read(given[asked.ID])
		switch {
		case code != "":
			c.Refuse(prefix+"."+asked.ID, code, limit)
		case value != nil:
			answers = append(answers, Answer{Field: asked.ID, Type: asked.Type, Label: asked.Label, Value: value, Shown: asked.shown(value)})
		}
	}
	return answers, c.Err()
}

// shown returns the words of what was chosen.
func (f Field) shown(value any) []Texts {
	if f.Type != Choice && f.Type != Choices {
		return nil
	}
	chosen, ok := value.([]string)
	if text, single := value.(string); single {
		chosen, ok = []string{text}, true
	}
	if !ok {
		return nil
	}
	var words []Texts
	for _, o := range f.Options {
		if slices.Contains(chosen, o.Value) {
			words = append(words, o.Label)
		}
	}
	return words
}

// Read returns an answer as it is stored: a text, a float64, true, or the values chosen as []string; nil when it says nothing. code
// tells what is wrong with it, limit what the code speaks of.
func (f Field) Read(given any) (value any, code string, limit any) {
	if value, code, limit = f.read(given); code == "" && value == nil && f.Required {
		return nil, fault.FieldRequired, nil
	}
	return value, code, limit
}

func (f Field) read(given any) (value any, code string, limit any) {
	switch f.Type {
	case Checkbox:
		switch given {
		case nil, false, "":
			return nil, "", nil
		case true:
			return true, "", nil
		}
		return nil, fault.FieldInvalid, nil
	case Choices:
		return f.readChoices(given)
	case Number:
		return f.readNumber(given)
	}
	if given == nil {
		return nil, "", nil
	}
	text, ok := given.(string)
	if !ok {
		return nil, fault.FieldInvalid, nil
	}
	text, code, limit = f.line(text)
	if code != "" || text == "" {
		return nil, code, limit
	}
	if text = f.canonical(text); text == "" {
		return nil, fault.FieldInvalid, nil
	}
	return text, "", nil
}

// line returns a text cleaned: as one line, or several where the field takes them.
func (f Field) line(text string) (cleaned, code string, limit any) {
	var c field.Check
	if f.Type == Long {
		text = c.Text("", text, 0, f.Longest())
	} else {
		text = c.Line("", text, 0, f.Longest())
	}
	if wrong := fault.FieldsOf(c.Err()); len(wrong) > 0 {
		return text, wrong[0].Code, wrong[0].Limit
	}
	return text, "", nil
}

var (
	// emailPattern is what a browser takes for an address, with a domain that has a dot.
	emailPattern = regexp.MustCompile("^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?" +
		`(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+$`)
	numberPattern = regexp.MustCompile(`^-?\d{1,12}(?:[.,]\d{1,6})?$`)
	phonePattern  = regexp.MustCompile(`^[0-9 +().,/#xX-]{1,40}$`)
	datePattern   = regexp.MustCompile(`^(?:19|20)\d{2}-\d{2}-\d{2}$`)
)

// canonical returns a text in the form in which its type is stored, or "" when it is none.
func (f Field) canonical(text string) string {
	ok := true
	switch f.Type {
	case Email:
		ok = len(text) <= 254 && emailPattern.MatchString(text)
	case Phone:
		ok = phonePattern.MatchString(text) && digitsIn(text) >= 6 && digitsIn(text) <= 20
	case Date:
		_, err := time.Parse(time.DateOnly, text)
		ok = datePattern.MatchString(text) && err == nil
	case CPF:
		return readCPF(text)
	case CNPJ:
		return readCNPJ(text)
	case Choice:
		ok = slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == text })
	case Short, Long, Number, Choices, Checkbox:
	}
	if !ok {
		return ""
	}
	return text
}

func digitsIn(text string) int {
	n := 0
	for _, r := range text {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

func (f Field) readNumber(given any) (value any, code string, limit any) {
	var n float64
	switch given := given.(type) {
	case nil:
		return nil, "", nil
	case float64:
		n = given
	case json.Number:
		return f.readNumber(given.String())
	case string:
		text := strings.TrimSpace(given)
		if text == "" {
			return nil, "", nil
		}
		if !numberPattern.MatchString(text) {
			return nil, fault.FieldInvalid, nil
		}
		n, _ = strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64) // the pattern allows nothing else
	default:
		return nil, fault.FieldInvalid, nil
	}
	switch {
	case math.IsNaN(n) || math.Abs(n) >= 1e12:
		return nil, fault.FieldInvalid, nil
	case f.Lowest != nil && n < *f.Lowest:
		return nil, fault.FieldTooSmall, *f.Lowest
	case f.Highest != nil && n > *f.Highest:
		return nil, fault.FieldTooLarge, *f.Highest
	}
	return n, "", nil
}

// readChoices returns the values chosen in the order of the options.
func (f Field) readChoices(given any) (value any, code string, limit any) {
	var chosen []string
	switch given := given.(type) {
	case nil:
	case []string:
		chosen = given
	case []any:
		for _, one := range given {
			text, ok := one.(string)
			if !ok {
				return nil, fault.FieldInvalid, nil
			}
			chosen = append(chosen, text)
		}
	default:
		return nil, fault.FieldInvalid, nil
	}
	kept := []string{}
	for _, o := range f.Options {
		if slices.Contains(chosen, o.Value) {
			kept = append(kept, o.Value)
		}
	}
	for _, one := range chosen {
		if !slices.Contains(kept, one) {
			return nil, fault.FieldUnknown, nil
		}
	}
	if len(kept) == 0 {
		return nil, "", nil
	}
	return kept, "", nil
}
