-- +goose Up
-- Views of the grid that agents keep: for themselves, or shared with the account (P01).
CREATE TABLE grid_views (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    agent_id TEXT NOT NULL REFERENCES agents (id),
    name TEXT NOT NULL,
    shared BOOLEAN NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX grid_views_account ON grid_views (account_id, agent_id);
