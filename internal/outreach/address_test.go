package outreach

import (
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/site"
)

func TestCheckAddress(t *testing.T) {
	own := domainsOf([]site.Site{
		{Active: true, AllowedDomains: []string{"loja.com.br", "*.loja.com.br", "localhost:8081", "*"}},
		{Active: false, AllowedDomains: []string{"old.example.com"}},
	})
	long := "https://loja.com.br/" + strings.Repeat("x", URLMax)
	accented := "https://loja.com.br/" + strings.Repeat("é", 400) // three times as long as it is sent
	for value, want := range map[string]struct {
		canonical     string
		code, limited string // what is wrong in general, and when limited to the account's domains
	}{
		"https://loja.com.br/a?b=c#d":        {canonical: "https://loja.com.br/a?b=c#d"},
		"\thttp://www.loja.com.br\n":         {canonical: "http://www.loja.com.br"},
		"https://LOJA.com.br:8443/":          {canonical: "https://loja.com.br:8443/"},
		"https://elsewhere.example/":         {canonical: "https://elsewhere.example/", limited: fault.FieldNotAllowed},
		"https://loja.com.br.evil.example/":  {canonical: "https://loja.com.br.evil.example/", limited: fault.FieldNotAllowed},
		"https://old.example.com/":           {canonical: "https://old.example.com/", limited: fault.FieldNotAllowed},
		"https://ação.com.br/preço":          {canonical: "https://xn--ao-siap.com.br/pre%C3%A7o", limited: fault.FieldNotAllowed},
		"http://localhost:8081/x":            {canonical: "http://localhost:8081/x"},
		"http://localhost:9999/x":            {code: fault.FieldPrivate, limited: fault.FieldNotAllowed},
		"http://127.0.0.1/":                  {code: fault.FieldPrivate, limited: fault.FieldNotAllowed},
		"http://2130706433/":                 {code: fault.FieldPrivate, limited: fault.FieldNotAllowed},
		"http://0x7f.1/":                     {code: fault.FieldPrivate, limited: fault.FieldNotAllowed},
		"http://127.1/":                      {code: fault.FieldPrivate, limited: fault.FieldNotAllowed},
		"http://192.168.0.1/admin":           {code: fault.FieldPrivate, limited: fault.FieldNotAllowed},
		"http://10.1.2.3/":                   {code: fault.FieldPrivate, limited: fault.FieldNotAllowed},
		"http://100.64.0.1/":                 {code: fault.FieldPrivate, limited: fault.FieldNotAllowed},
		"http://169.254.169.254/":            {code: fault.FieldPrivate, limited: fault.FieldNotAllowed},
		"http://[::1]/":                      {code: fault.FieldPrivate, limited: fault.FieldNotAllowed},
		"http://[fe80::1]/":                  {code: fault.FieldPrivate, limited: fault.FieldNotAllowed},
		"http://[::ffff:10.0.0.1]/":          {code: fault.FieldPrivate, limited: fault.FieldNotAllowed},
		"http://router/":                     {code: fault.FieldPrivate, limited: fault.FieldNotAllowed},
		"http://printer.local/":              {code: fault.FieldPrivate, limited: fault.FieldNotAllowed},
		"http://8.8.8.8/":                    {canonical: "http://8.8.8.8/", limited: fault.FieldNotAllowed},
		"":                                   {code: fault.FieldRequired},
		"javascript:alert(1)":                {code: fault.FieldInvalid},
		"JAVASCRIPT:alert(1)":                {code: fault.FieldInvalid},
		"java\tscript:alert(1)":              {code: fault.FieldInvalid},
		"data:text/html,x":                   {code: fault.FieldInvalid},
		"//loja.com.br/":                     {code: fault.FieldInvalid},
		"loja.com.br":                        {code: fault.FieldInvalid},
		"https:loja.com.br":                  {code: fault.FieldInvalid},
		"https:///path":                      {code: fault.FieldInvalid},
		`https://loja.com.br\@evil.example/`: {code: fault.FieldInvalid},
		"https://user:secret@loja.com.br/":   {code: fault.FieldInvalid},
		"https://loja.com.br@evil.example/":  {code: fault.FieldInvalid},
		long:                                 {code: fault.FieldTooLong},
		accented:                             {code: fault.FieldTooLong},
	} {
		for _, limited := range []bool{false, true} {
			var c field.Check
			got, code := checkAddress(&c, "url", value, own, limited), ""
			for _, f := range fault.FieldsOf(c.Err()) {
				code += f.Code
			}
			wantCode := want.code
			if limited && want.limited != "" {
				wantCode = want.limited
			}
			if code != wantCode || code == "" && got != want.canonical {
				t.Errorf("%.60q limited %v: %.80q %q, want %q %q", value, limited, got, code, want.canonical, wantCode)
			}
		}
	}
}
