package conversation

import (
	"math/rand/v2"
	"testing"
	"time"
)

// day simulates a department: visitors come at a rate per hour of the day, agents attend one after another. It returns the waits
// in the order of entry.
func simulate(r *rand.Rand, days, agents int, rate func(hour int) float64, attend float64) []pastWait {
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	free := make([]float64, agents) // when each agent is free, in seconds from start
	var list []pastWait
	at := 0.0
	for {
		hour := int(at/3600) % 24
		at += r.ExpFloat64() * 3600 / rate(hour)
		if at > float64(days)*86400 {
			return list
		}
		next := 0
		for i := range free {
			if free[i] < free[next] {
				next = i
			}
		}
		joined := max(at, free[next])
		entered, left := start.Add(time.Duration(at*1e9)).UnixMilli(), start.Add(time.Duration(joined*1e9)).UnixMilli()
		if r.Float64() < 0.1 && joined-at > 60 { // some give up
			list = append(list, pastWait{departmentID: "sales", enteredAt: entered, leftAt: entered + 60_000})
			continue
		}
		free[next] = joined + 30 + r.ExpFloat64()*attend
		list = append(list, pastWait{departmentID: "sales", enteredAt: entered, leftAt: left, joined: true})
	}
}

// Back-test: three weeks teach, the fourth is asked. Of those who really had to wait, about seven of ten do so within the interval
// that they were told when they came.
func TestForecast_BackTest(t *testing.T) {
	busy := func(hour int) float64 {
		if hour >= 9 && hour < 18 {
			return 55
		}
		return 20
	}
	for _, tt := range []struct {
		name   string
		agents int
		attend float64
	}{{"three agents", 3, 150}, {"five agents", 5, 270}, {"one agent", 1, 30}} {
		t.Run(tt.name, func(t *testing.T) {
			all := simulate(rand.New(rand.NewPCG(1, 2)), 28, tt.agents, busy, tt.attend)
			border := all[0].enteredAt + 21*24*time.Hour.Milliseconds()
			var taught, asked []pastWait
			for _, w := range all {
				if w.enteredAt < border {
					taught = append(taught, w)
				} else {
					asked = append(asked, w)
				}
			}
			f := newForecast(taught, time.UTC)
			inside, told := 0, 0
			for i, w := range asked {
				place := int64(1)
				for _, before := range asked[:i] {
					if before.leftAt > w.enteredAt {
						place++
					}
				}
				wait := float64(w.leftAt-w.enteredAt) / 1000
				if !w.joined || wait == 0 {
					continue // attended at once: nobody was shown anything
				}
				e := f.estimate("sales", time.UnixMilli(w.enteredAt).UTC().Hour(), place)
				if e == nil {
					t.Fatal("nothing is told after three weeks")
				}
				told++
				if wait >= float64(e.LowSeconds) && wait <= float64(e.HighSeconds) {
					inside++
				}
			}
			share := float64(inside) / float64(told)
			t.Logf("%d of %d waits inside the interval: %.0f %%", inside, told, 100*share)
			if told < 100 || share < 0.6 || share > 0.9 {
				t.Errorf("%d of %d waits inside the interval", inside, told)
			}
		})
	}
}

func TestForecast_Estimate(t *testing.T) {
	minute := time.Minute.Milliseconds()
	nine := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).UnixMilli()
	waits := func(n int, wait int64) (list []pastWait) {
		for i := range n {
			at := nine + int64(i)*20*time.Hour.Milliseconds()/1000
			list = append(list, pastWait{departmentID: "sales", enteredAt: at - at%minute, leftAt: at - at%minute + wait, joined: true})
		}
		return list
	}
	few := newForecast(waits(forecastMin-1, minute), time.UTC)
	if e := few.estimate("sales", 9, 1); e != nil {
		t.Errorf("told %+v from too few waits", e)
	}
	enough := newForecast(waits(forecastMin, 30_000), time.UTC)
	if e := enough.estimate("sales", 9, 3); e == nil || *e != (Estimate{LowSeconds: 90, HighSeconds: 90}) {
		t.Errorf("the third of those who take half a minute each is told %+v", e)
	}
	if e := enough.estimate("sales", 22, 1); e == nil || e.LowSeconds != 30 {
		t.Errorf("at an hour without waits of its own: %+v", e)
	}
	if enough.estimate("support", 9, 1) != nil || enough.estimate("sales", 9, 0) != nil {
		t.Error("something is told of nothing")
	}
	// Two who wait at once are at the first and the second place: a minute each, not one and two.
	both := []pastWait{}
	for i := range int64(forecastMin) {
		at := nine + i*5*minute
		both = append(both,
			pastWait{departmentID: "sales", enteredAt: at, leftAt: at + minute, joined: true},
			pastWait{departmentID: "sales", enteredAt: at + 1, leftAt: at + 1 + 2*minute, joined: true})
	}
	if e := newForecast(both, time.UTC).estimate("sales", 9, 2); e == nil || *e != (Estimate{LowSeconds: 120, HighSeconds: 120}) {
		t.Errorf("places are not counted: %+v", e)
	}
}
