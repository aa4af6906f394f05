package routing_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/aceno-chat/aceno/internal/routing"
)

// player is an agent whom the roulette may ask.
func player(id string, change func(*routing.Contender)) routing.Contender {
	a := routing.Contender{
		ID: id, Active: true, Status: "online", Present: true, Ready: true, Method: "roulette", Limit: 5, DepartmentIDs: []string{"sales"},
	}
	if change != nil {
		change(&a)
	}
	return a
}

func TestDecide_Roulette(t *testing.T) {
	const now = 1_000_000
	waits := func(change func(*routing.Candidate)) routing.Candidate {
		c := routing.Candidate{ConversationID: "c", Number: 1, DepartmentID: "sales", QueueEnteredAt: now - 1000, QueueOrder: now - 1000}
		if change != nil {
			change(&c)
		}
		return c
	}
	sales := routing.DepartmentRules{ID: "sales", Order: routing.RoundRobin}
	for name, row := range map[string]struct {
		agents     []routing.Contender
		waits      routing.Candidate
		department routing.DepartmentRules
		want       []routing.AgentReason // the first is the pick when able
		picked     bool
	}{
		"who waits longest since the last offer": {
			[]routing.Contender{player("ana", func(a *routing.Contender) { a.Turn = 2 }), player("bia", func(a *routing.Contender) { a.Turn = 1 })},
			waits(nil), sales,
			[]routing.AgentReason{{"bia", routing.ByTurn}, {"ana", routing.LaterTurn}},
			true,
		},
		"the lowest load, where that is the order": {
			[]routing.Contender{player("ana", func(a *routing.Contender) { a.ActiveConversations = 1 }), player("bia", func(a *routing.Contender) { a.Turn = 9 })},
			waits(nil),
			routing.DepartmentRules{ID: "sales", Order: routing.LowestLoad},
			[]routing.AgentReason{{"bia", routing.ByLoad}, {"ana", routing.LaterTurn}},
			true,
		},
		"everybody who is not able says why": {
			[]routing.Contender{
				player("a", func(a *routing.Contender) { a.Active = false }), player("b", func(a *routing.Contender) { a.Method = "manual" }),
				player("c", func(a *routing.Contender) { a.Status = "offline" }), player("d", func(a *routing.Contender) { a.Present = false }),
				player("e", func(a *routing.Contender) { a.Status = "busy" }), player("f", func(a *routing.Contender) { a.Ready = false }),
				player("g", func(a *routing.Contender) { a.Skipped = true }), player("h", func(a *routing.Contender) { a.ActiveConversations, a.Offers = 4, 1 }),
				player("i", func(a *routing.Contender) { a.DepartmentIDs = []string{"support"} }), player("j", nil),
			},
			waits(nil), sales,
			[]routing.AgentReason{
				{"j", routing.ByTurn},
				{"a", routing.AgentInactive},
				{"b", routing.AgentManual},
				{"c", routing.AgentOffline},
				{"d", routing.AgentAbsent},
				{"e", routing.AgentBusy},
				{"f", routing.AgentNotReady},
				{"g", routing.AgentSkipped},
				{"h", routing.AgentFull},
				{"i", routing.AgentNotServing},
			},
			true,
		},
		"not again to who just missed it": {
			[]routing.Contender{player("ana", nil), player("bia", func(a *routing.Contender) { a.Turn = 9 })},
			waits(func(c *routing.Candidate) { c.MissedBy = "ana" }), sales,
			[]routing.AgentReason{{"bia", routing.ByTurn}, {"ana", routing.AgentJustMissed}},
			true,
		},
		"again to who missed it when nobody else is able": {
			[]routing.Contender{player("ana", nil), player("bia", func(a *routing.Contender) { a.Ready = false })},
			waits(func(c *routing.Candidate) { c.MissedBy = "ana" }), sales,
			[]routing.AgentReason{{"ana", routing.ByTurn}, {"bia", routing.AgentNotReady}},
			true,
		},
		"the inviter first": {
			[]routing.Contender{player("ana", nil), player("bia", func(a *routing.Contender) { a.Turn = 9 })},
			waits(func(c *routing.Candidate) { c.ReservedFor, c.ReservedUntil = "bia", now+1 }), sales,
			[]routing.AgentReason{{"bia", routing.ByInvite}, {"ana", routing.AgentNotInviter}},
			true,
		},
		"kept for an inviter who pulls": {
			[]routing.Contender{player("ana", nil), player("bia", func(a *routing.Contender) { a.Method = "manual" })},
			waits(func(c *routing.Candidate) { c.ReservedFor, c.ReservedUntil = "bia", now+1 }), sales, nil, false,
		},
		"no longer kept when the time is over": {
			[]routing.Contender{player("ana", nil), player("bia", func(a *routing.Contender) { a.Turn = 9 })},
			waits(func(c *routing.Candidate) { c.ReservedFor, c.ReservedUntil = "bia", now }), sales,
			[]routing.AgentReason{{"ana", routing.ByTurn}, {"bia", routing.LaterTurn}},
			true,
		},
		"who attended the visitor last": {
			[]routing.Contender{player("ana", nil), player("bia", func(a *routing.Contender) { a.Turn = 9 })},
			waits(func(c *routing.Candidate) { c.LastAgentID = "bia" }),
			routing.DepartmentRules{ID: "sales", Sticky: true},
			[]routing.AgentReason{{"bia", routing.BySticky}, {"ana", routing.LaterTurn}},
			true,
		},
		"who speaks the language": {
			[]routing.Contender{player("ana", nil), player("bia", func(a *routing.Contender) { a.Turn, a.Languages = 9, []string{"pt", "es"} })},
			waits(func(c *routing.Candidate) { c.Language = "es-AR" }), sales,
			[]routing.AgentReason{{"bia", routing.ByLanguage}, {"ana", routing.LaterTurn}},
			true,
		},
		"kept for who has the skill, though full": {
			[]routing.Contender{player("ana", nil), player("bia", func(a *routing.Contender) { a.Skills, a.Limit = []string{"refunds"}, 0 })},
			waits(func(c *routing.Candidate) { c.Skills = []string{"refunds"} }), sales, nil, false,
		},
		"to anybody when the time for the skill is over": {
			[]routing.Contender{player("ana", nil), player("bia", func(a *routing.Contender) { a.Skills, a.Limit = []string{"refunds"}, 0 })},
			waits(func(c *routing.Candidate) {
				c.Skills, c.QueueEnteredAt = []string{"refunds"}, now-routing.SkillFirst.Milliseconds()
			}), sales,
			[]routing.AgentReason{{"ana", routing.ByTurn}, {"bia", routing.AgentFull}},
			true,
		},
		"the overflow department after its time": {
			[]routing.Contender{player("ana", func(a *routing.Contender) { a.Limit = 0 }), player("bia", func(a *routing.Contender) { a.DepartmentIDs = []string{"support"} })},
			waits(nil),
			routing.DepartmentRules{ID: "sales", OverflowID: "support", OverflowAfter: 1000},
			[]routing.AgentReason{{"bia", routing.ByTurn}, {"ana", routing.AgentFull}},
			true,
		},
		"not the overflow department before": {
			[]routing.Contender{player("bia", func(a *routing.Contender) { a.DepartmentIDs = []string{"support"} })},
			waits(nil),
			routing.DepartmentRules{ID: "sales", OverflowID: "support", OverflowAfter: 1001},
			nil, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := routing.Situation{Now: now, Agents: row.agents, Waiting: []routing.Candidate{row.waits}, Departments: []routing.DepartmentRules{row.department}}
			decision, reasons := routing.Decide(s, routing.Event{Kind: routing.Queued})
			if (decision.ConversationID == "c") != row.picked || row.picked && decision.AgentID != row.want[0].AgentID {
				t.Fatalf("decided %+v because %+v", decision, reasons)
			}
			if !reflect.DeepEqual(reasons.Agents, row.want) {
				t.Fatalf("reasons %+v, want %+v", reasons.Agents, row.want)
			}
		})
	}
}

