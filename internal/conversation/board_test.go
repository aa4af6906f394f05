package conversation_test

import (
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// picture of the truth, read with plain SQL.
type truth struct {
	counters  conversation.Counters
	waiting   []string // in order
	positions map[string]int64
	active    map[string]int
	open      map[string]string // visitor → conversation
}

func readTruth(t *testing.T, h *conversationtest.House, departments ...string) truth {
	t.Helper()
	_, day, err := h.World.Day(t.Context(), conversationtest.Account, h.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := h.Store.Read().Query(t.Context(), "SELECT id, department_id, visitor_id, state, agent_id, queue_entered_at, ended_at "+
		"FROM conversations ORDER BY queue_entered_at, number")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	got := truth{waiting: []string{}, positions: map[string]int64{}, active: map[string]int{}, open: map[string]string{}}
	places := map[string]int64{}
	for rows.Next() {
		var id, department, visitor string
		var state conversation.State
		var agent *string
		var entered int64
		var ended *int64
		if err := rows.Scan(&id, &department, &visitor, &state, &agent, &entered, &ended); err != nil {
			t.Fatal(err)
		}
		seen := slices.Contains(departments, department)
		today := ended != nil && *ended >= clock.Millis(day)
		if state.Open() {
			got.open[visitor] = id
		}
		switch {
		case state == conversation.Waiting:
			places[department]++
			got.positions[id] = places[department]
			if seen {
				got.waiting = append(got.waiting, id)
				got.counters.Waiting++
				if got.counters.WaitingSince == nil {
					got.counters.WaitingSince = &entered
				}
			}
		case state == conversation.Active:
			got.active[*agent]++
			if seen {
				got.counters.Active++
			}
		case state == conversation.Ended && seen && today:
			got.counters.Finished++
		case state == conversation.Abandoned && seen && today:
			got.counters.Abandoned++
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return got
}

func readBoard(t *testing.T, h *conversationtest.House, visitors []string, scope eventlog.Scope) truth {
	t.Helper()
	b := h.Service.Board()
	got := truth{waiting: []string{}, positions: map[string]int64{}, open: map[string]string{}}
	var err error
	if got.counters, err = b.Counters(t.Context(), conversationtest.Account, scope); err != nil {
		t.Fatal(err)
	}
	waiting, err := b.Waiting(t.Context(), conversationtest.Account, scope)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range waiting {
		got.waiting = append(got.waiting, c.ID)
	}
	all, err := b.AllOpen(t.Context(), conversationtest.Account)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if place, ok := b.Position(t.Context(), conversationtest.Account, c.ID); ok {
			got.positions[c.ID] = place
		}
	}
	if got.active, err = b.ActiveByAgent(t.Context(), conversationtest.Account); err != nil {
		t.Fatal(err)
	}
	for _, v := range visitors {
		if id, ok := b.OpenByVisitor(t.Context(), conversationtest.Account, v, conversationtest.Site); ok {
			got.open[v] = id
		}
	}
	return got
}

func compare(t *testing.T, h *conversationtest.House, visitors []string) {
	t.Helper()
	h.Settle(t)
	for _, departments := range [][]string{{conversationtest.Sales}, {conversationtest.Sales, conversationtest.Support}, {}} {
		scope := eventlog.Scope{DepartmentIDs: map[string]bool{}}
		for _, id := range departments {
			scope.DepartmentIDs[id] = true
		}
		want, got := readTruth(t, h, departments...), readBoard(t, h, visitors, scope)
		if !reflect.DeepEqual(want, got) {
			t.Fatalf("departments %v: the board says\n%+v\nthe database\n%+v", departments, got, want)
		}
	}
}

var crowd = []string{"v0", "v1", "v2", "v3", "v4", "v5"}

// act does something random; what is not possible just now is refused, which is fine.
func act(t *testing.T, h *conversationtest.House, what int, visitor, department, agent string) {
	t.Helper()
	v, a := conversationtest.Visitor(visitor), conversationtest.Agent(agent)
	id, open := h.Service.Board().OpenByVisitor(t.Context(), conversationtest.Account, visitor, conversationtest.Site)
	switch what {
	case 0, 1:
		_, _, _ = h.Service.Open(t.Context(), v, conversation.Opening{
			ClientID: h.Idents.New(), DepartmentID: department, Name: visitor, Email: "v@example.com",
		})
	case 2, 3:
		if _, waits := h.Service.Board().Position(t.Context(), conversationtest.Account, id); open && waits {
			h.TryClaim(t, id, agent)
		}
	case 4:
		_, _ = h.Service.EndByAgent(t.Context(), a, id)
	case 5:
		_, _ = h.Service.EndByVisitor(t.Context(), v, id)
	case 6:
		_, _ = h.Service.ReturnAll(t.Context(), conversationtest.Account, agent, conversation.ReasonSignedOut)
	case 7:
		_, _ = h.Service.PostByVisitor(t.Context(), v, id, h.Idents.New(), "x")
	}
}

func TestBoard_IsTheDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		departments, agents := []string{conversationtest.Sales, conversationtest.Support}, []string{conversationtest.Ana, conversationtest.Bruno}
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 12).Draw(rt, "steps") {
				act(t, h, rapid.IntRange(0, 7).Draw(rt, "what"), rapid.SampledFrom(crowd).Draw(rt, "visitor"),
					rapid.SampledFrom(departments).Draw(rt, "department"), rapid.SampledFrom(agents).Draw(rt, "agent"))
				h.Settle(t)
				// Some steps fall into the same millisecond, some over midnight.
				h.Clock.Advance(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 1000, 3_600_000, 40_000_000}).Draw(rt, "pause")) * time.Millisecond)
			}
			compare(t, h, crowd)
		})
	})
}

