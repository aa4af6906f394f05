package trigger

import (
	"fmt"
	"testing"

	"github.com/aceno-chat/aceno/internal/visitor"
)

// BenchmarkDecide holds one page view against 200 rules of the usual kinds.
func BenchmarkDecide(b *testing.B) {
	list := make([]Trigger, 200)
	for i := range list {
		list[i] = Trigger{ID: fmt.Sprint(i)}.of(Draft{
			Active: true,
			Once:   PerVisitor, Match: []Match{All, All, All, Any}[i%4], Action: Action{Kind: Open},
			Conditions: []Condition{
				cond(PageURL, []Operator{Contains, Is, StartsWith, Matches}[i/4%4], fmt.Sprintf("/p/%d", i)),
				cond(Country, Is, []string{"BR", "PT", "AR"}[i%3]), cond(Pages, AtLeast, fmt.Sprint(1+i%5)),
				cond(Hour, Between, "08:00", "18:00"), cond(ReferrerKind, Is, "search"),
			},
		}, 0)
	}
	w := newWorld(&testing.T{})
	rules := compile("account", list, w.Zone(""))
	pages := make([]visitor.Text, 400)
	for i := range pages {
		pages[i] = visitor.Intern(fmt.Sprintf("https://shop.example/p/%d", i))
	}
	v := &visitor.Visit{Arrival: &visitor.Arrival{Country: visitor.Intern("BR"), ReferrerKind: visitor.ReferrerSocial}, Pages: 3}
	f := facts{visit: v, now: begin.UnixMilli()}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		v.PageURL = pages[i%len(pages)]
		for word, left := range rules.candidates(&f) {
			for ; left != 0; left &= left - 1 {
				rules.list[word*wordBits+lowest(left)].decide(&f, false)
			}
		}
	}
}
