package app

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/aceno-chat/aceno/internal/site"
)

// chatPage is the chat's own page (T146, T162): a window that a site's page opens, an address to hand out, or a frame in another page.
// What its address says is read by direct.js; nothing of it is written into the page.
var chatPage = template.Must(template.New("chat").Parse(`<!doctype html>
<html lang="{{.Language}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="robots" content="noindex">
<meta name="theme-color" content="{{.Brand}}">
<title>{{.Title}}</title>
<script src="/v/direct.js"></script>
<script async src="/v/aceno.js" data-key="{{.Key}}"></script>
</head>
<body><noscript>{{.NoScript}}</noscript></body>
</html>
`))

var noScript = map[string]string{
	"pt": "O atendimento precisa de JavaScript.",
	"en": "The chat needs JavaScript.",
	"es": "La atención necesita JavaScript.",
}

// serveChat serves the chat's own page for a site's key. It may be framed where the site's script may run.
func (a *App) serveChat(w http.ResponseWriter, r *http.Request) {
	s, ok := a.sites.ByKey(r.Context(), r.PathValue("key"))
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	if !ok || !s.Active {
		http.NotFound(w, r)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' https: data: blob:; "+
		"media-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors "+frameAncestors(s))
	_ = chatPage.Execute(w, map[string]string{ // a client that is gone has nobody to tell
		"Language": s.Language, "Brand": s.Settings.Theme.Brand, "Title": chatTitle(s), "Key": r.PathValue("key"), "NoScript": noScript[s.Language],
	})
}

func chatTitle(s site.Site) string {
	own := map[string]string{"pt": s.Settings.Texts.PT.Title, "en": s.Settings.Texts.EN.Title, "es": s.Settings.Texts.ES.Title}
	if title := own[s.Language]; title != "" {
		return title
	}
	return s.Name
}

// frameAncestors writes the site's domains as a policy's sources. Addresses of IPv6 have no place in one.
func frameAncestors(s site.Site) string {
	sources := []string{"'self'"}
	for _, domain := range s.AllowedDomains {
		if !strings.HasPrefix(domain, "[") {
			sources = append(sources, domain)
		}
	}
	return strings.Join(sources, " ")
}

// redirectChat sends the original product's direct addresses to ours, so that links and frames keep working with only the host changed.
func redirectChat(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	key := query.Get("key")
	if key == "" {
		http.NotFound(w, r)
		return
	}
	kept := url.Values{}
	for _, name := range []string{"depto", "vars", "page", "name", "email"} {
		if value := query.Get(name); value != "" {
			kept.Set(name, value)
		}
	}
	http.Redirect(w, r, "/chat/"+url.PathEscape(key)+"?"+kept.Encode(), http.StatusFound)
}
