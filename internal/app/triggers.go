package app

import (
	"context"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/aceno-chat/aceno/internal/grid"
	"github.com/aceno-chat/aceno/internal/lead"
	"github.com/aceno-chat/aceno/internal/outreach"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/trigger"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// What triggers and the other features mean to each other.

// buildTriggers makes the rules and what evaluates them, and has them hear the log.
func (a *App) buildTriggers() {
	a.decisions = prometheus.NewHistogram(prometheus.HistogramOpts{
		Namespace: "aceno", Name: "trigger_decision_seconds", Help: "From a page view to the decision of all triggers on it.",
		Buckets: prometheus.ExponentialBuckets(0.00001, 1.5, 32),
	})
	a.triggers = trigger.New(trigger.Config{
		Store: a.store, Log: a.events, Clock: a.clock, IDs: a.idents, Logger: a.log, Box: a.box, Actions: triggerActions{a},
		World: triggerWorld{a}, Outreach: triggerOutreach{a}, Presence: a.visits,
		HasDepartment: a.hasDepartment, HasSite: a.hasSite,
		Observe: func(took time.Duration) { a.decisions.Observe(took.Seconds()) },
	})
	a.events.Tail(a.triggers.Heard)
	a.leads = lead.NewService(lead.Config{
		Store: a.store, Log: a.events, Clock: a.clock, IDs: a.idents, Visits: visitor.NewStore(a.store), Show: a.showLead, Work: a.work,
	})
	a.events.Tail(a.leads.Heard)
}

// sinks tells several of the same visits.
type sinks []visitor.Sink

func (s sinks) VisitChanged(v *visitor.Visit) {
	for _, one := range s {
		one.VisitChanged(v)
	}
}

func (s sinks) VisitLeft(v *visitor.Visit) {
	for _, one := range s {
		one.VisitLeft(v)
	}
}

// triggerWorld answers what rules ask about visitors.
type triggerWorld struct{ *App }

func (a triggerWorld) Online(accountID string) bool { return a.departments.Online(accountID) }

func (a triggerWorld) Busy(v *visitor.Visit) bool {
	_, open, err := a.conversations.Board().OpenOf(a.background, v.AccountID, v.VisitorID, v.SiteID)
	return open || err != nil
}

func (a triggerWorld) Zone(accountID string) *time.Location {
	acc, err := a.accounts.Get(a.background, accountID)
	if err != nil {
		return time.UTC
	}
	zone, err := time.LoadLocation(acc.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

func (a triggerWorld) Pasts(ctx context.Context, accountID string, visitorIDs []string) (map[string]trigger.Past, error) {
	attended, err := a.conversations.Attended(ctx, accountID, visitorIDs)
	if err != nil {
		return nil, err
	}
	invited, err := a.outreach.Invited(ctx, accountID, visitorIDs)
	if err != nil {
		return nil, err
	}
	pasts := make(map[string]trigger.Past, len(attended)+len(invited))
	for _, id := range attended {
		pasts[id] = trigger.Past{Attended: true}
	}
	for _, id := range invited {
		past := pasts[id]
		past.Invited = true
		pasts[id] = past
	}
	return pasts, nil
}

func (a triggerWorld) Tell(visitorID string, frame []byte) { a.visits.Tell(visitorID, frame) }

// triggerOutreach tells rules of what was prepared, and of what became of what they sent.
type triggerOutreach struct{ *App }

func (a triggerOutreach) OfTriggers(ctx context.Context, accountID string) (map[string]trigger.Counters, error) {
	sent, err := a.outreach.OfTriggers(ctx, accountID)
	counters := make(map[string]trigger.Counters, len(sent))
	for id, s := range sent {
		counters[id] = trigger.Counters{Shown: s.Shown, Accepted: s.Accepted}
	}
	return counters, err
}

func (a triggerOutreach) Prepared(_ context.Context, accountID string, kind trigger.Kind, templateID string) (bool, error) {
	t, ok := a.outreach.Template(accountID, templateID)
	return ok && string(t.Kind) == string(kind), nil
}

// triggerActions does what rules want.
type triggerActions struct{ *App }

// sendKinds are the actions that are outreach.
var sendKinds = map[trigger.Kind]outreach.Kind{
	trigger.Invite: outreach.Invite, trigger.Promotion: outreach.Promotion, trigger.Open: outreach.OpenChat, trigger.Message: outreach.TeamMessage,
}

func (a triggerActions) Do(ctx context.Context, o trigger.Order) (trigger.Outcome, error) {
	if o.Action.Kind == trigger.Tag {
		return trigger.Done, a.tagVisitor(o.VisitorID, o.Action.Tag)
	}
	if o.Action.Kind == trigger.Lead {
		return a.markLead(ctx, o)
	}
	_, err := a.outreach.Send(ctx, outreach.SendRequest{
		AccountID: o.AccountID, VisitID: o.VisitID, Kind: sendKinds[o.Action.Kind], TemplateID: o.Action.TemplateID, Text: o.Action.Text,
		By: outreach.ByTrigger, TriggerID: o.TriggerID,
	})
	switch fault.CodeOf(err) {
	case "":
		return trigger.Done, nil
	case fault.VisitorGone, fault.VisitorInConversation, fault.OutreachBlocked, fault.OutreachPending, fault.OutreachLimit:
		return trigger.Occupied, nil
	case fault.NotFound, fault.TemplateInactive, fault.Validation:
		return trigger.Impossible, nil
	}
	return trigger.Impossible, err
}

// markLead makes a lead of the visitor.
func (a triggerActions) markLead(ctx context.Context, o trigger.Order) (trigger.Outcome, error) {
	v, ok := a.visits.Present(o.VisitorID)
	if !ok {
		return trigger.Occupied, nil
	}
	if err := a.leads.Mark(ctx, v, o.TriggerID, o.TriggerName); err != nil {
		return trigger.Impossible, err
	}
	return trigger.Done, nil
}

// showLead tells the live table who is a lead.
func (a *App) showLead(accountID string, l lead.Lead) {
	a.grids.SetLead(accountID, l.VisitorID, grid.Lead{At: l.MarkedAt, Source: l.First.ReferrerName})
}

// tagField is the visitor's field that holds its tags, with commas between them.
const tagField = "tags"

// tagVisitor adds a tag to those the visitor has.
func (a triggerActions) tagVisitor(visitorID, tag string) error {
	v, ok := a.visits.Present(visitorID)
	if !ok {
		return nil
	}
	tags := []string{}
	for _, f := range v.Fields() {
		if f.Key == tagField && f.Value != "" {
			tags = strings.Split(f.Value, ", ")
		}
	}
	for _, one := range tags {
		if strings.EqualFold(one, tag) {
			return nil
		}
	}
	return a.visits.SetIdentity(visitorID, "", "", map[string]string{tagField: strings.Join(append(tags, tag), ", ")})
}
