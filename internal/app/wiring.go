package app

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/aceno-chat/aceno/internal/account"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/grid"
	"github.com/aceno-chat/aceno/internal/outreach"
	"github.com/aceno-chat/aceno/internal/platform/edge"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/site"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// This file is where features of the same floor meet: each asks for what it needs by a small interface of its own, and the answers
// are put together here.

type record = eventlog.Record

// accountOfAgent tells agents of their account.
func (a *App) accountOfAgent(ctx context.Context, id string, now time.Time) (agent.Account, error) {
	acc, err := a.accounts.Get(ctx, id)
	if err != nil {
		return agent.Account{}, err
	}
	return agent.Account{
		ID: acc.ID, Name: acc.Name, TimeZone: acc.TimeZone, Language: acc.Language, Active: acc.Active, Today: account.Day(acc, now),
	}, nil
}

func (a *App) activeByAgent(accountID string) map[string]int {
	active, err := a.conversations.Board().ActiveByAgent(a.background, accountID)
	if err != nil {
		a.log.Error("the open conversations could not be read", "account", accountID, "error", err)
	}
	return active
}

// agentNames tells conversations the names of agents.
type agentNames struct{ *App }

func (a agentNames) AgentName(_ context.Context, accountID, agentID string) string {
	found, _ := a.presence.Agent(accountID, agentID)
	return found.Name
}

func (a agentNames) AgentPhotos(_ context.Context, accountID, agentID string) (square, upright string) {
	found, _ := a.presence.Agent(accountID, agentID)
	return found.PhotoURL, found.PortraitURL
}

// attendedDepartments tells conversations which departments there are, and who answers.
type attendedDepartments struct{ *App }

func (a attendedDepartments) Attending(_ context.Context, accountID string) ([]conversation.Department, error) {
	list := []conversation.Department{}
	for _, d := range a.departments.List(accountID) {
		if d.Active {
			one := conversation.Department{
				ID: d.ID, Name: d.DisplayName, Description: d.Description, Online: d.Online, Closed: !d.Open,
				IdentityRequired: d.Settings.AuthenticatedOnly,
			}
			if one.Closed {
				one.OpensAt = a.departments.OpensAt(accountID, d)
			}
			list = append(list, one)
		}
	}
	return list, nil
}

func (a attendedDepartments) DepartmentName(_ context.Context, accountID, departmentID string) string {
	d, _ := a.departments.Get(accountID, departmentID)
	return d.DisplayName
}

// hasDepartment says whether an account has a department.
func (a *App) hasDepartment(accountID, departmentID string) bool {
	_, ok := a.departments.Get(accountID, departmentID)
	return ok
}

// hasSite says whether an account has a site.
func (a *App) hasSite(accountID, siteID string) bool {
	s, ok := a.sites.ByID(siteID)
	return ok && s.AccountID == accountID
}

// presentVisits tells conversations who is on the sites.
type presentVisits struct{ *App }

func (a presentVisits) VisitorOnline(_, visitorID string) bool { return a.visits.Online(visitorID) }

func (a presentVisits) VisitDetails(accountID, visitID string) (conversation.Details, bool) {
	d, ok := a.visits.Visit(accountID, visitID)
	if !ok {
		return conversation.Details{}, false
	}
	return detailsOf(d.Visit), true
}

func detailsOf(v *visitor.Visit) conversation.Details {
	d := conversation.Details{
		Name: v.Name(), Email: v.Email(), VerifiedID: v.Proven(), Fields: map[string]any{}, Country: v.Country.String(), Region: v.Region.String(),
		City: v.City.String(), Browser: v.Browser.String(), System: v.System.String(), Device: v.Device.String(),
		Language: v.Language.String(), PageURL: v.PageURL.String(), PageTitle: v.PageTitle.String(), Referrer: v.Referrer.String(),
	}
	if v.IP.IsValid() {
		d.IP = v.IP.String()
	}
	for _, f := range v.Fields() {
		d.Fields[f.Key] = f.Value
	}
	return d
}

// accountDays tells conversations which day it is for an account.
type accountDays struct{ *App }

func (a accountDays) Day(ctx context.Context, accountID string, now time.Time) (int, time.Time, error) {
	acc, err := a.accounts.Get(ctx, accountID)
	if err != nil {
		return 0, time.Time{}, err
	}
	// The year of the account's date: its first instant may still lie in last year's UTC.
	date, err := time.Parse(time.DateOnly, account.Day(acc, now))
	if err != nil {
		return 0, time.Time{}, err
	}
	return date.Year(), account.DayStart(acc, now), nil
}

// zoneOf returns where an account's times are told.
func (a *App) zoneOf(ctx context.Context, accountID string) (*time.Location, error) {
	acc, err := a.accounts.Get(ctx, accountID)
	if err != nil {
		return nil, err
	}
	return account.Zone(acc), nil
}

// zone is zoneOf for those who cannot fail: UTC of an account that is not known.
func (a *App) zone(accountID string) *time.Location {
	zone, err := a.zoneOf(a.background, accountID)
	if err != nil {
		return time.UTC
	}
	return zone
}

// peers tells conversations who may receive one.
type peers struct{ *App }

func (a peers) Peer(accountID, agentID string) (conversation.Peer, bool) {
	found, ok := a.presence.Agent(accountID, agentID)
	return peerOf(found), ok
}

