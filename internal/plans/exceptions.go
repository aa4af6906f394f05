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
	{"lead.originsOfSiteSince", "leads by account_id, site_id, marked_at..", period},
}
