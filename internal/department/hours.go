package department

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Limits of the hours.
const (
	PeriodsMax     = 42
	HolidaysMax    = 100
	HolidayNameMax = 60
	ZoneMax        = 64
)

// Hours says when a department attends (T184, T224).
type Hours struct {
	TimeZone string    `json:"time_zone" maxLength:"64" doc:"IANA name, as America/Sao_Paulo; empty is the account's."`
	Weekly   []Period  `json:"weekly" nullable:"false" maxItems:"42" doc:"Empty: always open."`
	Holidays []Holiday `json:"holidays" nullable:"false" maxItems:"100" doc:"Dates on which other hours hold, or none."`
}

// Period is a part of a week, by the clocks of the time zone. It belongs to the day on which it begins.
type Period struct {
	Day  int    `json:"day" minimum:"0" maximum:"6" doc:"0 is Sunday."`
	From string `json:"from" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" patternDescription:"HH:MM"`
	To   string `json:"to" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" patternDescription:"HH:MM" doc:"Not after from: on the next day. 00:00 to 00:00 is a whole day."`
}

// Holiday is a date whose hours replace those of its weekday. What was open the evening before closes at its midnight.
type Holiday struct {
	Date   string `json:"date" format:"date" doc:"YYYY-MM-DD"`
	Name   string `json:"name" maxLength:"60"`
	Yearly bool   `json:"yearly" required:"false" doc:"On this day and month of every year."`
	From   string `json:"from,omitempty" maxLength:"5" doc:"HH:MM; empty with to: closed all day."`
	To     string `json:"to,omitempty" maxLength:"5" doc:"HH:MM"`
}

// check returns the hours as they will be stored, in the order of the week and of the year; name is what the faults stand below.
func (h Hours) check(c *field.Check, name string) Hours {
	if _, err := time.LoadLocation(h.TimeZone); err != nil || h.TimeZone == "Local" || len(h.TimeZone) > ZoneMax {
		c.Refuse(name+".time_zone", fault.FieldUnknown, nil)
	}
	if len(h.Weekly) > PeriodsMax {
		c.Refuse(name+".weekly", fault.FieldTooMany, PeriodsMax)
		h.Weekly = nil
	}
	if len(h.Holidays) > HolidaysMax {
		c.Refuse(name+".holidays", fault.FieldTooMany, HolidaysMax)
		h.Holidays = nil
	}
	h.Weekly, h.Holidays = append([]Period{}, h.Weekly...), append([]Holiday{}, h.Holidays...)
	for i, p := range h.Weekly {
		at := fmt.Sprintf("%s.weekly[%d].", name, i)
		c.Between(at+"day", p.Day, 0, 6)
		checkMinute(c, at+"from", p.From)
		checkMinute(c, at+"to", p.To)
	}
	days := map[string]bool{}
	for i := range h.Holidays {
		h.Holidays[i].check(c, fmt.Sprintf("%s.holidays[%d].", name, i))
		key := h.Holidays[i].key()
		if days[key] {
			c.Refuse(fmt.Sprintf("%s.holidays[%d].date", name, i), fault.FieldTaken, nil)
		}
		days[key] = true
	}
	if c.Err() == nil {
		slices.SortStableFunc(h.Weekly, func(a, b Period) int { return strings.Compare(a.key(), b.key()) })
		slices.SortStableFunc(h.Holidays, func(a, b Holiday) int { return strings.Compare(a.Date, b.Date) })
	}
	return h
}

func (p Period) key() string { return strconv.Itoa(p.Day) + p.From }

func (d *Holiday) check(c *field.Check, at string) {
	d.Name = c.Line(at+"name", d.Name, 0, HolidayNameMax)
	if _, err := time.Parse(time.DateOnly, d.Date); err != nil {
		c.Refuse(at+"date", fault.FieldInvalid, nil)
	}
	if d.From == "" && d.To == "" {
		return
	}
	checkMinute(c, at+"from", d.From)
	checkMinute(c, at+"to", d.To)
}

// key is the date that two holidays must not share.
func (d Holiday) key() string {
	if d.Yearly && len(d.Date) == len(time.DateOnly) {
		return d.Date[len("2006-"):]
	}
	return d.Date
}

func checkMinute(c *field.Check, name, value string) {
	if _, ok := minuteOf(value); !ok {
		c.Refuse(name, fault.FieldInvalid, "HH:MM")
	}
}

