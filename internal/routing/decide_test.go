package routing_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/routing"
)

func able(change func(*routing.Contender)) routing.Contender {
	a := routing.Contender{
		ID: "ana", Active: true, Status: "online", Present: true,
		Limit: 5, ActiveConversations: 2, DepartmentIDs: []string{"sales", "support"},
	}
	if change != nil {
		change(&a)
	}
	return a
}

func TestDecide(t *testing.T) {
	waiting := []routing.Candidate{
		{ConversationID: "c3", Number: 3, DepartmentID: "support", QueueEnteredAt: 30},
		{ConversationID: "c1", Number: 1, DepartmentID: "finance", QueueEnteredAt: 10},
		{ConversationID: "c2", Number: 2, DepartmentID: "sales", QueueEnteredAt: 20},
	}
	cases := []struct {
		name    string
		agent   routing.Contender
		waiting []routing.Candidate
		pick    string
		refused fault.Code
		reasons []routing.Reason
	}{
		{
			"the longest waiting of the served departments", able(nil), waiting, "c2", "",
			[]routing.Reason{routing.DepartmentNotServed, routing.LongestWaiting, routing.EnteredLater},
		},
		{
			"busy may pull", able(func(a *routing.Contender) { a.Status = "busy" }), waiting, "c2", "",
			[]routing.Reason{routing.DepartmentNotServed, routing.LongestWaiting, routing.EnteredLater},
		},
		{
			"a returned conversation stands before those who came later", able(nil), append(slices.Clone(waiting),
				routing.Candidate{ConversationID: "c9", Number: 9, DepartmentID: "support", QueueEnteredAt: 5}), "c9", "",
			[]routing.Reason{routing.LongestWaiting, routing.DepartmentNotServed, routing.EnteredLater, routing.EnteredLater},
		},
		{
			"the number breaks a tie", able(nil),
			[]routing.Candidate{
				{ConversationID: "b", Number: 8, DepartmentID: "sales", QueueEnteredAt: 7},
				{ConversationID: "a", Number: 9, DepartmentID: "sales", QueueEnteredAt: 7},
			},
			"b", "",
			[]routing.Reason{routing.LongestWaiting, routing.EnteredLater},
		},
		{"nobody waits", able(nil), nil, "", fault.QueueEmpty, nil},
		{
			"nobody of the served departments waits", able(func(a *routing.Contender) { a.DepartmentIDs = nil }), waiting[1:2],
			"", fault.QueueEmpty,
			[]routing.Reason{routing.DepartmentNotServed},
		},
		{
			"offline", able(func(a *routing.Contender) { a.Status = "offline" }), waiting[:1], "", fault.AgentAbsent,
			[]routing.Reason{routing.AgentUnable},
		},
		{
			"without a live connection", able(func(a *routing.Contender) { a.Present = false }), waiting[:1], "", fault.AgentAbsent,
			[]routing.Reason{routing.AgentUnable},
		},
		{
			"at the limit", able(func(a *routing.Contender) { a.ActiveConversations = 5 }), waiting[:1], "",
			fault.ConversationLimitReached,
			[]routing.Reason{routing.AgentUnable},
		},
		{
			"inactive", able(func(a *routing.Contender) { a.Active = false }), waiting[:1], "", fault.AgentInactive,
			[]routing.Reason{routing.AgentUnable},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			decision, reasons := routing.Decide(routing.Situation{Agent: &c.agent, Waiting: c.waiting},
				routing.Event{Kind: routing.NextRequested, AgentID: "ana"})
			if decision.ConversationID != c.pick || decision.Refused != c.refused {
				t.Fatalf("decision %+v, want pick %q refused %q", decision, c.pick, c.refused)
			}
			var got []routing.Reason
			for _, r := range reasons.Conversations {
				got = append(got, r.Reason)
			}
			if !slices.Equal(got, c.reasons) {
				t.Fatalf("reasons %v, want %v", got, c.reasons)
			}
		})
	}
}

func TestDecide_RefusesAnEventOfSomebodyElse(t *testing.T) {
	agent := able(nil)
	for _, e := range []routing.Event{{Kind: routing.NextRequested, AgentID: "bia"}, {Kind: routing.NextRequested}} {
		if d, _ := routing.Decide(routing.Situation{Agent: &agent}, e); d.Refused != fault.AgentInactive {
			t.Errorf("%+v: %+v", e, d)
		}
	}
}

func snapshots(t *rapid.T) routing.Situation {
	department := rapid.SampledFrom([]string{"d1", "d2", "d3", "d4"})
	s := routing.Situation{Agent: &routing.Contender{
		ID:                  "ana",
		Active:              rapid.Bool().Draw(t, "active"),
		Status:              rapid.SampledFrom([]string{"online", "busy", "offline"}).Draw(t, "status"),
		Present:             rapid.Bool().Draw(t, "present"),
		Limit:               rapid.IntRange(0, 4).Draw(t, "limit"),
		ActiveConversations: rapid.IntRange(0, 6).Draw(t, "holds"),
		DepartmentIDs:       rapid.SliceOfDistinct(department, rapid.ID).Draw(t, "departments"),
	}}
	for i := range rapid.IntRange(0, 12).Draw(t, "waiting") {
		s.Waiting = append(s.Waiting, routing.Candidate{
			ConversationID: fmt.Sprint("c", i), Number: int64(i), DepartmentID: department.Draw(t, "department"),
			QueueEnteredAt: rapid.Int64Range(0, 5).Draw(t, "entered"),
		})
	}
	return s
}

func TestDecide_Properties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots(t)
		before := slices.Clone(s.Waiting)
		event := routing.Event{Kind: routing.NextRequested, AgentID: "ana"}
		decision, reasons := routing.Decide(s, event)
		if !reflect.DeepEqual(before, s.Waiting) {
			t.Fatal("the snapshot was changed")
		}
		if (decision.ConversationID == "") == (decision.Refused == "") {
			t.Fatalf("neither pick nor refusal, or both: %+v", decision)
		}
		if len(reasons.Conversations) != len(s.Waiting) {
			t.Fatalf("%d reasons for %d conversations", len(reasons.Conversations), len(s.Waiting))
		}
		shuffled := s
		shuffled.Waiting = slices.Clone(s.Waiting)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled.Waiting), func(i, j int) {
			shuffled.Waiting[i], shuffled.Waiting[j] = shuffled.Waiting[j], shuffled.Waiting[i]
		})
		again, why := routing.Decide(shuffled, event)
		if again != decision || !reflect.DeepEqual(why, reasons) {
			t.Fatalf("order of the snapshot mattered: %+v and %+v", decision, again)
		}
		a := s.Agent
		unable := !a.Active || !a.Present || a.Status == "offline" || a.ActiveConversations >= a.Limit
		if decision.ConversationID != "" && unable {
			t.Fatalf("a conversation for an agent who is unable: %+v", a)
		}
		for _, c := range s.Waiting {
			if unable || !slices.Contains(a.DepartmentIDs, c.DepartmentID) {
				continue
			}
			pick := s.Waiting[slices.IndexFunc(s.Waiting, func(o routing.Candidate) bool {
				return o.ConversationID == decision.ConversationID
			})]
			if c.QueueEnteredAt < pick.QueueEnteredAt || c.QueueEnteredAt == pick.QueueEnteredAt && c.Number < pick.Number {
				t.Fatalf("%+v waits longer than the pick %+v", c, pick)
			}
		}
	})
}
