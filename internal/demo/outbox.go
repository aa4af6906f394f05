package demo

import (
	"html/template"
	"net/http"

	"github.com/aceno-chat/aceno/internal/platform/mail"
)

// outboxPage shows what would have been sent. Everything in it is foreign text; the template escapes it.
var outboxPage = template.Must(template.New("outbox").Parse(`<!doctype html>
<html lang="pt-BR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5">
<title>E-mails da demonstração</title>
<style nonce="{{.Nonce}}">body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
article{border:1px solid #8884;border-radius:8px;padding:1rem;margin:1rem 0}h2{font-size:1.05rem;margin:0 0 .3rem}p{margin:0;opacity:.75}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;margin:1rem 0 0}</style></head>
<body><h1>E-mails da demonstração</h1>{{range .Mails}}<article><h2>{{.Subject}}</h2>
<p>{{.At.Format "15:04:05"}} UTC · Para {{.To}}{{if .ReplyTo}} · Responder a {{.ReplyTo}}{{end}}</p><pre>{{.Text}}</pre></article>
{{else}}<p>Nada foi enviado ainda. Deixe uma mensagem na loja quando ninguém estiver atendendo, ou peça a transcrição de uma conversa.</p>{{end}}</body></html>`))

// OutboxPage shows the demo's mail.
func OutboxPage(o *mail.Outbox) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		const nonce = "outbox"
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+nonce+"'")
		w.Header().Set("Cache-Control", "no-store")
		_ = outboxPage.Execute(w, map[string]any{"Nonce": nonce, "Mails": o.All()}) // the reader is gone
	})
}
