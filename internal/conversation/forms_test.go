package conversation_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/form"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/mail"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// formWorld is a house whose account has forms.
type formWorld struct {
	*conversationtest.House
	forms *form.Service
}

func (formWorld) HasDepartment(_, id string) bool {
	return id == conversationtest.Sales || id == conversationtest.Support
}
func (formWorld) ChosenForm(string, form.Kind, string) string { return "" }
func (formWorld) MailWords(context.Context, string, string) (account, department, language string) {
	return "", "", ""
}
func (formWorld) Add(context.Context, *store.Tx, string, mail.Message) error { return nil }

func withForms(t *testing.T, st *store.Store, drafts map[form.Kind]form.Draft) formWorld {
	t.Helper()
	var w formWorld
	w.House = conversationtest.New(t, st, func(c *conversation.Config) {
		w.forms = form.NewService(form.Config{Store: c.Store, Log: c.Log, Clock: c.Clock, IDs: c.Idents, Mail: w, Around: w})
		c.Forms = w.forms
	})
	for kind, d := range drafts {
		d.Name, d.Active = string(kind), true
		if _, err := w.forms.Create(t.Context(), conversationtest.Account, kind, d); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.forms.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

func question(id string, kind form.Type, required bool, departments ...string) form.Field {
	f := form.Field{ID: id, Type: kind, Label: form.Texts{PT: strings.ToUpper(id)}, Required: required, DepartmentIDs: departments}
	if kind == form.Choices {
		f.Options = []form.Option{{Value: "a", Label: form.Texts{PT: "A"}}, {Value: "b", Label: form.Texts{PT: "B"}}}
	}
	return f
}

func TestCloseTab_WaitsForTheMandatoryForm(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := withForms(t, st, map[form.Kind]form.Draft{
			form.Conversation: {Mandatory: true, Fields: []form.Field{question("reason", form.Short, true)}},
		})
		ana := conversationtest.Agent(conversationtest.Ana)
		c := w.Active(t, "maria", conversationtest.Ana)
		sheet, err := w.Service.Sheet(t.Context(), ana, c.ID)
		if err != nil || sheet.Form == nil || sheet.Answers != nil {
			t.Fatalf("%+v, %v", sheet, err)
		}
		if _, err := w.Service.CloseTab(t.Context(), ana, c.ID); !fault.Is(err, fault.ConversationNotEnded) {
			t.Errorf("before the end: %v", err)
		}
		if _, err := w.Service.EndByAgent(t.Context(), ana, c.ID); err != nil {
			t.Fatal(err)
		}
		before := w.Kinds(t)
		if _, err := w.Service.CloseTab(t.Context(), ana, c.ID); !fault.Is(err, fault.ConversationFormUnanswered) {
			t.Errorf("unanswered: %v", err)
		}
		if mine, err := w.Service.Mine(t.Context(), conversationtest.Account, ana.ID); err != nil || len(mine) != 1 || w.Kinds(t) != before {
			t.Errorf("a refused close left %v, %v, %s", mine, err, w.Kinds(t))
		}
		fill := func(a conversation.AgentActor, formID string, version int64, answers map[string]any) error {
			_, err := w.Service.FillIn(t.Context(), a, c.ID, formID, version, answers)
			return err
		}
		good := map[string]any{"reason": "troca"}
		supervisor := conversationtest.Agent(conversationtest.Bruno)
		supervisor.Supervises = true
		for want, err := range map[string]error{
			"validation":             fill(ana, sheet.Form.ID, 0, nil),
			"stale":                  fill(ana, "another", 0, good),
			"conversation_not_yours": fill(conversationtest.Agent(conversationtest.Bruno), sheet.Form.ID, 0, good),
			"not_found":              fill(conversation.AgentActor{AccountID: "other", ID: "x"}, sheet.Form.ID, 0, good),
		} {
			if string(fault.CodeOf(err)) != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if err := fill(ana, sheet.Form.ID, 0, good); err != nil {
			t.Fatal(err)
		}
		if err := fill(supervisor, sheet.Form.ID, 0, good); !fault.Is(err, fault.StaleWrite) {
			t.Errorf("over somebody's answers unseen: %v", err)
		}
		if err := fill(supervisor, sheet.Form.ID, 1, map[string]any{"reason": "garantia"}); err != nil {
			t.Errorf("a supervisor's correction: %v", err)
		}
		if !strings.HasSuffix(w.Kinds(t), "form_answered > form_answered") {
			t.Errorf("events %s", w.Kinds(t))
		}
		if closed, err := w.Service.CloseTab(t.Context(), ana, c.ID); err != nil || !closed.Closed {
			t.Errorf("answered: %+v, %v", closed, err)
		}
		given, err := w.Service.Answers(t.Context(), ana, c.ID)
		if err != nil || len(given) != 1 || given[0].Answers[0].Value != "garantia" || *given[0].AgentID != conversationtest.Bruno {
			t.Errorf("kept %+v, %v", given, err)
		}
	})
}

func TestOpen_AsksTheIdentificationForm(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := withForms(t, st, map[form.Kind]form.Draft{form.Identification: {Fields: []form.Field{
			question("cpf", form.CPF, true), question("topics", form.Choices, false),
			question("order", form.Short, true, conversationtest.Support), question("tier", form.Short, true),
		}}})
		opening := conversation.Opening{
			ClientID: "c-1", DepartmentID: conversationtest.Sales, Name: "Maria", Email: "maria@example.com",
			Fields: map[string]any{"tier": "gold", "cart": 3.0},
		}
		maria := conversationtest.Visitor("maria")
		_, _, err := w.Service.Open(t.Context(), maria, opening)
		if fields := fault.FieldsOf(err); len(fields) != 1 || fields[0].Name != "answers.cpf" || fields[0].Code != fault.FieldRequired {
			t.Fatalf("%v", err)
		}
		opening.DepartmentID = conversationtest.Support
		if _, _, err := w.Service.Open(t.Context(), maria, opening); len(fault.FieldsOf(err)) != 2 {
			t.Errorf("support asks for the order too: %v", err)
		}
		opening.DepartmentID = conversationtest.Sales
		opening.Answers = map[string]any{"cpf": "529.982.247-25", "topics": []any{"b", "a"}, "verified_id": "forged", "order": "not asked here"}
		c, created, err := w.Service.Open(t.Context(), maria, opening)
		if err != nil || !created {
			t.Fatal(err)
		}
		ana := conversationtest.Agent(conversationtest.Ana)
		full, err := w.Service.Get(t.Context(), ana, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		details, err := full.Visitor.Value()
		if err != nil || details.Fields["cpf"] != "52998224725" || details.Fields["topics"] != "a, b" || details.Fields["tier"] != "gold" ||
			details.Fields["cart"] != 3.0 || details.Fields["verified_id"] != nil || details.Fields["order"] != nil {
			t.Errorf("fields %v, %v", details.Fields, err)
		}
		given, err := w.Service.Answers(t.Context(), ana, c.ID)
		if err != nil || len(given) != 1 || len(given[0].Answers) != 3 || given[0].AgentID != nil {
			t.Errorf("answers %+v, %v", given, err)
		}
	})
}

func TestRate_KeepsTheSurveysOwnFields(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := withForms(t, st, map[form.Kind]form.Draft{form.Survey: {Fields: []form.Field{question("again", form.Checkbox, false), question("why", form.Long, true)}}})
		id := inState(t, w.House, conversation.Ended)
		maria := conversationtest.Visitor("maria")
		if _, err := w.Service.Rate(t.Context(), maria, id, 5, "", nil); !fault.Is(err, fault.Validation) {
			t.Errorf("without what is required: %v", err)
		}
		for range 2 {
			if _, err := w.Service.Rate(t.Context(), maria, id, 5, "", map[string]any{"again": true, "why": "rápido"}); err != nil {
				t.Fatal(err)
			}
		}
		given, err := w.Service.Answers(t.Context(), conversationtest.Agent(conversationtest.Ana), id)
		if err != nil || len(given) != 1 || len(given[0].Answers) != 2 {
			t.Errorf("answers %+v, %v", given, err)
		}
	})
}
