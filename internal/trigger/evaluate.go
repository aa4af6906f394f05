package trigger

import (
	"slices"

	"github.com/aceno-chat/aceno/internal/visitor"
)

// Past is what happened between us and a visitor before.
type Past struct {
	// Known is false while nobody has looked: rules that ask then wait.
	Known bool
	// Invited: an invite was sent, by an agent or a rule, at any time.
	Invited bool
	// Attended: there was a conversation, or there is one.
	Attended bool
}

// facts is everything the server's conditions look at.
type facts struct {
	visit    *visitor.Visit
	previous visitor.Text
	now      int64
	online   bool
	past     Past
	// verdicts are by ruleset.texts.
	verdicts []*verdict
	scratch  bitset
}

// candidates returns the rules that no text of the visit rules out, and fills the verdicts. The set is valid until the next call.
func (s *ruleset) candidates(f *facts) bitset {
	f.verdicts = f.verdicts[:0]
	if len(f.scratch) != len(s.all) {
		f.scratch = newBits(len(s.list))
	}
	copy(f.scratch, s.all)
	for _, index := range s.texts {
		v := index.of(f.text(index))
		f.verdicts = append(f.verdicts, v)
		f.scratch.without(v.excluded)
	}
	return f.scratch
}

// text returns what an index looks at.
func (f *facts) text(index *textIndex) visitor.Text {
	v := f.visit
	switch index.field {
	case PageURL:
		return v.PageURL
	case PageTitle:
		return v.PageTitle
	case EntryURL:
		return v.EntryURL
	case PreviousURL:
		return f.previous
	case Referrer:
		return v.Referrer
	case ReferrerKind:
		return visitor.Intern(string(v.ReferrerKind))
	case UTMSource:
		return v.UTMSource
	case UTMMedium:
		return v.UTMMedium
	case UTMCampaign:
		return v.UTMCampaign
	case Country:
		return v.Country
	case Region:
		return v.Region
	case City:
		return v.City
	case Language:
		return v.Language
	case Device:
		return v.Device
	case Site:
		return visitor.Intern(v.SiteID)
	case Custom:
		if index.key == visitor.ProvenName {
			return visitor.Intern(v.Proven())
		}
		fields := v.Fields()
		if i := slices.IndexFunc(fields, func(own visitor.Field) bool { return own.Key == index.key }); i >= 0 {
			return visitor.Intern(fields[i].Value)
		}
	}
	return visitor.Text{}
}

// decision is what a rule says of a visitor at a moment.
type decision struct {
	// holds: the conditions hold. asks: those of the server do, or may stay out; the page has to say about its own.
	holds, asks bool
	// opens is when it may be otherwise by time alone, in milliseconds; 0 when never.
	opens int64
}

// decide holds the rule against the facts. met says that the page's conditions hold.
func (r *rule) decide(f *facts, met bool) decision {
	if r.trigger.Match == Any {
		return r.decideAny(f, met)
	}
	var d decision
	for _, c := range r.clauses {
		holds, opens := c(f)
		switch {
		case holds:
		case opens == 0:
			return decision{}
		default:
			d.opens = max(d.opens, opens)
		}
	}
	if d.opens != 0 {
		return d
	}
	d.holds = met || len(r.onPage) == 0
	d.asks = !d.holds
	return d
}

func (r *rule) decideAny(f *facts, met bool) decision {
	d := decision{holds: met}
	for _, c := range r.clauses {
		holds, opens := c(f)
		if holds || d.holds {
			return decision{holds: true}
		}
		d.opens = earlier(d.opens, opens)
	}
	d.asks = !d.holds && len(r.onPage) > 0
	return d
}

// earlier returns the nearer of two moments, where 0 is never.
func earlier(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}
