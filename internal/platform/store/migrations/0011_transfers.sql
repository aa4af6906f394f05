-- +goose Up
-- A conversation offered to another agent, until it is answered (T111). A transfer to a department happens at once and is not here.
CREATE TABLE transfers (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    from_agent_id TEXT NOT NULL REFERENCES agents (id),
    to_agent_id TEXT NOT NULL REFERENCES agents (id),
    by_agent_id TEXT NOT NULL REFERENCES agents (id),
    note TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    settled_at BIGINT
);
CREATE UNIQUE INDEX transfers_pending ON transfers (conversation_id) WHERE state = 'pending';
CREATE INDEX transfers_target ON transfers (to_agent_id) WHERE state = 'pending';

-- Agents who take part beside the one in charge (P04). The conversation carries the present ones as JSON, for the hot path.
CREATE TABLE conversation_participants (
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    agent_id TEXT NOT NULL REFERENCES agents (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL,
    joined_at BIGINT NOT NULL,
    left_at BIGINT,
    PRIMARY KEY (conversation_id, agent_id)
);
CREATE INDEX conversation_participants_agent ON conversation_participants (agent_id) WHERE left_at IS NULL;

CREATE TABLE conversation_tags (
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    tag TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, tag)
);
CREATE INDEX conversation_tags_account ON conversation_tags (account_id, tag);

ALTER TABLE conversations ADD COLUMN participants TEXT;
ALTER TABLE conversations ADD COLUMN tags TEXT;
-- On hold until then: the visitor knows that the answer takes a while (P02).
ALTER TABLE conversations ADD COLUMN hold_until BIGINT;
-- When the visitor was told that the conversation will end for want of an answer.
ALTER TABLE conversations ADD COLUMN warned_at BIGINT;
