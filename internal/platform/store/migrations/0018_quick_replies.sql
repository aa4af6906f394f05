-- +goose Up
-- Prepared texts (T086–T090): the account's, whose owner is empty, and the agents' own.
CREATE TABLE quick_replies (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    owner TEXT NOT NULL,
    title TEXT NOT NULL,
    shortcut TEXT NOT NULL,
    folder TEXT NOT NULL,
    body TEXT NOT NULL,
    share TEXT NOT NULL,
    department_id TEXT REFERENCES departments (id),
    uses BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 1,
    updated_at BIGINT NOT NULL
);
CREATE INDEX quick_replies_owner ON quick_replies (account_id, owner);
CREATE UNIQUE INDEX quick_replies_shortcut ON quick_replies (account_id, owner, shortcut) WHERE shortcut <> '';
