package conversation_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// The counter of tags says what counting says, whatever was added and taken away.
func TestTags_AreCountedAsTheyCome(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		luck := rand.New(rand.NewPCG(1, 2))
		var ids []string
		for i := range 5 {
			ids = append(ids, h.Active(t, fmt.Sprint("v", i), conversationtest.Ana).ID)
		}
		for range 60 {
			var tags []string
			for _, tag := range []string{"refund", "VIP", "entrega", "dúvida"} {
				if luck.IntN(2) == 0 {
					tags = append(tags, tag)
				}
			}
			if _, err := h.Service.SetTags(t.Context(), ana, ids[luck.IntN(len(ids))], tags); err != nil {
				t.Fatal(err)
			}
		}
		counted := tagCounts(t, st, "SELECT tag, count(*) FROM conversation_tags GROUP BY tag ORDER BY tag")
		if kept := tagCounts(t, st, "SELECT tag, uses FROM tags ORDER BY tag"); !slices.Equal(kept, counted) {
			t.Errorf("kept %v, counted %v", kept, counted)
		}
		for _, id := range ids {
			if _, err := h.Service.SetTags(t.Context(), ana, id, nil); err != nil {
				t.Fatal(err)
			}
		}
		if left, err := h.Service.Tags(t.Context(), conversationtest.Account); err != nil || len(left) > 0 {
			t.Errorf("%v, %v", left, err)
		}
	})
}

func tagCounts(t *testing.T, st *store.Store, query string) (counts []string) {
	t.Helper()
	rows, err := st.Read().Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var tag string
		var n int
		if err := rows.Scan(&tag, &n); err != nil {
			t.Fatal(err)
		}
		counts = append(counts, fmt.Sprint(tag, "=", n))
	}
	slices.Sort(counts) // the engines order accents each in its own way
	return counts
}

// A visitor's history is found by each sign, the newest first, each conversation once, page after page.
func TestHistory_PagesOfALongOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		const times = 50
		for range times {
			c := h.Active(t, "maria", conversationtest.Ana)
			if _, err := h.Service.EndByAgent(t.Context(), ana, c.ID); err != nil {
				t.Fatal(err)
			}
			h.Clock.Advance(time.Minute)
		}
		now := h.Active(t, "maria", conversationtest.Ana)
		if now.Earlier != times {
			t.Errorf("%d earlier ones", now.Earlier)
		}
		var seen []int64
		before := int64(0)
		for {
			page, err := h.Service.History(t.Context(), ana, now.ID, before, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, past := range page.Conversations {
				seen = append(seen, past.Conversation.Number)
			}
			if !page.More {
				break
			}
			before = page.Oldest
		}
		if len(seen) != times || !slices.IsSortedFunc(seen, func(a, b int64) int { return int(b - a) }) || len(slices.Compact(slices.Clone(seen))) != times {
			t.Errorf("%d: %v", len(seen), seen)
		}
	})
}

// A panel begins with the newest tabs, however many were never closed.
func TestMine_OfTheNewestTabs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		var last int64
		for i := range conversation.MaxTabs + 5 {
			c := h.Active(t, fmt.Sprint("v", i), conversationtest.Ana)
			if _, err := h.Service.EndByAgent(t.Context(), ana, c.ID); err != nil {
				t.Fatal(err)
			}
			last = c.Number
		}
		active := h.Active(t, "maria", conversationtest.Ana)
		mine, err := h.Service.Mine(t.Context(), conversationtest.Account, conversationtest.Ana)
		if err != nil || len(mine) != conversation.MaxTabs+1 {
			t.Fatalf("%d, %v", len(mine), err)
		}
		if mine[len(mine)-1].ID != active.ID || mine[len(mine)-2].Number != last {
			t.Errorf("not the newest: %d, %d", mine[len(mine)-1].Number, mine[len(mine)-2].Number)
		}
	})
}

// What ended today is counted once, also when somebody leaves the conversation after its end, and after a start.
func TestBoard_CountsAnEndOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		everything := eventlog.Scope{All: true}
		count := func() conversation.Counters {
			t.Helper()
			h.Settle(t)
			counters, err := h.Service.Board().Counters(t.Context(), conversationtest.Account, everything)
			if err != nil {
				t.Fatal(err)
			}
			return counters
		}
		count()
		c := h.Active(t, "maria", conversationtest.Ana)
		if _, err := h.Service.Join(t.Context(), ana, c.ID, conversationtest.Bruno); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Service.EndByAgent(t.Context(), ana, c.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Service.Leave(t.Context(), bruno, c.ID); err != nil {
			t.Fatal(err)
		}
		if told := count(); told.Finished != 1 || told.Active != 0 {
			t.Errorf("by the log: %+v", told)
		}
		h.Service.Board().Forget(conversationtest.Account)
		if read := count(); read.Finished != 1 || read.Active != 0 {
			t.Errorf("by the database: %+v", read)
		}
	})
}
