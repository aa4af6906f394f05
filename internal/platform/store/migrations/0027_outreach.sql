-- +goose Up
-- What waits for its answer has no end yet. The lists say it by ended_at, the steps of one delivery by its state: so that no step
-- implies this index and walks it.
UPDATE outreach_deliveries SET ended_at = queued_at WHERE ended_at IS NULL AND state NOT IN ('queued', 'delivered', 'shown');
DROP INDEX outreach_pending;
CREATE UNIQUE INDEX outreach_pending ON outreach_deliveries (account_id, visitor_id) WHERE ended_at IS NULL;
-- A visitor's, newest first; whom an invite was sent to; and those of the last hour, of all accounts, for a start.
DROP INDEX outreach_visitor;
CREATE INDEX outreach_visitor ON outreach_deliveries (account_id, visitor_id, queued_at, id);
CREATE INDEX outreach_invited ON outreach_deliveries (account_id, visitor_id) WHERE kind = 'invite';
DROP INDEX outreach_queued;
CREATE INDEX outreach_queued ON outreach_deliveries (queued_at);

-- What became of what rules sent: counted with every step, so that nobody counts deliveries again.
CREATE TABLE outreach_outcomes (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    trigger_id TEXT NOT NULL,
    shown BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    PRIMARY KEY (account_id, trigger_id)
);
INSERT INTO outreach_outcomes (account_id, trigger_id, shown, accepted)
    SELECT account_id, trigger_id, count(shown_at), count(CASE WHEN state IN ('accepted', 'clicked') THEN 1 END)
    FROM outreach_deliveries WHERE trigger_id IS NOT NULL AND shown_at IS NOT NULL GROUP BY account_id, trigger_id;
DROP INDEX outreach_trigger;
