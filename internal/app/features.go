package app

import (
	"context"
	"fmt"
	"net/netip"
	"strings"

	"github.com/aceno-chat/aceno/internal/account"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/blocklist"
	"github.com/aceno-chat/aceno/internal/contact"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/department"
	"github.com/aceno-chat/aceno/internal/file"
	"github.com/aceno-chat/aceno/internal/form"
	"github.com/aceno-chat/aceno/internal/grid"
	"github.com/aceno-chat/aceno/internal/integration"
	"github.com/aceno-chat/aceno/internal/note"
	"github.com/aceno-chat/aceno/internal/outreach"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/edge"
	"github.com/aceno-chat/aceno/internal/platform/guard"
	"github.com/aceno-chat/aceno/internal/platform/live"
	"github.com/aceno-chat/aceno/internal/quickreply"
	"github.com/aceno-chat/aceno/internal/site"
	"github.com/aceno-chat/aceno/internal/teamchat"
	"github.com/aceno-chat/aceno/internal/transcript"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// buildFeatures makes every feature and tells each of those it needs. The log's listeners are registered here, before it starts:
// memory first, reactions after it, sockets last, so that whoever is told finds everything true already.
func (a *App) buildFeatures() {
	a.buildGround()
	a.buildTalking()
	a.buildDoors()
}

// buildGround makes what attending stands on: who may do what, who is here, and what is shown of them.
func (a *App) buildGround() {
	a.pushes = newPushes(a)
	a.absences = newAbsences(a)
	a.hoursMoved = make(chan struct{}, 1)
	a.presence = agent.NewPresence(agent.Observer{Agent: a.agentPresenceChanged, Department: func(accountID, _ string, _ bool) {
		a.pushes.presenceChanged(accountID)
	}})
	a.accounts = account.NewService(a.store, a.events, a.clock, a.idents)
	a.departments = department.NewService(a.store, a.events, a.clock, a.idents, a.presence, a.zone)
	a.sites = site.NewService(site.Config{
		Store: a.store, Log: a.events, Clock: a.clock, IDs: a.idents, Box: a.box, PublicURL: strings.TrimSuffix(a.config.PublicURL, "/"),
		KeepImage: a.keepSiteImage,
	})
	a.buildSignIns()
	a.agents = agent.NewService(agent.Config{
		Store: a.store, Log: a.events, Clock: a.clock, IDs: a.idents, Logger: a.log, Hasher: agent.NewHasher(agent.HashParams),
		Presence: a.presence, Account: a.accountOfAgent, Departments: a.departments, Active: a.activeByAgent, Bucket: a.bucket,
		Supervised: func(accountID, agentID string) agent.Supervised { return a.supervision.Supervised(accountID, agentID) },
		Witness:    a.recordSessionEnd, Box: a.box, Failed: a.recordFailedSignIns,
		Outcome: func(o agent.Outcome) { a.signIns.WithLabelValues(string(o)).Inc() },
	})
	a.blocks = blocklist.NewService(a.store, a.events, a.clock, a.idents, func(accountID string) {
		a.visits.BlocksChanged(accountID)
		a.grids.BlocksChanged(accountID)
	})
	a.files = file.New(file.Config{Store: a.store, Bucket: a.bucket, Box: a.box, Clock: a.clock, Idents: a.idents, Logger: a.log})
	a.forms = form.NewService(form.Config{
		Store: a.store, Log: a.events, Clock: a.clock, IDs: a.idents, Mail: a.mail, Around: formSurroundings{a},
	})
	a.visits = visitor.New(visitor.Options{
		Sites: a.sites, Places: a.places, Box: a.box, Records: visitor.NewStore(a.store), Clock: a.clock, IDs: a.idents, Logger: a.log,
		ClientAddr: addrOf, Online: a.departments.Online, Blocked: a.blocks.Blocked, MaxShown: a.config.MaxVisitors,
		NewPerNetwork: a.newPerNetwork(), Memory: a.config.VisitBytes(),
		Met: func(visitorID, triggerID string, page int32) { a.triggers.Engine().Met(visitorID, triggerID, page) },
	})
	a.savedViews = grid.NewSavedViews(a.store, a.events, a.clock, a.idents)
	a.grids = grid.New(grid.Options{Clock: a.clock, Visits: a.visits, Crowd: a.visits.Crowd, Blocked: a.blocks.Blocked})

	for _, heard := range []func(record){
		a.accounts.Heard, a.departments.Heard, a.sites.Heard, a.agents.Heard, a.blocks.Heard, a.forms.Heard,
	} {
		a.events.Tail(heard)
	}
}

// newPerNetwork lifts the bound on new visits of one network with that on its connections: who has everybody come from one address says
// so by --max-per-address 0.
func (a *App) newPerNetwork() int {
	if a.config.MaxPerAddress == 0 {
		return -1
	}
	return 0 // as visitor has it
}

// buildTalking makes the conversations and what belongs to them.
func (a *App) buildTalking() {
	a.conversations = conversation.New(conversation.Config{
		Store: a.store, Log: a.events, Files: a.files, Agents: agentNames{a}, Departments: attendedDepartments{a}, Visits: presentVisits{a},
		Peers: peers{a}, Times: a.conversationTimes,
		Sites: a.sites, Calendar: accountDays{a}, Blocks: a.blocks, Invites: sentInvites{a}, Forms: a.forms, Clock: a.clock, Idents: a.idents, Logger: a.log,
		Mail: a.mail.On(), Witness: a.recordDeed,
	})
	a.notes = note.NewService(note.Config{
		Store: a.store, Log: a.events, Clock: a.clock, IDs: a.idents, Conversations: a.conversations,
	})
	a.outreach = outreach.New(outreach.Config{
		Store: a.store, Log: a.events, Bucket: a.bucket, Visits: a.visits, Sites: a.sites, Conversations: a.conversations.Board(),
		Departments: a.departments, Blocked: a.blocks.Blocked, Push: a.pushOutreach, Clock: a.clock, Idents: a.idents, Logger: a.log,
	})
	a.buildTriggers()
	a.events.Tail(a.outreach.Heard)
	a.events.Tail(a.conversations.Heard)
	a.conversations.Board().OnChange(a.pushes.boardChanged)
	a.conversations.OnTyping(a.tellTyping)
	a.contacts = contact.NewService(contact.Config{
		Store: a.store, Log: a.events, Clock: a.clock, IDs: a.idents, Mail: a.mail, Around: contactSurroundings{a},
		Forms: a.forms,
	})
	a.quickReplies = quickreply.NewService(a.store, a.events, a.clock, a.idents, a.hasDepartment)
	a.integrations = integration.NewService(integration.Config{
		Store: a.store, Log: a.events, Clock: a.clock, IDs: a.idents, Box: a.box, Conversations: a.conversations,
		Names: struct {
			agentNames
			attendedDepartments
		}{agentNames{a}, attendedDepartments{a}},
		PublicURL: a.config.PublicURL,
	})
	a.team = teamchat.NewService(teamchat.Config{
		Store: a.store, Log: a.events, Clock: a.clock, IDs: a.idents, Files: a.files, Around: colleagues{a},
	})
	a.transcripts = transcript.NewService(transcript.Config{
		Store: a.store, Conversations: a.conversations, Accounts: transcriptAccounts{a}, Jobs: a.jobs, Mail: a.mail,
		Box: a.box, Clock: a.clock,
	})
	a.jobs.Handle(transcript.JobKind, a.transcripts.Do)
	a.buildRouting()
	a.buildSupervision()
	a.events.Tail(a.react)
}

// buildDoors makes the ways in: sockets and routes.
func (a *App) buildDoors() {
	a.hub = live.New(a.events, a.clock, a.log, live.Options{Watchers: a.supervision.Watchers})

	a.api = api.New(api.Config{
		Title: "Aceno", Version: a.version, Logger: a.log, Clock: a.clock, Sessions: a.agents, Visitors: a.visits, ClientAddr: a.forwarded.Addr,
		Limited: func(address netip.Addr) { a.gate.Note(guard.LimitRate, address) },
	})
	a.buildEdge()
	a.registerRoutes()
	a.registerMetrics()
}

// buildEdge makes the visitors' sockets.
func (a *App) buildEdge() {
	perAddress := a.config.MaxPerAddress
	if perAddress == 0 {
		perAddress = -1
	}
	a.edge = edge.New(visitorEdge{a.visits}, edge.Options{
		Logger: a.log, Address: addrOf, MaxPerAddress: perAddress, Problem: a.writeProblem,
		Crowded: func(address netip.Addr) { a.gate.Note(guard.LimitSockets, address) },
	})
}

// startFeatures starts the log and everything that runs by itself, in the order of dependence.
func (a *App) startFeatures(ctx context.Context) error {
	if err := a.load(ctx); err != nil {
		return err
	}
	if err := a.listen(); err != nil {
		return err
	}
	if err := a.showEverybody(ctx); err != nil {
		return err
	}
	a.triggers.Start()
	a.visits.Start(a.Sink(), visitorConversations{a})
	a.conversations.Start(ctx)
	if err := a.startRouting(ctx); err != nil {
		return err
	}
	a.jobs.Start(ctx)
	a.outreach.Start(ctx)
	a.pushes.start()
	a.absences.start()
	a.working.Go(a.tidy)
	a.working.Go(a.tellFailures)
	a.working.Go(a.followHours)
	return nil
}

// load starts the log and reads into memory what is kept there.
func (a *App) load(ctx context.Context) error {
	if err := a.events.Start(ctx); err != nil {
		return err
	}
	for _, load := range []func(context.Context) error{
		a.accounts.Load, a.departments.Load, a.sites.Load, a.blocks.Load, a.outreach.Load, a.triggers.Load, a.supervision.Load,
		a.forms.Load, a.routing.LoadRules,
		func(ctx context.Context) error { return a.presence.Load(ctx, a.store) },
	} {
		if err := load(ctx); err != nil {
			return err
		}
	}
	return nil
}

// stopFeatures ends them in the opposite order.
func (a *App) stopFeatures(ctx context.Context) {
	a.absences.stop()
	a.pushes.stop()
	if err := a.visits.Stop(ctx); err != nil {
		a.log.Error("finished visits were lost", "error", err)
	}
	a.triggers.Stop(ctx)
	a.outreach.Stop()
	a.routing.Stop()
	a.conversations.Stop()
	a.jobs.Stop()
	a.blocks.Close()
	a.grids.Wait()
}

// showEverybody gives the live tables the open conversations and the names they sort by.
func (a *App) showEverybody(ctx context.Context) error {
	accounts, err := a.accounts.All(ctx)
	if err != nil {
		return err
	}
	for _, acc := range accounts {
		a.namesChanged(acc.ID)
		open, err := a.conversations.Board().AllOpen(ctx, acc.ID)
		if err != nil {
			return fmt.Errorf("app: the open conversations: %w", err)
		}
		for _, c := range open {
			a.grids.SetConversation(acc.ID, c.VisitorID, overlayOfOpen(c))
		}
	}
	return nil
}
