-- +goose Up
CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    language TEXT NOT NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at BIGINT NOT NULL
);

-- One narrow row per account: the log's position and the conversation number are taken under it.
CREATE TABLE account_counters (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    position BIGINT NOT NULL DEFAULT 0,
    conversation_number BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE events (
    account_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    audience TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account_id, position)
);

CREATE TABLE idempotency_keys (
    account_id TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    key TEXT NOT NULL,
    result TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, actor_id, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE departments (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT NOT NULL,
    position INTEGER NOT NULL,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX departments_name ON departments (account_id, name);

CREATE TABLE sites (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    allowed_domains TEXT NOT NULL,
    language TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX sites_account ON sites (account_id);

CREATE TABLE agents (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    login TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    status TEXT NOT NULL,
    method TEXT NOT NULL,
    conversation_limit INTEGER NOT NULL,
    preferences TEXT NOT NULL,
    last_access_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX agents_account ON agents (account_id);

CREATE TABLE agent_departments (
    agent_id TEXT NOT NULL REFERENCES agents (id),
    department_id TEXT NOT NULL REFERENCES departments (id),
    PRIMARY KEY (agent_id, department_id)
);
CREATE INDEX agent_departments_department ON agent_departments (department_id);

-- First connection of each day (T006), the day in the account's time zone as YYYY-MM-DD.
CREATE TABLE agent_days (
    agent_id TEXT NOT NULL REFERENCES agents (id),
    day TEXT NOT NULL,
    first_connection_at BIGINT NOT NULL,
    PRIMARY KEY (agent_id, day)
);

-- token_hash is the SHA-256 of the cookie's token. An ended session keeps its reason, so that the panel can say why.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    agent_id TEXT NOT NULL REFERENCES agents (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_reason TEXT
);
-- At most one open session per agent (T005).
CREATE UNIQUE INDEX sessions_open ON sessions (agent_id) WHERE ended_at IS NULL;

-- The last visitor number that was reserved, by account. Its own row: taking numbers must not wait for messages.
CREATE TABLE visitor_counters (
    account_id TEXT PRIMARY KEY,
    number BIGINT NOT NULL
);

CREATE TABLE visits (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    visitor_id TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    pages INTEGER NOT NULL,
    entry_url TEXT NOT NULL,
    last_url TEXT NOT NULL,
    referrer TEXT NOT NULL,
    country TEXT NOT NULL,
    browser TEXT NOT NULL,
    system TEXT NOT NULL,
    device TEXT NOT NULL,
    language TEXT NOT NULL,
    ip TEXT NOT NULL,
    trail TEXT NOT NULL
);
CREATE INDEX visits_visitor ON visits (account_id, visitor_id, started_at);
CREATE INDEX visits_ended ON visits (account_id, ended_at);

CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    number BIGINT NOT NULL,
    client_id TEXT NOT NULL,
    site_id TEXT NOT NULL REFERENCES sites (id),
    department_id TEXT NOT NULL REFERENCES departments (id),
    visitor_id TEXT NOT NULL,
    visit_id TEXT NOT NULL,
    state TEXT NOT NULL,
    agent_id TEXT REFERENCES agents (id),
    visitor TEXT NOT NULL,
    visitor_name TEXT NOT NULL,
    visitor_email TEXT NOT NULL,
    queue_entered_at BIGINT NOT NULL,
    joined_at BIGINT,
    ended_at BIGINT,
    ended_by TEXT,
    end_reason TEXT,
    closed BOOLEAN NOT NULL DEFAULT FALSE,
    last_sequence BIGINT NOT NULL DEFAULT 0,
    last_visitor_sequence BIGINT NOT NULL DEFAULT 0,
    agent_seen_sequence BIGINT NOT NULL DEFAULT 0,
    visitor_seen_sequence BIGINT NOT NULL DEFAULT 0,
    last_message TEXT,
    unanswered_since BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    earlier BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX conversations_number ON conversations (account_id, number);
-- At most one open conversation per visitor and site, however many tabs (B02).
CREATE UNIQUE INDEX conversations_open ON conversations (site_id, visitor_id) WHERE state IN ('waiting', 'active');
CREATE UNIQUE INDEX conversations_client ON conversations (site_id, visitor_id, client_id);
CREATE INDEX conversations_queue ON conversations (account_id, department_id, queue_entered_at) WHERE state = 'waiting';
CREATE INDEX conversations_agent ON conversations (agent_id) WHERE state = 'active';
CREATE INDEX conversations_visitor ON conversations (account_id, visitor_id);
CREATE INDEX conversations_ended ON conversations (account_id, ended_at);

-- A message is always looked for in its conversation; one index fewer is felt on the hot path.
CREATE TABLE messages (
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    sequence BIGINT NOT NULL,
    visitor_sequence BIGINT,
    client_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    author_kind TEXT NOT NULL,
    author_id TEXT,
    author_name TEXT NOT NULL,
    audience TEXT NOT NULL,
    body TEXT NOT NULL,
    file_id TEXT,
    system TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, sequence)
);
CREATE UNIQUE INDEX messages_client ON messages (conversation_id, author_kind, client_id);

CREATE TABLE files (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    blob_key TEXT NOT NULL,
    audience TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX files_conversation ON files (conversation_id);

-- Every distribution decision with what it saw and why (B05).
CREATE TABLE routing_decisions (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    decision TEXT NOT NULL,
    reasons TEXT NOT NULL,
    conversation_id TEXT,
    agent_id TEXT
);
CREATE INDEX routing_decisions_conversation ON routing_decisions (conversation_id);
CREATE INDEX routing_decisions_at ON routing_decisions (account_id, at);
