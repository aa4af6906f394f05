package history

// What the product counts as it comes is counted here once, at the end.
const (
	countTags = "INSERT INTO tags (account_id, tag, uses) SELECT account_id, tag, count(*) FROM conversation_tags WHERE account_id = ? " +
		"GROUP BY account_id, tag"
	countLeadDays = "INSERT INTO lead_days (account_id, site_id, day, referrer_kind, referrer_name, leads) " +
		"SELECT account_id, site_id, marked_at / 86400000, referrer_kind, referrer_name, count(*) FROM leads WHERE account_id = ? " +
		"GROUP BY account_id, site_id, marked_at / 86400000, referrer_kind, referrer_name"
	countOrigins = "INSERT INTO lead_origins (account_id, site_id, referrer_kind, referrer_name, leads) " +
		"SELECT account_id, site_id, referrer_kind, referrer_name, count(*) FROM leads WHERE account_id = ? " +
		"GROUP BY account_id, site_id, referrer_kind, referrer_name"
	countOutcomes = "INSERT INTO outreach_outcomes (account_id, trigger_id, shown, accepted) " +
		"SELECT account_id, trigger_id, count(shown_at), count(CASE WHEN state IN ('accepted', 'clicked') THEN 1 END) FROM outreach_deliveries " +
		"WHERE account_id = ? AND trigger_id IS NOT NULL AND shown_at IS NOT NULL GROUP BY account_id, trigger_id"
)

// noteMentions has what a message of a room of two mentions found: its one.
const noteMentions = "INSERT INTO team_mentions (agent_id, room_id, sequence) SELECT r.agent_a, m.room_id, m.sequence FROM team_messages m " +
	"JOIN team_rooms r ON r.id = m.room_id WHERE m.account_id = ? AND m.mentions <> '[]'"
