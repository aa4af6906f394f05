package grid

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/visitor"
)

func anAgent(t *testing.T, st *store.Store, accountID, id string) {
	t.Helper()
	err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO agents (id, account_id, login, password_hash, name, email, role, active, status, method,
			conversation_limit, preferences, created_at) VALUES (?, ?, ?, '', '', '', 'agent', TRUE, 'online', 'both', 5, '{}', 0)`, id, accountID, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSavedViews(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		var recorder eventlogtest.Recorder
		log := eventlogtest.New(t, st, clock.System{}, recorder.Take)
		views := NewSavedViews(st, log, clock.NewFake(time.UnixMilli(1_000_000)), ident.V7{})
		for _, account := range []string{"a", "b"} {
			eventlogtest.Account(t, st, account)
			for _, name := range []string{"ana-", "bia-"} {
				anAgent(t, st, account, name+account)
			}
		}
		create := func(account, agent, name string, shared bool) SavedView {
			t.Helper()
			v, err := views.Create(t.Context(), account, SavedView{
				AgentID: agent, Name: name, Shared: shared, Definition: Definition{View: View{Text: "cart", Group: "country"}, Columns: []string{"name"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		names := func(account, agent string) (list []string) {
			t.Helper()
			all, err := views.List(t.Context(), account, agent)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range all {
				list = append(list, v.Name)
			}
			return list
		}
		own, shared := create("a", "ana-a", "  mine ", false), create("a", "ana-a", "Ours", true)
		create("b", "ana-b", "Theirs", true)
		if got := names("a", "ana-a"); !slices.Equal(got, []string{"mine", "Ours"}) {
			t.Errorf("Ana sees %v", got)
		}
		if got := names("a", "bia-a"); !slices.Equal(got, []string{"Ours"}) {
			t.Errorf("Bia sees %v", got)
		}
		if list, _ := views.List(t.Context(), "a", "bia-a"); list[0].View.Group != "country" || list[0].View.Text != "cart" || list[0].Columns[0] != "name" {
			t.Errorf("stored as %+v", list[0])
		}

		shared.Name = "Ours, better"
		for agent, want := range map[string]fault.Code{"ana-a": "", "bia-a": fault.NotFound} {
			v := shared
			v.AgentID = agent
			if _, err := views.Save(t.Context(), "a", v); fault.CodeOf(err) != want && (err != nil || want != "") {
				t.Errorf("%s saves a view of Ana: %v, want %q", agent, err, want)
			}
		}
		for _, refused := range []struct {
			account, agent, id string
			supervisor         bool
		}{{"a", "bia-a", shared.ID, false}, {"a", "bia-a", own.ID, true}, {"b", "ana-b", shared.ID, true}} {
			if err := views.Remove(t.Context(), refused.account, refused.agent, refused.id, refused.supervisor); !fault.Is(err, fault.NotFound) {
				t.Errorf("%+v: %v", refused, err)
			}
		}
		if err := views.Remove(t.Context(), "a", "bia-a", shared.ID, true); err != nil {
			t.Errorf("a supervisor removes a shared view: %v", err)
		}
		if err := views.Remove(t.Context(), "a", "ana-a", own.ID, false); err != nil {
			t.Error(err)
		}
		recorder.Kinds(t, log, "a")
		var heard []string
		for _, r := range recorder.Records() {
			if r.AccountID == "a" {
				heard = append(heard, r.Audience)
			}
		}
		if want := []string{"agent:ana-a", "account", "account", "account", "agent:ana-a"}; !slices.Equal(heard, want) {
			t.Errorf("told to %s, want %s", heard, want)
		}
		for i := range MaxSavedViews {
			create("a", "ana-a", fmt.Sprint(i), false)
		}
		if _, err := views.Create(t.Context(), "a", SavedView{AgentID: "ana-a", Name: "one more"}); !fault.Is(err, fault.Validation) {
			t.Errorf("more than the limit: %v", err)
		}
	})
}

func TestSavedViews_RefuseWhatIsOutOfRange(t *testing.T) {
	views := NewSavedViews(nil, nil, clock.System{}, ident.V7{})
	for want, v := range map[string]SavedView{
		"name:required":         {Name: " "},
		"name:too_long":         {Name: strings.Repeat("é", ViewNameMax+1)},
		"view.group:unknown":    {Name: "x", Definition: Definition{View: View{Group: "password"}}},
		"columns:too_many":      {Name: "x", Definition: Definition{Columns: make([]string, MaxViewColumns+1)}},
		"columns:too_long":      {Name: "x", Definition: Definition{Columns: []string{strings.Repeat("x", maxColumnName+1)}}},
		"view.states:unknown":   {Name: "x", Definition: Definition{View: View{States: []string{"asleep"}}}},
		"view.text:too_long":    {Name: "x", Definition: Definition{View: View{Text: strings.Repeat("x", MaxText+1)}}},
		"view.sort:too_many":    {Name: "x", Definition: Definition{View: View{Sort: []Sort{{"n", "asc"}, {"ip", "asc"}, {"name", "asc"}, {"city", "asc"}}}}},
		"view.devices:too_long": {Name: "x", Definition: Definition{View: View{Devices: []string{strings.Repeat("x", 65)}}}},
	} {
		_, err := views.Create(t.Context(), "a", v)
		var f *fault.Error
		if !errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Name+":"+f.Fields[0].Code != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestExport(t *testing.T) {
	tables := New(Options{Clock: clock.NewFake(time.UnixMilli(1_000_000)), byHand: true})
	one, two, three := visit(1), visit(2), visit(3)
	one.Identity = &visitor.Identity{Name: `=HYPERLINK("http://x")`, Fields: []visitor.Field{{Key: "cart", Value: "9,90"}, {Key: "plan", Value: "gold"}}}
	two.Identity = &visitor.Identity{Name: `Ana "A"; B`, Email: "@x"}
	for _, v := range []*visitor.Visit{one, two, three} {
		tables.VisitChanged(v)
	}
	tables.SetNames("account", map[string]string{"site": "-Shop"})
	fields := []ExportColumn{
		{"n", "No."}, {"name", "Nome"}, {"email", "E-mail"}, {"site_id", "Site"}, {"department_id", "Dep."}, {"started_at", "Chegada"}, {"hidden", "Aba"}, {"fields", "Campos"},
	}
	zone := time.FixedZone("", -3*60*60)
	export := func(x Export) string {
		t.Helper()
		x.Zone = zone
		write, err := tables.Export("account", x)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	head := "\ufeffNo.;Nome;E-mail;Site;Dep.;Chegada;Aba;Campos\r\n"
	rows := "3;\"Maria \"\"M\"\"\";maria@example.com;'-Shop;;1969-12-31 21:00:03;true;plan: gold\r\n" +
		"2;\"Ana \"\"A\"\"; B\";'@x;'-Shop;;1969-12-31 21:00:02;true;\r\n" +
		"1;\"'=HYPERLINK(\"\"http://x\"\")\";;'-Shop;;1969-12-31 21:00:01;true;\"cart: 9,90; plan: gold\"\r\n"
	got := export(Export{View: View{Sort: []Sort{{"n", "desc"}}, Text: "a", Group: ""}, Columns: fields, Separator: "semicolon"})
	if got != head+rows {
		t.Errorf("got %q\nwant %q", got, head+rows)
	}
	if got := export(Export{View: View{Group: "country", Sort: []Sort{{"n", "asc"}}}, Columns: fields[:1]}); got != "\ufeffNo.\r\n1\r\n2\r\n3\r\n" {
		t.Errorf("grouped: %q", got)
	}
	for _, x := range []Export{{}, {Columns: []ExportColumn{{"password", "P"}}}, {Columns: make([]ExportColumn, MaxExportColumns+1)}, {Columns: fields, View: View{Group: "x"}}} {
		if _, err := tables.Export("account", x); !fault.Is(err, fault.Validation) {
			t.Errorf("%+v: %v", x, err)
		}
	}
}