func wheels(t *rapid.T) routing.Situation {
	department := rapid.SampledFrom([]string{"d1", "d2", "d3"})
	agent := rapid.SampledFrom([]string{"a0", "a1", "a2", "a3", "a4", ""})
	skills := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"refunds", "english"}), 0, 1, rapid.ID)
	s := routing.Situation{Now: 100_000}
	for i := range rapid.IntRange(0, 5).Draw(t, "agents") {
		s.Agents = append(s.Agents, routing.Contender{
			ID: fmt.Sprint("a", i), Active: rapid.Bool().Draw(t, "active"), Status: rapid.SampledFrom([]string{"online", "online", "busy", "offline"}).Draw(t, "status"),
			Present: rapid.Bool().Draw(t, "present"), Ready: rapid.Bool().Draw(t, "ready"), Skipped: rapid.IntRange(0, 5).Draw(t, "skip") == 0,
			Method: rapid.SampledFrom([]string{"manual", "roulette", "both"}).Draw(t, "method"), Limit: rapid.IntRange(0, 3).Draw(t, "limit"),
			ActiveConversations: rapid.IntRange(0, 3).Draw(t, "holds"), Offers: rapid.IntRange(0, 1).Draw(t, "offers"),
			DepartmentIDs: rapid.SliceOfDistinct(department, rapid.ID).Draw(t, "serves"), Skills: skills.Draw(t, "skills"),
			Turn: rapid.Int64Range(0, 4).Draw(t, "turn"),
		})
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "waiting") {
		s.Waiting = append(s.Waiting, routing.Candidate{
			ConversationID: fmt.Sprint("c", i), Number: int64(i), DepartmentID: department.Draw(t, "department"),
			QueueEnteredAt: rapid.Int64Range(0, 100_000).Draw(t, "entered"), QueueOrder: rapid.Int64Range(0, 5).Draw(t, "order"),
			ReservedFor: agent.Draw(t, "reserved"), ReservedUntil: rapid.Int64Range(99_000, 101_000).Draw(t, "until"),
			OfferedTo: rapid.SampledFrom([]string{"", "", "", "a1"}).Draw(t, "offered"), MissedBy: agent.Draw(t, "missed"),
			LastAgentID: agent.Draw(t, "last"), Skills: skills.Draw(t, "needs"),
		})
	}
	for _, id := range []string{"d1", "d2", "d3"} {
		s.Departments = append(s.Departments, routing.DepartmentRules{
			ID: id, Order: rapid.SampledFrom([]routing.Order{routing.RoundRobin, routing.LowestLoad}).Draw(t, "order"), Sticky: rapid.Bool().Draw(t, "sticky"),
			OverflowID: rapid.SampledFrom([]string{"", "d1"}).Draw(t, "overflow"), OverflowAfter: 50_000,
		})
	}
	return s
}

