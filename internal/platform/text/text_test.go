package text_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/text"
)

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

func TestCatalogues_SayEveryCodeInEveryLanguageWithTheSamePlaceholders(t *testing.T) {
	for _, code := range fault.Codes() {
		reference := placeholder.FindAllString(text.Refusal(text.English, fault.New(code)), -1)
		for _, l := range text.Languages() {
			said := text.Refusal(l, fault.New(code))
			if said == string(code) || said == "" {
				t.Errorf("%s has no text in %s", code, l)
			}
			if got := placeholder.FindAllString(said, -1); !slices.Equal(got, reference) {
				t.Errorf("%s in %s has the placeholders %v, in English %v", code, l, got, reference)
			}
		}
	}
	for _, code := range fault.FieldCodes() {
		for _, l := range text.Languages() {
			if said := text.Field(l, fault.Field{Code: code}); said == code || said == "" || placeholder.MatchString(said) && code == fault.FieldInvalid {
				t.Errorf("%s has no text of its own in %s: %q", code, l, said)
			}
		}
	}
}

func TestField_WritesNumbersAsTheLanguageDoes(t *testing.T) {
	f := fault.Field{Name: "text", Code: fault.FieldTooLong, Limit: 5000}
	rows := map[text.Language]string{
		text.Portuguese: "No máximo 5.000 caracteres.",
		text.English:    "At most 5,000 characters.",
		text.Spanish:    "Como máximo 5.000 caracteres.",
	}
	for l, want := range rows {
		if got := text.Field(l, f); got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	rows := map[string]text.Language{
		"": text.English, "pt-BR,pt;q=0.9,en;q=0.8": text.Portuguese, "pt": text.Portuguese, "es-AR": text.Spanish,
		"de, fr": text.English, "fr, es;q=0.5": text.Spanish, "not a language!!": text.English,
	}
	for header, want := range rows {
		if got := text.Match(header); got != want {
			t.Errorf("Match(%q) = %s, want %s", header, got, want)
		}
	}
}
