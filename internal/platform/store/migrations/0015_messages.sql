-- +goose Up
-- What can happen to a message after it was sent (P04). revision counts the changes: 0 for nearly all, which the index leaves out.
ALTER TABLE messages ADD COLUMN reply_to BIGINT;
ALTER TABLE messages ADD COLUMN reply_to_visitor BIGINT;
ALTER TABLE messages ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN edited_at BIGINT;
ALTER TABLE messages ADD COLUMN deleted_at BIGINT;
ALTER TABLE messages ADD COLUMN reactions TEXT;
CREATE INDEX messages_changed ON messages (conversation_id, sequence) WHERE revision > 0;

-- What a message said before each time its author changed it. Agents can read it, visitors never.
CREATE TABLE message_revisions (
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    sequence BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    account_id TEXT NOT NULL,
    body TEXT NOT NULL,
    file_id TEXT,
    replaced_at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, sequence, revision)
);
