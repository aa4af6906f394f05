-- +goose Up
CREATE TABLE outreach_templates (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    image_id TEXT,
    content TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX outreach_templates_name ON outreach_templates (account_id, kind, name);

CREATE TABLE outreach_images (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    blob_key TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE outreach_settings (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    per_visit INTEGER NOT NULL,
    redirect TEXT NOT NULL
);

CREATE TABLE outreach_deliveries (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    client_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    site_id TEXT NOT NULL,
    visitor_id TEXT NOT NULL,
    visit_id TEXT NOT NULL,
    template_id TEXT,
    template_name TEXT NOT NULL,
    department_id TEXT,
    agent_id TEXT,
    agent_name TEXT NOT NULL,
    trigger_id TEXT,
    conversation_id TEXT,
    content TEXT NOT NULL,
    queued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    delivered_at BIGINT,
    shown_at BIGINT,
    ended_at BIGINT,
    ordinal INTEGER NOT NULL,
    version BIGINT NOT NULL
);
-- At most one that waits for its answer per visitor, whoever sends it (T075).
CREATE UNIQUE INDEX outreach_pending ON outreach_deliveries (account_id, visitor_id) WHERE state IN ('queued', 'delivered', 'shown');
CREATE UNIQUE INDEX outreach_client ON outreach_deliveries (account_id, client_id, visit_id);
CREATE INDEX outreach_visit ON outreach_deliveries (visit_id);
CREATE INDEX outreach_visitor ON outreach_deliveries (account_id, visitor_id, queued_at);
CREATE INDEX outreach_queued ON outreach_deliveries (account_id, queued_at);

-- An accepted invite goes first to the agent who sent it, for a short time (T076).
ALTER TABLE conversations ADD COLUMN outreach_id TEXT;
ALTER TABLE conversations ADD COLUMN preferred_agent_id TEXT;
ALTER TABLE conversations ADD COLUMN preferred_until BIGINT;
