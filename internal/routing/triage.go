package routing

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// Triage says what the account's rules make of a conversation that enters a queue: the first rule that sets a priority decides it, and
// what is needed is what all rules that hold ask for. It answers from memory.
func (s *Service) Triage(accountID string, n conversation.Newcomer) conversation.Triage {
	list := s.rules.of(accountID)
	if len(list) == 0 {
		return conversation.Triage{}
	}
	f := arrival{newcomer: n}
	if s.config.Visits != nil {
		if known, ok := s.config.Visits(accountID, n.VisitID); ok {
			f.visit = known
		}
	}
	return judge(list, f)
}

// judge asks the rules in their order.
func judge(list []Rule, f arrival) conversation.Triage {
	var t conversation.Triage
	decided := false
	for _, r := range list {
		if !r.Active || !r.holds(f) {
			continue
		}
		spoke := len(r.Skills) > 0
		if r.Priority != nil && !decided {
			decided, spoke = true, true
			t.Priority = *r.Priority
		}
		t.Skills = append(t.Skills, r.Skills...)
		if spoke {
			t.Rules = append(t.Rules, conversation.RuleName{ID: r.ID, Name: r.Name})
		}
	}
	slices.Sort(t.Skills)
	t.Skills = slices.Compact(t.Skills)
	return t
}

// arrival is what is known when a conversation enters a queue. The visit is nil when it is unknown, as after a restart.
type arrival struct {
	newcomer conversation.Newcomer
	visit    *visitor.Visit
}

func (r Rule) holds(f arrival) bool {
	holds := func(c RuleCondition) bool { return c.holds(f) }
	if r.Match == Any {
		return slices.ContainsFunc(r.Conditions, holds)
	}
	return !slices.ContainsFunc(r.Conditions, func(c RuleCondition) bool { return !holds(c) })
}

func (d RuleCondition) holds(f arrival) bool {
	known := f.value(d.Field, d.Key)
	found := slices.ContainsFunc(d.Values, func(value string) bool { return d.compare(known, value) })
	return found != (d.Operator == IsNot || d.Operator == ContainsNot)
}

// value returns a field as text; empty is unknown.
func (f arrival) value(of Field, key string) string {
	details := f.newcomer.Details
	switch of {
	case ByDepartment:
		return f.newcomer.DepartmentID
	case BySite:
		return f.newcomer.SiteID
	case ByPageURL:
		return details.PageURL
	case ByReferrer:
		return details.Referrer
	case ByCountry:
		return details.Country
	case ByTongue:
		return details.Language
	case ByAttended:
		return truth(f.newcomer.Earlier > 0)
	case ByIdentified:
		return truth(details.VerifiedID != "")
	case ByField:
		if key == visitor.ProvenName {
			return details.VerifiedID
		}
		return textOf(details.Fields[key])
	case ByReturning:
		return truth(f.visit != nil && f.visit.Visits > 1 || f.newcomer.Earlier > 0)
	}
	if f.visit == nil {
		return ""
	}
	switch of {
	case ByEntryURL:
		return f.visit.EntryURL.String()
	case ByReferrerKind:
		return string(f.visit.ReferrerKind)
	case ByUTMSource:
		return f.visit.UTMSource.String()
	case ByUTMMedium:
		return f.visit.UTMMedium.String()
	case ByUTMCampaign:
		return f.visit.UTMCampaign.String()
	default:
		return ""
	}
}

// compare holds what is known against one value; letters of both cases are the same.
func (d RuleCondition) compare(known, value string) bool {
	known, value = strings.ToLower(known), strings.ToLower(value)
	switch d.Field {
	case ByPageURL, ByEntryURL, ByReferrer:
		if strings.HasPrefix(value, "/") {
			known = pathOf(known)
		}
	case ByTongue:
		if !strings.Contains(value, "-") { // pt is every Portuguese
			known, _, _ = strings.Cut(known, "-")
		}
	}
	switch d.Operator {
	case Is, IsNot:
		return known == value
	case Contains, ContainsNot:
		return known != "" && strings.Contains(known, value)
	case StartsWith:
		return strings.HasPrefix(known, value)
	case AtLeast, AtMost:
		a, ok := number(known)
		b, valid := number(value)
		return ok && valid && (a == b || (a > b) == (d.Operator == AtLeast))
	default:
		return false
	}
}

func truth(is bool) string {
	if is {
		return yes
	}
	return no
}

// textOf writes what a site told or a visitor answered: a text, a number or a boolean.
func textOf(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(value)
	case bool:
		return truth(value)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	default:
		return fmt.Sprint(value)
	}
}

// number reads 12.5 and 12,5.
func number(text string) (float64, bool) {
	n, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
}

// pathOf returns the path and what follows of an address; all of it when it is none.
func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return u.RequestURI()
}
