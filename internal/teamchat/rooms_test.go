package teamchat_test

import (
	"context"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/teamchat"
)

// mentions returns how many unread mentions each room of an agent has.
func (w *world) mentions(t *testing.T, who string) map[string]int {
	t.Helper()
	all := map[string]int{}
	for _, r := range w.rooms(t, who) {
		all[r.ID] = r.Mentions
	}
	return all
}

func TestRooms_CountUnreadMentions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.say(t, "ana", "sales", "first", "bruno", "carla")
		w.say(t, "ana", "sales", "nobody")
		third := w.say(t, "carla", "sales", "both", "bruno", "ana")
		w.say(t, "ana", "bruno", "you", "bruno")
		w.say(t, "bruno", "sales", "and you", "ana")
		for who, want := range map[string]map[string]int{
			"ana": {"sales": 2, "bruno": 0}, "bruno": {"sales": 0, "ana": 1}, "carla": {"sales": 0},
		} {
			// Whoever says something has read what was before.
			got := w.mentions(t, who)
			for room, n := range want {
				if got[room] != n {
					t.Errorf("%s in %s: %d mentions, want %d", who, room, got[room], n)
				}
			}
			if len(got) != len(want) {
				t.Errorf("rooms of %s: %v", who, got)
			}
		}
		if err := w.Mark(t.Context(), actor("ana"), "sales", third.Sequence); err != nil {
			t.Fatal(err)
		}
		if n := w.mentions(t, "ana")["sales"]; n != 1 {
			t.Errorf("after reading: %d mentions, want 1", n)
		}
		var stored int
		if err := w.store.Read().QueryRow(t.Context(), "SELECT count(*) FROM team_mentions").Scan(&stored); err != nil || stored != 6 {
			t.Errorf("%d mentions stored, %v; want 6", stored, err)
		}
	})
}

func TestRooms_CountingMentionsStops(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.say(t, "ana", "sales", "first")
		err := w.store.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for i := range teamchat.MentionsCounted + 10 {
				if _, err := tx.Exec(ctx, "INSERT INTO team_mentions (agent_id, room_id, sequence) VALUES ('bruno', 'department:sales', ?)", i+2); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := w.mentions(t, "bruno")["sales"]; n != teamchat.MentionsCounted {
			t.Errorf("%d mentions", n)
		}
	})
}

func TestRooms_OfTwoAreTheirOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.say(t, "ana", "bruno", "a")
		w.say(t, "carla", "ana", "b")
		w.say(t, "bruno", "carla", "c")
		if err := w.Mark(t.Context(), actor("bruno"), "ana", 1); err != nil {
			t.Fatal(err)
		}
		for who, want := range map[string]map[string][3]int64{ // last, read, seen
			"ana":   {"bruno": {1, 1, 1}, "carla": {1, 0, 1}},
			"bruno": {"ana": {1, 1, 1}, "carla": {1, 1, 0}},
			"carla": {"ana": {1, 1, 0}, "bruno": {1, 0, 1}},
		} {
			rooms := w.rooms(t, who)
			if len(rooms) != len(want) {
				t.Errorf("%s has %d rooms", who, len(rooms))
			}
			for _, r := range rooms {
				if got := [3]int64{r.LastSequence, r.ReadSequence, r.SeenSequence}; got != want[r.ID] {
					t.Errorf("%s with %s: %v, want %v", who, r.ID, got, want[r.ID])
				}
			}
		}
	})
}
