package department_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aceno-chat/aceno/internal/department"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func at(t testing.TB, text string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

// 2026-11-23 is a Monday. São Paulo has been at -03:00 without daylight saving since 2019; New York leaves it on 2026-11-01 at 02:00
// and enters it on 2027-03-14 at 02:00.
func TestHours_Open(t *testing.T) {
	const saoPaulo, newYork = "America/Sao_Paulo", "America/New_York"
	office := department.Hours{Weekly: []department.Period{
		{Day: 1, From: "08:00", To: "12:00"}, {Day: 1, From: "13:00", To: "18:00"}, {Day: 2, From: "08:00", To: "18:00"},
	}}
	with := func(h department.Hours, list ...department.Holiday) department.Hours {
		h.Holidays = list
		return h
	}
	night := department.Hours{Weekly: []department.Period{{Day: 5, From: "22:00", To: "06:00"}}}
	always := department.Hours{}
	around := department.Hours{Weekly: []department.Period{
		{Day: 0, From: "00:00", To: "00:00"},
		{Day: 1, From: "00:00", To: "00:00"},
		{Day: 2, From: "00:00", To: "00:00"},
		{Day: 3, From: "00:00", To: "00:00"},
		{Day: 4, From: "00:00", To: "00:00"},
		{Day: 5, From: "00:00", To: "12:00"},
		{Day: 5, From: "10:00", To: "00:00"},
		{Day: 6, From: "00:00", To: "00:00"},
	}}
	weekend := department.Hours{TimeZone: newYork, Weekly: []department.Period{{Day: 0, From: "01:30", To: "03:00"}}}
	gap := department.Hours{TimeZone: newYork, Weekly: []department.Period{{Day: 0, From: "02:30", To: "04:00"}}}
	within := department.Hours{TimeZone: newYork, Weekly: []department.Period{{Day: 0, From: "02:10", To: "02:40"}}}
	for _, tt := range []struct {
		name, zone, at string
		hours          department.Hours
		open           bool
		next           string
	}{
		{"always", saoPaulo, "2026-11-23T03:00:00-03:00", always, true, ""},
		{"always, said by the week", saoPaulo, "2026-11-23T03:00:00-03:00", around, true, ""},
		{"before the morning", saoPaulo, "2026-11-23T07:59:59-03:00", office, false, "2026-11-23T08:00:00-03:00"},
		{"the first instant", saoPaulo, "2026-11-23T08:00:00-03:00", office, true, "2026-11-23T12:00:00-03:00"},
		{"the last instant is out", saoPaulo, "2026-11-23T12:00:00-03:00", office, false, "2026-11-23T13:00:00-03:00"},
		{"after Tuesday comes Monday", saoPaulo, "2026-11-24T18:00:00-03:00", office, false, "2026-11-30T08:00:00-03:00"},
		{"another zone's clock", "UTC", "2026-11-23T07:59:59-03:00", office, true, "2026-11-23T09:00:00-03:00"},
		{"its own zone, whatever the account's", "UTC", "2026-11-23T07:00:00-03:00", department.Hours{TimeZone: saoPaulo, Weekly: office.Weekly}, false, "2026-11-23T08:00:00-03:00"},
		{"past midnight, the evening", saoPaulo, "2026-11-27T23:00:00-03:00", night, true, "2026-11-28T06:00:00-03:00"},
		{"past midnight, the morning", saoPaulo, "2026-11-28T05:59:59-03:00", night, true, "2026-11-28T06:00:00-03:00"},
		{"past midnight, over", saoPaulo, "2026-11-28T06:00:00-03:00", night, false, "2026-12-04T22:00:00-03:00"},
		{"a holiday", saoPaulo, "2026-11-23T09:00:00-03:00", with(office, department.Holiday{Date: "2026-11-23"}), false, "2026-11-24T08:00:00-03:00"},
		{"a holiday with hours", saoPaulo, "2026-11-23T11:00:00-03:00", with(office, department.Holiday{Date: "2026-11-23", From: "10:00", To: "14:00"}), true, "2026-11-23T14:00:00-03:00"},
		{"a holiday every year", saoPaulo, "2026-11-23T09:00:00-03:00", with(office, department.Holiday{Date: "2020-11-23", Yearly: true}), false, "2026-11-24T08:00:00-03:00"},
		{"a holiday every year begins with its first", saoPaulo, "2026-11-23T09:00:00-03:00", with(office, department.Holiday{Date: "2027-11-23", Yearly: true}), true, "2026-11-23T12:00:00-03:00"},
		{"this year otherwise than every year", saoPaulo, "2026-11-23T09:00:00-03:00", with(office, department.Holiday{Date: "2020-11-23", Yearly: true}, department.Holiday{Date: "2026-11-23", From: "09:00", To: "10:00"}), true, "2026-11-23T10:00:00-03:00"},
		{"a holiday ends the night before at midnight", saoPaulo, "2026-11-27T23:00:00-03:00", with(night, department.Holiday{Date: "2026-11-28"}), true, "2026-11-28T00:00:00-03:00"},
		{"always but on holidays", saoPaulo, "2026-11-23T09:00:00-03:00", with(always, department.Holiday{Date: "2026-12-25"}), true, "2026-12-25T00:00:00-03:00"},
		{"always but today", saoPaulo, "2026-12-25T09:00:00-03:00", with(always, department.Holiday{Date: "2026-12-25"}), false, "2026-12-26T00:00:00-03:00"},
		{"an hour that comes twice opens at its first", newYork, "2026-11-01T01:29:59-04:00", weekend, false, "2026-11-01T01:30:00-04:00"},
		{"and lasts through both", newYork, "2026-11-01T01:10:00-05:00", weekend, true, "2026-11-01T03:00:00-05:00"},
		{"a minute that does not exist opens at the jump", newYork, "2027-03-14T01:59:59-05:00", gap, false, "2027-03-14T03:00:00-04:00"},
		{"and closes as it says", newYork, "2027-03-14T03:00:00-04:00", gap, true, "2027-03-14T04:00:00-04:00"},
		{"hours wholly within the jump are not", newYork, "2027-03-13T12:00:00-05:00", within, false, "2027-03-21T02:10:00-04:00"},
		// In 2018 São Paulo's clocks went from 00:00 to 01:00 on November 4th: that day has no midnight.
		{"a day without midnight", saoPaulo, "2018-11-03T23:00:00-03:00", department.Hours{Weekly: []department.Period{{Day: 0, From: "00:00", To: "02:00"}}}, false, "2018-11-04T01:00:00-02:00"},
		{"through a midnight that is not", saoPaulo, "2018-11-03T12:00:00-03:00", department.Hours{Weekly: []department.Period{{Day: 6, From: "00:00", To: "00:00"}, {Day: 0, From: "00:00", To: "02:00"}}}, true, "2018-11-04T02:00:00-02:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			open, next := tt.hours.Open(at(t, tt.at), zone(t, tt.zone))
			want := time.Time{}
			if tt.next != "" {
				want = at(t, tt.next)
			}
			if open != tt.open || !next.Equal(want) {
				t.Errorf("got %v until %v, want %v until %v", open, next.In(zone(t, saoPaulo)), tt.open, tt.next)
			}
		})
	}
}

