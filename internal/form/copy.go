package form

import (
	"cmp"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/mail"
)

// copySubject is the copy's subject by language; {form} is the form's own name.
var copySubject = map[string]string{
	"pt": "Formulário respondido: {form} · {department}",
	"en": "Form answered: {form} · {department}",
	"es": "Formulario respondido: {form} · {department}",
}

// mailCopy is what the form's address receives: plain text, in the account's language.
func mailCopy(language, account, department string, f Form, g Given) mail.Message {
	fill := strings.NewReplacer("{form}", f.Name, "{department}", department)
	return mail.Message{
		From: account, To: f.CopyTo, Subject: fill.Replace(cmp.Or(copySubject[language], copySubject["en"])), Text: Lines(language, g.Answers),
	}
}

// Lines writes answers one below the other, in a language.
func Lines(language string, answers []Answer) string {
	var b strings.Builder
	for _, a := range answers {
		b.WriteString(a.Label.In(language) + ": " + a.Text(language) + "\n")
	}
	return b.String()
}
