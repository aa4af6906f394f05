package form_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/form"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/mail"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

type world struct {
	*form.Service
	store    *store.Store
	log      *eventlog.Log
	recorder eventlogtest.Recorder
	chosen   string

	mu   sync.Mutex
	sent []mail.Message
}

func (w *world) Add(_ context.Context, tx *store.Tx, _ string, m mail.Message) error {
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.sent = append(w.sent, m)
	})
	return nil
}

func (w *world) HasDepartment(accountID, id string) bool {
	return accountID == "a" && (id == "sales" || id == "help") || accountID == "b" && id == "theirs"
}

func (w *world) ChosenForm(string, form.Kind, string) string { return w.chosen }

func (w *world) MailWords(context.Context, string, string) (account, department, language string) {
	return "Trilha", "Vendas", "pt"
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := &world{store: st}
		heard := func(r eventlog.Record) {
			if w.Service != nil {
				w.Heard(r)
			}
			w.recorder.Take(r)
		}
		w.log = eventlogtest.New(t, st, clock.System{}, heard)
		w.Service = form.NewService(form.Config{
			Store: st, Log: w.log, Clock: clock.NewFake(time.UnixMilli(5000)), IDs: ident.V7{}, Mail: w, Around: w,
		})
		eventlogtest.Account(t, st, "a")
		eventlogtest.Account(t, st, "b")
		fn(t, w)
	})
}

func pt(text string) form.Texts { return form.Texts{PT: text} }

func draft(name string, departments ...string) form.Draft {
	return form.Draft{
		Name: name, Active: true, DepartmentIDs: departments,
		Fields: []form.Field{
			{ID: "cpf", Type: form.CPF, Label: pt("CPF"), Required: true},
			{ID: "order", Type: form.Short, Label: pt("Pedido"), DepartmentIDs: []string{"help"}},
			{ID: "reason", Type: form.Choice, Label: pt("Motivo"), Options: []form.Option{{Value: "a", Label: pt("Troca")}, {Value: "b", Label: pt("Outro")}}},
		},
	}
}

func (w *world) create(t *testing.T, kind form.Kind, d form.Draft) form.Form {
	t.Helper()
	f, err := w.Create(t.Context(), "a", kind, d)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func wrong(err error) string {
	fields := fault.FieldsOf(err)
	if len(fields) == 0 {
		return string(fault.CodeOf(err))
	}
	return fields[0].Name + ":" + fields[0].Code
}

func TestCreate_Refuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.create(t, form.Identification, draft("Padrão"))
		for want, change := range map[string]func(d *form.Draft){
			"name:required":                     func(d *form.Draft) { d.Name = " " },
			"name:too_long":                     func(d *form.Draft) { d.Name = strings.Repeat("x", 81) },
			"name:taken":                        func(d *form.Draft) { d.Name, d.Active = "Padrão", false },
			"mandatory:not_allowed":             func(d *form.Draft) { d.Mandatory = true },
			"copy_to:invalid":                   func(d *form.Draft) { d.CopyTo = "somebody" },
			"intro.en:too_long":                 func(d *form.Draft) { d.Intro.EN = strings.Repeat("x", 401) },
			"department_ids:unknown":            func(d *form.Draft) { d.DepartmentIDs = []string{"theirs"} },
			"department_ids:taken":              func(d *form.Draft) { d.DepartmentIDs = nil },
			"fields:too_many":                   func(d *form.Draft) { d.Fields = make([]form.Field, 31) },
			"fields.1.id:taken":                 func(d *form.Draft) { d.Fields[1].ID = "cpf" },
			"fields.0.id:invalid":               func(d *form.Draft) { d.Fields[0].ID = "CPF do cliente" },
			"fields.0.id:not_allowed":           func(d *form.Draft) { d.Fields[0].ID = "verified_id" },
			"fields.0.type:not_allowed":         func(d *form.Draft) { d.Fields[0].Type = "file" },
			"fields.0.label:required":           func(d *form.Draft) { d.Fields[0].Label = form.Texts{} },
			"fields.0.department_ids:unknown":   func(d *form.Draft) { d.Fields[0].DepartmentIDs = []string{"nowhere"} },
			"fields.1.max_length:too_large":     func(d *form.Draft) { d.Fields[1].MaxLength = 201 },
			"fields.2.options:required":         func(d *form.Draft) { d.Fields[2].Options = nil },
			"fields.2.options.1.value:taken":    func(d *form.Draft) { d.Fields[2].Options[1].Value = "a" },
			"fields.2.options.0.label:required": func(d *form.Draft) { d.Fields[2].Options[0].Label = form.Texts{} },
			"fields.0.highest:too_small": func(d *form.Draft) {
				d.Fields[0] = form.Field{ID: "n", Type: form.Number, Label: pt("N"), Lowest: new(2.0), Highest: new(1.0)}
			},
		} {
			d := draft("Outro", "sales")
			change(&d)
			if _, err := w.Create(t.Context(), "a", form.Identification, d); wrong(err) != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if _, err := w.Create(t.Context(), "b", form.Identification, draft("Padrão")); wrong(err) != "fields.1.department_ids:unknown" {
			t.Errorf("another account's department: %v", err)
		}
	})
}

func TestFor_ChoosesTheDepartmentsOwnFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if f, ok := w.For("a", form.Identification, "sales"); ok {
			t.Errorf("a form out of nothing: %+v", f)
		}
		common, own := w.create(t, form.Identification, draft("Comum")), w.create(t, form.Identification, draft("Vendas", "sales"))
		w.create(t, form.Contact, draft("Contato"))
		got := func(department string) string { f, _ := w.For("a", form.Identification, department); return f.ID }
		if got("sales") != own.ID || got("help") != common.ID {
			t.Errorf("sales %s, help %s", got("sales"), got("help"))
		}
		w.chosen = common.ID
		if got("sales") != common.ID {
			t.Error("what the department's settings name is not used")
		}
		w.chosen = "gone"
		if got("sales") != own.ID {
			t.Error("a form that is no more hides the others")
		}
		if _, ok := w.For("b", form.Identification, "theirs"); ok {
			t.Error("another account's form")
		}
		if asked := own.Asked("sales"); len(asked) != 2 {
			t.Errorf("asked in sales: %+v", asked)
		}
	})
}

func TestReplace_OneOfTwoWins(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.create(t, form.Survey, draft("Pesquisa"))
		results := make([]error, 2)
		var wg sync.WaitGroup
		for i := range results {
			wg.Go(func() { _, results[i] = w.Replace(t.Context(), "a", f.ID, 1, draft(fmt.Sprint("Pesquisa ", i))) })
		}
		wg.Wait()
		stale := 0
		for _, err := range results {
			if fault.Is(err, fault.StaleWrite) {
				stale++
			} else if err != nil {
				t.Fatal(err)
			}
		}
		if list := w.List("a"); stale != 1 || len(list) != 1 || list[0].Version != 2 {
			t.Errorf("%d were stale, now %+v", stale, list)
		}
		if _, err := w.Replace(t.Context(), "b", f.ID, 2, draft("x")); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account's form: %v", err)
		}
		if err := w.Remove(t.Context(), "b", f.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account's form: %v", err)
		}
		if err := w.Remove(t.Context(), "a", f.ID); err != nil || len(w.List("a")) != 0 {
			t.Errorf("after its removal: %v, %v", err, w.List("a"))
		}
		again := form.NewService(w.Config)
		if err := again.Load(t.Context()); err != nil || len(again.List("a")) != 0 {
			t.Errorf("read again: %v, %v", err, again.List("a"))
		}
	})
}

func TestPutIn_FirstOnceThenByVersion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		d := draft("Atendimento")
		d.CopyTo = "registro@loja.example"
		f := w.create(t, form.Conversation, d)
		put := func(version int64, given map[string]any) (g form.Given, err error) {
			answers, err := f.Check("help", "answers", given)
			if err != nil {
				return g, err
			}
			err = w.store.Write(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
				g, err = w.PutIn(ctx, tx, "a", f, form.Given{SubjectID: "c1", DepartmentID: "help", Answers: answers}, version)
				return err
			})
			return g, err
		}
		for want, given := range map[string]map[string]any{
			"answers.cpf:required":   {"order": "12"},
			"answers.cpf:invalid":    {"cpf": "1"},
			"answers.order:too_long": {"cpf": "52998224725", "order": strings.Repeat("x", 201)},
			"answers.order:invalid":  {"cpf": "52998224725", "order": 12.0},
			"answers.reason:invalid": {"cpf": "52998224725", "reason": "z"},
		} {
			if _, err := put(0, given); wrong(err) != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		first, err := put(0, map[string]any{"cpf": "529.982.247-25", "reason": "b", "other": "not asked"})
		if err != nil || first.Version != 1 || len(first.Answers) != 2 || first.Answers[1].Shown[0].PT != "Outro" {
			t.Fatalf("first %+v, %v", first, err)
		}
		if _, err := put(0, map[string]any{"cpf": "52998224725"}); !fault.Is(err, fault.StaleWrite) {
			t.Errorf("first again: %v", err)
		}
		if second, err := put(1, map[string]any{"cpf": "52998224725", "order": "99"}); err != nil || second.Version != 2 || second.ID != first.ID {
			t.Errorf("second %+v, %v", second, err)
		}
		if _, err := put(1, map[string]any{"cpf": "52998224725"}); !fault.Is(err, fault.StaleWrite) {
			t.Errorf("an old version: %v", err)
		}
		all, err := w.Of(t.Context(), "a", "c1")
		if err != nil || len(all) != 1 || all[0].Answers[1].Value != "99" || all[0].FormName != "Atendimento" {
			t.Errorf("kept %+v, %v", all, err)
		}
		if all, err := w.Of(t.Context(), "b", "c1"); err != nil || len(all) != 0 {
			t.Errorf("another account reads %+v, %v", all, err)
		}
		if len(w.sent) != 1 || w.sent[0].To != "registro@loja.example" || w.sent[0].Text != "CPF: 529.982.247-25\nMotivo: Outro\n" {
			t.Errorf("mails %+v", w.sent)
		}
	})
}