// What Open says of a moment holds until the change it names, and not beyond; minute by minute it is what the clocks on the wall say.
func TestHours_OpenHolds(t *testing.T) {
	zones := []string{"America/Sao_Paulo", "America/New_York", "Europe/Lisbon", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"}
	clockText := rapid.Custom(func(r *rapid.T) string {
		minute := rapid.IntRange(0, 95).Draw(r, "quarter") * 15
		return time.Date(0, 1, 1, 0, minute, 0, 0, time.UTC).Format("15:04")
	})
	rapid.Check(t, func(r *rapid.T) {
		z := zone(t, rapid.SampledFrom(zones).Draw(r, "zone"))
		start := time.Date(2026, time.Month(rapid.IntRange(1, 12).Draw(r, "month")), rapid.IntRange(1, 28).Draw(r, "date"), 0, 0, 0, 0, time.UTC)
		h := department.Hours{Weekly: rapid.SliceOfN(rapid.Custom(func(r *rapid.T) department.Period {
			return department.Period{Day: rapid.IntRange(0, 6).Draw(r, "day"), From: clockText.Draw(r, "from"), To: clockText.Draw(r, "to")}
		}), 0, 6).Draw(r, "weekly")}
		for range rapid.IntRange(0, 3).Draw(r, "holidays") {
			h.Holidays = append(h.Holidays, department.Holiday{Date: start.AddDate(0, 0, rapid.IntRange(-1, 6).Draw(r, "holiday")).Format(time.DateOnly)})
		}
		open, next := h.Open(start, z)
		for now := start; now.Before(start.Add(3 * 24 * time.Hour)); now = now.Add(15 * time.Minute) {
			if !next.IsZero() && !now.Before(next) {
				open = !open
				if again, _ := h.Open(next, z); again != open {
					r.Fatalf("%v: said to change to %v, and did not", next, open)
				}
				_, next = h.Open(next, z)
			}
			got, until := h.Open(now, z)
			if got != open || !until.Equal(next) {
				r.Fatalf("%v: %v until %v, the moment before said %v until %v", now.In(z), got, until, open, next)
			}
		}
	})
}
