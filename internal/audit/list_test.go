package audit_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aceno-chat/aceno/internal/audit"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func TestList_EachFilterPagesThroughItsEntries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := service(t, st, key)
		eventlogtest.Account(t, st, "a")
		eventlogtest.Account(t, st, "b")
		var all []audit.Entry
		for i := range 60 {
			e := watched(i)
			e.AgentID = []string{"carla", "carla", "dora"}[i%3]
			e.Action = []audit.Action{audit.ConversationWatched, audit.ConversationEnded, audit.ConversationWatched, audit.ConversationWatched}[i%4]
			record(t, st, s, "a", e)
			e.Sequence = int64(i + 1)
			all = append(all, e)
		}
		record(t, st, s, "b", watched(0))
		slices.Reverse(all)
		for _, agentID := range []string{"", "carla", "dora", "nobody"} {
			for _, action := range []audit.Action{"", audit.ConversationWatched, audit.ConversationEnded, audit.QueueReordered} {
				var want, got []int64
				for _, e := range all {
					if (agentID == "" || e.AgentID == agentID) && (action == "" || e.Action == action) {
						want = append(want, e.Sequence)
					}
				}
				f := audit.Filter{AgentID: agentID, Action: action, Limit: 7}
				for {
					page, err := s.List(t.Context(), "a", f)
					if err != nil {
						t.Fatal(err)
					}
					for _, e := range page.Entries {
						got = append(got, e.Sequence)
					}
					if !page.More {
						break
					}
					f.Before = got[len(got)-1]
				}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("agent %q, action %q: %v, want %v", agentID, action, got, want)
				}
			}
		}
	})
}
