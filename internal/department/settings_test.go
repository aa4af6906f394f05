package department_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/department"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func settingsOnly(c department.SettingsChanges) department.Changes {
	return department.Changes{Settings: &c}
}

func TestSettings_KeepWhatIsNotChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		account := eventlogtest.Account(t, st, "a")
		sales, support := f.create(t, account, "Vendas"), f.create(t, account, "Suporte")
		if got := f.Settings(account, sales.ID); !reflect.DeepEqual(got, department.DefaultSettings()) {
			t.Errorf("a new department has %+v", got)
		}
		if got := f.Settings(account, "nobody"); !reflect.DeepEqual(got, department.DefaultSettings()) {
			t.Errorf("an unknown department has %+v", got)
		}
		offer, form := 30, "0192f0c1-2a77-7000-8000-000000000001"
		hours := department.Hours{TimeZone: "America/Sao_Paulo", Weekly: []department.Period{
			{Day: 2, From: "09:00", To: "18:00"}, {Day: 1, From: "22:00", To: "06:00"},
		}}
		if _, err := f.Update(t.Context(), account, sales.ID, settingsOnly(department.SettingsChanges{OfferSeconds: &offer, FormID: &form})); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Update(t.Context(), account, sales.ID, settingsOnly(department.SettingsChanges{
			Hours: &hours, Overflow: &department.Overflow{DepartmentID: &support.ID, AfterSeconds: 45},
		})); err != nil {
			t.Fatal(err)
		}
		want := department.DefaultSettings()
		want.OfferSeconds, want.FormID = 30, &form
		want.Overflow = department.Overflow{DepartmentID: &support.ID, AfterSeconds: 45}
		want.Hours = department.Hours{TimeZone: "America/Sao_Paulo", Holidays: []department.Holiday{}, Weekly: []department.Period{
			{Day: 1, From: "22:00", To: "06:00"}, {Day: 2, From: "09:00", To: "18:00"},
		}}
		if got := f.Settings(account, sales.ID); !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if got := newFixture(t, st).Settings(account, sales.ID); !reflect.DeepEqual(got, want) {
			t.Errorf("after a restart: %+v", got)
		}
		none := ""
		got, err := f.Update(t.Context(), account, sales.ID, settingsOnly(department.SettingsChanges{FormID: &none, Overflow: &department.Overflow{AfterSeconds: 9}}))
		if err != nil || got.Settings.FormID != nil || got.Settings.Overflow != (department.Overflow{}) {
			t.Errorf("taken away: %+v, %v", got.Settings, err)
		}
	})
}

func TestSettings_Refuse(t *testing.T) {
	level := func(warn, breach int) *department.ServiceLevel {
		return &department.ServiceLevel{Response: department.Level{Warn: warn, Breach: breach}}
	}
	hours := func(h department.Hours) department.SettingsChanges { return department.SettingsChanges{Hours: &h} }
	many := func(n int) (list []department.Period) {
		for range n {
			list = append(list, department.Period{From: "08:00", To: "09:00"})
		}
		return list
	}
	answer, gone, long, form := 9, 901, 59, "form"
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		account := eventlogtest.Account(t, st, "a")
		sales := f.create(t, account, "Vendas")
		for _, tt := range []struct {
			changes department.SettingsChanges
			fields  string
		}{
			{department.SettingsChanges{AnswerSeconds: &answer, GoneSeconds: &gone, LongestWaitSeconds: &long}, "settings.answer_seconds:too_small settings.longest_wait_seconds:too_small settings.gone_seconds:too_large"},
			{department.SettingsChanges{ServiceLevel: level(60, 60)}, "settings.service_level.response.breach:too_small"},
			{department.SettingsChanges{ServiceLevel: level(-1, 86401)}, "settings.service_level.response.warn:too_small settings.service_level.response.breach:too_large"},
			{department.SettingsChanges{Inactivity: &department.Inactivity{WarnMinutes: 5, EndMinutes: 5}}, "settings.inactivity.end_minutes:too_small"},
			{department.SettingsChanges{FormID: &form}, "settings.form_id:invalid"},
			{department.SettingsChanges{Overflow: &department.Overflow{DepartmentID: &form, AfterSeconds: 4}}, "settings.overflow.department_id:invalid settings.overflow.after_seconds:too_small"},
			{hours(department.Hours{TimeZone: "Local"}), "settings.hours.time_zone:unknown"},
			{hours(department.Hours{TimeZone: "../etc/passwd"}), "settings.hours.time_zone:unknown"},
			{hours(department.Hours{Weekly: many(43)}), "settings.hours.weekly:too_many"},
			{hours(department.Hours{Weekly: []department.Period{{Day: -1, From: "24:00", To: "9:00"}}}), "settings.hours.weekly[0].day:too_small settings.hours.weekly[0].from:invalid settings.hours.weekly[0].to:invalid"},
			{hours(department.Hours{Holidays: make([]department.Holiday, 101)}), "settings.hours.holidays:too_many"},
			{hours(department.Hours{Holidays: []department.Holiday{{Date: "2026-02-30", Name: strings.Repeat("x", 61), From: "08:00"}}}), "settings.hours.holidays[0].name:too_long settings.hours.holidays[0].date:invalid settings.hours.holidays[0].to:invalid"},
			{hours(department.Hours{Holidays: []department.Holiday{{Date: "2026-12-25"}, {Date: "2026-12-25"}}}), "settings.hours.holidays[1].date:taken"},
			{hours(department.Hours{Holidays: []department.Holiday{{Date: "2025-12-25", Yearly: true}, {Date: "2026-12-25", Yearly: true}}}), "settings.hours.holidays[1].date:taken"},
		} {
			if _, err := f.Update(t.Context(), account, sales.ID, settingsOnly(tt.changes)); fields(err) != tt.fields {
				t.Errorf("got %q (%v), want %q", fields(err), err, tt.fields)
			}
		}
		if got := f.Settings(account, sales.ID); !reflect.DeepEqual(got, department.DefaultSettings()) {
			t.Errorf("refusals changed something: %+v", got)
		}
	})
}

