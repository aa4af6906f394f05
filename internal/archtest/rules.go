package archtest

import (
	"regexp"
	"slices"
)

// Module is the path every import of ours begins with.
const Module = "github.com/aceno-chat/aceno"

// Limits of a source file and of a function, in lines. Tests may have long functions (tables of cases), not long files.
const (
	MaxFileLines     = 600
	MaxFunctionLines = 70
)

// A row is a storey of the house: its rooms may use the rooms below, never those above, and, unless mutual, never each
// other. What has to go upwards goes as an event, wired in app.
type row struct {
	rooms  []string
	mutual bool
}

// rows, from the ground up. A room is a folder relative to the module; its sub-folders belong to it.
var rows = []row{
	{rooms: []string{"internal/platform"}, mutual: true},
	{rooms: []string{"internal/account", "internal/access", "internal/agent", "internal/department", "internal/site"}},
	{rooms: []string{"internal/visitor", "internal/blocklist", "internal/form", "internal/file"}},
	{rooms: []string{"internal/conversation"}},
	{rooms: []string{
		"internal/grid", "internal/routing", "internal/outreach", "internal/contact", "internal/lead", "internal/quickreply",
		"internal/integration", "internal/knowledge", "internal/note", "internal/teamchat", "internal/transcript", "internal/trigger",
	}},
	{rooms: []string{
		"internal/supervision", "internal/report", "internal/webhook", "internal/audit", "internal/privacy",
	}},
	// Above the features, so that none of them reads configuration or the embedded browser sides by itself; the demo is a
	// user of theirs.
	{rooms: []string{"internal/config", "internal/demo", "web"}},
	{rooms: []string{"internal/app"}},
	{rooms: []string{"internal/bench"}},
	{rooms: []string{"cmd"}},
	{rooms: []string{"internal/archtest", "internal/plans"}},
}

// sameRow lists the imports within a row that stand all the same, each with its reason.
var sameRow = map[string]string{
	"internal/agent -> internal/access":      "an agent has a role, and access is a vocabulary: no table, no state, no service",
	"internal/department -> internal/access": "its routes name their permission",
	"internal/site -> internal/access":       "its routes name their permission",
}

// isFeature says whether a room has a business meaning: such a room explains itself in doc.go and keeps its SQL in store.go.
func isFeature(room string) bool {
	return slices.ContainsFunc(rows[1:6], func(r row) bool { return slices.Contains(r.rooms, room) })
}

// drawers are folder names that say nothing about what is inside, so that everything ends up there.
var drawers = map[string]bool{
	"util": true, "utils": true, "common": true, "helper": true, "helpers": true,
	"model": true, "models": true, "type": true, "types": true, "misc": true, "tools": true,
}

// mayExit are the only rooms that may end the process.
var mayExit = map[string]bool{"cmd": true, "internal/app": true}

// exits are the calls that do, by import path and name.
var exits = map[string]map[string]bool{
	"os":  {"Exit": true},
	"log": {"Fatal": true, "Fatalf": true, "Fatalln": true, "Panic": true, "Panicf": true, "Panicln": true},
}

// sqlHomes are the files outside the features' store.go that speak SQL, as patterns on the path, each with its reason.
var sqlHomes = []struct{ pattern, reason string }{
	{"internal/platform/store/**", "the store itself"},
	{"internal/platform/installation/store.go", "which key the database was made with"},
	{"internal/platform/jobs/store.go", "the table of jobs"},
	{"internal/platform/eventlog/*.go", "the event log's own two tables"},
	{"internal/plans/schema.go", "tests that ask a database of their own for its schema"},
	{"internal/platform/api/once.go", "replayed answers are stored in the command's own transaction"},
	{"internal/bench/history/store*.go", "the past that the bench fills in: the features write one row at a time, as things happen"},
}

// tableGuests are the folders whose SQL may name everybody's tables, each with its reason.
var tableGuests = map[string]string{
	"internal/bench/history": "it writes rows of every feature at once, into databases made for measurements; its test has the features read them",
}

