-- +goose Up
-- What the agents' profiles say (T017), and what routing matches agents by (P02): lists are JSON.
ALTER TABLE agents ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE agents ADD COLUMN languages TEXT NOT NULL DEFAULT '[]';
ALTER TABLE agents ADD COLUMN skills TEXT NOT NULL DEFAULT '[]';

-- The photos visitors see (T153, T189, T190): a square one and an upright one.
ALTER TABLE agents ADD COLUMN photo_id TEXT;
ALTER TABLE agents ADD COLUMN portrait_id TEXT;
CREATE TABLE agent_photos (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    agent_id TEXT NOT NULL REFERENCES agents (id),
    shape TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    blob_key TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX agent_photos_agent ON agent_photos (agent_id, shape);

-- Conversations that went back to the queue while the agent was away, until the agent has been told (T008).
ALTER TABLE agents ADD COLUMN returned_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN returned_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE agents ADD COLUMN returned_at BIGINT NOT NULL DEFAULT 0;
