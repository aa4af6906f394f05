package bench

import (
	"math"
	"slices"
	"sync"
	"time"
)

// sample collects durations. The zero value is ready; it is safe for concurrent use.
type sample struct {
	mu     sync.Mutex
	values []time.Duration
	sorted bool
}

func (s *sample) add(d time.Duration) {
	s.mu.Lock()
	s.values = append(s.values, d)
	s.sorted = false
	s.mu.Unlock()
}

func (s *sample) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.values)
}

// percentile returns the smallest value that p percent of all values do not exceed (nearest rank); 0 without values.
func (s *sample) percentile(p float64) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.values) == 0 {
		return 0
	}
	if !s.sorted {
		slices.Sort(s.values)
		s.sorted = true
	}
	rank := int(math.Ceil(p / 100 * float64(len(s.values))))
	return s.values[min(max(rank, 1), len(s.values))-1]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// median of numbers; 0 without any. It sorts them.
func median(numbers []float64) float64 {
	if len(numbers) == 0 {
		return 0
	}
	slices.Sort(numbers)
	return numbers[len(numbers)/2]
}
