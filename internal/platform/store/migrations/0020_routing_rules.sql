-- +goose Up
-- Rules have a name, a place among the others and a version: a stale change is refused. Nothing was ever written to the table before.
DROP TABLE routing_rules;
CREATE TABLE routing_rules (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    -- The smallest is asked first.
    place BIGINT NOT NULL,
    matching TEXT NOT NULL,
    conditions TEXT NOT NULL,
    -- Null says nothing of it.
    priority BIGINT,
    skills TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (account_id, name)
);

-- The agent's first word to the visitor, and the promised times that were missed: each is told of once (P03).
ALTER TABLE conversations ADD COLUMN answered_at BIGINT;
CREATE TABLE breaches (
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    promise TEXT NOT NULL,
    -- What the time was measured from: another question of the visitor is another promise.
    since BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, promise, since)
);
