-- +goose Up
-- Visitors whom a rule marked as leads (P01), with the credit to who brought them the first time.
CREATE TABLE leads (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    site_id TEXT NOT NULL,
    visitor_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    trigger_id TEXT NOT NULL,
    trigger_name TEXT NOT NULL,
    page_url TEXT NOT NULL,
    marked_at BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    entry_url TEXT NOT NULL,
    referrer TEXT NOT NULL,
    referrer_kind TEXT NOT NULL,
    referrer_name TEXT NOT NULL,
    utm_source TEXT NOT NULL,
    utm_medium TEXT NOT NULL,
    utm_campaign TEXT NOT NULL
);
CREATE UNIQUE INDEX leads_visitor ON leads (account_id, visitor_id);
CREATE INDEX leads_marked ON leads (account_id, marked_at);
