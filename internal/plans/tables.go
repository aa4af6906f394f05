package plans

// A bound is a set of columns that, all given, leave few rows of a table however old the account is.
type bound []string

// blanks are columns that bound only what has them: most visitors leave no address and prove nothing, and are one crowd
// under the empty text. Their index leaves it out.
var blanks = map[string]string{
	"lower(visitor_email)": "visitor_email <> ''",
	"visitor_email":        "visitor_email <> ''",
	"verified_id":          "verified_id <> ''",
}

// growth says how a table grows with history and what bounds a look-up in it.
type growth struct {
	// by are the bounds: one row, or those of one conversation, visitor, visit, room or address.
	by []bound
	// where are the predicates of partial indexes that hold only what is going on now.
	where []string
}

// growing are the tables that get longer the longer an account works.
var growing = map[string]growth{
	"conversations": {
		by: []bound{
			{"id"},
			{"account_id", "number"},
			{"visitor_id"},
			{"lower(visitor_email)"},
			{"verified_id"},
			// Nobody asks for what ended at one millisecond: = is IS NULL here, what is open.
			{"account_id", "ended_at"},
		},
		// What is open, and what has ended while the tab of its agent is still there.
		where: []string{"ended_at IS NULL", "NOT closed"},
	},
	"messages":          {by: []bound{{"conversation_id"}}},
	"message_revisions": {by: []bound{{"conversation_id"}}},
	"events":            {by: []bound{{"account_id", "position"}}},
	"visits":            {by: []bound{{"id"}, {"visitor_id"}}},
	"files":             {by: []bound{{"id"}, {"conversation_id"}}},
	"routing_decisions": {by: []bound{{"id"}, {"conversation_id"}}},
	"offers": {
		by: []bound{{"id"}, {"conversation_id"}},
		// missed_last is taken away when it is forgotten, answer_until when the answer came or the offer was taken back.
		where: []string{"ended_at IS NULL", "missed_last", "answer_until IS NOT NULL"},
	},
	"transfers": {
		by:    []bound{{"id"}, {"conversation_id"}},
		where: []string{"settled_at IS NULL"},
	},
	"conversation_participants": {by: []bound{{"conversation_id"}}, where: []string{"left_at IS NULL"}},
	"conversation_tags":         {by: []bound{{"conversation_id"}}},
	"tags":                      {by: []bound{{"account_id", "tag"}}},
	"breaches":                  {by: []bound{{"conversation_id"}}},
	"outreach_deliveries": {
		by:    []bound{{"id"}, {"visit_id"}, {"visitor_id"}, {"account_id", "client_id"}},
		where: []string{"ended_at IS NULL"},
	},
	"lead_days":        {by: []bound{{"account_id", "site_id", "day"}}},
	"trigger_runs":     {by: []bound{{"trigger_id", "subject"}}},
	"contact_requests": {by: []bound{{"id"}, {"visitor_id"}}},
	"notes": {by: []bound{
		{"id"}, {"agent_id", "client_id"}, {"visitor_id"}, {"visitor_email"}, {"verified_id"},
	}},
	"form_answers":  {by: []bound{{"id"}, {"subject_id"}}},
	"leads":         {by: []bound{{"id"}, {"visitor_id"}}},
	"audit_entries": {by: []bound{{"account_id", "sequence"}, {"seal"}}},
	// Rooms of two grow with the agents' number squared; those of departments do not.
	"team_rooms":       {by: []bound{{"id"}, {"department_id"}, {"agent_a"}, {"agent_b"}}, where: []string{"department_id IS NOT NULL"}},
	"team_mentions":    {by: []bound{{"agent_id", "room_id", "sequence"}}},
	"team_messages":    {by: []bound{{"room_id", "sequence"}, {"room_id", "author_id", "client_id"}}},
	"team_marks":       {by: []bound{{"room_id"}, {"agent_id"}}},
	"idempotency_keys": {by: []bound{{"account_id", "actor_id", "key"}}},
	"sessions":         {by: []bound{{"id"}, {"token_hash"}}, where: []string{"ended_at IS NULL"}},
	"jobs":             {by: []bound{{"id"}}, where: []string{"state = 'pending'"}},
	"agent_days":       {by: []bound{{"agent_id", "day"}}},
}

// settled are the tables that hold what an installation is set up with: as long as administrators made them.
var settled = map[string]bool{
	"accounts":           true,
	"account_counters":   true,
	"agent_departments":  true,
	"agent_photos":       true,
	"agents":             true,
	"audit_heads":        true,
	"blocks":             true, // an account may have so many
	"departments":        true,
	"forms":              true,
	"grid_views":         true,
	"integrations":       true,
	"outreach_images":    true,
	"outreach_settings":  true,
	"outreach_templates": true,
	"quick_replies":      true,
	"roulette_turns":     true,
	"routing_orders":     true,
	"routing_rules":      true,
	"settings":           true,
	"sites":              true,
	"supervision_grants": true,
	"lead_origins":       true, // where leads come from, not when
	"outreach_outcomes":  true, // one of each rule
	"trigger_removals":   true, // until the next upkeep
	"triggers":           true,
	"visitor_counters":   true,
	"goose_db_version":   true,
}