// Two administrators who change different parts at once both succeed, or one is told to come again; no change is lost.
func TestSettings_TwoAdministrators(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		account := eventlogtest.Account(t, st, "a")
		sales := f.create(t, account, "Vendas")
		offer, answer := 20, 30
		parts := []department.SettingsChanges{{OfferSeconds: &offer}, {AnswerSeconds: &answer}}
		results := make(chan error, len(parts))
		for _, part := range parts {
			go func() {
				_, err := f.Update(t.Context(), account, sales.ID, settingsOnly(part))
				results <- err
			}()
		}
		stored := 0
		for range parts {
			err := <-results
			var refused *fault.Error
			switch {
			case err == nil:
				stored++
			case !errors.As(err, &refused) || refused.Code != fault.StaleWrite:
				t.Errorf("refused with %v", err)
			}
		}
		got := f.Settings(account, sales.ID)
		changed := 0
		for _, is := range []bool{got.OfferSeconds == offer, got.AnswerSeconds == answer} {
			if is {
				changed++
			}
		}
		if changed != stored || stored == 0 {
			t.Errorf("%d accepted, %d kept", stored, changed)
		}
	})
}

func TestTurned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		account := eventlogtest.Account(t, st, "a")
		sales := f.create(t, account, "Vendas")
		f.create(t, account, "Suporte")
		f.attended[sales.ID] = true
		monday := time.Date(2026, 11, 23, 8, 59, 0, 0, time.UTC)
		f.clock.Set(monday)
		if accounts, next := f.Turned(); accounts != nil || !next.IsZero() {
			t.Errorf("always open, and yet %v turns at %v", accounts, next)
		}
		hours := department.Hours{Weekly: []department.Period{{Day: 1, From: "09:00", To: "18:00"}}}
		if _, err := f.Update(t.Context(), account, sales.ID, settingsOnly(department.SettingsChanges{Hours: &hours})); err != nil {
			t.Fatal(err)
		}
		if d, _ := f.Get(account, sales.ID); d.Open || d.Online || f.Online(account) {
			t.Errorf("a minute before nine: %+v", d)
		}
		accounts, next := f.Turned()
		if !slices.Equal(accounts, []string{account}) || !next.Equal(monday.Add(time.Minute)) {
			t.Errorf("after the change %v, next %v", accounts, next)
		}
		f.clock.Set(next)
		accounts, next = f.Turned()
		if !slices.Equal(accounts, []string{account}) || !next.Equal(time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)) {
			t.Errorf("at nine %v, next %v", accounts, next)
		}
		if d, _ := f.Get(account, sales.ID); !d.Open || !d.Online || !f.Online(account) {
			t.Errorf("at nine: %+v", d)
		}
		f.clock.Set(monday) // a clock that goes back
		if accounts, _ := f.Turned(); !slices.Equal(accounts, []string{account}) || f.Online(account) {
			t.Errorf("after the clock went back: %v", accounts)
		}
	})
}
