package routing

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
)

// DepartmentStatus is a department's queue and its roulette.
type DepartmentStatus struct {
	DepartmentID string `json:"department_id"`
	Waiting      int    `json:"waiting"`
	LongestSince *int64 `json:"longest_since" doc:"entry of who waits longest"`
	Active       int    `json:"active"`
	Order        Order  `json:"order" enum:"round_robin,lowest_load"`
	// Estimate is for a visitor who came now.
	Estimate *conversation.Estimate `json:"estimate" doc:"how long who came now would wait; null when too little is known"`
	// Supervised says that the caller may put the queue in another order.
	Supervised bool `json:"supervised" doc:"the caller supervises it"`
	// OrderVersion goes back with a new order of the queue: a stale one is refused.
	OrderVersion int64 `json:"order_version" doc:"send it back with a new order of the queue"`
	// ServiceLevel is how the department keeps its promised times, null when it promises none (P03).
	ServiceLevel *conversation.LevelNow `json:"service_level" doc:"how the department keeps its promised times; null when it promises none"`
	// Next are the agents whom the roulette would ask for who is next here, or for a visitor who came now.
	Next []AgentReason `json:"next" nullable:"false" doc:"The agents in the order the roulette would ask them, each with its reason; the first is next if the reason is one of those who are able."`
}

// AgentStatus is an agent's load.
type AgentStatus struct {
	AgentID string `json:"agent_id"`
	Active  int    `json:"active"`
	Limit   int    `json:"limit"`
	Present bool   `json:"present"`
	Status  string `json:"status" enum:"online,busy,offline"`
	Method  string `json:"method" enum:"manual,roulette,both"`
	Ready   bool   `json:"ready" doc:"an offer would be noticed"`
	Offers  int    `json:"offers" doc:"conversations being offered to the agent"`
	Skipped bool   `json:"skipped" doc:"taken out of the roulette by a supervisor"`
	Turn    int64  `json:"turn" doc:"the smallest is next in a round robin"`
	// Supervised says that the caller may skip the agent, or give another turn.
	Supervised bool `json:"supervised" doc:"the caller supervises the agent"`
	// Unable tells why the roulette passes over the agent everywhere; empty for one who is able.
	Unable Reason `json:"unable" enum:",inactive,offline,busy,absent,not_ready,manual,skipped,full"`
}

// WaitingStatus is somebody who waits.
type WaitingStatus struct {
	ConversationID string `json:"conversation_id"`
	Number         int64  `json:"number"`
	VisitorName    string `json:"visitor_name"`
	DepartmentID   string `json:"department_id"`
	QueueEnteredAt int64  `json:"queue_entered_at"`
	// Position is the place in the department's queue.
	Position int64 `json:"position" doc:"in the department's queue, from 1"`
	// Estimate is how long it may still take at that place.
	Estimate       *conversation.Estimate `json:"estimate" doc:"null when too little is known"`
	Priority       int                    `json:"priority"`
	Language       string                 `json:"language"`
	Skills         []string               `json:"skills" nullable:"false"`
	Rules          []string               `json:"rules" nullable:"false" doc:"names of the rules that gave priority and skills"`
	OfferedTo      *string                `json:"offered_to" doc:"the agent who is being offered the conversation"`
	ReservedFor    *string                `json:"reserved_for" doc:"the inviting agent it is kept for"`
	ContactOffered bool                   `json:"contact_offered" doc:"the visitor was offered the contact form"`
	// Why tells why nobody has the conversation yet.
	Why Reason `json:"why" enum:"longest_waiting,entered_later,offered_elsewhere,reserved_for_inviter,nobody_able"`
}

// NextStatus is whom "next in queue" would attend.
type NextStatus struct {
	ConversationID string `json:"conversation_id"`
}

// QueueStatus is the status window (T063–T065), for the departments an agent may see.
type QueueStatus struct {
	Departments []DepartmentStatus `json:"departments" nullable:"false"`
	Agents      []AgentStatus      `json:"agents" nullable:"false"`
	Waiting     []WaitingStatus    `json:"waiting" nullable:"false" doc:"In waiting order."`
	Offers      []Offer            `json:"offers" nullable:"false" doc:"What is being offered now."`
	Next        *NextStatus        `json:"next"`
	// RouletteVersion goes back with a new order of the agents.
	RouletteVersion int64 `json:"roulette_version" doc:"send it back with a new order of the agents"`
}

// TransformSchema is called by huma: there may be no next.
func (QueueStatus) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "next")
}

// TransformSchema is called by huma: too little may be known, and nothing promised.
func (DepartmentStatus) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "estimate", "service_level")
}

// TransformSchema is called by huma: too little may be known.
func (WaitingStatus) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "estimate")
}