const minutesOfDay = 24 * 60

// minuteOf reads 00:00 to 23:59 as the minute of the day.
func minuteOf(value string) (int, bool) {
	t, err := time.Parse("15:04", value)
	return t.Hour()*60 + t.Minute(), err == nil && len(value) == len("15:04")
}

// horizon is how far Open looks for the next change, in days: more than a year, so that a yearly holiday is found.
const horizon = 400

// Open says whether the hours include t, and when that changes next; the zero time when it does not within a year. account is the
// time zone that holds when the hours name none.
//
// Where clocks jump ahead, a time that does not exist is the moment of the jump; where they go back, a time that exists twice opens
// at its first and closes at its second.
func (h Hours) Open(t time.Time, account *time.Location) (open bool, next time.Time) {
	if len(h.Weekly) == 0 && len(h.Holidays) == 0 {
		return true, time.Time{}
	}
	zone := h.zone(account)
	year, month, day := t.In(zone).Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	var until time.Time // the end of the stretch that contains t
	for i := -1; i < horizon; i++ {
		for _, s := range h.stretches(today.AddDate(0, 0, i), zone) {
			switch {
			case !s.to.After(t):
			case until.IsZero() && !s.from.After(t):
				until = s.to
			case until.IsZero():
				return false, s.from
			case s.from.After(until):
				return true, until
			case s.to.After(until):
				until = s.to
			}
		}
		if !until.IsZero() && until.Before(instant(today.AddDate(0, 0, i), minutesOfDay, zone, false)) {
			return true, until // nothing of a later day can begin before it
		}
	}
	return !until.IsZero(), time.Time{}
}

func (h Hours) zone(account *time.Location) *time.Location {
	if h.TimeZone == "" {
		return account
	}
	zone, err := time.LoadLocation(h.TimeZone)
	if err != nil {
		return account // a zone that this machine's database has no more
	}
	return zone
}

// stretch is a piece of time in which the department is open.
type stretch struct{ from, to time.Time }

// stretches returns what begins on a date, in order. A date is its midnight in UTC.
func (h Hours) stretches(date time.Time, zone *time.Location) []stretch {
	var periods []Period
	if holiday, ok := h.holiday(date); ok {
		if holiday.From != "" {
			periods = []Period{{From: holiday.From, To: holiday.To}}
		}
	} else if len(h.Weekly) == 0 {
		periods = []Period{{From: "00:00", To: "00:00"}}
	} else {
		for _, p := range h.Weekly {
			if p.Day == int(date.Weekday()) {
				periods = append(periods, p)
			}
		}
	}
	list := make([]stretch, 0, len(periods))
	for _, p := range periods {
		from, _ := minuteOf(p.From)
		to, _ := minuteOf(p.To)
		if to <= from {
			if to += minutesOfDay; to > minutesOfDay {
				if _, cut := h.holiday(date.AddDate(0, 0, 1)); cut {
					to = minutesOfDay
				}
			}
		}
		s := stretch{instant(date, from, zone, false), instant(date, to, zone, to%minutesOfDay != 0)}
		if s.to.After(s.from) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b stretch) int { return a.from.Compare(b.from) })
	return list
}

// holiday returns what holds on a date instead of the week's hours. One of that very date goes before a yearly one.
func (h Hours) holiday(date time.Time) (found Holiday, ok bool) {
	want := date.Format(time.DateOnly)
	for _, d := range h.Holidays {
		switch {
		case d.Date == want:
			return d, true
		case d.Yearly && len(d.Date) == len(want) && d.Date[len("2006"):] == want[len("2006"):] && d.Date < want:
			found, ok = d, true
		}
	}
	return found, ok
}

// instant returns the moment at which the clocks of a zone show a minute of a date, which may be past its midnight. Of two such
// moments it is the first, or the last; where there is none, it is that of the jump.
func instant(date time.Time, minute int, zone *time.Location, last bool) time.Time {
	wall := date.Add(time.Duration(minute) * time.Minute)
	var found time.Time
	for _, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := wall.Add(near).In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second)
		if _, is := at.In(zone).Zone(); is == offset && (found.IsZero() || last == at.After(found)) {
			found = at
		}
	}
	if !found.IsZero() {
		return found
	}
	_, before := wall.Add(-24 * time.Hour).In(zone).Zone()
	jump, _ := wall.Add(-time.Duration(before) * time.Second).In(zone).ZoneBounds()
	return jump.UTC()
}
