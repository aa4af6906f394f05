package agent

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Language returns the language of a tag as agents are matched by it, as `pt` for pt-BR; empty for what is no tag of a language.
func Language(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return ""
	}
	base, _, _ := parsed.Raw()
	if base == (language.Base{}) {
		return "" // undetermined
	}
	return base.String()
}

// checkLanguages returns each language once, in order.
func checkLanguages(c *field.Check, tags []string) []string {
	if len(tags) > LanguagesMax {
		c.Refuse("languages", fault.FieldTooMany, LanguagesMax)
		return nil
	}
	languages := make([]string, 0, len(tags))
	for _, tag := range tags {
		l := Language(tag)
		if l == "" {
			c.Refuse("languages", fault.FieldInvalid, nil)
			return nil
		}
		languages = append(languages, l)
	}
	slices.Sort(languages)
	return slices.Compact(languages)
}

// checkSkills returns each skill once, in order. Case does not matter.
func checkSkills(c *field.Check, names []string) []string {
	if len(names) > SkillsMax {
		c.Refuse("skills", fault.FieldTooMany, SkillsMax)
		return nil
	}
	skills := make([]string, 0, len(names))
	for _, name := range names {
		skills = append(skills, Skill(c.Line("skills", name, 1, SkillMax)))
	}
	slices.Sort(skills)
	return slices.Compact(skills)
}

// Skill returns how a skill is stored and compared.
func Skill(name string) string { return strings.ToLower(norm.NFC.String(strings.TrimSpace(name))) }

// words is a list as its row keeps it.
type words []string

// Scan reads the column.
func (w *words) Scan(value any) error {
	var data []byte
	switch value := value.(type) {
	case string:
		data = []byte(value)
	case []byte:
		data = value
	default:
		return fmt.Errorf("agent: a list is %T", value)
	}
	list := []string{}
	if err := json.Unmarshal(data, &list); err != nil {
		return fmt.Errorf("agent: scan a list: %w", err)
	}
	*w = list
	return nil
}

// encodeWords returns the column of a list, nil for nil.
func encodeWords(list []string) *string {
	if list == nil {
		return nil
	}
	data, err := json.Marshal(list)
	if err != nil {
		panic(fmt.Errorf("agent: encode a list: %w", err)) // strings always can be
	}
	text := string(data)
	return &text
}
