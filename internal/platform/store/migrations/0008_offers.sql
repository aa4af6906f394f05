-- +goose Up
-- Where a conversation stands in its queue: the entry, moved ahead by its priority, or as a supervisor ordered it.
ALTER TABLE conversations ADD COLUMN queue_order BIGINT NOT NULL DEFAULT 0;
UPDATE conversations SET queue_order = queue_entered_at;
-- What routing found at the opening: priority, skills, language, who attended last.
ALTER TABLE conversations ADD COLUMN triage TEXT NOT NULL DEFAULT '{}';
-- When the visitor was told that the wait is long and the contact form is there.
ALTER TABLE conversations ADD COLUMN contact_offered_at BIGINT;
DROP INDEX conversations_queue;
CREATE INDEX conversations_queue ON conversations (account_id, department_id, queue_order) WHERE state = 'waiting';

-- What the roulette offered to whom, and what became of it.
CREATE TABLE offers (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    department_id TEXT NOT NULL,
    agent_id TEXT NOT NULL REFERENCES agents (id),
    decision_id TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    offered_at BIGINT NOT NULL,
    deadline_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- Until when the agent who got the conversation has to write; null when that is not watched, or was found in order.
    answer_until BIGINT,
    -- The newest one of a conversation that nobody took: its agent is not asked again next.
    missed_last BOOLEAN NOT NULL DEFAULT FALSE
);
-- A conversation is offered to one agent at a time.
CREATE UNIQUE INDEX offers_open ON offers (conversation_id) WHERE state = 'offered';
CREATE INDEX offers_open_of_account ON offers (account_id) WHERE state = 'offered';
CREATE INDEX offers_answer ON offers (account_id, answer_until) WHERE answer_until IS NOT NULL;
CREATE INDEX offers_missed_last ON offers (account_id) WHERE missed_last;
CREATE INDEX offers_conversation ON offers (conversation_id);

-- The roulette's turns: who had the smallest is next; no clock is in it.
CREATE TABLE roulette_turns (
    agent_id TEXT PRIMARY KEY REFERENCES agents (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    turn BIGINT NOT NULL DEFAULT 0,
    skipped BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX roulette_turns_account ON roulette_turns (account_id);

-- How often a department's queue, or the roulette (no department), was put in order by hand: a stale list is refused.
CREATE TABLE routing_orders (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    department_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (account_id, department_id)
);

-- Rules that give conversations a priority and skills when they enter the queue.
CREATE TABLE routing_rules (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX routing_rules_account ON routing_rules (account_id);
