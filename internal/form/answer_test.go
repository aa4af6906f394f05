package form_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/form"
)

// TestRead follows the table that web/contract follows too: what one side takes, the other takes.
func TestRead(t *testing.T) {
	data, err := os.ReadFile("testdata/answers.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Name  string
		Field struct {
			Type            form.Type
			Required        bool
			MaxLength       int `json:"max_length"`
			Lowest, Highest *float64
			Options         []string
		}
		Given, Value any
		Code         string
		Limit        any
	}
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	types := map[form.Type]bool{}
	for _, row := range rows {
		t.Run(row.Name, func(t *testing.T) {
			types[row.Field.Type] = true
			f := form.Field{
				ID: "f", Type: row.Field.Type, Required: row.Field.Required, MaxLength: row.Field.MaxLength, Lowest: row.Field.Lowest,
				Highest: row.Field.Highest,
			}
			for _, value := range row.Field.Options {
				f.Options = append(f.Options, form.Option{Value: value})
			}
			value, code, limit := f.Read(repeated(row.Given))
			if code != row.Code {
				t.Fatalf("code %q, want %q", code, row.Code)
			}
			if !reflect.DeepEqual(plain(t, limit), row.Limit) {
				t.Errorf("limit %v, want %v", limit, row.Limit)
			}
			if !reflect.DeepEqual(plain(t, value), row.Value) {
				t.Errorf("value %#v, want %#v", value, row.Value)
			}
		})
	}
	for _, kind := range form.Types() {
		if !types[kind] {
			t.Errorf("no row for %s", kind)
		}
	}
}

// repeated turns x*5 into xxxxx.
func repeated(given any) any {
	if text, ok := given.(string); ok {
		if what, times, ok := strings.Cut(text, "*"); ok {
			n, err := strconv.Atoi(times)
			if err == nil {
				return strings.Repeat(what, n)
			}
		}
	}
	return given
}

// plain is a value as JSON knows it.
func plain(t *testing.T, value any) any {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"", "529.982.247-25", "12.ABC.345/01DE-35", "2026-02-29", "-1,5", "a@b.c", "+55 11", "\xff\xfe"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		for _, kind := range form.Types() {
			one := form.Field{ID: "f", Type: kind, Options: []form.Option{{Value: "a"}}}
			value, code, _ := one.Read(given)
			if code != "" || value == nil {
				continue
			}
			// What was taken once is taken again, and stays what it is.
			again, code, _ := one.Read(value)
			if code != "" || !reflect.DeepEqual(again, value) {
				t.Errorf("%s: %q became %#v, then %#v (%s)", kind, given, value, again, code)
			}
		}
	})
}

func TestAnswer_Text(t *testing.T) {
	for want, a := range map[string]form.Answer{
		"529.982.247-25":     {Type: form.CPF, Value: "52998224725"},
		"12.ABC.345/01DE-35": {Type: form.CNPJ, Value: "12ABC34501DE35"},
		"5.5":                {Type: form.Number, Value: 5.5},
		"sim":                {Type: form.Checkbox, Value: true},
		"Um, two":            {Type: form.Choices, Value: []string{"a", "b"}, Shown: []form.Texts{{PT: "Um"}, {EN: "two"}}},
	} {
		if got := a.Text("pt"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
