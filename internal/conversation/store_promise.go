package conversation

import "fmt"

const (
	knownBreach  = "SELECT count(*) FROM breaches WHERE conversation_id = ? AND promise = ? AND since = ?"
	insertBreach = "INSERT INTO breaches (conversation_id, account_id, promise, since, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"

	// openTimings are what the promises of the open conversations depend on.
	openTimings = "SELECT department_id, state, queue_entered_at, answered_at, unanswered_since, joined_at, hold_until " +
		"FROM conversations WHERE account_id = ? AND " + open
)

func scanTiming(row scanner) (timing, error) {
	var t timing
	err := row.Scan(&t.departmentID, &t.state, &t.queueEnteredAt, &t.answeredAt, &t.unansweredSince, &t.joinedAt, &t.holdUntil)
	if err != nil {
		return timing{}, fmt.Errorf("conversation: promised times: %w", err)
	}
	return t, nil
}
