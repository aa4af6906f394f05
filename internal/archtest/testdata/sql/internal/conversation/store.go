package conversation

const own = `UPDATE conversations SET state = ? WHERE id = ?`

const foreign = `SELECT c.id FROM conversations c JOIN departments d ON d.id = c.department_id` // want table

type row struct {
	_ struct{} `bun:"table:agents"` // want table
}
