// Package text holds what the server says to people: the texts of refusals in Portuguese, English and Spanish.
// Screens keep their own catalogues; this one is for what only the server knows.
package text

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// Language is one of the languages the product speaks.
type Language string

// The languages.
const (
	Portuguese Language = "pt"
	English    Language = "en"
	Spanish    Language = "es"
)

// Languages returns all of them.
func Languages() []Language { return []Language{Portuguese, English, Spanish} }

// Valid says whether l is a language the product speaks.
func (l Language) Valid() bool { return l == Portuguese || l == English || l == Spanish }

//go:embed pt.json en.json es.json
var files embed.FS

type catalogue struct {
	Codes  map[string]string `json:"codes"`
	Fields map[string]string `json:"fields"`
}

var catalogues = sync.OnceValue(func() map[Language]catalogue {
	all := make(map[Language]catalogue)
	for _, l := range Languages() {
		data, err := files.ReadFile(string(l) + ".json")
		if err != nil {
			panic(fmt.Errorf("text: %w", err)) // an embedded file: cannot be missing in a built program
		}
		var c catalogue
		if err := json.Unmarshal(data, &c); err != nil {
			panic(fmt.Errorf("text: %s.json: %w", l, err))
		}
		all[l] = c
	}
	return all
})

var matcher = language.NewMatcher([]language.Tag{language.English, language.Portuguese, language.Spanish})

// Match returns the best language for an Accept-Language header or a single tag; English when nothing fits.
func Match(accept string) Language {
	_, index := language.MatchStrings(matcher, accept)
	return [...]Language{English, Portuguese, Spanish}[index]
}

// Refusal returns what the code says in the language, with its parameters filled in.
func Refusal(l Language, e *fault.Error) string {
	text, ok := catalogues()[l].Codes[string(e.Code)]
	if !ok {
		return string(e.Code)
	}
	for name, value := range e.Params {
		text = strings.ReplaceAll(text, "{"+name+"}", format(l, value))
	}
	return text
}

// Field returns what is wrong with one field, in the language.
func Field(l Language, f fault.Field) string {
	text, ok := catalogues()[l].Fields[f.Code]
	if !ok {
		return f.Code
	}
	if f.Limit == nil {
		return strings.ReplaceAll(text, " {limit}", "")
	}
	return strings.ReplaceAll(text, "{limit}", format(l, f.Limit))
}

func format(l Language, value any) string {
	n, ok := value.(int)
	if !ok {
		if list, isList := value.([]string); isList {
			return strings.Join(list, ", ")
		}
		return fmt.Sprint(value)
	}
	separator := "."
	if l == English {
		separator = ","
	}
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + separator + digits[i:]
	}
	return digits
}
