package department

import (
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
)

// opening is whether a department is open, and how long that is known to hold.
type opening struct {
	open        bool
	since, next time.Time
	zone        *time.Location
}

// openings remembers what hours mean now: they are asked for by every visitor, and change a few times a day.
type openings struct {
	mu    sync.Mutex
	known map[string]opening // by department
	told  map[string]bool    // by department: what Turned knew last
}

// recheck is how long an opening is believed at most.
const recheck = 24 * time.Hour

func (o *openings) forget(departmentID string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.known, departmentID)
}

// of returns whether hours include now and when that changes next, at most recheck from now.
func (o *openings) of(departmentID string, h Hours, now time.Time, zone *time.Location) opening {
	o.mu.Lock()
	defer o.mu.Unlock()
	known, ok := o.known[departmentID]
	if ok && known.zone == zone && !now.Before(known.since) && now.Before(known.next) {
		return known
	}
	open, next := h.Open(now, zone)
	if latest := now.Add(recheck); next.IsZero() || next.After(latest) {
		next = latest
	}
	known = opening{open: open, since: now, next: next, zone: zone}
	o.known[departmentID] = known
	return known
}

// turned says whether the department is open otherwise than when this was asked last.
func (o *openings) turned(departmentID string, open bool) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	told, known := o.told[departmentID]
	o.told[departmentID] = open
	return known && told != open
}

// opening returns whether a department is open now, and when that changes next; the zero time when it is always open.
func (s *Service) opening(accountID string, d Department) (open bool, next time.Time) {
	if h := d.Settings.Hours; len(h.Weekly) == 0 && len(h.Holidays) == 0 {
		return true, time.Time{}
	}
	o := s.hours.of(d.ID, d.Settings.Hours, s.clock.Now(), s.zones(accountID))
	return o.open, o.next
}

// OpensAt returns when a closed department's hours begin again, in milliseconds UTC; nil while it is open, and when they do not
// within a year.
func (s *Service) OpensAt(accountID string, d Department) *int64 {
	open, next := d.Settings.Open(s.clock.Now(), s.zones(accountID))
	if open || next.IsZero() {
		return nil
	}
	at := clock.Millis(next)
	return &at
}

// Turned returns the accounts of which a department opened or closed by its hours since Turned was called last, and when to call
// it again: the nearest moment at which one will, or the zero time.
func (s *Service) Turned() (accounts []string, next time.Time) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for accountID, departments := range s.known {
		moved := false
		for id, d := range departments {
			open, until := s.opening(accountID, d)
			moved = s.hours.turned(id, open) || moved
			if !until.IsZero() && (next.IsZero() || until.Before(next)) {
				next = until
			}
		}
		if moved {
			accounts = append(accounts, accountID)
		}
	}
	return accounts, next
}
