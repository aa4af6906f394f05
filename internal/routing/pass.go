package routing

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// lookAgain is after how many milliseconds an offer is looked at again whose acknowledgement waits to be written.
const lookAgain = 50

// pass is one look at an account, inside one write that holds the account's lane: it ends the offers whose time is over, takes back what
// was not answered, and offers until nobody is able or nobody waits.
type pass struct {
	s         *Service
	ctx       context.Context //nolint:containedctx // a pass is one call
	tx        *store.Tx
	accountID string
	now       int64
	offers    []Offer // open ones
	agents    map[string]Present
	held      map[string]int
	misses    map[string]string
	turns     map[string]turn
	lastTurn  int64
	names     map[string]string // of the visitors, by conversation
	// wake is when the next look is due, 0 for never; kept says that something of ours still runs.
	wake int64
	kept bool
}

func (p *pass) due(at int64) {
	if at > 0 && (p.wake == 0 || at < p.wake) {
		p.wake = at
	}
}

// look runs one pass and returns when the next one is due, 0 for never, and whether offers or answers are being waited for.
func (s *Service) look(ctx context.Context, accountID string, e Event) (wake int64, kept bool, err error) {
	waits, err := s.longWaits(ctx, accountID)
	if err != nil {
		return 0, false, err
	}
	err = s.config.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		p, err := s.newPass(ctx, tx, accountID)
		if err != nil {
			return err
		}
		if err := p.run(e, waits); err != nil {
			return err
		}
		wake, kept = p.wake, p.kept
		return nil
	})
	if waits.next > 0 && (wake == 0 || waits.next < wake) {
		wake = waits.next
	}
	return wake, kept, err
}

// newPass reads what every part of a pass needs.
func (s *Service) newPass(ctx context.Context, tx *store.Tx, accountID string) (*pass, error) {
	p := &pass{s: s, ctx: ctx, tx: tx, accountID: accountID, now: clock.Millis(s.config.Clock.Now()), agents: make(map[string]Present), names: make(map[string]string)}
	for _, a := range s.config.Presence.Agents(accountID) {
		p.agents[a.AgentID] = a
	}
	var err error
	if p.offers, err = collect(ctx, tx, scanOffer, openOffers, accountID); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *pass) run(e Event, waits longWaits) error {
	for _, id := range waits.due {
		if _, err := p.s.config.Conversations.OfferContact(p.ctx, p.tx, p.accountID, id); err != nil {
			return fmt.Errorf("routing: a long wait: %w", err)
		}
	}
	if err := p.endOffers(); err != nil {
		return err
	}
	if err := p.watchAnswers(); err != nil {
		return err
	}
	for again := true; again; {
		var err error
		if again, err = p.distribute(e); err != nil {
			return err
		}
	}
	for _, o := range p.offers {
		p.due(max(p.s.shown.deadline(o), p.now+lookAgain)) // later, when its acknowledgement is still to be written
		p.kept = true
	}
	return nil
}

// endOffers ends the open offers whose time is over, whose conversation no longer waits, or whose agent is no longer able.
func (p *pass) endOffers() error {
	open := p.offers[:0]
	for _, o := range p.offers {
		waits, err := p.s.config.Conversations.StillWaits(p.ctx, p.tx, p.accountID, o.ConversationID)
		if err != nil {
			return fmt.Errorf("routing: offers: %w", err)
		}
		switch a := p.agents[o.AgentID]; {
		case !waits:
			err = p.s.withdraw(p.ctx, p.tx, p.accountID, o, WithdrawnConversation)
		case p.s.shown.over(o, p.now):
			err = p.s.miss(p.ctx, p.tx, p.accountID, o)
		case !a.Active || !a.Present || a.Status != statusOnline:
			err = p.s.withdraw(p.ctx, p.tx, p.accountID, o, WithdrawnAgent)
		default:
			open = append(open, o)
		}
		if err != nil {
			return err
		}
	}
	p.offers = open
	return nil
}

// watchAnswers takes back, once, the conversations whose agents have not written in time (T062).
func (p *pass) watchAnswers() error {
	due, err := collect(p.ctx, p.tx, scanOffer, dueAnswers, p.accountID, p.now)
	if err != nil {
		return err
	}
	for _, o := range due {
		if err := p.s.checkAnswer(p.ctx, p.tx, p.accountID, o); err != nil {
			return err
		}
	}
	var next *int64
	if err := p.tx.QueryRow(p.ctx, nextAnswer, p.accountID).Scan(&next); err != nil {
		return fmt.Errorf("routing: answers: %w", err)
	}
	if next != nil {
		p.due(*next)
		p.kept = true
	}
	return nil
}

