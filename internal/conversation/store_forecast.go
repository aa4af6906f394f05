package conversation

// pastWaits are, of the newest conversations of an account, those that came after a moment. The newest are taken first: whatever the
// moment, no more of the history is read.
const pastWaits = "SELECT department_id, queue_entered_at, joined_at, ended_at FROM (SELECT department_id, queue_entered_at, joined_at, " +
	"ended_at FROM conversations WHERE account_id = ? ORDER BY number DESC LIMIT ?) newest WHERE queue_entered_at > ?"

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
