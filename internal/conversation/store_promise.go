package conversation

import "fmt"

const (
	knownBreach  = "SELECT count(*) FROM breaches WHERE conversation_id = ? AND promise = ? AND since = ?"
	insertBreach = "INSERT INTO breaches (conversation_id, account_id, promise, since, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"

	// timingsToday are the conversations the board counts: those that are open, and those that ended today.
	timingsToday = "SELECT department_id, state, queue_entered_at, answered_at, unanswered_since, joined_at, hold_until, ended_at " +
		"FROM conversations WHERE account_id = ? AND (state IN ('waiting', 'active') OR ended_at >= ?)"
)

func scanTiming(row scanner) (timing, error) {
	var t timing
	err := row.Scan(&t.departmentID, &t.state, &t.queueEnteredAt, &t.answeredAt, &t.unansweredSince, &t.joinedAt, &t.holdUntil, &t.endedAt)
	if err != nil {
		return timing{}, fmt.Errorf("conversation: promised times: %w", err)
	}
	return t, nil
}
