package conversation

// attendedOf are those of a list of visitors whom an agent has attended.
const attendedOf = "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM conversations WHERE visitor_id = value AND account_id = ? " +
	"AND joined_at IS NOT NULL)"
