package trigger

import (
	"errors"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/visitor"
)

func fields(err error) string {
	var refused *fault.Error
	if !errors.As(err, &refused) {
		return ""
	}
	out := make([]string, len(refused.Fields))
	for i, f := range refused.Fields {
		out[i] = f.Name + ":" + f.Code
	}
	return strings.Join(out, " ")
}

func TestCheck(t *testing.T) {
	many := make([]Condition, ConditionsMax+1)
	long := strings.Repeat("x", 401)
	valid := func(edit func(*Draft)) Draft {
		d := Draft{Name: "n", Once: PerVisitor, Match: All, Conditions: []Condition{is(Country, "BR")}, Action: Action{Kind: Open}}
		edit(&d)
		return d
	}
	of := func(list ...Condition) Draft { return valid(func(d *Draft) { d.Conditions = list }) }
	act := func(a Action) Draft { return valid(func(d *Draft) { d.Action = a }) }
	for _, tt := range []struct {
		name  string
		draft Draft
		want  string
	}{
		{"valid", valid(func(*Draft) {}), ""},
		{"nothing", Draft{}, "name:required once:not_allowed match:not_allowed conditions:required action.kind:not_allowed"},
		{"limits", valid(func(d *Draft) {
			d.Name, d.Description, d.Priority, d.Delay, d.Repeats = strings.Repeat("x", 81), long, 101, 3601, -1
			d.TimeZone = "Mars/Base"
		}), "name:too_long description:too_long priority:too_large delay:too_large repeats:too_small time_zone:unknown"},
		{"this machine's time zone", valid(func(d *Draft) { d.TimeZone = "Local" }), "time_zone:unknown"},
		{"too many conditions", of(many...), "conditions:too_many"},
		{"unknown field", of(is("mood", "good")), "conditions.0.field:unknown"},
		{"operator that makes no sense", of(cond(Pages, Contains, "3")), "conditions.0.operator:not_allowed"},
		{"no value", of(Condition{Field: Country, Operator: Is}), "conditions.0.values:required"},
		{"empty value", of(is(Country, "BR", "")), "conditions.0.values:required"},
		{"too many values", of(is(Country, strings.Split(strings.Repeat("BR,", 60), ",")...)), "conditions.0.values:too_many"},
		{"a long value", of(cond(PageURL, Contains, long)), "conditions.0.values:too_long"},
		{"custom without a key", of(is(Custom, "x")), "conditions.0.key:required"},
		{"no number", of(is(Country, "BR"), cond(Pages, AtLeast, "three")), "conditions.1.values:invalid"},
		{"two numbers", of(cond(Pages, AtLeast, "3", "4")), "conditions.0.values:too_many"},
		{"scrolled too far", of(cond(Scroll, AtLeast, "101")), "conditions.0.values:too_large"},
		{"waiting for what does not happen", of(is(Leaving, "no")), "conditions.0.values:not_allowed"},
		{"no day", of(is(Day, "8")), "conditions.0.values:not_allowed"},
		{"unknown device", of(is(Device, "watch")), "conditions.0.values:not_allowed"},
		{"expression that does not compile", of(cond(PageURL, Matches, "a(")), "conditions.0.values:invalid"},
		{"expression that closes what it did not open", of(cond(PageURL, Matches, "a)(b")), "conditions.0.values:invalid"},
		{"expression with a back reference, which RE2 has not", of(cond(PageURL, Matches, `(a)\1`)), "conditions.0.values:invalid"},
		{"expression that would grow", of(cond(PageURL, Matches, `((a{1000}){1000}){1000}`)), "conditions.0.values:invalid"},
		{"one hour", of(cond(Hour, Between, "08:00")), "conditions.0.values:invalid"},
		{"no hour", of(cond(Hour, Between, "08:00", "25:00")), "conditions.0.values:invalid"},
		{"no time between", of(cond(Hour, Between, "08:00", "08:00")), "conditions.0.values:contradiction"},
		{"past midnight", of(cond(Hour, Between, "22:00", "06:00")), ""},
		{"the whole day", of(cond(Hour, Between, "00:00", "24:00")), ""},
		{"never the whole day", of(cond(Hour, NotBetween, "00:00", "24:00")), "conditions:contradiction"},
		{"hours that contradict", of(cond(Hour, Between, "08:00", "10:00"), cond(Hour, Between, "14:00", "16:00")), "conditions:contradiction"},
		{"hours that meet", of(cond(Hour, Between, "08:00", "12:00"), cond(Hour, Between, "11:59", "16:00")), ""},
		{"days that contradict", of(is(Day, "1"), is(Day, "2")), "conditions:contradiction"},
		{"no day at all", of(cond(Day, IsNot, "1", "2", "3", "4", "5", "6", "7")), "conditions:contradiction"},
		{"any of hours that contradict", valid(func(d *Draft) {
			d.Match = Any
			d.Conditions = []Condition{cond(Hour, Between, "08:00", "10:00"), cond(Hour, Between, "14:00", "16:00")}
		}), ""},
		{"no template", act(Action{Kind: Invite}), "action.template_id:required"},
		{"no template's id", act(Action{Kind: Promotion, TemplateID: "x"}), "action.template_id:unknown"},
		{"no words", act(Action{Kind: Message, Text: " "}), "action.text:required"},
		{"no department", act(Action{Kind: Department}), "action.department_id:required"},
		{"no tag", act(Action{Kind: Tag}), "action.tag:required"},
		{"two tags", act(Action{Kind: Tag, Tag: "a,b"}), "action.tag:invalid"},
		{"unknown action", act(Action{Kind: "explode"}), "action.kind:not_allowed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := tt.draft.check(); fields(err) != tt.want {
				t.Errorf("got %q, want %q", fields(err), tt.want)
			}
		})
	}
}

