package conversation

// attendedOf are those of a list of visitors whom an agent has attended. One row of each is enough.
const attendedOf = "SELECT value FROM json_each(?) WHERE (SELECT joined_at FROM conversations WHERE visitor_id = value " +
	"AND COALESCE(account_id, '') = ? AND joined_at IS NOT NULL LIMIT 1) IS NOT NULL"
