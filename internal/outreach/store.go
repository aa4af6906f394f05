package outreach

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

const templateColumns = "id, content"

func imageIDOf(t Template) *string {
	if t.Image == nil {
		return nil
	}
	return &t.Image.ID
}

func insertTemplate(ctx context.Context, tx *store.Tx, accountID string, t Template) error {
	content, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("outreach: encode a template: %w", err)
	}
	_, err = tx.Exec(ctx, "INSERT INTO outreach_templates (id, account_id, kind, name, active, image_id, content, created_at, updated_at) "+
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", t.ID, accountID, string(t.Kind), t.Name, t.Active, imageIDOf(t), string(content), t.UpdatedAt, t.UpdatedAt)
	return err
}

// updateTemplate writes a template over the version of before; false when somebody else was quicker.
func updateTemplate(ctx context.Context, tx *store.Tx, accountID string, t Template, before int64) (bool, error) {
	content, err := json.Marshal(t)
	if err != nil {
		return false, fmt.Errorf("outreach: encode a template: %w", err)
	}
	n, err := tx.Exec(ctx, "UPDATE outreach_templates SET name = ?, active = ?, image_id = ?, content = ?, updated_at = ? "+
		"WHERE id = ? AND account_id = ? AND updated_at = ?", t.Name, t.Active, imageIDOf(t), string(content), t.UpdatedAt, t.ID, accountID, before)
	return n == 1, err
}

func countTemplates(ctx context.Context, tx *store.Tx, accountID string) (int, error) {
	var n int
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM outreach_templates WHERE account_id = ?", accountID).Scan(&n); err != nil {
		return 0, fmt.Errorf("outreach: count templates: %w", err)
	}
	return n, nil
}

func selectTemplate(ctx context.Context, tx *store.Tx, accountID, id string) (Template, error) {
	t, err := scanTemplate(tx.QueryRow(ctx, "SELECT "+templateColumns+" FROM outreach_templates WHERE id = ? AND account_id = ?", id, accountID))
	if errors.Is(err, store.ErrNoRows) {
		return Template{}, fault.New(fault.NotFound)
	}
	return t, err
}

// selectTemplates calls fn for every template of every account.
func selectTemplates(ctx context.Context, r *store.Reader, fn func(accountID string, t Template)) (err error) {
	rows, err := r.Query(ctx, "SELECT account_id, content FROM outreach_templates")
	if err != nil {
		return fmt.Errorf("outreach: templates: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var accountID string
		t, err := scanTemplate(rows, &accountID)
		if err != nil {
			return err
		}
		fn(accountID, t)
	}
	return rows.Err()
}

// scanTemplate reads one leading text into the variable given, or none, and the content.
func scanTemplate(row store.Row, leading ...*string) (Template, error) {
	var t Template
	var first, content string
	if err := row.Scan(&first, &content); err != nil {
		return Template{}, fmt.Errorf("outreach: scan a template: %w", err)
	}
	for _, to := range leading {
		*to = first
	}
	if err := json.Unmarshal([]byte(content), &t); err != nil {
		return Template{}, fmt.Errorf("outreach: decode a template: %w", err)
	}
	return t, nil
}

func insertImage(ctx context.Context, tx *store.Tx, accountID string, p picture, at int64) error {
	_, err := tx.Exec(ctx, "INSERT INTO outreach_images (id, account_id, content_type, size, width, height, blob_key, created_at) "+
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?)", p.ID, accountID, p.contentType, p.size, p.Width, p.Height, p.blobKey, at)
	if err != nil {
		return fmt.Errorf("outreach: insert a picture: %w", err)
	}
	return nil
}

// selectImage returns a picture of any account. Error: NotFound.
func selectImage(ctx context.Context, r *store.Reader, id string) (picture, error) {
	p := picture{Image: Image{ID: id, URL: imageURL(id)}}
	err := r.QueryRow(ctx, "SELECT content_type, size, width, height, blob_key FROM outreach_images WHERE id = ?", id).
		Scan(&p.contentType, &p.size, &p.Width, &p.Height, &p.blobKey)
	if errors.Is(err, store.ErrNoRows) {
		return picture{}, fault.New(fault.NotFound)
	}
	if err != nil {
		return picture{}, fmt.Errorf("outreach: select a picture: %w", err)
	}
	return p, nil
}

// imageOf returns a picture of the account; false when it has no such one.
func imageOf(ctx context.Context, tx *store.Tx, accountID, id string) (Image, bool, error) {
	i := Image{ID: id, URL: imageURL(id)}
	err := tx.QueryRow(ctx, "SELECT width, height FROM outreach_images WHERE id = ? AND account_id = ?", id, accountID).Scan(&i.Width, &i.Height)
	if errors.Is(err, store.ErrNoRows) {
		return Image{}, false, nil
	}
	if err != nil {
		return Image{}, false, fmt.Errorf("outreach: select a picture: %w", err)
	}
	return i, true, nil
}

func upsertSettings(ctx context.Context, tx *store.Tx, accountID string, s Settings) error {
	_, err := tx.Exec(ctx, "INSERT INTO outreach_settings (account_id, per_visit, redirect) VALUES (?, ?, ?) "+
		"ON CONFLICT (account_id) DO UPDATE SET per_visit = excluded.per_visit, redirect = excluded.redirect", accountID, s.PerVisit, string(s.Redirect))
	return err
}

// selectSettings calls fn for every account that has settings of its own.
func selectSettings(ctx context.Context, r *store.Reader, fn func(accountID string, s Settings)) (err error) {
	rows, err := r.Query(ctx, "SELECT account_id, per_visit, redirect FROM outreach_settings")
	if err != nil {
		return fmt.Errorf("outreach: settings: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var accountID string
		var s Settings
		if err := rows.Scan(&accountID, &s.PerVisit, &s.Redirect); err != nil {
			return fmt.Errorf("outreach: settings: %w", err)
		}
		fn(accountID, s)
	}
	return rows.Err()
}
