-- +goose Up
-- Rooms in which agents talk among themselves (T093–T095). The identifier says who is in it: department:<id>, or direct:<id>:<id>
-- with the lesser identifier first. A room has a row from its first message on.
CREATE TABLE team_rooms (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    department_id TEXT REFERENCES departments (id),
    agent_a TEXT REFERENCES agents (id),
    agent_b TEXT REFERENCES agents (id),
    last_sequence BIGINT NOT NULL,
    last_message TEXT NOT NULL
);
CREATE INDEX team_rooms_account ON team_rooms (account_id);

CREATE TABLE team_messages (
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    room_id TEXT NOT NULL REFERENCES team_rooms (id),
    sequence BIGINT NOT NULL,
    client_id TEXT NOT NULL,
    author_id TEXT NOT NULL REFERENCES agents (id),
    author_name TEXT NOT NULL,
    body TEXT NOT NULL,
    mentions TEXT NOT NULL,
    file TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (room_id, sequence)
);
CREATE UNIQUE INDEX team_messages_client ON team_messages (room_id, author_id, client_id);

-- How far each agent has read.
CREATE TABLE team_marks (
    room_id TEXT NOT NULL REFERENCES team_rooms (id),
    agent_id TEXT NOT NULL REFERENCES agents (id),
    sequence BIGINT NOT NULL,
    PRIMARY KEY (room_id, agent_id)
);

-- A file belongs to a conversation or to a room, never to both. SQLite can't take NOT NULL from a column, so the table is made anew.
ALTER TABLE files RENAME TO files_before;
CREATE TABLE files (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    conversation_id TEXT REFERENCES conversations (id),
    room_id TEXT REFERENCES team_rooms (id),
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    blob_key TEXT NOT NULL,
    audience TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CHECK ((conversation_id IS NULL) <> (room_id IS NULL))
);
INSERT INTO files (id, account_id, conversation_id, name, content_type, size, sha256, blob_key, audience, created_at)
    SELECT id, account_id, conversation_id, name, content_type, size, sha256, blob_key, audience, created_at FROM files_before;
DROP TABLE files_before;
CREATE INDEX files_conversation ON files (conversation_id);
