package app

import (
	"net/http"

	"github.com/aceno-chat/aceno/internal/app/setup"
	"github.com/aceno-chat/aceno/internal/platform/api"
)

// registerRoutes declares every operation, feature by feature.
func (a *App) registerRoutes() {
	first := setup.Service{
		Store: a.store, Log: a.events, Accounts: a.accounts, Departments: a.departments, Agents: a.agents, Sites: a.sites, Replies: a.quickReplies,
		Forms: a.forms,
	}
	first.Routes(a.api)
	a.agents.Routes(a.api)
	a.departments.Routes(a.api)
	a.sites.Routes(a.api)
	a.blocks.Routes(a.api)
	a.conversations.Routes(a.api)
	a.forms.Routes(a.api)
	a.notes.Routes(a.api)
	a.contacts.Routes(a.api)
	a.quickReplies.Routes(a.api)
	a.integrations.Routes(a.api)
	a.transcripts.Routes(a.api)
	a.routing.Routes(a.api)
	a.outreach.Routes(a.api)
	a.savedViews.Routes(a.api)
	a.grids.Routes(a.api, a.zoneOf)
	a.files.Routes(a.api, a.conversations.MayView)
	a.team.Routes(a.api, a.files.Stream)
	a.registerSnapshot()
	a.triggers.Routes(a.api)
	a.leads.Routes(a.api)
	a.supervision.Routes(a.api)
	a.audits.Routes(a.api)
	a.describeFrames()
}

// writeProblem answers a refusal outside of a declared route.
func (a *App) writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	api.WriteProblem(w, r, a.api.Problem(r.Context(), err))
}
