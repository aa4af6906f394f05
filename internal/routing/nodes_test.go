package routing_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/routing"
)

// TestNext_OnTwoNodes has two agents press on two processes at once, while visitors come, write and leave on both: on
// PostgreSQL their transactions really run side by side.
func TestNext_OnTwoNodes(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		first, second := conversationtest.Nodes(t, url)
		nodes := []*conversationtest.House{first, second}
		people := newTeam()
		const waiting, limit = 16, 5
		ids := make([]string, waiting)
		for i := range ids {
			ids[i] = nodes[i%2].Open(t, fmt.Sprint("v", i), []string{conversationtest.Sales, conversationtest.Support}[i%2]).ID
			first.Clock.Advance(time.Millisecond)
			second.Clock.Advance(time.Millisecond)
		}
		var wg sync.WaitGroup
		refusals := map[fault.Code]bool{
			"": true, fault.ConversationLimitReached: true, fault.QueueEmpty: true, fault.ConversationEnded: true, fault.StaleWrite: true,
		}
		try := func(err error) {
			if !refusals[fault.CodeOf(err)] {
				t.Error(err)
			}
		}
		for i := range 48 {
			node := nodes[i%2]
			s := service(node, people)
			wg.Go(func() {
				agent := []string{conversationtest.Ana, conversationtest.Bruno}[i/2%2]
				_, err := s.Next(t.Context(), conversationtest.Account, agent, fmt.Sprint("key", i))
				try(err)
			})
			wg.Go(func() {
				visitor := i % waiting
				_, err := nodes[i/waiting%2].Service.PostByVisitor(t.Context(), conversationtest.Visitor(fmt.Sprint("v", visitor)), ids[visitor], fmt.Sprint("m", i), "x")
				try(err)
			})
			if i%16 == 15 {
				wg.Go(func() {
					_, err := node.Service.EndByVisitor(t.Context(), conversationtest.Visitor(fmt.Sprint("v", i%waiting)), ids[i%waiting])
					try(err)
				})
			}
		}
		wg.Wait()
		for _, agent := range []string{conversationtest.Ana, conversationtest.Bruno} {
			mine, err := first.Service.Mine(t.Context(), conversationtest.Account, agent)
			if err != nil {
				t.Fatal(err)
			}
			active := 0
			for _, c := range mine {
				if c.State == conversation.Active {
					active++
				}
			}
			if active > limit {
				t.Errorf("%s has %d, the limit is %d", agent, active, limit)
			}
		}
		for _, id := range ids {
			checkTold(t, first, id)
		}
		for _, node := range nodes {
			node.Settle(t)
		}
		one, err := first.Service.Board().Counters(t.Context(), conversationtest.Account, eventlog.Scope{All: true})
		if err != nil {
			t.Fatal(err)
		}
		other, err := second.Service.Board().Counters(t.Context(), conversationtest.Account, eventlog.Scope{All: true})
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(one.Waiting, one.Active, one.Finished, one.Abandoned) != fmt.Sprint(other.Waiting, other.Active, other.Finished, other.Abandoned) {
			t.Fatalf("the nodes count %+v and %+v", one, other)
		}
	})
}

// TestNext_TheLimitHoldsAcrossNodes has one agent with room for one conversation press on two processes at once, again and again.
func TestNext_TheLimitHoldsAcrossNodes(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		first, second := conversationtest.Nodes(t, url)
		people := newTeam()
		people.change(conversationtest.Ana, func(p *routing.Present) { p.Limit = 1 })
		for round := range 60 {
			for range 2 {
				first.Open(t, ident.V7{}.New(), conversationtest.Sales)
			}
			codes := make([]fault.Code, 2)
			taken := make([]conversation.Conversation, 2)
			var wg sync.WaitGroup
			for i, node := range []*conversationtest.House{first, second} {
				s := service(node, people)
				wg.Go(func() {
					var err error
					taken[i], err = s.Next(t.Context(), conversationtest.Account, conversationtest.Ana, fmt.Sprint(round, "-", i))
					codes[i] = fault.CodeOf(err)
				})
			}
			wg.Wait()
			if codes[0] == codes[1] || codes[0]+codes[1] != fault.ConversationLimitReached {
				t.Fatalf("round %d: %q", round, codes)
			}
			id := taken[0].ID + taken[1].ID // one of them is empty
			if _, err := first.Service.EndByAgent(t.Context(), conversationtest.Agent(conversationtest.Ana), id); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// checkTold checks that a conversation's messages have no gap and that it was claimed at most once.
func checkTold(t *testing.T, h *conversationtest.House, id string) {
	t.Helper()
	messages, _, err := h.Service.Messages(t.Context(), conversationtest.Supervisor(), id, conversation.Page{Limit: conversation.MaxPage})
	if err != nil {
		t.Fatal(err)
	}
	joined := 0
	for i, m := range messages {
		if m.Sequence != int64(i+1) {
			t.Errorf("message %d of %s has sequence %d", i+1, id, m.Sequence)
		}
		if m.System != nil && m.System.Key == conversation.SystemJoined {
			joined++
		}
	}
	if joined > 1 {
		t.Errorf("%s was claimed %d times", id, joined)
	}
}
