package site_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/site"
)

func TestParseDomain(t *testing.T) {
	for in, want := range map[string]string{
		"loja.com.br":         "loja.com.br",
		"Loja.COM.br":         "loja.com.br",
		"\tloja.com.br\n":     "loja.com.br",
		"loja.com.br.":        "loja.com.br",
		"*.loja.com.br":       "*.loja.com.br",
		"loja.com.br:8443":    "loja.com.br:8443",
		"*.loja.com.br:08443": "*.loja.com.br:8443",
		"localhost":           "localhost",
		"localhost:3000":      "localhost:3000",
		"*.localhost":         "*.localhost",
		"192.168.0.10":        "192.168.0.10",
		"192.168.0.10:81":     "192.168.0.10:81",
		"[::1]:8081":          "[::1]:8081",
		"[2001:DB8:0::1]":     "[2001:db8::1]",
		"café.com":            "xn--caf-dma.com",
		"my_shop.example.com": "my_shop.example.com",
		"*":                   "*",
	} {
		if got, ok := site.ParseDomain(in); !ok || got != want {
			t.Errorf("%q: got %q, %v; want %q", in, got, ok, want)
		}
	}
	for _, bad := range []string{
		"", " ", "loja", "https://loja.com.br", "loja.com.br/", "loja.com.br/path", "a@loja.com", "*.*.com", "**.loja.com", "*loja.com",
		"loja.*", ".loja.com", "loja..com", "-loja.com", "loja.com:0", "loja.com:65536", "loja.com:x", "loja.com:", "loja.com:+80",
		"[::1", "[::1%eth0]", "*.[::1]", "*.10.0.0.1", "10.0.0.999", "1.2.3", "lo ja.com", "lo\nja.com", strings.Repeat("a", 64) + ".com",
		strings.Repeat("a.", 130) + "com", "loja.com?x", "loja.com#x", "null",
	} {
		if got, ok := site.ParseDomain(bad); ok {
			t.Errorf("%q was taken as %q", bad, got)
		}
	}
}

func TestAllowsOrigin(t *testing.T) {
	tests := []struct {
		domain string
		yes    []string
		no     []string
	}{
		{
			"loja.com.br",
			[]string{"https://loja.com.br", "http://loja.com.br", "https://loja.com.br:8443", "https://LOJA.com.br"},
			[]string{"https://www.loja.com.br", "https://xloja.com.br", "https://loja.com.br.evil.io", "https://evil.io", "null", "", "loja.com.br", "ftp://loja.com.br", "https://evil.io/loja.com.br", "https://loja.com.br@evil.io", "https://evil.io#.loja.com.br"},
		},
		{
			"*.loja.com.br",
			[]string{"https://www.loja.com.br", "https://a.b.loja.com.br:444"},
			[]string{"https://loja.com.br", "https://.loja.com.br", "https://evilloja.com.br"},
		},
		{"loja.com.br:8443", []string{"https://loja.com.br:8443"}, []string{"https://loja.com.br", "https://loja.com.br:8444"}},
		{"loja.com.br:443", []string{"https://loja.com.br"}, []string{"http://loja.com.br"}},
		{"localhost", []string{"http://localhost:8081", "http://localhost"}, []string{"http://127.0.0.1:8081"}},
		{"[::1]", []string{"http://[::1]:8081", "http://[::1]"}, []string{"http://[::2]"}},
		{"xn--caf-dma.com", []string{"https://xn--caf-dma.com"}, []string{"https://cafe.com"}},
		{"*", []string{"https://any.where", "null", ""}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.domain, func(t *testing.T) {
			s := site.Site{AllowedDomains: []string{"unrelated.example", tt.domain}}
			for _, origin := range tt.yes {
				if !site.AllowsOrigin(s, origin) {
					t.Errorf("%q is refused", origin)
				}
			}
			for _, origin := range tt.no {
				if site.AllowsOrigin(s, origin) {
					t.Errorf("%q is allowed", origin)
				}
			}
		})
	}
}

func TestDomainsFor(t *testing.T) {
	for in, want := range map[string][]string{
		"loja.com.br":                     {"loja.com.br", "www.loja.com.br"},
		"www.loja.com.br":                 {"loja.com.br", "www.loja.com.br"},
		"https://www.loja.com.br/inicio?": {"loja.com.br", "www.loja.com.br"},
		"loja.com.br/contato":             {"loja.com.br", "www.loja.com.br"},
		"http://localhost:8081":           {"localhost:8081"},
		"127.0.0.1":                       {"127.0.0.1"},
		"*.loja.com.br":                   {"*.loja.com.br"},
		"www.com":                         {"www.com", "www.www.com"},
	} {
		if got, ok := site.DomainsFor(in); !ok || !slices.Equal(got, want) {
			t.Errorf("%q: got %v, %v; want %v", in, got, ok, want)
		}
	}
	for _, bad := range []string{"", "*", "ftp://loja.com.br", "https://", "my site", "javascript://x.com"} {
		if got, ok := site.DomainsFor(bad); ok {
			t.Errorf("%q was taken as %v", bad, got)
		}
	}
}

func FuzzParseDomain(f *testing.F) {
	for _, seed := range []string{"loja.com.br", "*.a.b:80", "[::1]:1", "café.com", "*", "a:b:c", "xn--a.com", "\x00.com"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		domain, ok := site.ParseDomain(in)
		if !ok {
			return
		}
		if again, ok := site.ParseDomain(domain); !ok || again != domain {
			t.Errorf("%q became %q, which becomes %q, %v", in, domain, again, ok)
		}
		if strings.ContainsAny(domain, " \n\"'<>/\\@") {
			t.Errorf("%q became %q", in, domain)
		}
		s := site.Site{AllowedDomains: []string{domain}}
		mine := domain == site.Anywhere || domain == "evil.test" || domain == "evil.test:443"
		if site.AllowsOrigin(s, "https://evil.test") != mine {
			t.Errorf("%q became %q: allows https://evil.test: %v", in, domain, !mine)
		}
	})
}

func TestIsOwnOrigin(t *testing.T) {
	for origin, want := range map[string]bool{
		"http://chat.example:8080": true, "https://chat.example:8080": true, "https://CHAT.example:8080": true,
		"http://chat.example": false, "https://chat.example:8080.evil.io": false, "ftp://chat.example:8080": false, "null": false, "": false,
	} {
		if got := site.IsOwnOrigin(origin, "chat.example:8080"); got != want {
			t.Errorf("%q: %v", origin, got)
		}
	}
	if site.IsOwnOrigin("http://", "") {
		t.Error("nothing is nobody's own")
	}
}
