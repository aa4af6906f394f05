package contact

import (
	"strings"

	"github.com/aceno-chat/aceno/internal/form"
	"github.com/aceno-chat/aceno/internal/platform/mail"
	"github.com/aceno-chat/aceno/internal/platform/text"
)

// words are the notice's own, by language.
type words struct{ subject, intro, name, email, phone, topic, page, hint string }

var noticeWords = map[text.Language]words{
	text.Portuguese: {
		"Fale conosco: {name}", "{name} deixou uma mensagem para {department}.", "Nome", "E-mail", "Telefone", "Assunto", "Página",
		"Responda a este e-mail: a resposta vai direto para o visitante.",
	},
	text.English: {
		"Contact request: {name}", "{name} left a message for {department}.", "Name", "E-mail", "Phone", "Subject", "Page",
		"Reply to this e-mail: the answer goes straight to the visitor.",
	},
	text.Spanish: {
		"Contacto: {name}", "{name} dejó un mensaje para {department}.", "Nombre", "Correo", "Teléfono", "Asunto", "Página",
		"Responda a este correo: la respuesta va directamente al visitante.",
	},
}

// notice is what the department's address receives: plain text, in the account's language. Answers go to the visitor.
func notice(language, accountName string, d Department, r Request, answers []form.Answer) mail.Message {
	w, ok := noticeWords[text.Language(language)]
	if !ok {
		w = noticeWords[text.English]
	}
	fill := strings.NewReplacer("{name}", r.Name, "{department}", d.Name)
	var b strings.Builder
	b.WriteString(fill.Replace(w.intro) + "\n\n")
	for _, line := range [][2]string{{w.name, r.Name}, {w.email, r.Email}, {w.phone, r.Phone}, {w.topic, r.Subject}, {w.page, r.PageURL}} {
		if line[1] != "" {
			b.WriteString(line[0] + ": " + line[1] + "\n")
		}
	}
	b.WriteString(form.Lines(language, answers))
	b.WriteString("\n" + r.Message + "\n\n-- \n" + w.hint + "\n")
	subject := fill.Replace(w.subject)
	if r.Subject != "" {
		subject += " · " + r.Subject
	}
	return mail.Message{From: accountName, To: d.Email, ReplyTo: r.Email, Subject: subject, Text: b.String()}
}
