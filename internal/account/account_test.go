package account_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/account"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

var morning = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// fixture is a service with its log, as app builds it.
type fixture struct {
	*account.Service
	log      *eventlog.Log
	recorder eventlogtest.Recorder
}

func newFixture(t *testing.T, st *store.Store) *fixture {
	t.Helper()
	f := &fixture{}
	var heard func(eventlog.Record)
	f.log = eventlogtest.New(t, st, clock.System{}, f.recorder.Take, func(r eventlog.Record) { heard(r) })
	f.Service = account.NewService(st, f.log, clock.NewFake(morning), ident.V7{})
	heard = f.Heard
	if err := f.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f
}

func lantern() account.New {
	return account.New{Name: " Loja Lanterna ", TimeZone: "America/Sao_Paulo", Language: account.Portuguese}
}

func fields(err error) string {
	var refused *fault.Error
	if !errors.As(err, &refused) {
		return ""
	}
	names := make([]string, len(refused.Fields))
	for i, f := range refused.Fields {
		names[i] = f.Name + ":" + f.Code
	}
	return strings.Join(names, " ")
}

func TestCreate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		made, err := f.Create(t.Context(), lantern())
		if err != nil {
			t.Fatal(err)
		}
		want := account.Account{
			ID: made.ID, Name: "Loja Lanterna", TimeZone: "America/Sao_Paulo", Language: "pt", Active: true,
			CreatedAt: morning.UnixMilli(),
		}
		if made != want {
			t.Errorf("got %+v, want %+v", made, want)
		}
		if got, err := f.Get(t.Context(), made.ID); err != nil || got != want {
			t.Errorf("Get: %+v, %v", got, err)
		}
		if kinds := f.recorder.Kinds(t, f.log, made.ID); len(kinds) != 1 || kinds[0] != account.SavedKind {
			t.Errorf("events %v", kinds)
		}
		if all, err := f.All(t.Context()); err != nil || len(all) != 1 || all[0] != want {
			t.Errorf("All: %+v, %v", all, err)
		}
	})
}

func TestNew_Check(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*account.New)
		fields string
	}{
		{"fine", func(*account.New) {}, ""},
		{"no name", func(n *account.New) { n.Name = "  " }, "name:required"},
		{"long name", func(n *account.New) { n.Name = strings.Repeat("a", 81) }, "name:too_long"},
		{"language", func(n *account.New) { n.Language = "fr" }, "language:not_allowed"},
		{"unknown zone", func(n *account.New) { n.TimeZone = "America/Atlantis" }, "time_zone:unknown"},
		{"server's zone", func(n *account.New) { n.TimeZone = "Local" }, "time_zone:unknown"},
		{"no zone", func(n *account.New) { n.TimeZone = "" }, "time_zone:unknown"},
		{"a path", func(n *account.New) { n.TimeZone = "../../etc/passwd" }, "time_zone:unknown"},
		{"all at once", func(n *account.New) { *n = account.New{} }, "name:required language:not_allowed time_zone:unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := lantern()
			tt.change(&n)
			if _, err := n.Check(); fields(err) != tt.fields {
				t.Errorf("got %q, want %q", fields(err), tt.fields)
			}
		})
	}
}

func TestUpdate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		made, err := f.Create(t.Context(), lantern())
		if err != nil {
			t.Fatal(err)
		}
		zone, off := "America/Manaus", false
		got, err := f.Update(t.Context(), made.ID, account.Changes{TimeZone: &zone, Active: &off})
		want := made
		want.TimeZone, want.Active = zone, false
		if err != nil || got != want {
			t.Fatalf("got %+v, %v; want %+v", got, err, want)
		}
		if held, err := f.Get(t.Context(), made.ID); err != nil || held != want {
			t.Errorf("held in memory: %+v, %v", held, err)
		}
		bad := "Mars/Base"
		if _, err := f.Update(t.Context(), made.ID, account.Changes{TimeZone: &bad}); fields(err) != "time_zone:unknown" {
			t.Errorf("bad zone: %v", err)
		}
		if _, err := f.Update(t.Context(), "nobody", account.Changes{Active: &off}); !fault.Is(err, fault.NotFound) {
			t.Errorf("unknown account: %v", err)
		}
		if _, err := f.Get(t.Context(), "nobody"); !fault.Is(err, fault.NotFound) {
			t.Errorf("get an unknown account: %v", err)
		}
	})
}

// setUp does what the set-up does: takes the token and makes the first account in one write.
func setUp(t *testing.T, f *fixture, st *store.Store, token string) error {
	t.Helper()
	return st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		if err := f.TakeSetupToken(ctx, tx, token); err != nil {
			return err
		}
		_, err := f.CreateIn(ctx, tx, lantern())
		return err
	})
}

func TestSetupToken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		first, err := f.PrepareSetup(t.Context())
		if err != nil || len(first) < 32 {
			t.Fatalf("%q, %v", first, err)
		}
		token, err := f.PrepareSetup(t.Context())
		if err != nil || token == first {
			t.Fatalf("a second start gave %q, %v", token, err)
		}
		for _, wrong := range []string{"", first, token + "x"} {
			if err := f.CheckSetupToken(t.Context(), wrong); !fault.Is(err, fault.SetupTokenInvalid) {
				t.Errorf("check %q: %v", wrong, err)
			}
			if err := setUp(t, f, st, wrong); !fault.Is(err, fault.SetupTokenInvalid) {
				t.Errorf("take %q: %v", wrong, err)
			}
		}
		if err := f.CheckSetupToken(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		results := make([]error, 4)
		for i := range results {
			wg.Go(func() { results[i] = setUp(t, f, st, token) })
		}
		wg.Wait()
		won := 0
		for _, err := range results {
			if err == nil {
				won++
			} else if code := fault.CodeOf(err); code != fault.SetupDone && code != fault.SetupTokenInvalid {
				t.Errorf("a loser got %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d set-ups won, want 1", won)
		}
		if needed, err := f.SetupNeeded(t.Context()); err != nil || needed {
			t.Errorf("needed %v, %v", needed, err)
		}
		if again, err := f.PrepareSetup(t.Context()); err != nil || again != "" {
			t.Errorf("prepared again: %q, %v", again, err)
		}
		if err := f.CheckSetupToken(t.Context(), token); !fault.Is(err, fault.SetupDone) {
			t.Errorf("checked again: %v", err)
		}
	})
}

func TestPrepareSetup_KeepsOnlyTheHash(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		token, err := f.PrepareSetup(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var n int
		if err := st.Read().QueryRow(t.Context(), "SELECT COUNT(*) FROM settings WHERE value = ?", token).Scan(&n); err != nil || n != 0 {
			t.Errorf("the token stands in the clear %d times, %v", n, err)
		}
	})
}
