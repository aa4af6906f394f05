package conversation

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

const (
	// sendTranscript says where a conversation goes, once for each address.
	transcriptTo   = "SELECT transcript_to FROM conversations WHERE id = ? AND COALESCE(account_id, '') = ?"
	sendTranscript = "UPDATE conversations SET transcript_to = ? WHERE id = ? AND COALESCE(account_id, '') = ? AND transcript_to <> ?"
	messageBySequence = "SELECT " + messageColumns + " FROM messages WHERE conversation_id = ? AND sequence = ?"
	// visibleBySequence asks for the audience as well as for the visitor sequence: either alone would do.
	visibleBySequence = "SELECT " + messageColumns + " FROM messages WHERE conversation_id = ? AND visitor_sequence = ? AND audience = 'visitor'"

	// touchActive takes the row of an active conversation for a change that moves no message.
	touchActive = "UPDATE conversations SET version = version + 1 WHERE id = ? AND COALESCE(account_id, '') = ? AND state = 'active' RETURNING " + columns
	showLast    = "UPDATE conversations SET last_message = ? WHERE id = ? AND COALESCE(account_id, '') = ?"
	// changeMessage names the revision that was read: whoever was quicker wins.
	changeMessage = "UPDATE messages SET body = ?, file_id = ?, edited_at = ?, deleted_at = ?, reactions = ?, revision = revision + 1 " +
		"WHERE conversation_id = ? AND sequence = ? AND revision = ?"
	keepRevision = "INSERT INTO message_revisions (conversation_id, sequence, revision, account_id, body, file_id, replaced_at) " +
		"VALUES (?, ?, ?, ?, ?, ?, ?)"

	// The condition on revision is that of the index.
	changedMessages = "SELECT " + messageColumns + " FROM messages WHERE conversation_id = ? AND revision > 0 AND sequence <= ? " +
		"ORDER BY sequence DESC LIMIT ?"
	changedVisible = "SELECT " + messageColumns + " FROM messages WHERE conversation_id = ? AND revision > 0 AND visitor_sequence <= ? " +
		"AND audience = 'visitor' ORDER BY sequence DESC LIMIT ?"
	revisionsOf = "SELECT body, file_id, replaced_at FROM message_revisions WHERE conversation_id = ? AND sequence = ? ORDER BY revision DESC"
)

// oneMessage turns the absence of a row into false.
func oneMessage(row scanner) (Message, bool, error) {
	m, err := scanMessage(row)
	if errors.Is(err, store.ErrNoRows) {
		return Message{}, false, nil
	}
	if err != nil {
		return Message{}, false, fmt.Errorf("conversation: load message: %w", err)
	}
	return m, true, nil
}

func (m Message) fileID() *string {
	if m.File == nil {
		return nil
	}
	return &m.File.ID
}

// update writes what may change of a message. m carries the revision it becomes. Error: StaleWrite.
func (m Message) update(ctx context.Context, tx *store.Tx) error {
	var reactions *string
	if len(m.Reactions) > 0 {
		text, err := json.Marshal(m.Reactions)
		if err != nil {
			return fmt.Errorf("conversation: encode reactions: %w", err)
		}
		encoded := string(text)
		reactions = &encoded
	}
	n, err := tx.Exec(ctx, changeMessage, m.Text, m.fileID(), m.EditedAt, m.DeletedAt, reactions, m.ConversationID, m.Sequence, m.Revision-1)
	if err != nil {
		return fmt.Errorf("conversation: change message: %w", err)
	}
	if n == 0 {
		return fault.New(fault.StaleWrite)
	}
	return nil
}

// keep writes what a message said until now into its history.
func (m Message) keep(ctx context.Context, tx *store.Tx, accountID string, at int64) error {
	_, err := tx.Exec(ctx, keepRevision, m.ConversationID, m.Sequence, m.Revision, accountID, m.Text, m.fileID(), at)
	if err != nil {
		return fmt.Errorf("conversation: keep a revision: %w", err)
	}
	return nil
}

func scanRevision(row scanner) (Revision, error) {
	var r Revision
	var fileID sql.NullString
	if err := row.Scan(&r.Text, &fileID, &r.ReplacedAt); err != nil {
		return Revision{}, fmt.Errorf("conversation: load a revision: %w", err)
	}
	if fileID.Valid {
		r.File = &Attachment{ID: fileID.String}
	}
	return r, nil
}
