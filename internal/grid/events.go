package grid

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// ViewsChangedKind is the kind of ViewsChanged.
const ViewsChangedKind = "grid.views_changed"

// ViewsChanged says that a saved view was made, changed or removed: whoever shows the list asks for it again.
type ViewsChanged struct {
	ID string `json:"id"`
	// AgentID is who did it; only this agent hears of views that were not shared.
	AgentID string `json:"agent_id"`
	Shared  bool   `json:"shared"`
}

func changedView(id, agentID string, shared bool) ViewsChanged {
	return ViewsChanged{ID: id, AgentID: agentID, Shared: shared}
}

// Kind returns ViewsChangedKind.
func (ViewsChanged) Kind() string { return ViewsChangedKind }

// Audience is everybody of the account for a view that is or was shared, else its agent.
func (e ViewsChanged) Audience() eventlog.Audience {
	if e.Shared {
		return eventlog.ToAccount()
	}
	return eventlog.ToAgent(e.AgentID)
}

// Subject is the view's identifier.
func (e ViewsChanged) Subject() string { return e.ID }

var _ = eventlog.Register[ViewsChanged]()
