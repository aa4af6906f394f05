package conversation

const (
	// historyOf finds the others of the same person before a number: the newest by each sign, then the newest of these. An empty address
	// or proof finds nobody.
	historyOf = "SELECT " + columns + " FROM conversations WHERE id IN (" + byBrowser + " UNION " + byEmail + " UNION " + byProof +
		") ORDER BY number DESC LIMIT ?"
	byBrowser = "SELECT id FROM (SELECT id FROM conversations WHERE visitor_id = ? AND account_id = ? AND number < ? AND id <> ? " +
		"ORDER BY number DESC LIMIT ?) browser"
	byEmail = "SELECT id FROM (SELECT id FROM conversations WHERE lower(visitor_email) = ? AND account_id = ? AND number < ? AND id <> ? " +
		"AND visitor_email <> '' ORDER BY number DESC LIMIT ?) email"
	byProof = "SELECT id FROM (SELECT id FROM conversations WHERE verified_id = ? AND verified_id <> '' AND account_id = ? AND number < ? " +
		"AND id <> ? ORDER BY number DESC LIMIT ?) proof"
	// proves notes what a site's server signed for; few conversations have it, so it is not part of the insert.
	proves = "UPDATE conversations SET verified_id = ? WHERE id = ? AND account_id IS NOT DISTINCT FROM ?"
)
