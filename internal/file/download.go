package file

import (
	"net/url"
	"path"
	"strings"
)

// policy says from which sites a download may be embedded (Cross-Origin-Resource-Policy).
type policy string

const (
	sameOrigin policy = "same-origin"
	// crossOrigin is for visitors' addresses: the chat shows pictures on the customer's pages.
	crossOrigin policy = "cross-origin"
)

// headers are those every download carries: the browser saves the file, guesses nothing, runs nothing of it, and no shared
// cache keeps it.
func headers(f File, use policy) map[string]string {
	return map[string]string{
		"Content-Type":                 f.ContentType,
		"Content-Disposition":          disposition(f.Name),
		"Content-Security-Policy":      "sandbox; default-src 'none'",
		"X-Content-Type-Options":       "nosniff",
		"Cache-Control":                "private, max-age=86400, immutable",
		"Cross-Origin-Resource-Policy": string(use),
		"Referrer-Policy":              "no-referrer",
	}
}

// disposition names the file for saving (RFC 6266): plain letters for old clients, and the whole name by RFC 8187.
func disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	if strings.Trim(strings.TrimSuffix(plain, path.Ext(plain)), "_ ") == "" {
		plain = "file" + path.Ext(plain)
	}
	value := `attachment; filename="` + plain + `"`
	if plain != name {
		value += "; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	}
	return value
}
