package conversation

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
)

func TestAlarms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		looked := map[string][]int{}
		one := func(id string) alarm { return alarm{accountID: "a", id: id} }
		q := newAlarms(func(_ context.Context, a alarm) (time.Time, error) {
			looked[a.id] = append(looked[a.id], int(time.Since(began)/time.Second))
			switch {
			case a.id == "fails" && len(looked[a.id]) == 1:
				return time.Time{}, errors.New("the database is away")
			case a.id == "again" && len(looked[a.id]) < 3:
				return time.Now().Add(10 * time.Second), nil
			}
			return time.Time{}, nil
		}, clock.System{}, slog.New(slog.DiscardHandler))
		q.start(t.Context())
		q.set(one("again"), began.Add(time.Second))
		q.set(one("fails"), began.Add(2*time.Second))
		q.set(one("moved"), began.Add(3*time.Second))
		q.set(one("moved"), began.Add(time.Minute)) // the last time set counts
		pass(2 * time.Minute)
		q.stop()
		for id, want := range map[string][]int{"again": {1, 11, 21}, "fails": {2, 7}, "moved": {60}} {
			if got := looked[id]; len(got) != len(want) || got[0] != want[0] || got[len(got)-1] != want[len(want)-1] {
				t.Errorf("%s was looked at after %v s, want %v", id, got, want)
			}
		}
	})
}
