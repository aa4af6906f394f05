package conversation

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// What is told of a wait, and from what (B18). The interval holds about seven waits of ten; whoever has waited in fewer than
// forecastMin conversations of the department knows too little to tell anything.
const (
	forecastLow    = 0.15
	forecastHigh   = 0.85
	forecastMin    = 12
	forecastDays   = 28
	forecastRows   = 5000
	forecastFresh  = 10 * time.Minute
	forecastAround = 1 // hours before and after that count as the same time of the day
)

// Estimate is how long somebody at a place in a queue may still wait: an interval, since nobody knows better.
type Estimate struct {
	LowSeconds  int `json:"low_seconds"`
	HighSeconds int `json:"high_seconds" doc:"About seven of ten waits end between the two."`
}

// pastWait is a conversation that was in a queue.
type pastWait struct {
	departmentID string
	enteredAt    int64
	// leftAt is when an agent joined, or the visitor gave up; 0 while waiting.
	leftAt int64
	// joined says that an agent joined: only then the wait tells how long one waits.
	joined bool
}

// forecast is what the waits of the past weeks say: how long one place in the queue took, by department and hour of the day.
type forecast struct {
	hours map[string]*[24][]float64
	all   map[string][]float64
}

// newForecast learns from past waits. zone is the account's: hours are those of its clocks.
func newForecast(past []pastWait, zone *time.Location) forecast {
	f := forecast{hours: make(map[string]*[24][]float64), all: make(map[string][]float64)}
	queues := make(map[string][]pastWait)
	for _, w := range past {
		queues[w.departmentID] = append(queues[w.departmentID], w)
	}
	for id, queue := range queues {
		hours := &[24][]float64{}
		slices.SortFunc(queue, func(a, b pastWait) int { return cmp.Compare(a.enteredAt, b.enteredAt) })
		var ahead leaving
		for _, w := range queue {
			for len(ahead) > 0 && ahead[0] <= w.enteredAt {
				heap.Pop(&ahead)
			}
			place := len(ahead) + 1
			left := w.leftAt
			if left == 0 {
				left = math.MaxInt64
			}
			heap.Push(&ahead, left)
			if w.joined {
				hour := time.UnixMilli(w.enteredAt).In(zone).Hour()
				hours[hour] = append(hours[hour], float64(w.leftAt-w.enteredAt)/1000/float64(place))
			}
		}
		for hour := range hours {
			f.all[id] = append(f.all[id], hours[hour]...)
		}
		slices.Sort(f.all[id])
		f.hours[id] = hours
	}
	return f
}

// leaving is a heap of the moments at which those ahead left the queue.
type leaving []int64

func (l leaving) Len() int           { return len(l) }
func (l leaving) Less(i, j int) bool { return l[i] < l[j] }
func (l leaving) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }

// Push is for container/heap.
func (l *leaving) Push(one any) {
	*l = append(*l, one.(int64)) //nolint:forcetypeassert // only newForecast pushes
}

// Pop is for container/heap.
func (l *leaving) Pop() any {
	last := len(*l) - 1
	one := (*l)[last]
	*l = (*l)[:last]
	return one
}

// estimate returns how long the one at a place, counted from 1, may wait; nil when too little is known.
func (f forecast) estimate(departmentID string, hour int, place int64) *Estimate {
	return f.pace(departmentID, hour).estimate(place)
}

// pace is how many seconds a place in a queue takes, as an interval; nil when too little is known.
type pace struct{ low, high float64 }

func (p *pace) estimate(place int64) *Estimate {
	if p == nil || place < 1 {
		return nil
	}
	return &Estimate{LowSeconds: int(math.Floor(p.low * float64(place))), HighSeconds: int(math.Ceil(p.high * float64(place)))}
}

func (f forecast) pace(departmentID string, hour int) *pace {
	hours := f.hours[departmentID]
	if hours == nil {
		return nil
	}
	var samples []float64
	for i := -forecastAround; i <= forecastAround; i++ {
		samples = append(samples, hours[(hour+i+24)%24]...)
	}
	slices.Sort(samples)
	if len(samples) < forecastMin {
		samples = f.all[departmentID]
	}
	if len(samples) < forecastMin {
		return nil
	}
	return &pace{low: quantile(samples, forecastLow), high: quantile(samples, forecastHigh)}
}

// quantile returns the value below which a share of sorted values lies, between two of them in proportion.
func quantile(sorted []float64, share float64) float64 {
	at := share * float64(len(sorted)-1)
	below := int(at)
	if below+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[below] + (sorted[below+1]-sorted[below])*(at-float64(below))
}

// forecasts keeps the forecast of each account for forecastFresh.
type forecasts struct {
	store    *store.Store
	calendar Calendar
	clock    clock.Clock
	logger   *slog.Logger

	mu       sync.Mutex
	accounts map[string]*accountForecast
}

type accountForecast struct {
	learning sync.Mutex

	mu   sync.Mutex
	at   time.Time // when it was learned; zero for never
	zone *time.Location
	forecast
}

// of returns what is known of the account's queues, learning anew when that is old. While one caller learns, others get the old.
func (s *forecasts) of(ctx context.Context, accountID string) (forecast, *time.Location) {
	s.mu.Lock()
	a, ok := s.accounts[accountID]
	if !ok {
		a = &accountForecast{zone: time.UTC}
		s.accounts[accountID] = a
	}
	s.mu.Unlock()

	now := s.clock.Now()
	a.mu.Lock()
	age := now.Sub(a.at)
	a.mu.Unlock()
	if (age < 0 || age >= forecastFresh) && a.learning.TryLock() {
		learned, zone, err := s.learn(ctx, accountID, now)
		if err != nil {
			s.logger.Error("past waits could not be read", "account", accountID, "error", err)
		}
		a.mu.Lock()
		a.at = now
		if err == nil {
			a.forecast, a.zone = learned, zone
		}
		a.mu.Unlock()
		a.learning.Unlock()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.forecast, a.zone
}

func (s *forecasts) learn(ctx context.Context, accountID string, now time.Time) (forecast, *time.Location, error) {
	_, midnight, err := s.calendar.Day(ctx, accountID, now)
	if err != nil {
		return forecast{}, nil, fmt.Errorf("conversation: the account's day: %w", err)
	}
	past, err := collect(ctx, s.store.Read(), scanPastWait, pastWaits, accountID, forecastRows, clock.Millis(now.AddDate(0, 0, -forecastDays)))
	if err != nil {
		return forecast{}, nil, err
	}
	return newForecast(past, midnight.Location()), midnight.Location(), nil
}

// Estimate returns how long the one at a place of a department's queue, counted from 1, may still wait by the waits of the past
// weeks at this time of the day; nil when these are too few.
func (s *Service) Estimate(ctx context.Context, accountID, departmentID string, place int64) *Estimate {
	f, zone := s.forecasts.of(ctx, accountID)
	return f.estimate(departmentID, s.clock.Now().In(zone).Hour(), place)
}

// Estimates returns Estimate for many places of an account's queues at once.
func (s *Service) Estimates(ctx context.Context, accountID string) func(departmentID string, place int64) *Estimate {
	f, zone := s.forecasts.of(ctx, accountID)
	hour, paces := s.clock.Now().In(zone).Hour(), make(map[string]*pace)
	return func(departmentID string, place int64) *Estimate {
		known, ok := paces[departmentID]
		if !ok {
			known = f.pace(departmentID, hour)
			paces[departmentID] = known
		}
		return known.estimate(place)
	}
}
