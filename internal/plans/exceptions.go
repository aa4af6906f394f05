package plans

// exception lets one statement do what is a violation otherwise.
type exception struct {
	// statement is its name, as the report gives it.
	statement string
	// what is the access as the report names it, or empty for a text that is not a constant.
	what string
	// reason says why it may.
	reason string
}

const (
	// today is the range of one day: it is as long as a day is busy, however old the account is.
	today = "what ended since midnight, which the board counts"
	// bite is the range of what one write of the upkeep takes away.
	bite = "a bite: between the oldest event and a position that is as many ahead as a bite has"
	// start is what is read once, before anybody is served, with the values known to the planner.
	start = "those of the last hour, once at a start"
	// knowing is what PostgreSQL would do for a value it does not know: reads are planned for those they are given, and a rare state or
	// department is found by its own index.
	knowing = "a read: it is planned for the value it is given"
	// upkeep takes away what is old in bites, with nobody waiting; a table that is still small is read whole for it.
	upkeep = "upkeep, in bites, of a table that is small in the test: where it is long its index is cheaper"
	// period is what somebody asked for by two moments.
	period = "the days of the period that a supervisor chose, one counter for each origin, and what is left of its first day"
)

// exceptions are all there are. One that nothing needs any longer fails the test.
var exceptions = []exception{
	{"conversation.selectBoard", "conversations by account_id, ended_at..", today},
	{"eventlog.selectYoung", "events by account_id, position..", bite},
	{"eventlog.deleteOldest", "events by account_id, position..", bite},
	{"outreach.selectRecent", "outreach_deliveries by queued_at..", start},
	{"outreach.selectRecent", "all of outreach_deliveries", start},
	{"lead.originsSince", "lead_days by account_id, day..", period},
	{"lead.originsSince", "leads by account_id, marked_at..", period},
	{"lead.originsOfSiteSince", "lead_days by account_id, site_id, day..", period},
	{"lead.originsOfSiteSince", "leads by account_id || ' ' || site_id, marked_at..", period},
	{"lead.originsOfSiteSince", "lead_days by account_id, day..", period},
	{"contact.pageOfDepartment", "contact_requests by account_id, id..", knowing},
	{"contact.pageOfBoth", "contact_requests by account_id, state, id..", knowing},
	{"contact.idsOfDepartment", "contact_requests by account_id, id..", knowing},
	{"contact.idsOfBoth", "contact_requests by account_id, id..", knowing},
	{"contact.countAll", "all of contact_requests", knowing},
	{"contact.countOfDepartment", "all of contact_requests", knowing},
	{"api.forgetKeys", "all of idempotency_keys", upkeep},
	{"routing.forgetDecisions", "all of routing_decisions", upkeep},
	{"routing.forgetMisses", "all of offers", upkeep},
	{"trigger.oldRuns", "all of trigger_runs", upkeep},
	{"trigger.oldRuns", "trigger_runs by at..", upkeep},
	{"trigger.runsOfRemoved", "trigger_runs by trigger_id", upkeep},
	{"trigger.runsOfRemoved", "all of trigger_runs", upkeep},
}
