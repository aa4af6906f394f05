package transcript

import (
	"context"
	"crypto/hmac"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/mail"
	"github.com/aceno-chat/aceno/internal/platform/text"
)

const (
	// codeWindow is how long one code stays the same; it is taken for one window more.
	codeWindow = 10 * time.Minute
	codeDigits = 6
)

// codeRate bounds how many codes go to one address, whoever asks and from wherever.
var codeRate = api.Rate{Burst: 3, Per: time.Hour}

// code returns what proves that somebody reads the mail of an address, for one conversation and some minutes. Nothing has to be kept for it:
// it is made of the installation's key.
func (s *Service) code(conversationID, email string, at time.Time) string {
	window := strconv.FormatInt(at.Unix()/int64(codeWindow.Seconds()), 10)
	seal := s.Box.Seal("transcript code", []byte(conversationID+"\n"+email+"\n"+window))
	n, err := strconv.ParseUint(seal[:12], 16, 64)
	if err != nil {
		panic(fmt.Errorf("transcript: a seal that is no hexadecimal number: %w", err))
	}
	return fmt.Sprintf("%0*d", codeDigits, n%1_000_000)
}

// isCode says whether the code is the one of now, or of the window before.
func (s *Service) isCode(code, conversationID, email string) bool {
	now := s.Clock.Now()
	this := hmac.Equal([]byte(code), []byte(s.code(conversationID, email, now)))
	last := hmac.Equal([]byte(code), []byte(s.code(conversationID, email, now.Add(-codeWindow))))
	return this || last
}

// codeWords are those of the mail with the code, by language. Nothing in it is of the one who asked.
var codeWords = map[text.Language]struct{ subject, text string }{
	text.Portuguese: {
		"{code} é o seu código para receber a conversa com {account}",
		"Alguém pediu a {account} que envie para este endereço a conversa de protocolo {number}.\n\n" +
			"Se foi você, digite no chat este código, nos próximos dez minutos:\n\n    {code}\n\n" +
			"Se não foi você, não faça nada: nada mais será enviado.",
	},
	text.English: {
		"{code} is your code for the conversation with {account}",
		"Somebody asked {account} to send conversation {number} to this address.\n\n" +
			"If it was you, type this code into the chat within ten minutes:\n\n    {code}\n\n" +
			"If it was not you, do nothing: nothing more will be sent.",
	},
	text.Spanish: {
		"{code} es su código para recibir la conversación con {account}",
		"Alguien pidió a {account} que envíe a esta dirección la conversación número {number}.\n\n" +
			"Si fue usted, escriba este código en el chat en los próximos diez minutos:\n\n    {code}\n\n" +
			"Si no fue usted, no haga nada: no se enviará nada más.",
	},
}

// composeCode makes the mail with the code of a moment.
func (s *Service) composeCode(ctx context.Context, accountID, id string, language text.Language, at time.Time) (mail.Message, error) {
	t, err := s.Conversations.Transcript(ctx, accountID, id)
	if err != nil {
		return mail.Message{}, err
	}
	name, _, err := s.Accounts.TranscriptAccount(ctx, accountID)
	if err != nil {
		return mail.Message{}, err
	}
	w, ok := codeWords[language]
	if !ok {
		w = codeWords[text.English]
	}
	fill := strings.NewReplacer("{account}", name, "{number}", strconv.FormatInt(t.Conversation.Number, 10), "{code}", s.code(id, t.Email, at))
	return mail.Message{From: name, To: t.Email, Subject: fill.Replace(w.subject), Text: fill.Replace(w.text) + "\n\n-- \n" + name + "\n"}, nil
}
