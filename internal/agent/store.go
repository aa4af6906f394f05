package agent

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = `a.id, a.account_id, a.login, a.name, a.email, a.role, a.active, a.status, a.method, a.conversation_limit,
	a.last_access_at, a.phone, a.languages, a.skills, a.photo_id, a.portrait_id`

// fields are where columns are scanned to.
func (a *Agent) fields() []any {
	return []any{
		&a.ID, &a.AccountID, &a.Login, &a.Name, &a.Email, &a.Role, &a.Active, &a.Status, &a.Method, &a.ConversationLimit,
		&a.LastAccessAt, &a.Phone, (*words)(&a.Languages), (*words)(&a.Skills), (*photoURL)(&a.PhotoURL), (*photoURL)(&a.PortraitURL),
	}
}

// queryer is what a running write and a reader have in common.
type queryer interface {
	QueryRow(ctx context.Context, query string, args ...any) store.Row
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func insertAgent(ctx context.Context, tx *store.Tx, a Agent, passwordHash string, at int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO agents (id, account_id, login, password_hash, name, email, role, active, status, method,
		conversation_limit, preferences, created_at, phone, languages, skills)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.AccountID, a.Login, passwordHash, a.Name, a.Email, string(a.Role), a.Active, string(a.Status), string(a.Method),
		a.ConversationLimit, "{}", at, a.Phone, *encodeWords(a.Languages), *encodeWords(a.Skills))
	return err
}

