package conversation

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/aceno-chat/aceno/internal/form"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Forms knows what is asked of visitors and agents, and keeps what they say; form.Service is it.
type Forms interface {
	// List returns the account's forms.
	List(accountID string) []form.Form
	// For returns the form of a kind that a department uses.
	For(accountID string, kind form.Kind, departmentID string) (form.Form, bool)
	// PutIn keeps answers inside a write: the first ones with version 0.
	PutIn(ctx context.Context, tx *store.Tx, accountID string, f form.Form, g form.Given, version int64) (form.Given, error)
	// AnsweredIn says whether the form of a kind was answered about a conversation.
	AnsweredIn(ctx context.Context, tx *store.Tx, accountID, subjectID string, kind form.Kind) (bool, error)
	// Of returns everything that was answered about a conversation.
	Of(ctx context.Context, accountID, subjectID string) ([]form.Given, error)
}

// Sheet is a conversation's form with what the agent has answered so far.
type Sheet struct {
	Form    *form.Form  `json:"form" doc:"null when the department has none"`
	Answers *form.Given `json:"answers" doc:"null while it is unanswered"`
}

// Sheet returns the conversation form of a conversation that the agent may see (T127). Error: NotFound.
func (s *Service) Sheet(ctx context.Context, a AgentActor, id string) (Sheet, error) {
	c, err := s.Get(ctx, a, id)
	if err != nil || s.forms == nil {
		return Sheet{}, err
	}
	var out Sheet
	if f, ok := s.forms.For(a.AccountID, form.Conversation, c.DepartmentID); ok {
		out.Form = &f
	}
	all, err := s.forms.Of(ctx, a.AccountID, id)
	if err != nil {
		return Sheet{}, fmt.Errorf("conversation: the form: %w", err)
	}
	for _, g := range all {
		if g.Kind == form.Conversation {
			out.Answers = &g
		}
	}
	return out, nil
}

// Answers returns everything that was answered about a conversation that the agent may see, whoever answered. Error: NotFound.
func (s *Service) Answers(ctx context.Context, a AgentActor, id string) ([]form.Given, error) {
	if _, err := s.Get(ctx, a, id); err != nil {
		return nil, err
	}
	if s.forms == nil {
		return []form.Given{}, nil
	}
	all, err := s.forms.Of(ctx, a.AccountID, id)
	if err != nil {
		return nil, fmt.Errorf("conversation: answers: %w", err)
	}
	return all, nil
}

// FillIn keeps the agent's answers to the conversation form, before the end or after it. formID is the form that was shown, version that
// of the answers it replaces, 0 for the first ones. Whoever had the conversation last may, and those who supervise.
// Errors: Validation, NotFound, ConversationNotYours, StaleWrite (another form is asked by now, or somebody else has answered).
func (s *Service) FillIn(ctx context.Context, a AgentActor, id, formID string, version int64, answers map[string]any) (form.Given, error) {
	c, err := s.Get(ctx, a, id)
	if err != nil {
		return form.Given{}, err
	}
	if c.Agent() != a.ID && !a.Supervises {
		return form.Given{}, fault.New(fault.ConversationNotYours)
	}
	var f form.Form
	ok := s.forms != nil
	if ok {
		f, ok = s.forms.For(a.AccountID, form.Conversation, c.DepartmentID)
	}
	if !ok || f.ID != formID {
		return form.Given{}, fault.New(fault.StaleWrite)
	}
	checked, err := f.Check(c.DepartmentID, "answers", answers)
	if err != nil {
		return form.Given{}, err
	}
	var given form.Given
	err = s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		var err error
		given, err = s.forms.PutIn(ctx, tx, a.AccountID, f,
			form.Given{SubjectID: id, DepartmentID: c.DepartmentID, AgentID: &a.ID, Answers: checked}, version)
		if err != nil {
			return err
		}
		return s.log.Append(ctx, tx, a.AccountID, FormAnsweredEvent{
			ConversationID: id, DepartmentID: c.DepartmentID, AgentID: c.Agent(), Version: given.Version,
		})
	})
	return given, err
}

// owesForm says, inside a write, whether the conversation's mandatory form is unanswered (T108).
func (s *Service) owesForm(ctx context.Context, tx *store.Tx, c Conversation) (bool, error) {
	if s.forms == nil {
		return false, nil
	}
	if f, ok := s.forms.For(c.accountID, form.Conversation, c.DepartmentID); !ok || !f.Mandatory {
		return false, nil
	}
	answered, err := s.forms.AnsweredIn(ctx, tx, c.accountID, c.ID, form.Conversation)
	if err != nil {
		return false, fmt.Errorf("conversation: its form: %w", err)
	}
	return !answered, nil
}