// outlook is what the status window is built from, read outside of any write: it may be a moment old.
type outlook struct {
	s        *Service
	agents   map[string]Present
	held     map[string]int
	turns    map[string]turn
	offers   []Offer
	misses   map[string]string
	versions map[string]int64
	snapshot Situation
	estimate func(departmentID string, place int64) *conversation.Estimate
}

// StatusOf returns the status window for a scope: its departments, the agents who serve them, who waits there and why, whom the roulette
// would ask next, and who would be next for the agent.
func (s *Service) StatusOf(ctx context.Context, accountID string, scope eventlog.Scope) (QueueStatus, error) {
	board := s.config.Conversations.Board()
	departments, err := board.ByDepartment(ctx, accountID, scope)
	if err != nil {
		return QueueStatus{}, fmt.Errorf("routing: status: %w", err)
	}
	waiting, err := board.Waiting(ctx, accountID, everything)
	if err != nil {
		return QueueStatus{}, fmt.Errorf("routing: status: %w", err)
	}
	o, err := s.outlook(ctx, accountID, waiting)
	if err != nil {
		return QueueStatus{}, fmt.Errorf("routing: status: %w", err)
	}
	for id := range scope.DepartmentIDs {
		if _, ok := departments[id]; !ok {
			departments[id] = conversation.Counters{}
		}
	}
	status := QueueStatus{
		Departments: []DepartmentStatus{}, Agents: o.agentsOf(s.config.Presence.Agents(accountID), scope),
		Waiting: o.waiting(waiting, scope), Offers: []Offer{}, Next: o.next(scope.AgentID), RouletteVersion: o.versions[""],
	}
	ids := slices.Sorted(maps.Keys(departments))
	levels, err := s.config.Conversations.Levels(ctx, accountID, ids)
	if err != nil {
		return QueueStatus{}, fmt.Errorf("routing: status: %w", err)
	}
	for _, id := range ids {
		c := departments[id]
		rules := s.config.Rules.Department(accountID, id)
		rules.ID = id
		var level *conversation.LevelNow
		if known, ok := levels[id]; ok {
			level = &known
		}
		status.Departments = append(status.Departments, DepartmentStatus{
			DepartmentID: id, Waiting: c.Waiting, LongestSince: c.WaitingSince, Active: c.Active, Order: rules.Order,
			OrderVersion: o.versions[id], ServiceLevel: level, Next: o.wouldAsk(rules), Supervised: scope.Supervises(id, ""),
			Estimate: o.estimate(id, int64(c.Waiting)+1),
		})
	}
	for _, offer := range o.offers {
		if scope.All || scope.DepartmentIDs[offer.DepartmentID] || offer.AgentID == scope.AgentID {
			status.Offers = append(status.Offers, offer)
		}
	}
	return status, nil
}

func (s *Service) outlook(ctx context.Context, accountID string, waiting []conversation.OpenConversation) (*outlook, error) {
	o := &outlook{s: s, agents: make(map[string]Present), estimate: s.config.Conversations.Estimates(ctx, accountID)}
	for _, a := range s.config.Presence.Agents(accountID) {
		o.agents[a.AgentID] = a
	}
	var err error
	if o.held, err = s.config.Conversations.Board().ActiveByAgent(ctx, accountID); err != nil {
		return nil, err //nolint:wrapcheck // the caller says what was asked
	}
	q := s.config.Store.Read()
	if o.turns, _, err = turns(ctx, q, accountID); err != nil {
		return nil, err
	}
	if o.offers, err = collect(ctx, q, scanOffer, openOffers, accountID); err != nil {
		return nil, err
	}
	if o.misses, err = misses(ctx, q, accountID); err != nil {
		return nil, err
	}
	if o.versions, err = orders(ctx, q, accountID); err != nil {
		return nil, err
	}
	return o, o.fill(ctx, accountID, waiting)
}

// shownWaiting is how many of those who wait are explained; the rest is counted.
const shownWaiting = 200

// fill builds the snapshot that a decision made now would see.
func (o *outlook) fill(ctx context.Context, accountID string, waiting []conversation.OpenConversation) error {
	o.snapshot.Now = clock.Millis(o.s.config.Clock.Now())
	for _, known := range o.agents {
		a := able(known, o.held[known.AgentID])
		a.Offers, a.Turn, a.Skipped = openOf(o.offers, a.ID), o.turns[a.ID].turn, o.turns[a.ID].skipped
		o.snapshot.Agents = append(o.snapshot.Agents, a)
	}
	if len(waiting) == 0 {
		return nil
	}
	queued, err := o.s.config.Conversations.QueueNow(ctx, accountID, shownWaiting)
	if err != nil {
		return err //nolint:wrapcheck // the caller says what was asked
	}
	offeredTo := make(map[string]string, len(o.offers))
	for _, offer := range o.offers {
		offeredTo[offer.ConversationID] = offer.AgentID
	}
	rules := make(map[string]bool)
	for _, q := range queued {
		c := candidate(q)
		c.OfferedTo, c.MissedBy = offeredTo[q.ID], o.misses[q.ID]
		o.s.reserve(&c, o.snapshot.Now, q, o.agents, func(id string) int { return o.held[id] + openOf(o.offers, id) })
		o.snapshot.Waiting = append(o.snapshot.Waiting, c)
		if !rules[q.DepartmentID] {
			rules[q.DepartmentID] = true
			d := o.s.config.Rules.Department(accountID, q.DepartmentID)
			d.ID = q.DepartmentID
			o.snapshot.Departments = append(o.snapshot.Departments, d)
		}
	}
	slices.SortFunc(o.snapshot.Waiting, inWaitingOrder)
	return nil
}

