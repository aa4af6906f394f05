package trigger

import (
	"strconv"
	"strings"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

const (
	minutesOfDay  = 24 * 60
	minutesOfWeek = 7 * minutesOfDay
	wordBits      = 64
)

// checkHours refuses what is not a beginning and an end of a part of the day. An end before the beginning is past midnight.
func checkHours(c *field.Check, name string, values []string) {
	if len(values) != 2 {
		c.Refuse(name, fault.FieldInvalid, "08:00, 18:00")
		return
	}
	from, ok1 := minuteOf(values[0])
	to, ok2 := minuteOf(values[1])
	if !ok1 || !ok2 {
		c.Refuse(name, fault.FieldInvalid, "08:00, 18:00")
		return
	}
	if from == to || from == minutesOfDay {
		c.Refuse(name, fault.FieldContradiction, nil)
	}
}

// minuteOf reads 00:00 to 24:00 as the minute of the day.
func minuteOf(value string) (int, bool) {
	hour, minute, ok := strings.Cut(value, ":")
	if !ok || len(hour) != 2 || len(minute) != 2 {
		return 0, false
	}
	h, err1 := strconv.ParseUint(hour, 10, 8)
	m, err2 := strconv.ParseUint(minute, 10, 8)
	at := int(h)*60 + int(m)
	return at, err1 == nil && err2 == nil && m < 60 && at <= minutesOfDay
}

// week tells for each of the week's minutes, from Monday 00:00, whether a condition on time holds.
type week struct {
	minutes [minutesOfWeek/wordBits + 1]uint64
	// starts are the minutes at which it begins to hold.
	starts []int
}

func (w *week) has(minute int) bool { return w.minutes[minute/wordBits]>>(minute%wordBits)&1 != 0 }

// newWeek returns the week of what holds says.
func newWeek(holds func(minute int) bool) *week {
	w := &week{}
	for i := range minutesOfWeek {
		if holds(i) {
			w.minutes[i/wordBits] |= 1 << (i % wordBits)
		}
	}
	for i := range minutesOfWeek {
		if w.has(i) && !w.has((i+minutesOfWeek-1)%minutesOfWeek) {
			w.starts = append(w.starts, i)
		}
	}
	return w
}

// weekOf returns the minutes of a condition on day or hour.
func weekOf(d Condition) *week {
	negative := d.Operator.negative()
	if d.Field == Day {
		days := map[string]bool{}
		for _, value := range d.Values {
			days[value] = true
		}
		return newWeek(func(i int) bool { return days[strconv.Itoa(i/minutesOfDay+1)] != negative })
	}
	from, _ := minuteOf(d.Values[0])
	to, _ := minuteOf(d.Values[1])
	return newWeek(func(i int) bool {
		at := i % minutesOfDay
		inside := at >= from && at < to
		if to < from {
			inside = at >= from || at < to
		}
		return inside != negative
	})
}

// next returns how many minutes after from, a minute of the week at which it does not hold, it begins to; -1 when never.
func (w *week) next(from int) int {
	nearest := -1
	for _, start := range w.starts {
		if wait := (start - from + minutesOfWeek) % minutesOfWeek; nearest < 0 || wait < nearest {
			nearest = wait
		}
	}
	return nearest
}

// empty says that it never holds.
func (w *week) empty() bool { return len(w.starts) == 0 && !w.has(0) }

func (d Condition) onTime() bool { return d.Field == Day || d.Field == Hour }

// neverInTime says whether the conditions on days and hours leave no minute of the week.
func neverInTime(m Match, list []Condition) bool {
	var weeks []*week
	for _, d := range list {
		if d.onTime() {
			weeks = append(weeks, weekOf(d))
		}
	}
	if len(weeks) == 0 || m == Any && len(weeks) < len(list) {
		return false
	}
	return newWeek(func(i int) bool {
		for _, w := range weeks {
			if w.has(i) == (m == Any) {
				return m == Any
			}
		}
		return m == All
	}).empty()
}

// minuteOfWeek returns the minute of the week of a moment in its own time zone.
func minuteOfWeek(t time.Time) int {
	day := (int(t.Weekday()) + 6) % 7 // Monday first
	return day*minutesOfDay + t.Hour()*60 + t.Minute()
}
