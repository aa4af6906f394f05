package conversation

const (
	// The conversations of a person before a number, but for one, the newest first, by each sign. An empty address or proof is nobody's.
	historyByBrowser = "SELECT " + columns + " FROM conversations WHERE visitor_id = ? AND account_id = ? AND number < ? AND id <> ? " +
		"ORDER BY number DESC LIMIT ?"
	historyByEmail = "SELECT " + columns + " FROM conversations WHERE lower(visitor_email) = ? AND account_id = ? AND number < ? AND id <> ? " +
		"AND visitor_email <> '' ORDER BY number DESC LIMIT ?"
	historyByProof = "SELECT " + columns + " FROM conversations WHERE verified_id = ? AND verified_id <> '' AND account_id = ? " +
		"AND number < ? AND id <> ? ORDER BY number DESC LIMIT ?"
	// wordsOf are the words of some conversations, for a search.
	wordsOf = "SELECT conversation_id, sequence, author_kind, author_name, audience, body, at FROM messages " +
		"WHERE conversation_id IN (SELECT value FROM json_each(?)) AND sequence <= ? ORDER BY conversation_id, sequence"
	// proves notes what a site's server signed for; few conversations have it, so it is not part of the insert.
	proves = "UPDATE conversations SET verified_id = ? WHERE id = ? AND COALESCE(account_id, '') = ?"
)