// wouldAsk ranks the department's agents for who is next there; for a visitor without wishes when nobody waits.
func (o *outlook) wouldAsk(d DepartmentRules) []AgentReason {
	c := Candidate{DepartmentID: d.ID, QueueEnteredAt: o.snapshot.Now}
	for _, w := range o.snapshot.Waiting {
		if w.DepartmentID == d.ID && w.OfferedTo == "" {
			c = w
			break
		}
	}
	w := newWheel(o.snapshot)
	w.departments[d.ID] = d
	ranked := w.rank(c)
	return slices.DeleteFunc(ranked, func(r AgentReason) bool { return r.Reason == AgentNotServing || r.Reason == AgentInactive })
}

func (o *outlook) agentsOf(all []Present, scope eventlog.Scope) []AgentStatus {
	list := []AgentStatus{}
	states := make(map[string]Contender, len(o.snapshot.Agents))
	for _, a := range o.snapshot.Agents {
		states[a.ID] = a
	}
	for _, a := range all {
		seen := a.AgentID == scope.AgentID || scope.All || scope.SupervisedAgentIDs[a.AgentID] ||
			slices.ContainsFunc(a.DepartmentIDs, func(id string) bool { return scope.DepartmentIDs[id] })
		if !seen {
			continue
		}
		state := states[a.AgentID]
		list = append(list, AgentStatus{
			AgentID: a.AgentID, Active: state.ActiveConversations, Limit: a.Limit, Present: a.Present, Status: a.Status, Method: a.Method,
			Ready: a.Ready, Offers: state.Offers, Skipped: state.Skipped, Turn: state.Turn, Unable: hindrance(state),
			Supervised: supervises(scope, a),
		})
	}
	return list
}

func (o *outlook) waiting(all []conversation.OpenConversation, scope eventlog.Scope) []WaitingStatus {
	known := make(map[string]Candidate, len(o.snapshot.Waiting))
	why := make(map[string]Reason, len(o.snapshot.Waiting))
	_, reasons := spin(o.snapshot, o.snapshot.Waiting)
	for i, c := range o.snapshot.Waiting {
		known[c.ConversationID], why[c.ConversationID] = c, reasons.Conversations[i].Reason
	}
	list, places := []WaitingStatus{}, make(map[string]int64)
	for _, w := range all {
		places[w.DepartmentID]++
		if !scope.All && !scope.DepartmentIDs[w.DepartmentID] {
			continue
		}
		one := WaitingStatus{
			ConversationID: w.ID, Number: w.Number, VisitorName: w.Visitor.Name, DepartmentID: w.DepartmentID, QueueEnteredAt: w.QueueEnteredAt,
			Skills: []string{}, Rules: []string{}, ContactOffered: w.ContactOfferedAt != nil, Why: EnteredLater,
			Position: places[w.DepartmentID], Estimate: o.estimate(w.DepartmentID, places[w.DepartmentID]),
		}
		if c, ok := known[w.ID]; ok {
			one.Priority, one.Language, one.Why = c.Priority, c.Language, why[w.ID]
			if c.Skills != nil {
				one.Skills = c.Skills
			}
			for _, r := range c.Rules {
				one.Rules = append(one.Rules, r.Name)
			}
			if c.OfferedTo != "" {
				one.OfferedTo = &c.OfferedTo
			}
			if c.ReservedFor != "" {
				one.ReservedFor = &c.ReservedFor
			}
		}
		list = append(list, one)
	}
	return list
}

// next asks Decide whom the agent would attend now.
func (o *outlook) next(agentID string) *NextStatus {
	known, ok := o.agents[agentID]
	if !ok {
		return nil
	}
	agent := able(known, 0)
	// Being away or full does not change who is next.
	agent.Present, agent.Status, agent.Limit = true, statusOnline, 1
	decision, _ := Decide(Situation{Now: o.snapshot.Now, Agent: &agent, Waiting: o.snapshot.Waiting}, Event{Kind: NextRequested, AgentID: agentID})
	if decision.ConversationID == "" {
		return nil
	}
	return &NextStatus{ConversationID: decision.ConversationID}
}
