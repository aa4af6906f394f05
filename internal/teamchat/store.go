package teamchat

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const messageColumns = "id, sequence, client_id, author_id, author_name, body, mentions, file, at"

const (
	// advanceRoom makes the room with its first message, and takes the next sequence of one there is.
	advanceRoom = "INSERT INTO team_rooms (id, account_id, department_id, agent_a, agent_b, last_sequence, last_message) " +
		"VALUES (?, ?, ?, ?, ?, 1, ?) ON CONFLICT (id) DO UPDATE SET last_sequence = team_rooms.last_sequence + 1, " +
		"last_message = excluded.last_message RETURNING last_sequence"
	insertOne = "INSERT INTO team_messages (" + messageColumns + ", account_id, room_id) " +
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
	selectByClient = "SELECT " + messageColumns + " FROM team_messages WHERE room_id = ? AND author_id = ? AND client_id = ?"
	selectAfter    = "SELECT " + messageColumns + " FROM team_messages WHERE room_id = ? AND sequence > ? ORDER BY sequence LIMIT ?"
	selectBefore   = "SELECT " + messageColumns + " FROM team_messages WHERE room_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?"
	selectNewest   = "SELECT " + messageColumns + " FROM team_messages WHERE room_id = ? ORDER BY sequence DESC LIMIT ?"
	// markRoom never moves a mark back, nor beyond the newest message.
	markRoom = "INSERT INTO team_marks (room_id, agent_id, sequence) SELECT id, ?, CASE WHEN last_sequence < ? THEN last_sequence ELSE ? END " +
		"FROM team_rooms WHERE id = ? ON CONFLICT (room_id, agent_id) DO UPDATE SET sequence = excluded.sequence " +
		"WHERE team_marks.sequence < excluded.sequence RETURNING sequence"
	insertMention = "INSERT INTO team_mentions (agent_id, room_id, sequence) VALUES (?, ?, ?)"
)

// The rooms of an agent: those of departments, and those of two in which the agent is the one or the other. What stands beside a room
// is looked up for each, by key: how far the agent has read, how far the other has, and which mentions are not read, up to MentionsCounted.
const (
	roomColumns = "SELECT r.id, r.last_sequence, r.last_message, " +
		"COALESCE((SELECT own.sequence FROM team_marks own WHERE own.room_id = r.id AND own.agent_id = ?), 0), "
	unreadMentions = "(SELECT count(*) FROM (SELECT 1 FROM team_mentions x WHERE x.agent_id = ? AND x.room_id = r.id AND x.sequence > " +
		"COALESCE((SELECT read.sequence FROM team_marks read WHERE read.room_id = r.id AND read.agent_id = ?), 0) LIMIT ?) AS unread) " +
		"FROM team_rooms r "
	roomsOfDepartments = roomColumns + "0, " + unreadMentions + "WHERE r.account_id = ? AND r.department_id IS NOT NULL"
	roomsAsA           = roomColumns + "COALESCE((SELECT b.sequence FROM team_marks b WHERE b.room_id = r.id AND b.agent_id = r.agent_b), 0), " +
		unreadMentions + "WHERE r.account_id = ? AND r.agent_a = ?"
	roomsAsB = roomColumns + "COALESCE((SELECT a.sequence FROM team_marks a WHERE a.room_id = r.id AND a.agent_id = r.agent_a), 0), " +
		unreadMentions + "WHERE r.account_id = ? AND r.agent_b = ?"
)

func orNull(id string) sql.NullString { return sql.NullString{String: id, Valid: id != ""} }

// encode is for our own types, which always can be.
func encode(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Errorf("teamchat: encode %T: %w", v, err))
	}
	return string(data)
}

func advance(ctx context.Context, tx *store.Tx, accountID string, at place, last Last) (sequence int64, err error) {
	err = tx.QueryRow(ctx, advanceRoom, at.id, accountID, orNull(at.department), orNull(at.a), orNull(at.b), encode(last)).Scan(&sequence)
	if err != nil {
		return 0, fmt.Errorf("teamchat: advance: %w", err)
	}
	return sequence, nil
}

// insertMessage stores a message with whom it mentions; false when the author used the client id before.
func insertMessage(ctx context.Context, tx *store.Tx, accountID, roomID string, m Message) (bool, error) {
	var attachment sql.NullString
	if m.File != nil {
		attachment = orNull(encode(m.File))
	}
	n, err := tx.Exec(ctx, insertOne, m.ID, m.Sequence, m.ClientID, m.AuthorID, m.AuthorName, m.Text, encode(m.Mentions), attachment, m.At,
		accountID, roomID)
	if err != nil {
		return false, fmt.Errorf("teamchat: insert: %w", err)
	}
	if n == 0 {
		return false, nil
	}
	for _, agentID := range m.Mentions {
		if _, err := tx.Exec(ctx, insertMention, agentID, roomID, m.Sequence); err != nil {
			return false, fmt.Errorf("teamchat: mention: %w", err)
		}
	}
	return true, nil
}

