package trigger

import (
	"context"
	"fmt"
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// When says when a rule would reach a visitor.
type When string

// The moments.
const (
	// Now: all conditions hold.
	Now When = "now"
	// OnPage: those of the server hold; the page's, as scrolling, are still to come.
	OnPage When = "on_page"
	// Later: only time has to pass, as for the opening hour.
	Later When = "later"
)

// Reached is a visitor whom a rule would reach.
type Reached struct {
	VisitID   string `json:"visit_id"`
	N         int64  `json:"n" doc:"What agents call an unnamed visitor by."`
	Name      string `json:"name"`
	PageURL   string `json:"page_url"`
	PageTitle string `json:"page_title"`
	Country   string `json:"country"`
	City      string `json:"city"`
	When      When   `json:"when" enum:"now,on_page,later"`
}

// Trial is what a rule would do to the visitors on the site now.
type Trial struct {
	Reached  int       `json:"reached" doc:"Who would be reached now; with conditions of the page, who would be watched for them."`
	Later    int       `json:"later" doc:"Who would be reached when time has passed."`
	Busy     int       `json:"busy" doc:"Who would be reached, but waits or is in conversation."`
	Of       int       `json:"of" doc:"Visitors on the sites now."`
	OnPage   bool      `json:"on_page" doc:"Some conditions are known to the page alone."`
	Visitors []Reached `json:"visitors" nullable:"false" maxItems:"100" doc:"The first 100 of them, the newest visits first."`
}

// trialMax is how many visitors a trial names.
const trialMax = 100

// Try holds a draft against everybody who is on the account's sites now. Whom the rule has reached before is not looked at, nor the
// limits of what may be sent. Errors: Validation.
func (s *Service) Try(ctx context.Context, accountID string, d Draft) (Trial, error) {
	d, err := s.checked(ctx, accountID, d)
	if err != nil {
		return Trial{}, err
	}
	t := Trigger{ID: "draft"}.of(d, 0)
	t.Active = true
	rules := compile(accountID, []Trigger{t}, s.World.Zone(accountID))
	r := rules.list[0]
	visits := s.Presence.Snapshot(accountID)
	slices.SortFunc(visits, func(a, b *visitor.Visit) int { return int(b.Number - a.Number) })
	pasts, err := s.pasts(ctx, accountID, rules, visits)
	if err != nil {
		return Trial{}, err
	}
	trial := Trial{Of: len(visits), OnPage: len(r.onPage) > 0, Visitors: []Reached{}}
	f := facts{now: clock.Millis(s.Clock.Now()), online: s.World.Online(accountID)}
	asksPrevious := slices.ContainsFunc(rules.texts, func(i *textIndex) bool { return i.field == PreviousURL })
	for _, v := range visits {
		f.visit, f.past, f.previous = v, pasts[v.VisitorID], visitor.Text{}
		f.past.Known = true
		if asksPrevious && v.Pages > 1 {
			if detail, ok := s.Presence.Visit(accountID, v.ID); ok && len(detail.Trail) > 1 {
				f.previous = detail.Trail[1].URL
			}
		}
		if !rules.candidates(&f).has(0) {
			continue
		}
		s.count(&trial, v, r.decide(&f, false), t.Action.Kind.shows())
	}
	return trial, nil
}

// count puts one visitor into the trial.
func (s *Service) count(trial *Trial, v *visitor.Visit, d decision, shows bool) {
	when := Now
	switch {
	case d.holds:
	case d.asks:
		when = OnPage
	case d.opens != 0:
		when = Later
	default:
		return
	}
	if shows && s.World.Busy(v) {
		trial.Busy++
		return
	}
	if when == Later {
		trial.Later++
	} else {
		trial.Reached++
	}
	if len(trial.Visitors) < trialMax {
		trial.Visitors = append(trial.Visitors, Reached{
			VisitID: v.ID, N: v.Number, Name: v.Name(), PageURL: v.PageURL.String(), PageTitle: v.PageTitle.String(),
			Country: v.Country.String(), City: v.City.String(), When: when,
		})
	}
}

// pasts asks what happened with the visitors before, when the rules look at it.
func (s *Service) pasts(ctx context.Context, accountID string, rules *ruleset, visits []*visitor.Visit) (map[string]Past, error) {
	if !rules.usesHistory {
		return nil, nil
	}
	ids := make([]string, len(visits))
	for i, v := range visits {
		ids[i] = v.VisitorID
	}
	pasts, err := s.World.Pasts(ctx, accountID, ids)
	if err != nil {
		return nil, fmt.Errorf("trigger: try: %w", err)
	}
	return pasts, nil
}