// updateAgent writes the changes that stand in the agents' row; false when the account has no such agent.
func updateAgent(ctx context.Context, tx *store.Tx, accountID, id string, c Changes, passwordHash *string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE agents SET login = COALESCE(?, login), name = COALESCE(?, name), email = COALESCE(?, email),
		role = COALESCE(?, role), active = COALESCE(?, active), method = COALESCE(?, method),
		conversation_limit = COALESCE(?, conversation_limit), password_hash = COALESCE(?, password_hash), phone = COALESCE(?, phone),
		languages = COALESCE(?, languages), skills = COALESCE(?, skills)
		WHERE account_id = ? AND id = ?`,
		c.Login, c.Name, c.Email, (*string)(c.Role), c.Active, (*string)(c.Method), c.ConversationLimit, passwordHash, c.Phone,
		encodeWords(c.Languages), encodeWords(c.Skills), accountID, id)
	return n == 1, err
}

// lockAdministrators holds the rows of the account's administrators until the commit: of two who lose the role at the same time,
// the second sees the first.
func lockAdministrators(ctx context.Context, tx *store.Tx, accountID string) error {
	_, err := tx.Exec(ctx, "UPDATE agents SET role = role WHERE account_id = ? AND role = 'administrator'", accountID)
	if err != nil {
		return fmt.Errorf("lock the administrators: %w", err)
	}
	return nil
}

func countAdministrators(ctx context.Context, tx *store.Tx, accountID string) (n int, err error) {
	err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM agents WHERE account_id = ? AND role = 'administrator' AND active", accountID).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the administrators: %w", err)
	}
	return n, nil
}

func replaceDepartments(ctx context.Context, tx *store.Tx, agentID string, ids []string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM agent_departments WHERE agent_id = ?", agentID); err != nil {
		return fmt.Errorf("unlink departments: %w", err)
	}
	for _, id := range ids {
		if _, err := tx.Exec(ctx, "INSERT INTO agent_departments (agent_id, department_id) VALUES (?, ?)", agentID, id); err != nil {
			return fmt.Errorf("link a department: %w", err)
		}
	}
	return nil
}

func selectDepartmentIDs(ctx context.Context, q queryer, agentID string) ([]string, error) {
	rows, err := q.Query(ctx, "SELECT department_id FROM agent_departments WHERE agent_id = ? ORDER BY department_id", agentID)
	if err != nil {
		return nil, fmt.Errorf("select the links: %w", err)
	}
	defer func() { _ = rows.Close() }()
	ids := []string{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("scan a link: %w", err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("select the links: %w", err)
	}
	return ids, nil
}

// selectAgent returns one agent; ErrNoRows when the account has none of that id.
func selectAgent(ctx context.Context, q queryer, accountID, id string) (Agent, error) {
	var a Agent
	err := q.QueryRow(ctx, "SELECT "+columns+" FROM agents a WHERE a.account_id = ? AND a.id = ?", accountID, id).Scan(a.fields()...)
	if err != nil {
		return Agent{}, err
	}
	a.DepartmentIDs, err = selectDepartmentIDs(ctx, q, id)
	return a, err
}

// selectAgents returns the agents of one account, or of all when accountID is empty.
func selectAgents(ctx context.Context, r *store.Reader, accountID string) ([]Agent, error) {
	links, err := selectLinks(ctx, r, accountID)
	if err != nil {
		return nil, err
	}
	var rows *sql.Rows
	if accountID == "" {
		rows, err = r.Query(ctx, "SELECT "+columns+" FROM agents a")
	} else {
		rows, err = r.Query(ctx, "SELECT "+columns+" FROM agents a WHERE a.account_id = ?", accountID)
	}
	if err != nil {
		return nil, fmt.Errorf("select agents: %w", err)
	}
	defer func() { _ = rows.Close() }()
	list := []Agent{}
	for rows.Next() {
		var a Agent
		if err := rows.Scan(a.fields()...); err != nil {
			return nil, fmt.Errorf("scan agent: %w", err)
		}
		if a.DepartmentIDs = links[a.ID]; a.DepartmentIDs == nil {
			a.DepartmentIDs = []string{}
		}
		list = append(list, a)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("select agents: %w", err)
	}
	return list, nil
}

func selectLinks(ctx context.Context, r *store.Reader, accountID string) (_ map[string][]string, err error) {
	var rows *sql.Rows
	if accountID == "" {
		rows, err = r.Query(ctx, "SELECT agent_id, department_id FROM agent_departments ORDER BY agent_id, department_id")
	} else {
		rows, err = r.Query(ctx, `SELECT l.agent_id, l.department_id FROM agent_departments l JOIN agents a ON a.id = l.agent_id
			WHERE a.account_id = ? ORDER BY l.agent_id, l.department_id`, accountID)
	}
	if err != nil {
		return nil, fmt.Errorf("select the links: %w", err)
	}
	defer func() { _ = rows.Close() }()
	links := make(map[string][]string)
	for rows.Next() {
		var agentID, departmentID string
		if err := rows.Scan(&agentID, &departmentID); err != nil {
			return nil, fmt.Errorf("scan a link: %w", err)
		}
		links[agentID] = append(links[agentID], departmentID)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("select the links: %w", err)
	}
	return links, nil
}

// selectFirstConnections returns when the account's agents first connected on a day, by agent.
func selectFirstConnections(ctx context.Context, r *store.Reader, accountID, day string) (map[string]int64, error) {
	// Asked for by agent: a join may read the days of years to find one.
	rows, err := r.Query(ctx, `SELECT a.id, (SELECT d.first_connection_at FROM agent_days d WHERE d.agent_id = a.id AND d.day = ?)
		FROM agents a WHERE a.account_id = ?`, day, accountID)
	if err != nil {
		return nil, fmt.Errorf("select first connections: %w", err)
	}
	defer func() { _ = rows.Close() }()
	first := make(map[string]int64)
	for rows.Next() {
		var id string
		var at sql.NullInt64
		if err := rows.Scan(&id, &at); err != nil {
			return nil, fmt.Errorf("scan a first connection: %w", err)
		}
		if at.Valid {
			first[id] = at.Int64
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("select first connections: %w", err)
	}
	return first, nil
}

// selectFirstConnection returns when one agent first connected on a day, nil when not.
func selectFirstConnection(ctx context.Context, q queryer, agentID, day string) (*int64, error) {
	var at int64
	err := q.QueryRow(ctx, "SELECT first_connection_at FROM agent_days WHERE agent_id = ? AND day = ?", agentID, day).Scan(&at)
	if errors.Is(err, store.ErrNoRows) {
		return nil, nil //nolint:nilnil // no connection is an answer
	}
	if err != nil {
		return nil, fmt.Errorf("select a first connection: %w", err)
	}
	return &at, nil
}

// updateStatus says whether the status was another.
func updateStatus(ctx context.Context, tx *store.Tx, accountID, id string, status Status) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE agents SET status = ? WHERE account_id = ? AND id = ? AND status <> ?",
		string(status), accountID, id, string(status))
	if err != nil {
		return false, fmt.Errorf("update status: %w", err)
	}
	return n == 1, nil
}

// updatePreferences says whether the preferences were others.
func updatePreferences(ctx context.Context, tx *store.Tx, accountID, id, preferences string) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE agents SET preferences = ? WHERE account_id = ? AND id = ? AND preferences <> ?",
		preferences, accountID, id, preferences)
	if err != nil {
		return false, fmt.Errorf("update preferences: %w", err)
	}
	return n == 1, nil
}
