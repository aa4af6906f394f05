-- +goose Up
-- Notes of agents about a visitor (T130). Found again by the proven identity, the e-mail address, or the browser.
CREATE TABLE notes (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    client_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    department_id TEXT NOT NULL,
    visitor_id TEXT NOT NULL,
    visitor_email TEXT NOT NULL,
    verified_id TEXT NOT NULL,
    agent_id TEXT NOT NULL REFERENCES agents (id),
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX notes_client ON notes (agent_id, client_id);
CREATE INDEX notes_visitor ON notes (account_id, visitor_id);
CREATE INDEX notes_email ON notes (account_id, visitor_email) WHERE visitor_email <> '';
CREATE INDEX notes_verified ON notes (account_id, verified_id) WHERE verified_id <> '';

-- Earlier conversations of the same person (T128).
ALTER TABLE conversations ADD COLUMN verified_id TEXT NOT NULL DEFAULT '';
CREATE INDEX conversations_email ON conversations (account_id, lower(visitor_email));
CREATE INDEX conversations_verified ON conversations (account_id, verified_id) WHERE verified_id <> '';
