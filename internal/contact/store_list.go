package contact

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Lists go down the identifiers, which sort by the time they were made. Each of these finds its page by an index of its own.
const (
	pageAll          = "SELECT " + columns + " FROM contact_requests WHERE account_id = ? AND id < ? ORDER BY id DESC LIMIT ?"
	pageOfState      = "SELECT " + columns + " FROM contact_requests WHERE account_id = ? AND state = ? AND id < ? ORDER BY id DESC LIMIT ?"
	pageOfDepartment = "SELECT " + columns + " FROM contact_requests WHERE account_id = ? AND department_id = ? AND id < ? ORDER BY id DESC LIMIT ?"
	pageOfBoth       = "SELECT " + columns + " FROM contact_requests WHERE account_id = ? AND department_id = ? AND state = ? AND id < ? " +
		"ORDER BY id DESC LIMIT ?"
	idsOfDepartment = "SELECT id FROM contact_requests WHERE account_id = ? AND department_id = ? AND id < ? AND id > ? ORDER BY id DESC LIMIT ?"
	idsOfBoth       = "SELECT id FROM contact_requests WHERE account_id = ? AND department_id = ? AND state = ? AND id < ? AND id > ? " +
		"ORDER BY id DESC LIMIT ?"
	selectByIDs = "SELECT " + columns + " FROM contact_requests WHERE account_id = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY id DESC"
	countAll    = "SELECT (SELECT count(*) FROM (SELECT 1 FROM contact_requests WHERE account_id = ? AND state = 'open' LIMIT ?) AS a), " +
		"(SELECT count(*) FROM (SELECT 1 FROM contact_requests WHERE account_id = ? AND state = 'in_progress' LIMIT ?) AS b), " +
		"(SELECT count(*) FROM (SELECT 1 FROM contact_requests WHERE account_id = ? AND state = 'answered' LIMIT ?) AS c)"
	countOfDepartment = "SELECT " +
		"(SELECT count(*) FROM (SELECT 1 FROM contact_requests WHERE account_id = ? AND department_id = ? AND state = 'open' LIMIT ?) AS a), " +
		"(SELECT count(*) FROM (SELECT 1 FROM contact_requests WHERE account_id = ? AND department_id = ? AND state = 'in_progress' LIMIT ?) AS b), " +
		"(SELECT count(*) FROM (SELECT 1 FROM contact_requests WHERE account_id = ? AND department_id = ? AND state = 'answered' LIMIT ?) AS c)"
)

// afterAll is behind every identifier, beforeAll ahead of it.
const (
	afterAll  = "ffffffff-ffff-ffff-ffff-ffffffffffff"
	beforeAll = ""
)

// selectPage returns up to one more than the limit.
func selectPage(ctx context.Context, r *store.Reader, accountID string, scope eventlog.Scope, f Filter) ([]Request, error) {
	before, most := f.Before, f.Limit+1
	if before == "" {
		before = afterAll
	}
	departments := slices.Sorted(maps.Keys(scope.DepartmentIDs))
	if f.DepartmentID != "" {
		if !scope.All && !scope.DepartmentIDs[f.DepartmentID] {
			return []Request{}, nil
		}
		departments = []string{f.DepartmentID}
	}
	switch everywhere := scope.All && f.DepartmentID == ""; {
	case everywhere && f.State == "":
		return collect(r.Query(ctx, pageAll, accountID, before, most))
	case everywhere:
		return collect(r.Query(ctx, pageOfState, accountID, string(f.State), before, most))
	case len(departments) == 1 && f.State == "":
		return collect(r.Query(ctx, pageOfDepartment, accountID, departments[0], before, most))
	case len(departments) == 1:
		return collect(r.Query(ctx, pageOfBoth, accountID, departments[0], string(f.State), before, most))
	}
	ids, err := newestOf(ctx, r, accountID, departments, f.State, before, most)
	if err != nil {
		return nil, err
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("contact: list: %w", err)
	}
	return collect(r.Query(ctx, selectByIDs, accountID, string(list)))
}

// newestOf returns the newest identifiers of several departments: each is asked for its own, of which only those count that are newer
// than what the page holds already. What lies in other departments is never walked.
func newestOf(ctx context.Context, r *store.Reader, accountID string, departments []string, state State, before string, most int) ([]string, error) {
	ids, floor := []string{}, beforeAll
	for _, id := range departments {
		var some []string
		var err error
		if state == "" {
			some, err = texts(r.Query(ctx, idsOfDepartment, accountID, id, before, floor, most))
		} else {
			some, err = texts(r.Query(ctx, idsOfBoth, accountID, id, string(state), before, floor, most))
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, some...)
		slices.Sort(ids)
		slices.Reverse(ids)
		if len(ids) >= most {
			ids = ids[:most]
			floor = ids[most-1]
		}
	}
	return ids, nil
}

func collect(rows *sql.Rows, err error) (_ []Request, e error) {
	if err != nil {
		return nil, fmt.Errorf("contact: list: %w", err)
	}
	defer func() { e = errors.Join(e, rows.Close()) }()
	list := []Request{}
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err() //nolint:wrapcheck // the query says what it was
}

func texts(rows *sql.Rows, err error) (list []string, e error) {
	if err != nil {
		return nil, fmt.Errorf("contact: list: %w", err)
	}
	defer func() { e = errors.Join(e, rows.Close()) }()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, fmt.Errorf("contact: list: %w", err)
		}
		list = append(list, one)
	}
	return list, rows.Err() //nolint:wrapcheck // the query says what it was
}

// countStates counts up to CountMax of each state.
func countStates(ctx context.Context, r *store.Reader, accountID string, scope eventlog.Scope) (c Counts, err error) {
	if scope.All {
		err := r.QueryRow(ctx, countAll, accountID, CountMax, accountID, CountMax, accountID, CountMax).Scan(&c.Open, &c.InProgress, &c.Answered)
		if err != nil {
			return Counts{}, fmt.Errorf("contact: count: %w", err)
		}
		return c, nil
	}
	for _, id := range slices.Sorted(maps.Keys(scope.DepartmentIDs)) {
		var of Counts
		err := r.QueryRow(ctx, countOfDepartment, accountID, id, CountMax-c.Open, accountID, id, CountMax-c.InProgress,
			accountID, id, CountMax-c.Answered).Scan(&of.Open, &of.InProgress, &of.Answered)
		if err != nil {
			return Counts{}, fmt.Errorf("contact: count: %w", err)
		}
		c.Open, c.InProgress, c.Answered = c.Open+of.Open, c.InProgress+of.InProgress, c.Answered+of.Answered
		if c == (Counts{Open: CountMax, InProgress: CountMax, Answered: CountMax}) {
			break
		}
	}
	return c, nil
}
