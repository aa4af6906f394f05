package contact

import (
	"context"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "id, site_id, department_id, visitor_id, name, email, phone, subject, message, page_url, language, state, agent_id, " +
	"created_at, changed_at, version"

const (
	insertRequest = "INSERT INTO contact_requests (" + columns + ", account_id, client_id) " +
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
	selectByID     = "SELECT " + columns + " FROM contact_requests WHERE account_id = ? AND id = ?"
	selectByClient = "SELECT " + columns + " FROM contact_requests WHERE site_id = ? AND visitor_id = ? AND client_id = ?"
	moveRequest    = "UPDATE contact_requests SET state = ?, agent_id = ?, changed_at = ?, version = version + 1 " +
		"WHERE account_id = ? AND id = ? AND version = ? RETURNING " + columns
)

type scanner interface{ Scan(dest ...any) error }

func scan(row scanner) (r Request, err error) {
	err = row.Scan(&r.ID, &r.SiteID, &r.DepartmentID, &r.VisitorID, &r.Name, &r.Email, &r.Phone, &r.Subject, &r.Message, &r.PageURL,
		&r.Language, &r.State, &r.AgentID, &r.CreatedAt, &r.ChangedAt, &r.Version)
	if err != nil && !errors.Is(err, store.ErrNoRows) {
		err = fmt.Errorf("contact: load: %w", err)
	}
	return r, err
}

// insert returns false when the visitor used the client id before.
func insert(ctx context.Context, tx *store.Tx, accountID, clientID string, r Request) (bool, error) {
	n, err := tx.Exec(ctx, insertRequest, r.ID, r.SiteID, r.DepartmentID, r.VisitorID, r.Name, r.Email, r.Phone, r.Subject, r.Message,
		r.PageURL, r.Language, string(r.State), r.AgentID, r.CreatedAt, r.ChangedAt, r.Version, accountID, clientID)
	if err != nil {
		return false, fmt.Errorf("contact: insert: %w", err)
	}
	return n == 1, nil
}

func byID(ctx context.Context, r *store.Reader, accountID, id string) (Request, error) {
	return scan(r.QueryRow(ctx, selectByID, accountID, id))
}

func byClient(ctx context.Context, r *store.Reader, v Visitor, clientID string) (Request, error) {
	return scan(r.QueryRow(ctx, selectByClient, v.SiteID, v.VisitorID, clientID))
}

// move returns ErrNoRows when the request has another version.
func move(ctx context.Context, tx *store.Tx, accountID, id string, to State, agentID string, version, at int64) (Request, error) {
	return scan(tx.QueryRow(ctx, moveRequest, string(to), agentID, at, accountID, id, version))
}