// TestBoard_LoadsInTheMiddle reads an account for the first time while its conversations change.
func TestBoard_LoadsInTheMiddle(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		for round := range 5 {
			h.Service.Board().Forget(conversationtest.Account)
			var wg sync.WaitGroup
			for i := range 12 {
				wg.Go(func() {
					v := fmt.Sprint("r", round, "v", i)
					c, _, err := h.Service.Open(t.Context(), conversationtest.Visitor(v), conversation.Opening{
						ClientID: "o", DepartmentID: conversationtest.Sales, Name: v, Email: "v@example.com",
					})
					if err != nil {
						t.Error(err)
						return
					}
					if i%3 == 0 {
						h.TryClaim(t, c.ID, conversationtest.Ana)
					}
					if i%3 == 1 {
						if _, err := h.Service.EndByVisitor(t.Context(), conversationtest.Visitor(v), c.ID); err != nil {
							t.Error(err)
						}
					}
				})
			}
			for range 3 {
				wg.Go(func() {
					if _, err := h.Service.Board().Counters(t.Context(), conversationtest.Account, eventlog.Scope{All: true}); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			visitors := []string{}
			for r := range round + 1 {
				for i := range 12 {
					visitors = append(visitors, fmt.Sprint("r", r, "v", i))
				}
			}
			compare(t, h, visitors)
		}
	})
}

func TestBoard_BeginsANewDayByItself(t *testing.T) {
	h := conversationtest.New(t, storetest.SQLite(t))
	scope := conversationtest.Agent(conversationtest.Ana).Scope
	h.Clock.Set(time.Date(2026, 3, 5, 2, 59, 59, 990_000_000, time.UTC)) // 23:59:59.990 in São Paulo
	id := h.Active(t, "maria", conversationtest.Ana).ID
	if _, err := h.Service.EndByAgent(t.Context(), conversationtest.Agent(conversationtest.Ana), id); err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
	if c, err := h.Service.Board().Counters(t.Context(), conversationtest.Account, scope); err != nil || c.Finished != 1 {
		t.Fatalf("before midnight %+v, %v", c, err)
	}
	told := make(chan conversation.BoardChange, 10)
	h.Service.Board().OnChange(func(c conversation.BoardChange) { told <- c })
	h.Clock.Advance(10 * time.Millisecond)
	h.Service.Start(t.Context())
	defer h.Service.Stop()
	if c := <-told; c.AccountID != conversationtest.Account || !slices.Contains(c.DepartmentIDs, conversationtest.Sales) {
		t.Fatalf("told %+v", c)
	}
	if c, err := h.Service.Board().Counters(t.Context(), conversationtest.Account, scope); err != nil || c.Finished != 0 {
		t.Fatalf("after midnight %+v, %v", c, err)
	}
}

func TestBoard_SaysWhenPlacesMoved(t *testing.T) {
	h := conversationtest.New(t, storetest.SQLite(t))
	var told []conversation.BoardChange
	h.Service.Board().OnChange(func(c conversation.BoardChange) { told = append(told, c) })
	if _, err := h.Service.Board().Counters(t.Context(), conversationtest.Account, eventlog.Scope{}); err != nil {
		t.Fatal(err)
	}
	id := h.Active(t, "maria", conversationtest.Ana).ID // enters, leaves the queue
	if _, err := h.Service.EndByAgent(t.Context(), conversationtest.Agent(conversationtest.Ana), id); err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
	moved := []bool{}
	for _, c := range told {
		moved = append(moved, c.QueueMoved)
	}
	if !slices.Equal(moved, []bool{true, true, false}) {
		t.Fatalf("told %+v", told)
	}
}

func TestWaitingFrames_TellThePlaces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		h.Open(t, "other", conversationtest.Support)
		for i := range 3 {
			h.Open(t, fmt.Sprint("v", i), conversationtest.Sales)
			h.Clock.Advance(time.Second)
		}
		frames, err := h.Service.WaitingFrames(t.Context(), conversationtest.Account, conversationtest.Sales)
		if err != nil || len(frames) != 3 {
			t.Fatalf("%+v, %v", frames, err)
		}
		for i, f := range frames {
			push, ok := f.Frame.(conversation.ConversationPush)
			if !ok || f.VisitorID != fmt.Sprint("v", i) || *push.Conversation.Position != int64(i+1) || push.Conversation.LastSequence != 1 {
				t.Fatalf("frame %d: %+v", i, f)
			}
		}
	})
}
