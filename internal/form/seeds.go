package form

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// seed is a form that an account begins with. Its name is internal, and so in the account's language alone.
type seed struct {
	kind   Kind
	names  map[string]string
	fields []Field
}

func option(value, pt, en, es string) Option {
	return Option{Value: value, Label: Texts{PT: pt, EN: en, ES: es}}
}

// seeds ask for little: a new account changes them to what it wants to know. The contact form needs none, for what everybody asks there
// is asked anyway.
var seeds = []seed{
	{
		kind:  Identification,
		names: map[string]string{"pt": "Identificação", "en": "Identification", "es": "Identificación"},
		fields: []Field{
			{ID: "phone", Type: Phone, Label: Texts{PT: "Telefone", EN: "Phone", ES: "Teléfono"}},
		},
	},
	{
		kind:  Conversation,
		names: map[string]string{"pt": "Registro do atendimento", "en": "Conversation record", "es": "Registro de la conversación"},
		fields: []Field{
			{
				ID: "reason", Type: Choice, Required: true, Label: Texts{PT: "Motivo", EN: "Reason", ES: "Motivo"},
				Options: []Option{
					option("question", "Dúvida", "Question", "Duda"),
					option("request", "Solicitação", "Request", "Solicitud"),
					option("complaint", "Reclamação", "Complaint", "Reclamo"),
					option("other", "Outro", "Other", "Otro"),
				},
			},
			{ID: "solved", Type: Checkbox, Label: Texts{PT: "Resolvido", EN: "Solved", ES: "Resuelto"}},
			{ID: "remarks", Type: Long, MaxLength: 500, Label: Texts{PT: "Observações", EN: "Remarks", ES: "Observaciones"}},
		},
	},
	{
		kind:  Survey,
		names: map[string]string{"pt": "Pesquisa", "en": "Survey", "es": "Encuesta"},
		fields: []Field{
			{
				ID: "solved", Type: Choice,
				Label: Texts{PT: "Seu assunto foi resolvido?", EN: "Was your matter solved?", ES: "¿Se resolvió su asunto?"},
				Options: []Option{
					option("yes", "Sim", "Yes", "Sí"), option("partly", "Em parte", "Partly", "En parte"), option("no", "Não", "No", "No"),
				},
			},
		},
	},
}

// Seed gives a new account its first forms.
func (s *Service) Seed(ctx context.Context, tx *store.Tx, accountID, language string) error {
	now := clock.Millis(s.Clock.Now())
	for _, one := range seeds {
		name, ok := one.names[language]
		if !ok {
			name = one.names["en"]
		}
		d, err := s.checked(accountID, one.kind, Draft{Name: name, Active: true, Fields: one.fields})
		if err != nil {
			return fmt.Errorf("form: seed %s: %w", one.kind, err)
		}
		f := Form{ID: s.IDs.New(), Kind: one.kind, Version: 1, CreatedAt: now}.of(d, now)
		if err := insert(ctx, tx, accountID, f); err != nil {
			return fmt.Errorf("form: seed %s: %w", one.kind, err)
		}
		if err := s.Log.Append(ctx, tx, accountID, Saved{Form: f}); err != nil {
			return fmt.Errorf("form: seed %s: %w", one.kind, err)
		}
	}
	return nil
}
