package routing_test

import (
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/routing"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// ruled is a service whose rules are asked when somebody enters a queue.
func ruled(t *testing.T, h *conversationtest.House, people *team, visits map[string]*visitor.Visit) *routing.Service {
	t.Helper()
	s := routing.New(routing.Config{
		Store: h.Store, Log: h.Log, Conversations: h.Service, Presence: people, Rules: people, Logger: slog.New(slog.DiscardHandler),
		Clock: h.Clock, Idents: h.Idents,
		Visits:        func(_, id string) (*visitor.Visit, bool) { v, ok := visits[id]; return v, ok },
		HasDepartment: func(_, id string) bool { return id == conversationtest.Sales || id == conversationtest.Support },
	})
	h.Heard(s.Heard)
	h.Service.OnTriage(s.Triage)
	return s
}

func when(f routing.Field, o routing.Operator, values ...string) routing.RuleCondition {
	return routing.RuleCondition{Field: f, Operator: o, Values: values}
}

func fieldIs(key string, o routing.Operator, value string) routing.RuleCondition {
	return routing.RuleCondition{Field: routing.ByField, Operator: o, Key: key, Values: []string{value}}
}

func rule(name string, p *int, skills []string, conditions ...routing.RuleCondition) routing.RuleDraft {
	return routing.RuleDraft{Name: name, Active: true, Match: routing.All, Conditions: conditions, Priority: p, Skills: skills}
}

func TestTriage_Conditions(t *testing.T) {
	seen := &visitor.Visit{Arrival: &visitor.Arrival{
		Visits: 2, ReferrerKind: visitor.ReferrerCampaign, EntryURL: visitor.Intern("https://shop.example/ofertas?utm_source=News"),
		UTMSource: visitor.Intern("News"), UTMCampaign: visitor.Intern("Black Friday"),
	}}
	n := conversation.Newcomer{
		SiteID: conversationtest.Site, DepartmentID: conversationtest.Sales, VisitID: "seen",
		Details: conversation.Details{
			Country: "BR", Language: "pt-BR", PageURL: "https://shop.example/Checkout/2?x=1", Referrer: "https://www.google.com/",
			VerifiedID: "c-1", Fields: map[string]any{"tier": "Gold", "cart": 512.5, "vip": true},
		},
	}
	tests := []struct {
		name  string
		when  routing.RuleCondition
		holds bool
	}{
		{"department", when(routing.ByDepartment, routing.Is, conversationtest.Support, conversationtest.Sales), true},
		{"another department", when(routing.ByDepartment, routing.Is, conversationtest.Support), false},
		{"not a department", when(routing.ByDepartment, routing.IsNot, conversationtest.Support), true},
		{"site", when(routing.BySite, routing.Is, conversationtest.Site), true},
		{"path of the page, either case", when(routing.ByPageURL, routing.StartsWith, "/checkout"), true},
		{"whole page", when(routing.ByPageURL, routing.Contains, "shop.example"), true},
		{"not of the page", when(routing.ByPageURL, routing.ContainsNot, "/cart", "/help"), true},
		{"one of them is enough to fail", when(routing.ByPageURL, routing.ContainsNot, "/cart", "/checkout"), false},
		{"entry", when(routing.ByEntryURL, routing.StartsWith, "/ofertas"), true},
		{"referrer", when(routing.ByReferrer, routing.Contains, "google"), true},
		{"kind", when(routing.ByReferrerKind, routing.Is, "campaign"), true},
		{"campaign", when(routing.ByUTMCampaign, routing.Is, "black friday"), true},
		{"medium unknown", when(routing.ByUTMMedium, routing.Contains, "mail"), false},
		{"country", when(routing.ByCountry, routing.Is, "PT", "BR"), true},
		{"language without region", when(routing.ByTongue, routing.Is, "pt"), true},
		{"language of another region", when(routing.ByTongue, routing.Is, "pt-PT"), false},
		{"returning", when(routing.ByReturning, routing.Is, "yes"), true},
		{"attended", when(routing.ByAttended, routing.Is, "no"), true},
		{"identified", when(routing.ByIdentified, routing.Is, "yes"), true},
		{"field", fieldIs("tier", routing.Is, "gold"), true},
		{"field that is absent", fieldIs("plan", routing.Is, "gold"), false},
		{"truth in a field", fieldIs("vip", routing.Is, "yes"), true},
		{"number at least", fieldIs("cart", routing.AtLeast, "512,5"), true},
		{"number at most", fieldIs("cart", routing.AtMost, "512"), false},
		{"no number", fieldIs("tier", routing.AtLeast, "1"), false},
	}
	h := conversationtest.New(t, storetest.SQLite(t))
	s := ruled(t, h, newTeam(), map[string]*visitor.Visit{"seen": seen})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := s.CreateRule(t.Context(), conversationtest.Account, routing.RuleDraft{
				Name: tt.name, Active: true, Match: routing.All, Conditions: []routing.RuleCondition{tt.when}, Priority: new(3),
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Triage(conversationtest.Account, n).Priority == 3; got != tt.holds {
				t.Errorf("holds %t, want %t", got, tt.holds)
			}
			if err := s.RemoveRule(t.Context(), conversationtest.Account, r.ID); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestTriage_FirstPriorityDecidesAndSkillsAddUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, people := conversationtest.New(t, st), newTeam()
		s := ruled(t, h, people, nil)
		var ids []string
		inactive := rule("off", new(9), nil, when(routing.ByDepartment, routing.Is, conversationtest.Sales))
		inactive.Active = false
		either := rule("either", nil, []string{"Inglês", "vip"}, when(routing.ByCountry, routing.Is, "XX"), when(routing.ByAttended, routing.Is, "no"))
		either.Match = routing.Any
		for _, d := range []routing.RuleDraft{
			inactive,
			rule("sales", new(2), []string{"vip"}, when(routing.ByDepartment, routing.Is, conversationtest.Sales)),
			rule("everybody", new(5), nil, when(routing.ByAttended, routing.Is, "no")),
			either,
		} {
			r, err := s.CreateRule(t.Context(), conversationtest.Account, d)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, r.ID)
		}
		names := func(t conversation.Triage) (list []string) {
			for _, r := range t.Rules {
				list = append(list, r.Name)
			}
			return list
		}
		got := s.Triage(conversationtest.Account, conversation.Newcomer{DepartmentID: conversationtest.Sales})
		if got.Priority != 2 || !reflect.DeepEqual(got.Skills, []string{"inglês", "vip"}) || !reflect.DeepEqual(names(got), []string{"sales", "either"}) {
			t.Fatalf("triage %+v", got)
		}
		if got := s.Triage("another account", conversation.Newcomer{DepartmentID: conversationtest.Sales}); got.Priority != 0 || got.Rules != nil {
			t.Fatalf("another account's rules speak: %+v", got)
		}
		// Another order, and the other one decides; what was loaded says the same as what was heard.
		if err := s.OrderRules(t.Context(), conversationtest.Account, []string{ids[3], ids[2], ids[1], ids[0]}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if got := s.Triage(conversationtest.Account, conversation.Newcomer{DepartmentID: conversationtest.Sales}); got.Priority != 5 {
				t.Fatalf("after another order %+v", got)
			}
			if err := s.LoadRules(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for name, list := range map[string][]string{"one is missing": ids[:3], "one is twice": {ids[0], ids[0], ids[1], ids[2]}, "one is unknown": {"x"}} {
			if err := s.OrderRules(t.Context(), conversationtest.Account, list); fault.CodeOf(err) != fault.StaleWrite {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// A rule that speaks moves the visitor ahead, and the decision names it.
func TestRules_PriorityMovesAheadAndIsNamed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, people := conversationtest.New(t, st), newTeam()
		s := ruled(t, h, people, nil)
		if _, err := s.CreateRule(t.Context(), conversationtest.Account,
			rule("Gold first", new(4), nil, fieldIs("tier", routing.Is, "gold"))); err != nil {
			t.Fatal(err)
		}
		h.Open(t, "early", conversationtest.Sales)
		gold, _, err := h.Service.Open(t.Context(), conversationtest.Visitor("gold"), conversation.Opening{
			ClientID: "c", DepartmentID: conversationtest.Sales, Name: "Gold", Email: "gold@example.com", Fields: map[string]any{"tier": "Gold"},
		})
		if err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		status, err := s.StatusOf(t.Context(), conversationtest.Account, conversationtest.Supervisor().Scope)
		if err != nil || len(status.Waiting) != 2 || status.Waiting[0].Priority != 4 || !reflect.DeepEqual(status.Waiting[0].Rules, []string{"Gold first"}) {
			t.Fatalf("status %+v, %v", status.Waiting, err)
		}
		c, err := s.Next(t.Context(), conversationtest.Account, conversationtest.Ana, "k")
		if err != nil || c.ID != gold.ID {
			t.Fatalf("next %+v, %v", c, err)
		}
		records, _, err := s.Decisions(t.Context(), conversationtest.Account, gold.ID, "")
		if err != nil || len(records) != 1 {
			t.Fatalf("decisions %+v, %v", records, err)
		}
		replayed, _ := routing.Decide(records[0].Snapshot, records[0].Event)
		for _, w := range records[0].Snapshot.Waiting {
			if w.ConversationID == gold.ID && (len(w.Rules) != 1 || w.Rules[0].Name != "Gold first") {
				t.Errorf("the decision names %+v", w.Rules)
			}
		}
		if replayed != records[0].Decision {
			t.Errorf("replays to %+v, was %+v", replayed, records[0].Decision)
		}
	})
}

func TestRules_Refuse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		s := ruled(t, h, newTeam(), nil)
		known := when(routing.ByDepartment, routing.Is, conversationtest.Sales)
		good := rule("good", new(1), nil, known)
		made, err := s.CreateRule(t.Context(), conversationtest.Account, good)
		if err != nil {
			t.Fatal(err)
		}
		many := func(n int) (list []string) {
			for i := range n {
				list = append(list, strings.Repeat("x", i+1))
			}
			return list
		}
		for name, tt := range map[string]struct {
			draft       routing.RuleDraft
			field, code string
		}{
			"no name":              {rule(" ", new(1), nil, known), "name", fault.FieldRequired},
			"a name too long":      {rule(strings.Repeat("ã", 81), new(1), nil, known), "name", fault.FieldTooLong},
			"a name taken":         {rule("good", new(1), nil, known), "name", fault.FieldTaken},
			"says nothing":         {rule("x", nil, nil, known), "priority", fault.FieldRequired},
			"priority too great":   {rule("x", new(10), nil, known), "priority", fault.FieldTooLarge},
			"too many skills":      {rule("x", nil, many(11), known), "skills", fault.FieldTooMany},
			"a skill too long":     {rule("x", nil, []string{strings.Repeat("s", 41)}, known), "skills", fault.FieldTooLong},
			"no condition":         {rule("x", new(1), nil), "conditions", fault.FieldRequired},
			"unknown field":        {rule("x", new(1), nil, when("moon", routing.Is, "1")), "conditions.0.field", fault.FieldUnknown},
			"operator of texts":    {rule("x", new(1), nil, when(routing.ByCountry, routing.Contains, "B")), "conditions.0.operator", fault.FieldNotAllowed},
			"no value":             {rule("x", new(1), nil, known, when(routing.ByCountry, routing.Is)), "conditions.1.values", fault.FieldRequired},
			"too many values":      {rule("x", new(1), nil, when(routing.ByCountry, routing.Is, many(51)...)), "conditions.0.values", fault.FieldTooMany},
			"neither yes nor no":   {rule("x", new(1), nil, when(routing.ByReturning, routing.Is, "maybe")), "conditions.0.values", fault.FieldNotAllowed},
			"no name of a field":   {rule("x", new(1), nil, fieldIs(" ", routing.Is, "1")), "conditions.0.key", fault.FieldRequired},
			"not a number":         {rule("x", new(1), nil, fieldIs("cart", routing.AtLeast, "NaN")), "conditions.0.values", fault.FieldInvalid},
			"somebody else's":      {rule("x", new(1), nil, when(routing.ByDepartment, routing.Is, "theirs")), "conditions.0.values", fault.FieldUnknown},
			"a direction override": {rule("a\u202eb", new(1), nil, known), "name", fault.FieldControlChars},
		} {
			_, err := s.CreateRule(t.Context(), conversationtest.Account, tt.draft)
			var refused *fault.Error
			if !errors.As(err, &refused) || len(refused.Fields) == 0 || refused.Fields[0].Name != tt.field || refused.Fields[0].Code != tt.code {
				t.Errorf("%s: %v, want %s at %s", name, err, tt.code, tt.field)
			}
		}
		expect := func(name string, err error, code fault.Code) {
			t.Helper()
			if fault.CodeOf(err) != code {
				t.Errorf("%s: %v, want %s", name, err, code)
			}
		}
		_, err = s.UpdateRule(t.Context(), conversationtest.Account, made.ID, 1, rule("better", new(2), nil, known))
		expect("the newest version", err, "")
		_, err = s.UpdateRule(t.Context(), conversationtest.Account, made.ID, 1, good)
		expect("an older version", err, fault.StaleWrite)
		_, err = s.UpdateRule(t.Context(), "theirs", made.ID, 2, good)
		expect("of another account", err, fault.NotFound)
		expect("removed by another account", s.RemoveRule(t.Context(), "theirs", made.ID), fault.NotFound)
		expect("removed", s.RemoveRule(t.Context(), conversationtest.Account, made.ID), "")
		expect("removed again", s.RemoveRule(t.Context(), conversationtest.Account, made.ID), fault.NotFound)
	})
}