// mark returns where the mark stands now; moved is false when it stood there or further.
func mark(ctx context.Context, tx *store.Tx, roomID, agentID string, sequence int64) (now int64, moved bool, err error) {
	err = tx.QueryRow(ctx, markRoom, agentID, sequence, sequence, roomID).Scan(&now)
	if errors.Is(err, store.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("teamchat: mark: %w", err)
	}
	return now, true, nil
}

type scanner interface{ Scan(dest ...any) error }

func scanMessage(row scanner) (m Message, err error) {
	var mentions string
	var attachment sql.NullString
	err = row.Scan(&m.ID, &m.Sequence, &m.ClientID, &m.AuthorID, &m.AuthorName, &m.Text, &mentions, &attachment, &m.At)
	if err == nil {
		err = json.Unmarshal([]byte(mentions), &m.Mentions)
	}
	if err == nil && attachment.Valid {
		err = json.Unmarshal([]byte(attachment.String), &m.File)
	}
	if err != nil {
		return Message{}, fmt.Errorf("teamchat: load: %w", err)
	}
	return m, nil
}

func messageByClient(ctx context.Context, r *store.Reader, roomID, authorID, clientID string) (Message, bool, error) {
	m, err := scanMessage(r.QueryRow(ctx, selectByClient, roomID, authorID, clientID))
	if errors.Is(err, store.ErrNoRows) {
		return Message{}, false, nil
	}
	return m, err == nil, err
}

func selectMessages(ctx context.Context, r *store.Reader, roomID string, p Page) (_ []Message, more bool, err error) {
	query, args := selectNewest, []any{roomID, p.Limit + 1}
	switch {
	case p.After != nil:
		query, args = selectAfter, []any{roomID, *p.After, p.Limit + 1}
	case p.Before != nil:
		query, args = selectBefore, []any{roomID, *p.Before, p.Limit + 1}
	}
	rows, err := r.Query(ctx, query, args...)
	if err != nil {
		return nil, false, fmt.Errorf("teamchat: list: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	list := []Message{}
	for rows.Next() {
		m, err := scanMessage(rows)
		if err != nil {
			return nil, false, err
		}
		list = append(list, m)
	}
	if more = len(list) > p.Limit; more {
		list = list[:p.Limit]
	}
	if query != selectAfter {
		slices.Reverse(list)
	}
	return list, more, rows.Err() //nolint:wrapcheck // the query says what it was
}

// selectRooms returns the agent's direct rooms and those of every department, the liveliest first.
func selectRooms(ctx context.Context, r *store.Reader, a Actor) ([]Room, error) {
	list := []Room{}
	add := func(rows *sql.Rows, err error) error {
		some, err := scanRooms(rows, err, a.AgentID)
		list = append(list, some...)
		return err
	}
	if err := add(r.Query(ctx, roomsOfDepartments, a.AgentID, a.AgentID, a.AgentID, MentionsCounted, a.AccountID)); err != nil {
		return nil, err
	}
	if err := add(r.Query(ctx, roomsAsA, a.AgentID, a.AgentID, a.AgentID, MentionsCounted, a.AccountID, a.AgentID)); err != nil {
		return nil, err
	}
	if err := add(r.Query(ctx, roomsAsB, a.AgentID, a.AgentID, a.AgentID, MentionsCounted, a.AccountID, a.AgentID)); err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b Room) int { return cmp.Or(cmp.Compare(b.Last.At, a.Last.At), cmp.Compare(a.ID, b.ID)) })
	return list, nil
}

func scanRooms(rows *sql.Rows, err error, agentID string) (list []Room, e error) {
	if err != nil {
		return nil, fmt.Errorf("teamchat: rooms: %w", err)
	}
	defer func() { e = errors.Join(e, rows.Close()) }()
	for rows.Next() {
		var room Room
		var id, last string
		err := rows.Scan(&id, &room.LastSequence, &last, &room.ReadSequence, &room.SeenSequence, &room.Mentions)
		if err == nil {
			err = json.Unmarshal([]byte(last), &room.Last)
		}
		if err != nil {
			return nil, fmt.Errorf("teamchat: rooms: %w", err)
		}
		at, ok := placeOf(id, agentID)
		if !ok {
			continue
		}
		room.ID, room.DepartmentID = at.address(), at.parties().DepartmentID
		list = append(list, room)
	}
	return list, rows.Err() //nolint:wrapcheck // the query says what it was
}
