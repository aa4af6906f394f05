package routing

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// SkillFirst is how long a conversation is kept for agents who have what it needs, while one of them is there (P02).
const SkillFirst = time.Minute

// The reasons about agents of the roulette. The first group is of those who are able, in the order of their weight.
const (
	// ByInvite is the agent who invited the visitor.
	ByInvite Reason = "by_invite"
	// BySticky is the agent who attended the visitor last.
	BySticky Reason = "by_sticky"
	// BySkill is an agent who has the skills that are needed, ByLanguage one who speaks the visitor's language, when others are able who
	// have or speak not.
	BySkill    Reason = "by_skill"
	ByLanguage Reason = "by_language"
	// ByLoad is the agent with the fewest conversations, ByTurn the one who waits longest since the last offer.
	ByLoad Reason = "by_load"
	ByTurn Reason = "by_turn"
	// LaterTurn is an able agent whose turn comes after the pick's.
	LaterTurn Reason = "later_turn"
	// Overflowing is an able agent of the overflow department, asked after those of the department itself.
	Overflowing Reason = "overflow"

	AgentInactive    Reason = "inactive"
	AgentOffline     Reason = "offline"
	AgentBusy        Reason = "busy"
	AgentAbsent      Reason = "absent"
	AgentNotReady    Reason = "not_ready"
	AgentManual      Reason = "manual"
	AgentSkipped     Reason = "skipped"
	AgentFull        Reason = "full"
	AgentNotServing  Reason = "not_serving"
	AgentNotInviter  Reason = "kept_for_inviter"
	AgentLacksSkills Reason = "kept_for_skills"
	AgentJustMissed  Reason = "just_missed"
)

// AgentReason is the reason for one agent.
type AgentReason struct {
	AgentID string `json:"agent_id"`
	Reason  Reason `json:"reason" enum:"by_invite,by_sticky,by_skill,by_language,by_load,by_turn,later_turn,overflow,inactive,offline,busy,absent,not_ready,manual,skipped,full,not_serving,kept_for_inviter,kept_for_skills,just_missed"`
}

// Able says whether the reason is of an agent who could have been picked.
func (r Reason) Able() bool {
	switch r {
	case ByInvite, BySticky, BySkill, ByLanguage, ByLoad, ByTurn, LaterTurn, Overflowing:
		return true
	default:
		return false
	}
}

// wheel is the roulette's view of a snapshot.
type wheel struct {
	now         int64
	agents      []Contender
	unable      map[string]Reason // by agent: why nothing can be offered now
	departments map[string]DepartmentRules
}

func newWheel(s Situation) *wheel {
	w := &wheel{now: s.Now, agents: s.Agents, unable: make(map[string]Reason, len(s.Agents)), departments: make(map[string]DepartmentRules, len(s.Departments))}
	for _, a := range s.Agents {
		if why := hindrance(a); why != "" {
			w.unable[a.ID] = why
		}
	}
	for _, d := range s.Departments {
		w.departments[d.ID] = d
	}
	return w
}

// hindrance tells why the roulette cannot offer the agent anything, or nothing.
func hindrance(a Contender) Reason {
	switch {
	case !a.Active:
		return AgentInactive
	case a.Method == "manual":
		return AgentManual
	case a.Status == statusOffline:
		return AgentOffline
	case !a.Present:
		return AgentAbsent
	case a.Status != statusOnline:
		return AgentBusy
	case !a.Ready:
		return AgentNotReady
	case a.Skipped:
		return AgentSkipped
	case a.full():
		return AgentFull
	default:
		return ""
	}
}

// spin offers the first conversation for which somebody is able to the agent whose turn it is.
func spin(s Situation, waiting []Candidate) (Decision, Reasons) {
	w := newWheel(s)
	var decision Decision
	var reasons []AgentReason
	if len(w.unable) < len(w.agents) {
		for _, c := range waiting {
			if c.OfferedTo != "" {
				continue
			}
			ranked := w.rank(c)
			if len(ranked) > 0 && ranked[0].Reason.Able() {
				decision, reasons = Decision{ConversationID: c.ConversationID, AgentID: ranked[0].AgentID}, ranked
				break
			}
		}
	}
	passed := false
	explained := explain(waiting, func(c Candidate) Reason {
		switch {
		case c.ConversationID == decision.ConversationID:
			passed = true
			return LongestWaiting
		case c.OfferedTo != "":
			return OfferedElsewhere
		case passed:
			return EnteredLater
		case c.reserved(s.Now):
			return ReservedForInviter
		default:
			return NobodyAble
		}
	})
	explained.Agents = reasons
	return decision, explained
}

// reserved says whether the conversation is kept for who invited the visitor. Who let it pass has had the chance.
func (c Candidate) reserved(now int64) bool {
	return c.ReservedFor != "" && now < c.ReservedUntil && c.MissedBy != c.ReservedFor
}

// place is where an agent stands among those who could have a conversation; compared from the first member to the last.
type place struct {
	agent      Contender
	reason     Reason // why not, empty for able
	justMissed bool
	inviter    bool
	sticky     bool
	overflow   bool
	skilled    bool
	speaks     bool
	load       int // share of the limit in use, in thousandths; 0 in a round robin
}

