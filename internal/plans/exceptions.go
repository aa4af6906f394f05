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

// today is the range of one day: it is as long as a day is busy, however old the account is.
const today = "what ended since midnight, which the board counts"

const upkeep = "upkeep: it takes away what is too old, rarely and with nobody waiting"

// exceptions are all there are. One that nothing needs any longer fails the test.
var exceptions = []exception{
	{"eventlog.inserts", "", "one text for each number of rows, all of the same kind: an INSERT of values, which looks for nothing"},
	{"eventlog.insert", "", "those texts"},
	{"conversation.selectBoard", "conversations by account_id, ended_at..", today},
	{"trigger.forgetRuns", "trigger_runs by at..", upkeep},
	{"api.ForgetOnce", "idempotency_keys by created_at..", upkeep},
	{"api.ForgetOnce", "all of idempotency_keys", upkeep},
	{"trigger.remove", "all of trigger_runs", "the same, where all runs are of one rule"},
	{"trigger.remove", "trigger_runs by trigger_id", "a rule's runs go with it: its administrator waits, nobody else"},
}