func TestCheck_KeepsOnlyWhatTheKindNeeds(t *testing.T) {
	d := Draft{
		Name: " n ", Once: PerVisitor, Repeats: 5, Match: All, Conditions: []Condition{{Field: Country, Operator: Is, Key: "x", Values: []string{" BR "}}},
		Action: Action{Kind: Tag, Tag: "t", Text: "x", TemplateID: "y"},
	}
	got, err := d.check()
	if err != nil || got.Name != "n" || got.Repeats != 0 || got.Conditions[0].Key != "" || got.Conditions[0].Values[0] != "BR" ||
		got.Action != (Action{Kind: Tag, Tag: "t"}) {
		t.Errorf("got %+v, %v", got, err)
	}
	d.Once, d.Action = EveryTime, Action{Kind: Lead, Tag: "t"}
	if got, err := d.check(); err != nil || got.Once != PerVisitor || got.Repeats != 0 || got.Action != (Action{Kind: Lead}) {
		t.Errorf("a lead: got %+v, %v", got, err)
	}
}

func TestConditions(t *testing.T) {
	page := "https://shop.example/tenis/azul?cor=1&utm_source=x#topo"
	for _, tt := range []struct {
		condition Condition
		want      bool
	}{
		{is(PageURL, page), true},
		{is(PageURL, "/tenis/azul"), true},
		{is(PageURL, "/Tenis/Azul/"), true},
		{is(PageURL, "/tenis"), false},
		{is(PageURL, "/x", "/tenis/azul?cor=1&utm_source=x"), true},
		{cond(PageURL, IsNot, "/tenis/azul"), false},
		{cond(PageURL, IsNot, "/cart", "/checkout"), true},
		{cond(PageURL, Contains, "cor=1"), true},
		{cond(PageURL, Contains, "shop.example/tenis"), true},
		{cond(PageURL, Contains, "/shop.example"), false}, // a value that begins with / is of the path
		{cond(PageURL, ContainsNot, "carrinho"), true},
		{cond(PageURL, StartsWith, "/tenis/"), true},
		{cond(PageURL, StartsWith, "https://shop"), true},
		{cond(PageURL, StartsWith, "/azul"), false},
		{cond(PageURL, EndsWith, "/azul"), true},
		{cond(PageURL, Matches, `/tenis/\w+`), true},
		{cond(PageURL, Matches, `^/tenis`), false},
		{cond(PageURL, MatchesNot, `CART`), true},
		{cond(PageTitle, Matches, `^tênis|^TENIS`), true},
		{cond(PageTitle, Contains, "azul"), true},
		{is(ReferrerKind, "search", "social"), true},
		{cond(Referrer, Contains, "google"), true},
		{is(UTMSource, "boletim"), true},
		{is(UTMMedium, "email"), false},
		{cond(UTMMedium, IsNot, "email"), true}, // without one it is another one
		{is(Country, "PT", "BR"), true},
		{cond(Country, IsNot, "BR"), false},
		{is(City, "CAMPINAS"), true},
		{is(Language, "pt"), true},
		{is(Language, "pt-br"), true},
		{is(Language, "es"), false},
		{is(Device, "desktop"), false},
		{is(Site, "site"), true},
		{cond(Pages, AtLeast, "3"), true},
		{cond(Pages, AtLeast, "4"), false},
		{cond(Pages, AtMost, "3"), true},
		{is(Visits, "2"), true},
		{is(Visits, "3"), false},
		{cond(SecondsOnSite, AtMost, "59"), false},
		{cond(SecondsOnSite, AtLeast, "60"), true},
		{is(Day, "3"), true},
		{cond(Hour, NotBetween, "09:00", "10:00"), true},
		{cond(Hour, Between, "10:00", "10:01"), true},
		{is(AgentsOnline, "no"), true},
		{Condition{Field: Custom, Key: "plan", Operator: Contains, Values: []string{"gold"}}, false},
		{Condition{Field: Custom, Key: "plan", Operator: ContainsNot, Values: []string{"gold"}}, true},
	} {
		t.Run(string(tt.condition.Field)+" "+string(tt.condition.Operator)+" "+strings.Join(tt.condition.Values, "|"), func(t *testing.T) {
			w := newWorld(t)
			w.add("r", when(tt.condition))
			w.add("not", Draft{Match: Any, Action: Action{Kind: Tag, Tag: "t"}, Conditions: []Condition{tt.condition}})
			w.view("ana", "/", func(v *visitor.Visit) {
				v.PageURL, v.PageTitle, v.Pages = visitor.Intern(page), visitor.Intern("Tênis azul"), 3
				v.Visits, v.StartedAt = 2, v.StartedAt-60_000
			})
			want := []string{}
			if tt.want {
				want = []string{"not→ana", "r→ana"}
			}
			w.expect(want...)
		})
	}
}
