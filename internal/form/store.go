package form

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "id, kind, name, active, content, version, created_at, updated_at"

const (
	insertForm = "INSERT INTO forms (" + columns + ", account_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
	updateForm = "UPDATE forms SET name = ?, active = ?, content = ?, version = ?, updated_at = ? WHERE account_id = ? AND id = ? AND version = ?"
	deleteForm = "DELETE FROM forms WHERE account_id = ? AND id = ?"
	countForms = "SELECT count(*) FROM forms WHERE account_id = ?"
	selectForm = "SELECT " + columns + ", account_id FROM forms WHERE account_id = ? AND id = ?"
	ofKind     = "SELECT " + columns + ", account_id FROM forms WHERE account_id = ? AND kind = ?"
	allForms   = "SELECT " + columns + ", account_id FROM forms"
)

// content is what nobody asks the database for.
type content struct {
	Mandatory     bool     `json:"mandatory"`
	DepartmentIDs []string `json:"department_ids"`
	Intro         Texts    `json:"intro"`
	CopyTo        string   `json:"copy_to"`
	Fields        []Field  `json:"fields"`
}

func (f Form) content() (string, error) {
	data, err := json.Marshal(content{f.Mandatory, f.DepartmentIDs, f.Intro, f.CopyTo, f.Fields})
	if err != nil {
		return "", fmt.Errorf("form: encode: %w", err)
	}
	return string(data), nil
}

type scanner interface{ Scan(dest ...any) error }

func scan(row scanner) (f Form, accountID string, err error) {
	var text string
	if err := row.Scan(&f.ID, &f.Kind, &f.Name, &f.Active, &text, &f.Version, &f.CreatedAt, &f.UpdatedAt, &accountID); err != nil {
		return f, "", err //nolint:wrapcheck // ErrNoRows is looked at by the caller, who knows what was asked
	}
	var c content
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return f, "", fmt.Errorf("form: decode: %w", err)
	}
	f.Mandatory, f.DepartmentIDs, f.Intro, f.CopyTo, f.Fields = c.Mandatory, c.DepartmentIDs, c.Intro, c.CopyTo, c.Fields
	return f, accountID, nil
}

func insert(ctx context.Context, tx *store.Tx, accountID string, f Form) error {
	text, err := f.content()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertForm, f.ID, string(f.Kind), f.Name, f.Active, text, f.Version, f.CreatedAt, f.UpdatedAt, accountID)
	return err
}

// update writes f over a version before; false when that is no longer the stored one.
func update(ctx context.Context, tx *store.Tx, accountID string, f Form, before int64) (bool, error) {
	text, err := f.content()
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, updateForm, f.Name, f.Active, text, f.Version, f.UpdatedAt, accountID, f.ID, before)
	return n == 1, err
}

func remove(ctx context.Context, tx *store.Tx, accountID, id string) (bool, error) {
	n, err := tx.Exec(ctx, deleteForm, accountID, id)
	if err != nil {
		return false, fmt.Errorf("form: remove: %w", err)
	}
	return n == 1, nil
}

func countOf(ctx context.Context, tx *store.Tx, accountID string) (n int, err error) {
	if err := tx.QueryRow(ctx, countForms, accountID).Scan(&n); err != nil {
		return 0, fmt.Errorf("form: count: %w", err)
	}
	return n, nil
}

func selectOne(ctx context.Context, tx *store.Tx, accountID, id string) (Form, error) {
	f, _, err := scan(tx.QueryRow(ctx, selectForm, accountID, id))
	return f, err
}

func selectKind(ctx context.Context, tx *store.Tx, accountID string, kind Kind) (list []Form, err error) {
	rows, err := tx.Query(ctx, ofKind, accountID, string(kind))
	err = each(rows, err, func(row scanner) error {
		f, _, err := scan(row)
		list = append(list, f)
		return err
	})
	return list, err
}

// selectAll calls fn for every form of every account.
func selectAll(ctx context.Context, r *store.Reader, fn func(accountID string, f Form)) error {
	rows, err := r.Query(ctx, allForms)
	return each(rows, err, func(row scanner) error {
		f, accountID, err := scan(row)
		if err == nil {
			fn(accountID, f)
		}
		return err
	})
}

// querier is a running write or the reader.
type querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) store.Row
}

// each calls fn for every row of what a query returned, and closes it.
func each(rows *sql.Rows, err error, fn func(scanner) error) (e error) {
	if err != nil {
		return fmt.Errorf("form: select: %w", err)
	}
	defer func() { e = errors.Join(e, rows.Close()) }()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err() //nolint:wrapcheck // the query says what it was
}
