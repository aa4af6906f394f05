package conversation

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
)

// looks records when which visitor was looked at, in seconds after the beginning.
type looks struct {
	mu     sync.Mutex
	began  time.Time
	at     map[string][]int
	answer func(visitor string, left time.Time) (time.Time, error)
}

func (l *looks) leave(_ context.Context, who visitorKey, left time.Time) (time.Time, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at[who.visitorID] = append(l.at[who.visitorID], int(time.Since(l.began)/time.Second))
	return l.answer(who.visitorID, left)
}

// pass lets time pass in the bubble.
func pass(d time.Duration) { <-time.After(d) }

func untilGone(_ string, left time.Time) (time.Time, error) {
	if due := left.Add(GoneAfter); due.After(time.Now()) {
		return due, nil
	}
	return time.Time{}, nil
}

func watching(t *testing.T, answer func(string, time.Time) (time.Time, error)) (*departures, *looks) {
	t.Helper()
	l := &looks{began: time.Now(), at: make(map[string][]int), answer: answer}
	var d *departures
	q := newAlarms(func(ctx context.Context, a alarm) (time.Time, error) {
		return d.ring(ctx, visitorKey{a.accountID, a.id})
	}, clock.System{}, slog.New(slog.DiscardHandler))
	d = newDepartures(l.leave, q, clock.System{})
	q.start(t.Context())
	t.Cleanup(q.stop)
	return d, l
}

func (l *looks) expect(t *testing.T, visitor string, at ...int) {
	t.Helper()
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	if !slices.Equal(l.at[visitor], at) {
		t.Fatalf("%s was looked at after %v s, want %v", visitor, l.at[visitor], at)
	}
}

func TestDepartures_LookAtOnceAndAtTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, l := watching(t, untilGone)
		d.add(visitorKey{"a", "stays away"}, time.Now())
		d.add(visitorKey{"a", "comes back"}, time.Now())
		l.expect(t, "stays away", 0)
		pass(60 * time.Second)
		d.remove(visitorKey{"a", "comes back"})
		d.remove(visitorKey{"a", "was never gone"})
		pass(60 * time.Second)
		l.expect(t, "stays away", 0, 90)
		l.expect(t, "comes back", 0)
		d.add(visitorKey{"a", "comes back"}, time.Now())
		pass(200 * time.Second)
		l.expect(t, "comes back", 0, 120, 210)
	})
}

func TestDepartures_LeavingAgainCountsAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, l := watching(t, untilGone)
		key := visitorKey{"a", "maria"}
		d.add(key, time.Now())
		pass(80 * time.Second)
		d.remove(key)
		pass(5 * time.Second)
		d.add(key, time.Now())
		d.add(key, time.Now()) // told twice
		pass(200 * time.Second)
		l.expect(t, "maria", 0, 85, 175)
	})
}

func TestDepartures_ReturningWhileBeingLookedAtCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, l := watching(t, func(_ string, left time.Time) (time.Time, error) {
			pass(time.Second) // the database takes its time
			return left.Add(GoneAfter), nil
		})
		key := visitorKey{"a", "maria"}
		d.add(key, time.Now())
		pass(500 * time.Millisecond)
		d.remove(key)
		pass(200 * time.Second)
		l.expect(t, "maria", 0)
	})
}

func TestDepartures_TryAgainAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failures := 2
		d, l := watching(t, func(string, time.Time) (time.Time, error) {
			if failures > 0 {
				failures--
				return time.Time{}, errors.New("the database is away")
			}
			return time.Time{}, nil
		})
		d.add(visitorKey{"a", "maria"}, time.Now())
		pass(time.Minute)
		l.expect(t, "maria", 0, 5, 10)
	})
}

func TestSeenMarks_GatherForAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var written []map[seenMark]int64
		m := newSeenMarks(func(marks map[seenMark]int64) { written = append(written, marks) })
		a, b := seenMark{conversationID: "a"}, seenMark{conversationID: "b"}
		for i := range int64(10) {
			m.note(a, i+1)
		}
		m.note(b, 1)
		pass(seenDelay)
		synctest.Wait()
		m.note(a, 11)
		m.stop()
		m.note(a, 12)
		pass(time.Second)
		if len(written) != 2 || written[0][a] != 10 || written[0][b] != 1 || written[1][a] != 11 {
			t.Fatalf("written %v", written)
		}
	})
}