// distribute asks Decide until it has nothing to offer. again is true when there may be more to see than what was loaded.
func (p *pass) distribute(e Event) (again bool, err error) {
	limit := headLimit + len(p.offers)
	snapshot, err := p.snapshot(limit)
	if err != nil {
		return false, err
	}
	made := 0
	for {
		decision, reasons := Decide(snapshot, e)
		if decision.ConversationID == "" {
			break
		}
		if err := p.offer(&snapshot, e, decision, reasons); err != nil {
			return false, err
		}
		made++
	}
	p.due(nextChange(snapshot))
	return made > 0 && len(snapshot.Waiting) >= limit, nil
}

// offer writes what was decided and brings the snapshot up to date with it.
func (p *pass) offer(snapshot *Situation, e Event, d Decision, reasons Reasons) error {
	at := slices.IndexFunc(snapshot.Waiting, func(c Candidate) bool { return c.ConversationID == d.ConversationID })
	c := snapshot.Waiting[at]
	department := snapshot.Departments[slices.IndexFunc(snapshot.Departments, func(r DepartmentRules) bool { return r.ID == c.DepartmentID })]
	decisionID, err := p.s.record(p.ctx, p.tx, p.accountID, e, *snapshot, d, reasons)
	if err != nil {
		return err
	}
	o := Offer{
		ID: p.s.config.Idents.New(), ConversationID: c.ConversationID, DepartmentID: c.DepartmentID, AgentID: d.AgentID, DecisionID: decisionID,
		State: Offered, OfferedAt: p.now, DeadlineAt: p.now + department.OfferFor,
	}
	n, err := p.tx.Exec(p.ctx, insertOffer, o.ID, o.ConversationID, o.DepartmentID, o.AgentID, o.DecisionID, o.OfferedAt, o.DeadlineAt, p.accountID)
	if err != nil {
		return fmt.Errorf("routing: offer: %w", err)
	}
	if n == 0 {
		return fmt.Errorf("routing: %s is being offered already: %w", c.ConversationID, errConfused)
	}
	p.lastTurn++
	if _, err := p.tx.Exec(p.ctx, takeTurn, o.AgentID, p.accountID, p.lastTurn); err != nil {
		return fmt.Errorf("routing: turn: %w", err)
	}
	t := p.turns[o.AgentID]
	t.turn = p.lastTurn
	p.turns[o.AgentID] = t
	p.offers = append(p.offers, o)
	snapshot.Waiting = slices.Clone(snapshot.Waiting)
	snapshot.Waiting[at].OfferedTo = d.AgentID
	snapshot.Agents = slices.Clone(snapshot.Agents)
	for i := range snapshot.Agents {
		if snapshot.Agents[i].ID == d.AgentID {
			snapshot.Agents[i].Offers++
			snapshot.Agents[i].Turn = p.lastTurn
		}
	}
	p.tx.AfterCommit(func() { p.s.shown.told(o.ID, clock.Millis(p.s.config.Clock.Now())) })
	event := OfferMade{Offer: o, Number: c.Number, VisitorName: p.names[c.ConversationID]}
	if err := p.s.config.Log.Append(p.ctx, p.tx, p.accountID, event); err != nil {
		return fmt.Errorf("routing: offer: %w", err)
	}
	return nil
}

// snapshot loads what the roulette's decisions depend on, as the running write sees it; who is present comes from memory.
func (p *pass) snapshot(limit int) (Situation, error) {
	snapshot := Situation{Now: p.now}
	head, err := p.s.config.Conversations.QueueHead(p.ctx, p.tx, p.accountID, p.departmentIDs(), limit)
	if err != nil {
		return Situation{}, fmt.Errorf("routing: snapshot: %w", err)
	}
	if len(head) == 0 {
		return snapshot, nil
	}
	if p.held == nil {
		if err := p.load(); err != nil {
			return Situation{}, err
		}
	}
	offeredTo := make(map[string]string, len(p.offers))
	for _, o := range p.offers {
		offeredTo[o.ConversationID] = o.AgentID
	}
	departments := make(map[string]DepartmentRules)
	for _, q := range head {
		if _, ok := departments[q.DepartmentID]; !ok {
			d := p.s.config.Rules.Department(p.accountID, q.DepartmentID)
			d.ID = q.DepartmentID
			departments[q.DepartmentID] = d
		}
		p.names[q.ID] = q.VisitorName
		c := candidate(q)
		c.OfferedTo, c.MissedBy = offeredTo[q.ID], p.misses[q.ID]
		p.s.reserve(&c, p.now, q, p.agents, func(id string) int { return p.held[id] + openOf(p.offers, id) })
		snapshot.Waiting = append(snapshot.Waiting, c)
	}
	for _, id := range slices.Sorted(maps.Keys(departments)) {
		snapshot.Departments = append(snapshot.Departments, departments[id])
	}
	snapshot.Agents = p.concerned(departments)
	return snapshot, nil
}