func TestDecide_RouletteProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := wheels(t)
		event := routing.Event{Kind: routing.Deadline}
		decision, reasons := routing.Decide(s, event)
		shuffled := s
		shuffled.Waiting, shuffled.Agents = slices.Clone(s.Waiting), slices.Clone(s.Agents)
		luck := rand.New(rand.NewPCG(1, 2))
		luck.Shuffle(len(shuffled.Waiting), reflect.Swapper(shuffled.Waiting))
		luck.Shuffle(len(shuffled.Agents), reflect.Swapper(shuffled.Agents))
		if again, why := routing.Decide(shuffled, event); again != decision || !reflect.DeepEqual(why, reasons) {
			t.Fatalf("the order of the snapshot mattered: %+v and %+v", decision, again)
		}
		if len(reasons.Conversations) != len(s.Waiting) {
			t.Fatalf("%d reasons for %d conversations", len(reasons.Conversations), len(s.Waiting))
		}
		if decision.ConversationID == "" {
			return
		}
		if len(reasons.Agents) != len(s.Agents) || reasons.Agents[0].AgentID != decision.AgentID {
			t.Fatalf("the pick is not explained: %+v", reasons.Agents)
		}
		a := s.Agents[slices.IndexFunc(s.Agents, func(a routing.Contender) bool { return a.ID == decision.AgentID })]
		c := s.Waiting[slices.IndexFunc(s.Waiting, func(c routing.Candidate) bool { return c.ConversationID == decision.ConversationID })]
		if !a.Active || !a.Present || !a.Ready || a.Skipped || a.Status != "online" || a.Method == "manual" || a.ActiveConversations+a.Offers >= a.Limit {
			t.Fatalf("offered to one who is unable: %+v", a)
		}
		if c.OfferedTo != "" {
			t.Fatalf("offered twice: %+v", c)
		}
		if c.MissedBy == a.ID && slices.ContainsFunc(reasons.Agents[1:], func(r routing.AgentReason) bool { return r.Reason.Able() }) {
			t.Fatalf("twice in a row to %s though another is able: %+v", a.ID, reasons.Agents)
		}
	})
}

// TestDecide_RouletteIsFair: among equal agents nobody is ever two offers ahead, over any stretch of offers.
func TestDecide_RouletteIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "agents")
		s := routing.Situation{Now: 1, Departments: []routing.DepartmentRules{{ID: "sales"}}, Waiting: []routing.Candidate{{ConversationID: "c", DepartmentID: "sales"}}}
		for i := range n {
			s.Agents = append(s.Agents, player(fmt.Sprint("a", i), func(a *routing.Contender) { a.Turn = rapid.Int64Range(-3, 3).Draw(t, "turn") }))
		}
		var picks []int
		for turn := int64(10); turn < 60; turn++ {
			d, _ := routing.Decide(s, routing.Event{Kind: routing.Queued})
			i := slices.IndexFunc(s.Agents, func(a routing.Contender) bool { return a.ID == d.AgentID })
			s.Agents[i].Turn = turn
			picks = append(picks, i)
		}
		for from := range picks {
			counts := make([]int, n)
			for _, i := range picks[from:] {
				counts[i]++
				if slices.Max(counts)-slices.Min(counts) > 1 {
					t.Fatalf("from offer %d on: %v", from, counts)
				}
			}
		}
	})
}
