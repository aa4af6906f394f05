package address_test

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/aceno-chat/aceno/internal/platform/address"
)

func TestParse_TakesWhatIsRight(t *testing.T) {
	for text, host := range map[string]string{
		"smtp://caixa:S3gredo%23x@mail.loja.example:587":     "mail.loja.example:587",
		"smtp://caixa@loja.example:S3@gredo@mail.example":    "mail.example", // the last @ counts
		"SMTP://mail.example?tls=none":                       "mail.example",
		"postgres://u:p@db/aceno?application_name=a@b":       "db",
		"postgres://db:5432/aceno?application_name=a@b&x=/@": "db:5432",
		"postgres:///aceno":                                  "",
		"postgres://u:p@[::1]:5432/aceno":                    "[::1]:5432",
	} {
		u, err := address.Parse(text, "smtp", "postgres")
		if err != nil || u.Host != host {
			t.Errorf("%s: %v, %v", text, u, err)
		}
	}
}

func TestParse_SaysWhatIsWrong(t *testing.T) {
	for text, says := range map[string]string{
		"":                           "does not begin with smtp:// or smtps://",
		"mail.example.com":           "does not begin with",
		"smtp:mail":                  "does not begin with",
		"http://mail":                "does not begin with",
		"smtp://u:S3#x@mail":         "%23",
		"smtp://u:S3/x@mail":         "%2F",
		"smtp://u:S3?x@mail":         "%3F",
		"smtp://u:S3/x?y=z@mail#a@b": "%23",
		"smtp://mail/#a":             "%23",
		"smtp://u:S3%zz@mail":        "%25",
		"smtp://u:S3%2@mail":         "%25",
		"smtp://u:S3[x@mail":         "%5B",
		"smtp://u:señha@mail":        "%5B",
		"smtp://u:S3 x@mail":         "%20",
		"smtp://u:S3\nx@mail":        "%20",
		"smtp://mail:port":           "malformed",
		"smtp://[::1":                "malformed",
	} {
		if _, err := address.Parse(text, "smtp", "smtps"); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
}

// A password is taken for what it is when its characters are written as codes; otherwise no error shows three of its characters in a row.
func TestParse_KeepsPasswords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		password := rapid.StringMatching(`[Q-Z]{3}[Q-Zñ0-9#/?%@:=&\[ ]{0,8}[Q-Z]{3}`).Draw(t, "password")
		if u, err := address.Parse("smtp://caixa:"+url.QueryEscape(password)+"@mail.example", "smtp"); !strings.Contains(password, " ") {
			if err != nil {
				t.Fatal(err)
			} else if got, _ := u.User.Password(); got != password {
				t.Fatalf("%q, want %q", got, password)
			}
		}
		if _, err := address.Parse("smtp://caixa:"+password+"@mail.example", "smtp"); err != nil {
			for i := range len(password) - 2 {
				if strings.Contains(err.Error(), password[i:i+3]) {
					t.Fatalf("%q is shown: %v", password, err)
				}
			}
		}
	})
}