// rank orders the agents for a conversation, those who are able first, each with a reason.
func (w *wheel) rank(c Candidate) []AgentReason {
	d := w.departments[c.DepartmentID]
	places := make([]place, 0, len(w.agents))
	for _, a := range w.agents {
		places = append(places, w.placeOf(a, c, d))
	}
	w.keepForSkills(places, c)
	others := slices.ContainsFunc(places, func(p place) bool { return p.reason == "" && !p.justMissed })
	for i := range places {
		if others && places[i].justMissed && places[i].reason == "" {
			places[i].reason = AgentJustMissed
		}
	}
	slices.SortFunc(places, inTurn)
	reasons := make([]AgentReason, 0, len(places))
	for i, p := range places {
		why := p.reason
		switch {
		case why == "" && i == 0:
			why = advantage(places)
		case why == "" && p.overflow && !places[0].overflow:
			why = Overflowing
		case why == "":
			why = LaterTurn
		}
		reasons = append(reasons, AgentReason{AgentID: p.agent.ID, Reason: why})
	}
	return reasons
}

func (w *wheel) placeOf(a Contender, c Candidate, d DepartmentRules) place {
	own := slices.Contains(a.DepartmentIDs, c.DepartmentID)
	over := !own && d.OverflowID != "" && w.now-c.QueueEnteredAt >= d.OverflowAfter && slices.Contains(a.DepartmentIDs, d.OverflowID)
	p := place{
		agent: a, reason: w.unable[a.ID], justMissed: c.MissedBy == a.ID, overflow: over,
		inviter: c.reserved(w.now) && c.ReservedFor == a.ID, sticky: d.Sticky && c.LastAgentID == a.ID && c.MissedBy != a.ID,
		skilled: a.has(c.Skills), speaks: a.speaks(c.Language),
	}
	if d.Order == LowestLoad {
		p.load = (a.ActiveConversations + a.Offers) * 1000 / max(a.Limit, 1)
	}
	switch {
	case !own && !over:
		p.reason = AgentNotServing
	case p.reason == "" && c.reserved(w.now) && !p.inviter:
		p.reason = AgentNotInviter
	}
	return p
}

// keepForSkills passes over those who lack what the conversation needs, for a while and as long as somebody there has it.
func (w *wheel) keepForSkills(places []place, c Candidate) {
	if len(c.Skills) == 0 || w.now >= c.QueueEnteredAt+SkillFirst.Milliseconds() {
		return
	}
	there := func(p place) bool {
		return p.skilled && !p.overflow && !p.justMissed && (p.reason == "" || p.reason == AgentFull)
	}
	if !slices.ContainsFunc(places, there) {
		return
	}
	for i := range places {
		if places[i].reason == "" && !places[i].skilled && !places[i].inviter {
			places[i].reason = AgentLacksSkills
		}
	}
}

func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

func inTurn(a, b place) int {
	return cmp.Or(
		first(a.reason == "", b.reason == ""), first(!a.justMissed, !b.justMissed),
		first(a.inviter, b.inviter), first(a.sticky, b.sticky), first(!a.overflow, !b.overflow), first(a.skilled, b.skilled), first(a.speaks, b.speaks),
		cmp.Compare(a.load, b.load), cmp.Compare(a.agent.Turn, b.agent.Turn), cmp.Compare(a.agent.ID, b.agent.ID),
	)
}

// advantage tells what put the first of the places before the other able ones.
func advantage(places []place) Reason {
	p := places[0]
	switch {
	case p.inviter:
		return ByInvite
	case p.sticky:
		return BySticky
	}
	others := func(differs func(place) bool) bool {
		return slices.ContainsFunc(places[1:], func(o place) bool { return o.reason == "" && differs(o) })
	}
	switch {
	case p.skilled && others(func(o place) bool { return !o.skilled }):
		return BySkill
	case p.speaks && others(func(o place) bool { return !o.speaks }):
		return ByLanguage
	case others(func(o place) bool { return o.load > p.load }):
		return ByLoad
	default:
		return ByTurn
	}
}

// has says whether the agent has all of the skills.
func (a Contender) has(skills []string) bool {
	for _, s := range skills {
		if !slices.Contains(a.Skills, s) {
			return false
		}
	}
	return true
}

// speaks compares languages without their regions. An agent of whom none are known speaks none in particular.
func (a Contender) speaks(language string) bool {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	return base != "" && slices.ContainsFunc(a.Languages, func(l string) bool {
		known, _, _ := strings.Cut(strings.ToLower(l), "-")
		return known == base
	})
}

// nextChange is when the snapshot's answer may become another one without anything happening: a reservation, a wait for skills or for the
// overflow ends. 0 is never.
func nextChange(s Situation) int64 {
	var at int64
	consider := func(t int64) {
		if t > s.Now && (at == 0 || t < at) {
			at = t
		}
	}
	departments := newWheel(s).departments
	for _, c := range s.Waiting {
		if c.OfferedTo != "" {
			continue
		}
		consider(c.ReservedUntil)
		if len(c.Skills) > 0 {
			consider(c.QueueEnteredAt + SkillFirst.Milliseconds())
		}
		if d := departments[c.DepartmentID]; d.OverflowID != "" {
			consider(c.QueueEnteredAt + d.OverflowAfter)
		}
	}
	return at
}
