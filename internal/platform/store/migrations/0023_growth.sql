-- +goose Up
-- Each statement finds its rows by an index that holds only them, however long the history is.
--
-- What is open has no end (ended_at, settled_at): the indexes of what is open name that column, as the statements that list it do. The
-- statements that change one row name its state, which says nothing of those columns, so that no planner takes a list's index for them.
-- Each such index also names its own first column as not null: so it serves only statements that look for that column. Without it
-- PostgreSQL, which finds all indexes of a small table equally good, would walk any of them.
DROP INDEX conversations_open;
DROP INDEX conversations_queue;
DROP INDEX conversations_agent;
DROP INDEX conversations_visitor;
DROP INDEX conversations_ended;
DROP INDEX conversations_email;
DROP INDEX conversations_verified;
DROP INDEX conversations_client;

-- The history of a person, the newest first, by each sign.
CREATE UNIQUE INDEX conversations_client ON conversations (visitor_id, site_id, client_id);
CREATE INDEX conversations_visitor ON conversations (visitor_id, account_id, number);
CREATE INDEX conversations_email ON conversations (lower(visitor_email), account_id, number) WHERE visitor_email <> '';
CREATE INDEX conversations_verified ON conversations (verified_id, account_id, number) WHERE verified_id <> '';
-- At most one open conversation per visitor and site, however many tabs (B02).
CREATE UNIQUE INDEX conversations_open ON conversations (visitor_id, site_id) WHERE ended_at IS NULL AND visitor_id IS NOT NULL;
CREATE INDEX conversations_ended ON conversations (account_id, ended_at);
CREATE INDEX conversations_open_of_account ON conversations (account_id, queue_entered_at, number)
    WHERE ended_at IS NULL AND account_id IS NOT NULL;
CREATE INDEX conversations_held ON conversations (agent_id, number) WHERE ended_at IS NULL AND agent_id IS NOT NULL;
-- Ended, and the agent's tab is still there.
CREATE INDEX conversations_unclosed ON conversations (agent_id, number) WHERE ended_at IS NOT NULL AND NOT closed AND agent_id IS NOT NULL;
-- Nobody has joined what waits.
CREATE INDEX conversations_waiting ON conversations (account_id, queue_order, number)
    WHERE ended_at IS NULL AND joined_at IS NULL AND account_id IS NOT NULL;
CREATE INDEX conversations_queue ON conversations (account_id, department_id, queue_order, number)
    WHERE ended_at IS NULL AND joined_at IS NULL AND department_id IS NOT NULL;

DROP INDEX transfers_pending;
DROP INDEX transfers_target;
CREATE UNIQUE INDEX transfers_pending ON transfers (conversation_id) WHERE settled_at IS NULL AND conversation_id IS NOT NULL;
CREATE INDEX transfers_of_account ON transfers (account_id) WHERE settled_at IS NULL AND account_id IS NOT NULL;
CREATE INDEX transfers_source ON transfers (from_agent_id) WHERE settled_at IS NULL AND from_agent_id IS NOT NULL;
CREATE INDEX transfers_target ON transfers (to_agent_id) WHERE settled_at IS NULL AND to_agent_id IS NOT NULL;

DROP INDEX offers_open;
DROP INDEX offers_open_of_account;
DROP INDEX offers_missed_last;
-- A conversation is offered to one agent at a time.
CREATE UNIQUE INDEX offers_open ON offers (conversation_id) WHERE ended_at IS NULL AND conversation_id IS NOT NULL;
CREATE INDEX offers_open_of_account ON offers (account_id, offered_at, id) WHERE ended_at IS NULL AND account_id IS NOT NULL;
CREATE INDEX offers_missed_last ON offers (account_id, conversation_id) WHERE missed_last;

-- Decisions are forgotten by their age, and looked for by their conversation.
DROP INDEX routing_decisions_at;
CREATE INDEX routing_decisions_at ON routing_decisions (at);
DROP INDEX routing_decisions_conversation;
CREATE INDEX routing_decisions_conversation ON routing_decisions (conversation_id, id);

-- The tags of an account, and how many conversations have each.
CREATE TABLE tags (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    tag TEXT NOT NULL,
    uses BIGINT NOT NULL,
    PRIMARY KEY (account_id, tag)
);
INSERT INTO tags (account_id, tag, uses) SELECT account_id, tag, count(*) FROM conversation_tags GROUP BY account_id, tag;
CREATE INDEX tags_uses ON tags (account_id, uses DESC, tag);
DROP INDEX conversation_tags_account;
