package conversation

const (
	// historyOf finds the others of the same person; an empty address or proof finds nobody.
	historyOf = "SELECT " + columns + " FROM conversations WHERE account_id = ? AND id <> ? AND (visitor_id = ? " +
		"OR (lower(visitor_email) = ? AND ? <> '') OR (verified_id = ? AND ? <> '')) AND number < ? ORDER BY number DESC LIMIT ?"
	// proves notes what a site's server signed for; few conversations have it, so it is not part of the insert.
	proves = "UPDATE conversations SET verified_id = ? WHERE id = ? AND account_id = ?"
)
