package conversation

const (
	openOnes = "SELECT c.id, c.account_id FROM account_counters n JOIN conversations c ON c.account_id = n.account_id AND c.ended_at IS NULL"
	warn     = "UPDATE conversations SET warned_at = ?, " + withSystemMessage +
		"WHERE id = ? AND COALESCE(account_id, '') = ? AND state = 'active' AND last_visitor_sequence = ? RETURNING " + columns
	endInactive = "UPDATE conversations SET state = 'ended', ended_at = ?, ended_by = 'system', end_reason = 'inactivity', " +
		"unanswered_since = NULL, " + withSystemMessage +
		"WHERE id = ? AND COALESCE(account_id, '') = ? AND state = 'active' AND last_visitor_sequence = ? RETURNING " + columns
)

const (
	// correctVisitor names the data that were read: whoever was quicker wins. The internal message that tells of it is counted in.
	correctVisitor = "UPDATE conversations SET visitor = ?, visitor_name = ?, visitor_email = ?, last_sequence = last_sequence + 1, " +
		"version = version + 1 WHERE id = ? AND COALESCE(account_id, '') = ? AND visitor = ? RETURNING " + columns
	setTags = "UPDATE conversations SET tags = ?, version = version + 1 WHERE id = ? AND COALESCE(account_id, '') = ? " +
		"AND state IN ('active', 'ended') RETURNING " + columns
	tagsOf    = "SELECT tag FROM conversation_tags WHERE conversation_id = ?"
	dropTag   = "DELETE FROM conversation_tags WHERE conversation_id = ? AND tag = ?"
	insertTag = "INSERT INTO conversation_tags (conversation_id, tag, account_id, at) VALUES (?, ?, ?, ?)"
	useTag    = "INSERT INTO tags (account_id, tag, uses) VALUES (?, ?, 1) ON CONFLICT (account_id, tag) DO UPDATE SET uses = tags.uses + 1"
	unuseTag  = "UPDATE tags SET uses = uses - 1 WHERE account_id = ? AND tag = ?"
	forgetTag = "DELETE FROM tags WHERE account_id = ? AND tag = ? AND uses <= 0"
	tagsInUse = "SELECT tag FROM tags WHERE account_id = ? ORDER BY uses DESC, tag LIMIT ?"

	setHold = "UPDATE conversations SET hold_until = ?, version = version + 1 WHERE id = ? AND COALESCE(account_id, '') = ? AND agent_id = ? " +
		"AND state = 'active' RETURNING " + columns
	endHold = "UPDATE conversations SET hold_until = NULL, version = version + 1 WHERE id = ? AND COALESCE(account_id, '') = ? " +
		"AND state = 'active' AND hold_until = ? RETURNING " + columns
)

const (
	putParticipant = "INSERT INTO conversation_participants (conversation_id, agent_id, account_id, role, joined_at) VALUES (?, ?, ?, ?, ?) " +
		"ON CONFLICT (conversation_id, agent_id) DO UPDATE SET role = excluded.role, joined_at = excluded.joined_at, left_at = NULL"
	endParticipant = "UPDATE conversation_participants SET left_at = ? WHERE conversation_id = ? AND agent_id = ? AND COALESCE(left_at, 0) = 0"
	// What one conversation is asked for is not looked for among what its agents take part in.
	presentIn = "SELECT agent_id, role, joined_at FROM conversation_participants WHERE conversation_id = ? AND COALESCE(left_at, 0) = 0 " +
		"ORDER BY joined_at, agent_id"
	// setParticipants is silent; tellParticipants counts in the message that tells the visitor.
	setParticipants  = "UPDATE conversations SET participants = ?, version = version + 1 WHERE id = ? AND COALESCE(account_id, '') = ? RETURNING " + columns
	tellParticipants = "UPDATE conversations SET participants = ?, " + withSystemMessage +
		"WHERE id = ? AND COALESCE(account_id, '') = ? AND state IN ('waiting', 'active') RETURNING " + columns
)
