package conversation

const (
	// The conversations of a person before a number, but for one, the newest first, by each sign. An empty address or proof is nobody's.
	historyByBrowser = "SELECT " + columns + " FROM conversations WHERE visitor_id = ? AND account_id = ? AND number < ? AND id <> ? " +
		"ORDER BY number DESC LIMIT ?"
	historyByEmail = "SELECT " + columns + " FROM conversations WHERE lower(visitor_email) = ? AND account_id = ? AND number < ? AND id <> ? " +
		"AND visitor_email <> '' ORDER BY number DESC LIMIT ?"
	historyByProof = "SELECT " + columns + " FROM conversations WHERE verified_id = ? AND verified_id <> '' AND account_id = ? " +
		"AND number < ? AND id <> ? ORDER BY number DESC LIMIT ?"
	// wordsOf are the words of twenty conversations, for a search: of each the first 2,000 messages. They are looked for one by one inside
	// one statement, because a planner that does not know how many messages there are would rather read all of them than twenty times some.
	wordsOf = wordsOfTen + " UNION ALL " + wordsOfTen + " ORDER BY 1, 2"

	wordsOfOne = "SELECT conversation_id, sequence, author_kind, author_name, audience, body, at FROM messages " +
		"WHERE conversation_id = ? AND sequence <= 2000"
	wordsOfFive = wordsOfOne + " UNION ALL " + wordsOfOne + " UNION ALL " + wordsOfOne + " UNION ALL " + wordsOfOne + " UNION ALL " + wordsOfOne
	wordsOfTen  = wordsOfFive + " UNION ALL " + wordsOfFive
	// proves notes what a site's server signed for; few conversations have it, so it is not part of the insert.
	proves = "UPDATE conversations SET verified_id = ? WHERE id = ? AND COALESCE(account_id, '') = ?"
)