// tables names the room that owns each table. Only its store.go may name it, and the tableGuests.
var tables = map[string][]string{
	"accounts":                  {"internal/account"},
	"account_counters":          {"internal/account", "internal/platform/eventlog", "internal/conversation"},
	"agent_days":                {"internal/agent"},
	"agent_departments":         {"internal/agent"},
	"agents":                    {"internal/agent"},
	"agent_photos":              {"internal/agent"},
	"audit_entries":             {"internal/audit"},
	"audit_heads":               {"internal/audit"},
	"contact_requests":          {"internal/contact"},
	"conversations":             {"internal/conversation"},
	"blocks":                    {"internal/blocklist"},
	"departments":               {"internal/department"},
	"events":                    {"internal/platform/eventlog"},
	"files":                     {"internal/file"},
	"form_answers":              {"internal/form"},
	"forms":                     {"internal/form"},
	"grid_views":                {"internal/grid"},
	"idempotency_keys":          {"internal/platform/api"},
	"integrations":              {"internal/integration"},
	"jobs":                      {"internal/platform/jobs"},
	"lead_days":                 {"internal/lead"},
	"lead_origins":              {"internal/lead"},
	"leads":                     {"internal/lead"},
	"message_revisions":         {"internal/conversation"},
	"messages":                  {"internal/conversation"},
	"notes":                     {"internal/note"},
	"outreach_deliveries":       {"internal/outreach"},
	"outreach_images":           {"internal/outreach"},
	"outreach_outcomes":         {"internal/outreach"},
	"outreach_settings":         {"internal/outreach"},
	"outreach_templates":        {"internal/outreach"},
	"quick_replies":             {"internal/quickreply"},
	"routing_decisions":         {"internal/routing"},
	"sessions":                  {"internal/agent"},
	"settings":                  {"internal/account", "internal/platform/installation"},
	"sites":                     {"internal/site"},
	"supervision_grants":        {"internal/supervision"},
	"team_marks":                {"internal/teamchat"},
	"team_mentions":             {"internal/teamchat"},
	"team_messages":             {"internal/teamchat"},
	"team_rooms":                {"internal/teamchat"},
	"trigger_removals":          {"internal/trigger"},
	"trigger_runs":              {"internal/trigger"},
	"triggers":                  {"internal/trigger"},
	"visitor_counters":          {"internal/visitor"},
	"visits":                    {"internal/visitor"},
	"conversation_participants": {"internal/conversation"},
	"conversation_tags":         {"internal/conversation"},
	"tags":                      {"internal/conversation"},
	"transfers":                 {"internal/conversation"},
	"offers":                    {"internal/routing"},
	"roulette_turns":            {"internal/routing"},
	"routing_orders":            {"internal/routing"},
	"routing_rules":             {"internal/routing"},
	"breaches":                  {"internal/conversation"},
}

// statement recognises a string literal as SQL, reference a table's name in it or in a bun struct tag.
var (
	statement = regexp.MustCompile(`(?is)^\s*(SELECT\s.+|INSERT\s+INTO\s.+|UPDATE\s+\w+.*\sSET\s.+|DELETE\s+FROM\s.+|WITH\s+\w+.*\sAS\s*\(.+)`)
	reference = regexp.MustCompile(`(?is)(?:\b(?:FROM|JOIN|INTO|UPDATE)\s+|table:)([a-z_]+)`)
)

// builders are the query builder's entrances: a call of one of them is SQL too.
var builders = map[string]bool{
	"NewSelect": true, "NewInsert": true, "NewUpdate": true, "NewDelete": true, "NewRaw": true, "NewMerge": true, "NewValues": true,
}

// longFiles and longFunctions are the budget's exceptions, by path and by path#name, each with its reason.
var (
	longFiles     = map[string]string{}
	longFunctions = map[string]string{}
)
