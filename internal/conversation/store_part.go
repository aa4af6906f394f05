package conversation

const (
	openOnes = "SELECT id, account_id FROM conversations WHERE state IN ('waiting', 'active')"
	warn     = "UPDATE conversations SET warned_at = ?, " + withSystemMessage +
		"WHERE id = ? AND account_id = ? AND state = 'active' AND last_visitor_sequence = ? RETURNING " + columns
	endInactive = "UPDATE conversations SET state = 'ended', ended_at = ?, ended_by = 'system', end_reason = 'inactivity', " +
		"unanswered_since = NULL, " + withSystemMessage +
		"WHERE id = ? AND account_id = ? AND state = 'active' AND last_visitor_sequence = ? RETURNING " + columns
)

const (
	// correctVisitor names the data that were read: whoever was quicker wins. The internal message that tells of it is counted in.
	correctVisitor = "UPDATE conversations SET visitor = ?, visitor_name = ?, visitor_email = ?, last_sequence = last_sequence + 1, " +
		"version = version + 1 WHERE id = ? AND account_id = ? AND visitor = ? RETURNING " + columns
	setTags = "UPDATE conversations SET tags = ?, version = version + 1 WHERE id = ? AND account_id = ? " +
		"AND state IN ('active', 'ended') RETURNING " + columns
	dropTags  = "DELETE FROM conversation_tags WHERE conversation_id = ?"
	insertTag = "INSERT INTO conversation_tags (conversation_id, tag, account_id, at) VALUES (?, ?, ?, ?)"
	tagsInUse = "SELECT tag FROM conversation_tags WHERE account_id = ? GROUP BY tag ORDER BY count(*) DESC, tag LIMIT ?"

	setHold = "UPDATE conversations SET hold_until = ?, version = version + 1 WHERE id = ? AND account_id = ? AND agent_id = ? " +
		"AND state = 'active' RETURNING " + columns
	endHold = "UPDATE conversations SET hold_until = NULL, version = version + 1 WHERE id = ? AND account_id = ? " +
		"AND state = 'active' AND hold_until = ? RETURNING " + columns
)

const (
	putParticipant = "INSERT INTO conversation_participants (conversation_id, agent_id, account_id, role, joined_at) VALUES (?, ?, ?, ?, ?) " +
		"ON CONFLICT (conversation_id, agent_id) DO UPDATE SET role = excluded.role, joined_at = excluded.joined_at, left_at = NULL"
	endParticipant = "UPDATE conversation_participants SET left_at = ? WHERE conversation_id = ? AND agent_id = ? AND left_at IS NULL"
	presentIn      = "SELECT agent_id, role, joined_at FROM conversation_participants WHERE conversation_id = ? AND left_at IS NULL " +
		"ORDER BY joined_at, agent_id"
	// setParticipants is silent; tellParticipants counts in the message that tells the visitor.
	setParticipants  = "UPDATE conversations SET participants = ?, version = version + 1 WHERE id = ? AND account_id = ? RETURNING " + columns
	tellParticipants = "UPDATE conversations SET participants = ?, " + withSystemMessage +
		"WHERE id = ? AND account_id = ? AND state IN ('waiting', 'active') RETURNING " + columns
)