func (a peers) Peers(accountID string) []conversation.Peer {
	var list []conversation.Peer
	for _, found := range a.presence.Agents(accountID) {
		list = append(list, peerOf(found))
	}
	return list
}

func peerOf(found agent.Agent) conversation.Peer {
	return conversation.Peer{
		ID: found.ID, Name: found.Name, Active: found.Active, Present: found.Present, Status: string(found.Status),
		Limit: found.ConversationLimit, DepartmentIDs: found.DepartmentIDs,
	}
}

// conversationTimes tells conversations the times of a department.
func (a *App) conversationTimes(accountID, departmentID string) conversation.Times {
	settings := a.departments.Settings(accountID, departmentID)
	return conversation.Times{
		Warn: time.Duration(settings.Inactivity.WarnMinutes) * time.Minute,
		End:  time.Duration(settings.Inactivity.EndMinutes) * time.Minute,
		Gone: time.Duration(settings.GoneSeconds) * time.Second,
		Promises: conversation.Promises{
			FirstResponse: time.Duration(settings.ServiceLevel.FirstResponse.Breach) * time.Second,
			Response:      time.Duration(settings.ServiceLevel.Response.Breach) * time.Second,
			Handling:      time.Duration(settings.ServiceLevel.Handling.Breach) * time.Second,
		},
	}
}

// keepSiteImage keeps a picture for a site's call where those of outreach are.
func (a *App) keepSiteImage(ctx context.Context, accountID string, content io.Reader) (site.CallImage, error) {
	kept, err := a.outreach.AddImage(ctx, accountID, content)
	return site.CallImage{URL: kept.URL, Width: kept.Width, Height: kept.Height}, err
}

// visitorEdge joins the visitors' sockets to the visits.
type visitorEdge struct{ live *visitor.Live }

func (v visitorEdge) Admit(r *http.Request) (any, error) { return v.live.Admit(r) }
func (v visitorEdge) Frame(c *edge.Conn, data []byte)    { v.live.Frame(c, data) }
func (v visitorEdge) Closed(c *edge.Conn)                { v.live.Closed(c) }

// visitorConversations tells conversations what visitors do by socket.
type visitorConversations struct{ *App }

func (a visitorConversations) Open(ctx context.Context, accountID, visitorID, siteID string) (any, bool) {
	return a.conversations.OpenSummary(ctx, accountID, visitorID, siteID)
}

func (a visitorConversations) Typing(_ context.Context, _, visitorID, conversationID, text string) {
	a.conversations.TypingByVisitor(visitorID, conversationID, text)
}

func (a visitorConversations) Seen(_ context.Context, _, visitorID, conversationID string, sequence int64) {
	a.conversations.SeenByVisitor(visitorID, conversationID, sequence)
}

func (a visitorConversations) Talking(ctx context.Context, accountID, visitorID string) bool {
	return a.conversations.Talking(ctx, accountID, visitorID)
}

func (a visitorConversations) Departed(ctx context.Context, accountID, visitorID string) {
	a.conversations.Departed(ctx, accountID, visitorID)
	if err := a.outreach.Departed(ctx, accountID, visitorID); err != nil {
		a.log.Error("what was sent to a visitor who left could not be ended", "error", err)
	}
}

func (a visitorConversations) Outreach(visitorID string) (any, bool) {
	return a.outreach.ForPage(visitorID)
}

func (a visitorConversations) Acknowledged(ctx context.Context, accountID, visitorID, deliveryID, state string) {
	if err := a.outreach.Acknowledge(ctx, accountID, visitorID, deliveryID, outreach.State(state)); err != nil {
		a.log.Error("an acknowledgement was lost", "delivery", deliveryID, "state", state, "error", err)
	}
}

func (a visitorConversations) Returned(ctx context.Context, accountID, visitorID string) {
	a.visits.Present(visitorID) // waits until the visit that begins is in the live table
	a.conversations.VisitorReturned(accountID, visitorID)
	a.showOutreach(accountID, visitorID)
	if err := a.leads.Returned(ctx, accountID, visitorID); err != nil {
		a.log.Error("whether a visitor is a lead could not be read", "error", err)
	}
}

// namesChanged gives the account's live table the names people sort and search by.
func (a *App) namesChanged(accountID string) {
	names := make(map[string]string)
	for _, s := range a.sites.List(accountID) {
		names[s.ID] = s.Name
	}
	for _, d := range a.departments.List(accountID) {
		names[d.ID] = d.Name
	}
	for _, one := range a.presence.Agents(accountID) {
		names[one.ID] = one.Name
	}
	a.grids.SetNames(accountID, names)
}

func overlayOfOpen(c conversation.OpenConversation) grid.Overlay {
	o := grid.Overlay{
		State: grid.Active, ConversationID: c.ID, DepartmentID: c.DepartmentID, Name: c.Visitor.Name, Email: c.Visitor.Email,
		Corrected: c.Visitor.Version > 0, Conversations: c.Earlier,
	}
	if c.State == conversation.Waiting {
		o.State, o.WaitingSince = grid.Waiting, c.QueueEnteredAt
	}
	if c.AgentID != nil {
		o.AgentID = *c.AgentID
	}
	return o
}