// identify checks what a visitor answers before the chat, and returns the form with it, false when nothing is asked. What the site told
// of the visitor counts where the visitor gave no answer (T149).
func (s *Service) identify(accountID string, o Opening, told map[string]any) (f form.Form, answers []form.Answer, ok bool, err error) {
	if s.forms == nil {
		return f, nil, false, nil
	}
	if f, ok = s.forms.For(accountID, form.Identification, o.DepartmentID); !ok {
		return f, nil, false, nil
	}
	given := maps.Clone(o.Answers)
	if given == nil {
		given = map[string]any{}
	}
	for _, asked := range f.Asked(o.DepartmentID) {
		value, there := told[asked.ID]
		if _, code, _ := asked.Read(value); given[asked.ID] == nil && there && code == "" {
			given[asked.ID] = value
		}
	}
	answers, err = f.Check(o.DepartmentID, "answers", given)
	return f, answers, len(answers) > 0, err
}

// asFields are answers as a visitor's fields hold them: texts, numbers, truths.
func asFields(answers []form.Answer) map[string]any {
	fields := make(map[string]any, len(answers))
	for _, a := range answers {
		if chosen, ok := a.Value.([]string); ok {
			fields[a.Field] = strings.Join(chosen, ", ")
			continue
		}
		fields[a.Field] = a.Value
	}
	return fields
}

// VisitorForm is a form as visitors see it: nothing of what it is for, whom it is mailed to, or how it is called inside.
type VisitorForm struct {
	Kind          form.Kind      `json:"kind" enum:"identification,contact,survey"`
	DepartmentIDs []string       `json:"department_ids" nullable:"false" doc:"Whom it is for; empty for every department without one of its own."`
	Intro         form.Texts     `json:"intro"`
	Fields        []VisitorField `json:"fields" nullable:"false"`
}

// VisitorField is a question as visitors see it.
type VisitorField struct {
	ID            string        `json:"id"`
	Type          form.Type     `json:"type" enum:"short,long,number,phone,email,date,cpf,cnpj,choice,choices,checkbox"`
	Label         form.Texts    `json:"label"`
	Hint          form.Texts    `json:"hint"`
	Required      bool          `json:"required"`
	MaxLength     int           `json:"max_length,omitempty"`
	Lowest        *float64      `json:"lowest,omitempty" nullable:"false"`
	Highest       *float64      `json:"highest,omitempty" nullable:"false"`
	Options       []form.Option `json:"options,omitempty" nullable:"false"`
	DepartmentIDs []string      `json:"department_ids,omitempty" nullable:"false" doc:"Asked only there; everywhere if absent."`
}

// visitorForms are the account's active forms that visitors fill in and that ask something.
func (s *Service) visitorForms(accountID string) []VisitorForm {
	list := []VisitorForm{}
	if s.forms == nil {
		return list
	}
	for _, f := range s.forms.List(accountID) {
		if !f.Active || f.Kind == form.Conversation || len(f.Fields) == 0 && f.Intro.Empty() {
			continue
		}
		seen := VisitorForm{Kind: f.Kind, DepartmentIDs: f.DepartmentIDs, Intro: f.Intro, Fields: []VisitorField{}}
		for _, one := range f.Fields {
			seen.Fields = append(seen.Fields, VisitorField{
				ID: one.ID, Type: one.Type, Label: one.Label, Hint: one.Hint, Required: one.Required, MaxLength: one.MaxLength,
				Lowest: one.Lowest, Highest: one.Highest, Options: one.Options, DepartmentIDs: one.DepartmentIDs,
			})
		}
		list = append(list, seen)
	}
	return list
}

// FormAnsweredEvent says that an agent filled in the conversation form; what it says is asked for.
type FormAnsweredEvent struct {
	ConversationID string `json:"conversation_id"`
	DepartmentID   string `json:"department_id"`
	AgentID        string `json:"agent_id"`
	Version        int64  `json:"version"`
}

// KindFormAnswered is the kind of FormAnsweredEvent.
const KindFormAnswered = "conversation.form_answered"

// Kind returns KindFormAnswered.
func (FormAnsweredEvent) Kind() string { return KindFormAnswered }

// Audience is who may read the conversation.
func (e FormAnsweredEvent) Audience() eventlog.Audience {
	return eventlog.ToConversation(e.DepartmentID, e.AgentID)
}

// Subject is the conversation.
func (e FormAnsweredEvent) Subject() string { return e.ConversationID }

var _ = eventlog.Register[FormAnsweredEvent]()
