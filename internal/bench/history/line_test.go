package history

import (
	"testing"
	"time"
)

func TestTimeline(t *testing.T) {
	zone := time.FixedZone("São Paulo", -3*3600)
	for name, row := range map[string]struct {
		n      int
		now    time.Time
		number int64
	}{
		"one":                  {1, time.Date(2026, 3, 4, 12, 0, 0, 0, zone), 0},
		"fewer than a day has": {24, time.Date(2026, 3, 4, 12, 0, 0, 0, zone), 0},
		"midnight":             {1000, time.Date(2026, 3, 4, 0, 0, 0, 0, zone), 0},
		"a minute later":       {1000, time.Date(2026, 3, 4, 0, 1, 0, 0, zone), 0},
		"three years":          {5000, time.Date(2026, 1, 20, 23, 59, 0, 0, zone), 0},
		"new year":             {5000, time.Date(2026, 1, 1, 9, 0, 0, 0, zone), 0},
		"numbers were given":   {500, time.Date(2026, 3, 4, 12, 0, 0, 0, zone), 2026_000_007},
		"many":                 {2_000_000, time.Date(2026, 3, 4, 12, 0, 0, 0, zone), 0},
	} {
		t.Run(name, func(t *testing.T) {
			midnight := time.Date(row.now.Year(), row.now.Month(), row.now.Day(), 0, 0, 0, 0, zone).UnixMilli()
			next, number, today, last := int64(1), row.number, 0, row.now.AddDate(0, 0, -days).UnixMilli()
			for _, p := range timeline(row.n, row.now, row.number) {
				if p.first != next || p.last < p.first {
					t.Fatalf("from %d to %d after %d", p.first, p.last, next-1)
				}
				next = p.last + 1
				for i := p.first; i <= p.last; i++ {
					begin := p.beginOf(i)
					year := int64(time.UnixMilli(begin).In(zone).Year())
					number = max(number, year*1_000_000) + 1
					if begin < last || begin+p.length > row.now.UnixMilli() || i+p.shift != number {
						t.Fatalf("%d begins at %d after %d, takes up to %d before %d, and has number %d, want %d",
							i, begin, last, p.length, row.now.UnixMilli(), i+p.shift, number)
					}
					if last = begin; begin >= midnight {
						today++
					} else if begin+p.length > midnight {
						t.Fatalf("%d may end today", i)
					}
				}
			}
			if want := min(row.n/todayShare, todayMost); next != int64(row.n)+1 || today != want {
				t.Errorf("%d conversations, %d of them today, want %d", next-1, today, want)
			}
		})
	}
}
