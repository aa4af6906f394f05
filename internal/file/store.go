package file

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

const columns = "id, account_id, conversation_id, room_id, name, content_type, size, sha256, blob_key, audience, created_at"

func insert(ctx context.Context, tx *store.Tx, f File) error {
	_, err := tx.Exec(ctx, "INSERT INTO files ("+columns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		f.ID, f.AccountID, orNull(f.ConversationID), orNull(f.RoomID), f.Name, f.ContentType, f.Size, f.SHA256, f.BlobKey, string(f.Audience), f.CreatedAt)
	if err != nil {
		return fmt.Errorf("file: insert: %w", err)
	}
	return nil
}

func withdraw(ctx context.Context, tx *store.Tx, id string) error {
	if _, err := tx.Exec(ctx, "UPDATE files SET audience = ? WHERE id = ?", string(ForAgents), id); err != nil {
		return fmt.Errorf("file: withdraw: %w", err)
	}
	return nil
}
func orNull(id string) sql.NullString { return sql.NullString{String: id, Valid: id != ""} }

func byID(ctx context.Context, r *store.Reader, id string) (File, error) {
	f, err := scan(r.QueryRow(ctx, "SELECT "+columns+" FROM files WHERE id = ?", id))
	if errors.Is(err, store.ErrNoRows) {
		return File{}, fault.New(fault.NotFound)
	}
	if err != nil {
		return File{}, fmt.Errorf("file: load: %w", err)
	}
	return f, nil
}

func ofConversation(ctx context.Context, r *store.Reader, conversationID string) (_ map[string]File, err error) {
	rows, err := r.Query(ctx, "SELECT "+columns+" FROM files WHERE conversation_id = ?", conversationID)
	if err != nil {
		return nil, fmt.Errorf("file: list: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	all := make(map[string]File)
	for rows.Next() {
		f, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("file: list: %w", err)
		}
		all[f.ID] = f
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("file: list: %w", err)
	}
	return all, nil
}

func scan(row store.Row) (File, error) {
	var f File
	var conversation, room sql.NullString
	err := row.Scan(&f.ID, &f.AccountID, &conversation, &room, &f.Name, &f.ContentType, &f.Size, &f.SHA256, &f.BlobKey, &f.Audience,
		&f.CreatedAt)
	f.ConversationID, f.RoomID = conversation.String, room.String
	return f, err
}
