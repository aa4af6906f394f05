package account_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aceno-chat/aceno/internal/account"
)

func TestDayStart(t *testing.T) {
	tests := []struct{ name, zone, now, want string }{
		{"plain", "America/Sao_Paulo", "2026-03-10T15:00:00-03:00", "2026-03-10T00:00:00-03:00"},
		{"late evening is not tomorrow in UTC", "America/Sao_Paulo", "2026-03-10T23:30:00-03:00", "2026-03-10T00:00:00-03:00"},
		{"midnight itself", "America/Sao_Paulo", "2026-03-10T00:00:00-03:00", "2026-03-10T00:00:00-03:00"},
		{"clocks jump over midnight", "America/Sao_Paulo", "2018-11-04T12:00:00-02:00", "2018-11-04T01:00:00-02:00"},
		{"just after that jump", "America/Sao_Paulo", "2018-11-04T01:00:00-02:00", "2018-11-04T01:00:00-02:00"},
		{"clocks repeat the hour before midnight", "America/Sao_Paulo", "2018-02-18T12:00:00-03:00", "2018-02-18T00:00:00-03:00"},
		{"midnight happens twice", "America/Havana", "2025-11-02T12:00:00-05:00", "2025-11-02T00:00:00-04:00"},
		{"spring forward after midnight", "Europe/Lisbon", "2026-03-29T12:00:00+01:00", "2026-03-29T00:00:00+00:00"},
		{"ahead of UTC", "Pacific/Auckland", "2026-01-01T00:30:00+13:00", "2026-01-01T00:00:00+13:00"},
		{"half-hour zone", "Asia/Kolkata", "2026-01-01T00:10:00+05:30", "2026-01-01T00:00:00+05:30"},
		{"after a day that never was", "Pacific/Apia", "2011-12-31T10:00:00+14:00", "2011-12-31T00:00:00+14:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := instant(t, tt.now)
			got := account.DayStart(account.Account{TimeZone: tt.zone}, now)
			if got.Format(time.DateOnly) != account.Day(account.Account{TimeZone: tt.zone}, now) {
				t.Errorf("%s is not given in the account's zone", got)
			}
			if want := instant(t, tt.want); !got.Equal(want) {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestDayStart_BeginsTheDate(t *testing.T) {
	zones := []string{
		"America/Sao_Paulo", "America/Havana", "America/Asuncion", "America/Santiago", "Atlantic/Azores", "Asia/Beirut",
		"Africa/Cairo", "Europe/Berlin", "Australia/Lord_Howe", "America/Nuuk", "UTC",
	}
	rapid.Check(t, func(t *rapid.T) {
		a := account.Account{TimeZone: rapid.SampledFrom(zones).Draw(t, "zone")}
		now := time.UnixMilli(rapid.Int64Range(1_300_000_000_000, 2_000_000_000_000).Draw(t, "now"))
		start := account.DayStart(a, now)
		if start.After(now) {
			t.Fatalf("%s begins after %s", start, now)
		}
		if got, want := account.Day(a, start), account.Day(a, now); got != want {
			t.Fatalf("begins on %s, want %s", got, want)
		}
		if before := account.Day(a, start.Add(-time.Millisecond)); before >= account.Day(a, now) {
			t.Fatalf("the millisecond before %s is already %s", start, before)
		}
	})
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
