package outreach

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const deliveryColumns = "id, account_id, kind, state, site_id, visitor_id, visit_id, template_id, template_name, department_id, agent_id, " +
	"agent_name, trigger_id, conversation_id, content, queued_at, expires_at, delivered_at, shown_at, ended_at, ordinal, version"

const pendingStates = "('queued', 'delivered', 'shown')"

const (
	// insertDelivery does nothing when the visitor has one that is pending, or the client id was used before for the visit.
	insertDelivery = "INSERT INTO outreach_deliveries (" + deliveryColumns + ", client_id) " +
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
	selectOne       = "SELECT " + deliveryColumns + " FROM outreach_deliveries WHERE id = ? AND account_id = ?"
	selectByClient  = "SELECT " + deliveryColumns + " FROM outreach_deliveries WHERE account_id = ? AND client_id = ? AND visit_id = ?"
	selectOfVisitor = "SELECT " + deliveryColumns + " FROM outreach_deliveries WHERE account_id = ? AND visitor_id = ? " +
		"ORDER BY queued_at DESC, id DESC LIMIT ?"
	// selectPending and selectRecent are of all accounts, for a start.
	selectPending = "SELECT " + deliveryColumns + " FROM outreach_deliveries WHERE ended_at IS NULL"
	selectRecent  = "SELECT " + deliveryColumns + " FROM outreach_deliveries WHERE queued_at >= ?"
	countOfVisit  = "SELECT count(*) FROM outreach_deliveries WHERE visit_id = ? AND kind <> 'redirect'"
)

// The steps, each naming the states it may come from. A page may skip some: what it says later counts for those too.
const (
	toDelivered = "UPDATE outreach_deliveries SET state = 'delivered', delivered_at = ?, version = version + 1 " +
		"WHERE id = ? AND account_id = ? AND state = 'queued' RETURNING " + deliveryColumns
	toShown = "UPDATE outreach_deliveries SET state = 'shown', delivered_at = COALESCE(delivered_at, ?), shown_at = ?, version = version + 1 " +
		"WHERE id = ? AND account_id = ? AND state IN ('queued', 'delivered') RETURNING " + deliveryColumns
	// toAnswered names too whether it was not seen before: an answer says that it was, and the counters must know what is new in it.
	toAnswered = "UPDATE outreach_deliveries SET state = ?, delivered_at = COALESCE(delivered_at, ?), shown_at = COALESCE(shown_at, ?), " +
		"ended_at = ?, version = version + 1 WHERE id = ? AND account_id = ? AND state IN " + pendingStates + " AND (shown_at IS NULL) = ? RETURNING " + deliveryColumns
	// toEnded is for an end that says nothing of having been there: expired and failed.
	toEnded = "UPDATE outreach_deliveries SET state = ?, ended_at = ?, version = version + 1 " +
		"WHERE id = ? AND account_id = ? AND state IN " + pendingStates + " RETURNING " + deliveryColumns
	// toExpired is the end of one that no page took in time.
	toExpired = "UPDATE outreach_deliveries SET state = 'expired', ended_at = ?, version = version + 1 " +
		"WHERE id = ? AND account_id = ? AND state = 'queued' AND expires_at <= ? RETURNING " + deliveryColumns
	expireOfVisitor = "UPDATE outreach_deliveries SET state = 'expired', ended_at = ?, version = version + 1 " +
		"WHERE account_id = ? AND visitor_id = ? AND ended_at IS NULL RETURNING " + deliveryColumns
	acceptByConversation = "UPDATE outreach_deliveries SET state = 'accepted', delivered_at = COALESCE(delivered_at, ?), " +
		"shown_at = COALESCE(shown_at, ?), ended_at = ?, conversation_id = ?, version = version + 1 WHERE id = ? AND account_id = ? " +
		"AND visitor_id = ? AND conversation_id IS NULL AND state IN " + pendingStates + " AND (shown_at IS NULL) = ? RETURNING " + deliveryColumns
	// leadToConversation is for one that the page had said accepted before.
	leadToConversation = "UPDATE outreach_deliveries SET conversation_id = ?, version = version + 1 " +
		"WHERE id = ? AND account_id = ? AND visitor_id = ? AND conversation_id IS NULL AND state = 'accepted' RETURNING " + deliveryColumns
)

func (d Delivery) insert(ctx context.Context, tx *store.Tx, clientID string) (bool, error) {
	content, err := json.Marshal(d.content)
	if err != nil {
		return false, fmt.Errorf("outreach: encode a delivery: %w", err)
	}
	n, err := tx.Exec(ctx, insertDelivery, d.ID, d.accountID, string(d.Kind), string(d.State), d.SiteID, d.VisitorID, d.VisitID, d.TemplateID,
		d.TemplateName, d.DepartmentID, d.AgentID, d.agentName, d.TriggerID, d.ConversationID, string(content), d.QueuedAt, d.ExpiresAt,
		d.DeliveredAt, d.ShownAt, d.EndedAt, d.PerVisit, d.Version, clientID)
	if err != nil {
		return false, fmt.Errorf("outreach: insert a delivery: %w", err)
	}
	return n == 1, nil
}

func scanDelivery(row store.Row) (Delivery, error) {
	var d Delivery
	var content string
	err := row.Scan(&d.ID, &d.accountID, &d.Kind, &d.State, &d.SiteID, &d.VisitorID, &d.VisitID, &d.TemplateID, &d.TemplateName, &d.DepartmentID,
		&d.AgentID, &d.agentName, &d.TriggerID, &d.ConversationID, &content, &d.QueuedAt, &d.ExpiresAt, &d.DeliveredAt, &d.ShownAt, &d.EndedAt,
		&d.PerVisit, &d.Version)
	if err != nil {
		return Delivery{}, err //nolint:wrapcheck // ErrNoRows is looked at by the caller
	}
	if err := json.Unmarshal([]byte(content), &d.content); err != nil {
		return Delivery{}, fmt.Errorf("outreach: decode a delivery: %w", err)
	}
	d.URL = d.content.Link + d.content.URL
	return d, nil
}

// found turns the absence of a row into false.
func found(row store.Row) (Delivery, bool, error) {
	d, err := scanDelivery(row)
	if errors.Is(err, store.ErrNoRows) {
		return Delivery{}, false, nil
	}
	if err != nil {
		return Delivery{}, false, fmt.Errorf("outreach: delivery: %w", err)
	}
	return d, true, nil
}

// querier is a running write or the reader.
type querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func deliveries(ctx context.Context, q querier, query string, args ...any) (_ []Delivery, err error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("outreach: deliveries: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	list := []Delivery{}
	for rows.Next() {
		d, err := scanDelivery(rows)
		if err != nil {
			return nil, fmt.Errorf("outreach: deliveries: %w", err)
		}
		list = append(list, d)
	}
	return list, rows.Err()
}
