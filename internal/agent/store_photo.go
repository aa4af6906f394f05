package agent

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const photoColumns = "id, account_id, agent_id, shape, content_type, blob_key, size"

func (p *photo) fields() []any {
	return []any{&p.id, &p.accountID, &p.agentID, &p.shape, &p.contentType, &p.blobKey, &p.size}
}

func insertPhoto(ctx context.Context, tx *store.Tx, p photo, at int64) error {
	_, err := tx.Exec(ctx, "INSERT INTO agent_photos ("+photoColumns+", created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		p.id, p.accountID, p.agentID, string(p.shape), p.contentType, p.blobKey, p.size, at)
	if err != nil {
		return fmt.Errorf("agent: insert a photo: %w", err)
	}
	return nil
}

// updatePhoto names the agent's photo of a shape, nil for none; false when the account has no such agent.
func updatePhoto(ctx context.Context, tx *store.Tx, accountID, agentID string, shape Shape, id *string) (bool, error) {
	var n int64
	var err error
	if shape == Upright {
		n, err = tx.Exec(ctx, "UPDATE agents SET portrait_id = ? WHERE account_id = ? AND id = ?", id, accountID, agentID)
	} else {
		n, err = tx.Exec(ctx, "UPDATE agents SET photo_id = ? WHERE account_id = ? AND id = ?", id, accountID, agentID)
	}
	if err != nil {
		return false, fmt.Errorf("agent: name a photo: %w", err)
	}
	return n == 1, nil
}

// deletePhotos deletes the agent's photos of a shape and returns them.
func deletePhotos(ctx context.Context, tx *store.Tx, agentID string, shape Shape) ([]photo, error) {
	rows, err := tx.Query(ctx, "DELETE FROM agent_photos WHERE agent_id = ? AND shape = ? RETURNING "+photoColumns, agentID, string(shape))
	if err != nil {
		return nil, fmt.Errorf("agent: delete photos: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var gone []photo
	for rows.Next() {
		var p photo
		if err := rows.Scan(p.fields()...); err != nil {
			return nil, fmt.Errorf("agent: scan a photo: %w", err)
		}
		gone = append(gone, p)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("agent: delete photos: %w", err)
	}
	return gone, nil
}

// selectPhoto returns a photo; ErrNoRows when there is none of that id.
func selectPhoto(ctx context.Context, r *store.Reader, id string) (p photo, err error) {
	err = r.QueryRow(ctx, "SELECT "+photoColumns+" FROM agent_photos WHERE id = ?", id).Scan(p.fields()...)
	return p, err
}
