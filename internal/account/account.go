package account

import (
	"sync"
	"time"
	_ "time/tzdata" // time zones on machines that have no database of their own

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Languages the product speaks.
const (
	Portuguese = "pt"
	English    = "en"
	Spanish    = "es"
)

// Languages returns every language, the first being the one to fall back to.
func Languages() []string { return []string{Portuguese, English, Spanish} }

// NameMax is the longest name of an account, in characters.
const NameMax = 80

// Account is a company.
type Account struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// TimeZone is an IANA name, as America/Sao_Paulo: the account's day begins at its midnight.
	TimeZone string `json:"time_zone"`
	// Language is one of Languages.
	Language string `json:"language"`
	// Active false refuses every sign-in of the account (T003).
	Active bool `json:"active"`
	// CreatedAt is in milliseconds UTC.
	CreatedAt int64 `json:"created_at"`
}

// New is what an account is made of.
type New struct {
	Name     string
	TimeZone string
	Language string
}

// Check returns n as it will be stored, or a Validation error with the fields name, time_zone and language.
func (n New) Check() (New, error) {
	var c field.Check
	n.Name = c.Line("name", n.Name, 1, NameMax)
	field.OneOf(&c, "language", n.Language, Languages()...)
	if _, err := location(n.TimeZone); err != nil {
		c.Refuse("time_zone", fault.FieldUnknown, nil)
	}
	return n, c.Err()
}

// zones keeps the loaded time zones; only valid names get in, so it is bounded by the database.
var zones sync.Map // name → *time.Location

func location(name string) (*time.Location, error) {
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location), nil //nolint:forcetypeassert // only this function stores
	}
	// LoadLocation takes "" for UTC and "Local" for the server's own zone: neither is an account's.
	if name == "" || name == "Local" {
		return nil, fault.New(fault.Validation)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fault.Wrap(fault.Validation, err)
	}
	zones.Store(name, zone)
	return zone, nil
}

// Zone returns the account's time zone, UTC when a newer time-zone database has dropped its name. The same zone is the same pointer.
func Zone(a Account) *time.Location {
	zone, err := location(a.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Day returns the date now falls on in the account's time zone, as YYYY-MM-DD.
func Day(a Account, now time.Time) string { return now.In(Zone(a)).Format(time.DateOnly) }

// DayStart returns the first instant of the date now falls on in the account's time zone: midnight, or where the clocks
// jump over midnight the instant after the jump, or where midnight happens twice the first of them. It is given in that time zone.
func DayStart(a Account, now time.Time) time.Time {
	zone := Zone(a)
	year, month, day := now.In(zone).Date()
	utc := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	noon := utc.Add(12 * time.Hour)
	// Midnight by the offset of the evening before comes first when both exist: clocks go back to repeat it.
	best := time.Time{}
	for _, near := range []time.Time{noon.Add(-24 * time.Hour), noon} {
		_, offset := near.In(zone).Zone()
		candidate := utc.Add(-time.Duration(offset) * time.Second).In(zone)
		if sameDate(candidate, year, month, day) && (best.IsZero() || candidate.Before(best)) {
			best = candidate
		}
	}
	if best.IsZero() {
		return utc.In(zone) // no zone does this: both midnights fall on other dates
	}
	// A candidate after a jump over midnight is later than the jump itself.
	if jump, _ := best.ZoneBounds(); !jump.IsZero() && jump.Before(best) && sameDate(jump.In(zone), year, month, day) {
		best = jump
	}
	return best.In(zone)
}

func sameDate(t time.Time, year int, month time.Month, day int) bool {
	y, m, d := t.Date()
	return y == year && m == month && d == day
}