// departmentIDs are those with somebody who can receive.
func (p *pass) departmentIDs() []string {
	ids := make(map[string]bool)
	for _, a := range p.agents {
		for _, id := range a.DepartmentIDs {
			ids[id] = true
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

// load reads the loads, turns and misses of the account.
func (p *pass) load() (err error) {
	if p.held, err = p.s.config.Conversations.ActiveCounts(p.ctx, p.tx, p.accountID); err != nil {
		return fmt.Errorf("routing: snapshot: %w", err)
	}
	if p.misses, err = misses(p.ctx, p.tx, p.accountID); err != nil {
		return err
	}
	p.turns, p.lastTurn, err = turns(p.ctx, p.tx, p.accountID)
	return err
}

// concerned returns the agents who serve one of the departments or the one it overflows to.
func (p *pass) concerned(departments map[string]DepartmentRules) []Contender {
	ids := make(map[string]bool, len(departments))
	for id, d := range departments {
		ids[id] = true
		if d.OverflowID != "" {
			ids[d.OverflowID] = true
		}
	}
	var list []Contender
	for _, known := range p.agents {
		if !slices.ContainsFunc(known.DepartmentIDs, func(id string) bool { return ids[id] }) {
			continue
		}
		a := able(known, p.held[known.AgentID])
		a.Offers, a.Turn, a.Skipped = openOf(p.offers, a.ID), p.turns[a.ID].turn, p.turns[a.ID].skipped
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b Contender) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

func candidate(q conversation.Queued) Candidate {
	return Candidate{
		ConversationID: q.ID, Number: q.Number, DepartmentID: q.DepartmentID, QueueEnteredAt: q.QueueEnteredAt, QueueOrder: q.QueueOrder,
		Priority: q.Triage.Priority, LastAgentID: q.Triage.LastAgentID, Language: q.Triage.Language, Skills: q.Triage.Skills,
		Rules: q.Triage.Rules,
	}
}

// openOf counts the open offers to an agent.
func openOf(offers []Offer, agentID string) int {
	n := 0
	for _, o := range offers {
		if o.AgentID == agentID {
			n++
		}
	}
	return n
}

// reserve keeps the conversation for who invited the visitor, as long as the time for it lasts and that agent is able: there, not full,
// serving the department, and has not let an offer of it pass.
func (s *Service) reserve(c *Candidate, now int64, q conversation.Queued, agents map[string]Present, holds func(agentID string) int) {
	if q.PreferredAgentID == nil || q.PreferredUntil == nil || *q.PreferredUntil <= now || c.MissedBy == *q.PreferredAgentID {
		return
	}
	inviter := agents[*q.PreferredAgentID]
	if !inviter.Active || !inviter.Present || inviter.Status == statusOffline || !slices.Contains(inviter.DepartmentIDs, q.DepartmentID) {
		return
	}
	if holds(inviter.AgentID) >= inviter.Limit && c.OfferedTo != inviter.AgentID {
		return
	}
	c.ReservedFor, c.ReservedUntil = inviter.AgentID, *q.PreferredUntil
}

// longWaits are the visitors who have waited for long enough to be offered the contact form.
type longWaits struct {
	due  []string
	next int64 // when the next one is due, 0 for never
}

func (s *Service) longWaits(ctx context.Context, accountID string) (longWaits, error) {
	waiting, err := s.config.Conversations.Board().Waiting(ctx, accountID, everything)
	if err != nil {
		return longWaits{}, fmt.Errorf("routing: long waits: %w", err)
	}
	now := clock.Millis(s.config.Clock.Now())
	var w longWaits
	longest := make(map[string]int64)
	for _, c := range waiting {
		if c.ContactOfferedAt != nil {
			continue
		}
		after, ok := longest[c.DepartmentID]
		if !ok {
			after = s.config.Rules.Department(accountID, c.DepartmentID).LongestWait
			longest[c.DepartmentID] = after
		}
		switch at := c.QueueEnteredAt + after; {
		case after == 0:
		case at <= now:
			w.due = append(w.due, c.ID)
		case w.next == 0 || at < w.next:
			w.next = at
		}
	}
	return w, nil
}
