package conversation

// pastWaits are the newest conversations of an account that came after a moment, by the index of their numbers.
const pastWaits = "SELECT department_id, queue_entered_at, joined_at, ended_at FROM conversations WHERE account_id = ? " +
	"AND queue_entered_at > ? ORDER BY number DESC LIMIT ?"

func scanPastWait(row scanner) (w pastWait, err error) {
	var joined, ended *int64
	err = row.Scan(&w.departmentID, &w.enteredAt, &joined, &ended)
	switch {
	case joined != nil:
		w.leftAt, w.joined = *joined, true
	case ended != nil:
		w.leftAt = *ended
	}
	return w, err
}
