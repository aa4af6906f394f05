-- +goose Up
CREATE TABLE triggers (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    priority INTEGER NOT NULL,
    delay INTEGER NOT NULL,
    once TEXT NOT NULL,
    repeats INTEGER NOT NULL,
    time_zone TEXT NOT NULL,
    matching TEXT NOT NULL,
    conditions TEXT NOT NULL,
    action TEXT NOT NULL,
    evaluated BIGINT NOT NULL DEFAULT 0,
    fired BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX triggers_name ON triggers (account_id, name);

-- Whom a rule that runs once has reached: visitor:… or address:… (a keyed digest).
CREATE TABLE trigger_runs (
    trigger_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (trigger_id, subject)
);
CREATE INDEX trigger_runs_at ON trigger_runs (at);

-- What became of what rules sent.
CREATE INDEX outreach_trigger ON outreach_deliveries (account_id, trigger_id) WHERE trigger_id IS NOT NULL;
