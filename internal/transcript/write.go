package transcript

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/mail"
	"github.com/aceno-chat/aceno/internal/platform/text"
)

// words are the transcript's own, by language. day is a date as people there write it.
type words struct {
	subject, intro, number, department, file, day string
	// deleted stands in the place of a message that was taken back, edited behind one that was changed.
	deleted, edited string
	system          map[string]string
}

var catalogue = map[text.Language]words{
	text.Portuguese: {
		subject: "Sua conversa com {account}, protocolo {number}", intro: "Olá, {name}! Esta é a conversa que você pediu.",
		number: "Protocolo", department: "Departamento", file: "arquivo", day: "02/01/2006",
		deleted: "mensagem apagada", edited: "editada",
		system: map[string]string{
			conversation.SystemQueued: "entrou na fila", conversation.SystemJoined: "{agent} entrou na conversa", conversation.SystemEnded: "conversa encerrada",
			conversation.SystemReturned: "a conversa voltou para a fila", conversation.SystemAbandoned: "saiu da fila",
			conversation.SystemTransferred: "{agent} assumiu a conversa", conversation.SystemRequeued: "a conversa foi transferida para {department}",
			conversation.SystemEntered: "{agent} entrou na conversa", conversation.SystemLeft: "{agent} saiu da conversa",
			conversation.SystemWarned: "aviso de inatividade",
		},
	},
	text.English: {
		subject: "Your conversation with {account}, number {number}", intro: "Hello, {name}! This is the conversation you asked for.",
		number: "Number", department: "Department", file: "file", day: "2006-01-02",
		deleted: "message deleted", edited: "edited",
		system: map[string]string{
			conversation.SystemQueued: "joined the queue", conversation.SystemJoined: "{agent} joined the conversation", conversation.SystemEnded: "conversation ended",
			conversation.SystemReturned: "the conversation went back to the queue", conversation.SystemAbandoned: "left the queue",
			conversation.SystemTransferred: "{agent} took over the conversation", conversation.SystemRequeued: "the conversation was transferred to {department}",
			conversation.SystemEntered: "{agent} joined the conversation", conversation.SystemLeft: "{agent} left the conversation",
			conversation.SystemWarned: "notice of inactivity",
		},
	},
	text.Spanish: {
		subject: "Su conversación con {account}, número {number}", intro: "¡Hola, {name}! Esta es la conversación que pidió.",
		number: "Número", department: "Departamento", file: "archivo", day: "02/01/2006",
		deleted: "mensaje eliminado", edited: "editado",
		system: map[string]string{
			conversation.SystemQueued: "entró en la cola", conversation.SystemJoined: "{agent} entró en la conversación", conversation.SystemEnded: "conversación terminada",
			conversation.SystemReturned: "la conversación volvió a la cola", conversation.SystemAbandoned: "salió de la cola",
			conversation.SystemTransferred: "{agent} se hizo cargo de la conversación", conversation.SystemRequeued: "la conversación se transfirió a {department}",
			conversation.SystemEntered: "{agent} entró en la conversación", conversation.SystemLeft: "{agent} salió de la conversación",
			conversation.SystemWarned: "aviso de inactividad",
		},
	},
}

// write makes the mail: plain text, times in the account's time zone, a line of its own for each new day.
func write(t conversation.Transcript, account string, zone *time.Location, language text.Language) mail.Message {
	w, ok := catalogue[language]
	if !ok {
		w = catalogue[text.English]
	}
	number := strconv.FormatInt(t.Conversation.Number, 10)
	fill := strings.NewReplacer("{account}", account, "{number}", number, "{name}", t.Name)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s: %s\n%s: %s\n", fill.Replace(w.intro), w.number, number, w.department, t.Conversation.Department.Name)
	day := ""
	for _, m := range t.Messages {
		at := time.UnixMilli(m.At).In(zone)
		if d := at.Format(w.day); d != day {
			day = d
			fmt.Fprintf(&b, "\n%s\n", day)
		}
		fmt.Fprintf(&b, "[%s] %s\n", at.Format("15:04"), line(w, m))
	}
	fmt.Fprintf(&b, "\n-- \n%s\n", account)
	return mail.Message{From: account, To: t.Email, Subject: fill.Replace(w.subject), Text: b.String()}
}

func line(w words, m conversation.VisitorMessage) string {
	switch {
	case m.System != nil:
		fill := strings.NewReplacer("{agent}", m.System.Params["agent"], "{department}", m.System.Params["department"])
		return "* " + fill.Replace(w.system[m.System.Key])
	case m.Deleted:
		return fmt.Sprintf("%s: [%s]", m.Author.Name, w.deleted)
	case m.File != nil:
		return fmt.Sprintf("%s: [%s] %s", m.Author.Name, w.file, m.File.Name)
	default:
		said := m.Author.Name + ": " + strings.ReplaceAll(m.Text, "\n", "\n        ")
		if m.Edited {
			said += " (" + w.edited + ")"
		}
		return said
	}
}
