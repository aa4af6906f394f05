package app

import (
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/grid"
	"github.com/aceno-chat/aceno/internal/outreach"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/trigger"
)

// describeFrames puts what travels on sockets into the API document: the events' payloads by kind, and the frames that are not
// events. The schema LiveEvents has one property per kind; LiveFrames and VisitorFrames one per frame.
func (a *App) describeFrames() {
	schemas := a.api.Huma.OpenAPI().Components.Schemas
	events := &huma.Schema{Type: huma.TypeObject, Description: "The payload of each kind of event on an agent's socket.", Properties: map[string]*huma.Schema{}}
	for _, kind := range sortedKeys(eventlog.Types()) {
		events.Properties[kind] = schemas.Schema(eventlog.Types()[kind], true, eventName(kind))
		events.Required = append(events.Required, kind)
	}
	schemas.Map()["LiveEvents"] = events
	schemas.Map()["LiveFrames"] = frames(schemas, "The frames of an agent's socket that are not events.", map[string]any{
		"counters": countersFrame{}, "agents": presenceFrame{}, "departments": departmentsFrame{}, "queue": queueFrame{}, "grid": grid.Frame{}, "visit": grid.VisitFrame{},
		"typing": typingFrame{}, "error": errorFrame{},
	})
	schemas.Map()["LiveRequests"] = frames(schemas, "What a panel may say on its socket.", map[string]any{
		"presence": presenceIn{}, "grid": gridIn{}, "grid_close": gridCloseIn{}, "visit": visitIn{}, "typing": typingIn{}, "seen": seenIn{},
	})
	schemas.Map()["VisitorFrames"] = frames(schemas, "The frames of a visitor's socket.", map[string]any{
		"conversation": conversation.ConversationPush{}, "message": conversation.MessagePush{}, "typing": conversation.TypingPush{},
		"seen": conversation.SeenPush{}, "changed": conversation.ChangedPush{}, "outreach": outreach.Frame{}, "watch": trigger.WatchFrame{}, "department": trigger.DepartmentFrame{},
	})
}

func frames(schemas huma.Registry, description string, by map[string]any) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeObject, Description: description, Properties: map[string]*huma.Schema{}}
	for _, name := range sortedKeys(by) {
		typ := reflect.TypeOf(by[name])
		s.Properties[name] = schemas.Schema(typ, true, strings.ToUpper(typ.Name()[:1])+typ.Name()[1:])
		s.Required = append(s.Required, name)
	}
	return s
}

// eventName makes `AgentStatusChangedEvent` of agent.status_changed.
func eventName(kind string) string {
	name := ""
	var nameSb51 strings.Builder
	for _, part := range strings.FieldsFunc(kind, func(c rune) bool { return c == '.' || c == '_' }) {
		nameSb51.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	name += nameSb51.String()
	return name + "Event"
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
