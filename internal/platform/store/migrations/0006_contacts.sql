-- +goose Up
-- Work that outlives its request: mail. A job is written with the change that asks for it and deleted when it is done.
-- due_at is also the lease: who takes a job moves it ahead, so that nobody else takes it meanwhile.
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    error TEXT NOT NULL DEFAULT ''
);
CREATE INDEX jobs_due ON jobs (due_at) WHERE state = 'pending';

-- What visitors leave when nobody attends (T159).
CREATE TABLE contact_requests (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    client_id TEXT NOT NULL,
    site_id TEXT NOT NULL REFERENCES sites (id),
    department_id TEXT NOT NULL REFERENCES departments (id),
    visitor_id TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    subject TEXT NOT NULL,
    message TEXT NOT NULL,
    page_url TEXT NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL,
    agent_id TEXT REFERENCES agents (id),
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX contact_requests_client ON contact_requests (site_id, visitor_id, client_id);
CREATE INDEX contact_requests_list ON contact_requests (account_id, created_at);

ALTER TABLE departments ADD COLUMN email TEXT NOT NULL DEFAULT '';

-- The visitor's answer after the end (T160).
ALTER TABLE conversations ADD COLUMN rating INTEGER;
ALTER TABLE conversations ADD COLUMN rating_comment TEXT NOT NULL DEFAULT '';
