package department_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/department"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// attended is the set of departments somebody able serves.
type attended map[string]bool

func (a attended) DepartmentOnline(id string) bool { return a[id] }

type fixture struct {
	*department.Service
	clock    *clock.Fake
	log      *eventlog.Log
	attended attended
	recorder eventlogtest.Recorder
}

func newFixture(t *testing.T, st *store.Store) *fixture {
	t.Helper()
	f := &fixture{attended: attended{}, clock: clock.NewFake(time.UnixMilli(1))}
	var heard func(eventlog.Record)
	f.log = eventlogtest.New(t, st, clock.System{}, f.recorder.Take, func(r eventlog.Record) { heard(r) })
	f.Service = department.NewService(st, f.log, f.clock, ident.V7{}, f.attended, func(string) *time.Location { return time.UTC })
	heard = f.Heard
	if err := f.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *fixture) create(t *testing.T, account, name string) department.Department {
	t.Helper()
	d, err := f.Create(t.Context(), account, department.New{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func names(list []department.Department) []string {
	out := make([]string, len(list))
	for i, d := range list {
		out[i] = d.Name
	}
	return out
}

func fields(err error) string {
	var refused *fault.Error
	if !errors.As(err, &refused) {
		return ""
	}
	out := make([]string, len(refused.Fields))
	for i, f := range refused.Fields {
		out[i] = f.Name + ":" + f.Code
	}
	return strings.Join(out, " ")
}

func TestCreate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		account := eventlogtest.Account(t, st, "a")
		sales := f.create(t, account, " Vendas ")
		want := department.Department{ID: sales.ID, Name: "Vendas", DisplayName: "Vendas", Active: true, Open: true, Settings: department.DefaultSettings()}
		if !reflect.DeepEqual(sales, want) {
			t.Errorf("got %+v, want %+v", sales, want)
		}
		if support := f.create(t, account, "Suporte"); support.Position != 1 {
			t.Errorf("the second stands at %d, want behind the first", support.Position)
		}
		if _, err := f.Create(t.Context(), account, department.New{Name: "Vendas"}); fields(err) != "name:taken" {
			t.Errorf("a name twice: %v", err)
		}
		if kinds := f.recorder.Kinds(t, f.log, account); !slices.Equal(kinds, []string{department.SavedKind, department.SavedKind}) {
			t.Errorf("events %v", kinds)
		}
		// Another account may use the name, and neither sees the other's.
		other := eventlogtest.Account(t, st, "b")
		theirs := f.create(t, other, "Vendas")
		if got := names(f.List(account)); !slices.Equal(got, []string{"Vendas", "Suporte"}) {
			t.Errorf("list %v", got)
		}
		if _, ok := f.Get(account, theirs.ID); ok {
			t.Error("an account sees another's department")
		}
	})
}

func TestCreate_Validates(t *testing.T) {
	far := 1001
	for _, tt := range []struct {
		name   string
		in     department.New
		fields string
	}{
		{"empty", department.New{}, "name:required"},
		{"long", department.New{
			Name: strings.Repeat("a", 61), DisplayName: strings.Repeat("b", 61), Description: strings.Repeat("c", 401), Position: &far,
		}, "name:too_long display_name:too_long description:too_long position:too_large"},
		{
			"controls",
			department.New{Name: "a\x00", Description: "fine\nhere, not here\x07"},
			"name:control_characters description:control_characters",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := tt.in.Check(); fields(err) != tt.fields {
				t.Errorf("got %q, want %q", fields(err), tt.fields)
			}
		})
	}
}

func TestUpdate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		account := eventlogtest.Account(t, st, "a")
		sales, support := f.create(t, account, "Vendas"), f.create(t, account, "Suporte")

		first, off, renamed := 0, false, "Apoio"
		if _, err := f.Update(t.Context(), account, sales.ID, department.Changes{Active: &off}); err != nil {
			t.Fatal(err)
		}
		got, err := f.Update(t.Context(), account, support.ID, department.Changes{Name: &renamed, Position: &first})
		if err != nil || got.Name != "Apoio" || got.DisplayName != "Suporte" || got.Position != 0 || !got.Active {
			t.Fatalf("got %+v, %v", got, err)
		}
		if got := names(f.List(account)); !slices.Equal(got, []string{"Apoio", "Vendas"}) {
			t.Errorf("list %v", got)
		}

		taken, long, empty := "Vendas", strings.Repeat("x", 401), ""
		for _, tt := range []struct {
			changes department.Changes
			fields  string
		}{
			{department.Changes{Name: &taken}, "name:taken"},
			{department.Changes{Name: &empty, Description: &long}, "name:required description:too_long"},
			{department.Changes{DisplayName: &empty}, "display_name:required"},
		} {
			if _, err := f.Update(t.Context(), account, support.ID, tt.changes); fields(err) != tt.fields {
				t.Errorf("got %v, want %s", err, tt.fields)
			}
		}
		other := eventlogtest.Account(t, st, "b")
		if _, err := f.Update(t.Context(), other, support.ID, department.Changes{Active: &off}); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account's department: %v", err)
		}
		if kinds := f.recorder.Kinds(t, f.log, account); len(kinds) != 4 {
			t.Errorf("events %v, want two made and two changed", kinds)
		}
	})
}

func TestOnline(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		account := eventlogtest.Account(t, st, "a")
		sales := f.create(t, account, "Vendas")
		if f.Online(account) || f.List(account)[0].Online {
			t.Error("online though nobody attends")
		}
		f.attended[sales.ID] = true
		if d, _ := f.Get(account, sales.ID); !d.Online || !f.Online(account) {
			t.Error("not online though somebody attends")
		}
		off := false
		if _, err := f.Update(t.Context(), account, sales.ID, department.Changes{Active: &off}); err != nil {
			t.Fatal(err)
		}
		if f.Online(account) {
			t.Error("online though switched off")
		}
	})
}

func TestLoad_KnowsWhatWasThere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		account := eventlogtest.Account(t, st, "a")
		sales := newFixture(t, st).create(t, account, "Vendas")
		if got := newFixture(t, st).List(account); len(got) != 1 || !reflect.DeepEqual(got[0], sales) {
			t.Errorf("after a restart: %+v", got)
		}
	})
}

func TestInAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		account, other := eventlogtest.Account(t, st, "a"), eventlogtest.Account(t, st, "b")
		mine, theirs := f.create(t, account, "Vendas").ID, f.create(t, other, "Vendas").ID
		for _, tt := range []struct {
			ids  []string
			want bool
		}{{nil, true}, {[]string{mine}, true}, {[]string{mine, theirs}, false}, {[]string{"nothing"}, false}} {
			var got bool
			err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				var err error
				got, err = f.InAccount(ctx, tx, account, tt.ids)
				return err
			})
			if err != nil || got != tt.want {
				t.Errorf("%v: %v, %v; want %v", tt.ids, got, err, tt.want)
			}
		}
	})
}
