-- +goose Up
-- What a supervisor watches over (T133, T134); without a row it is everything.
CREATE TABLE supervision_grants (
    agent_id TEXT PRIMARY KEY REFERENCES agents (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    everything BOOLEAN NOT NULL,
    department_ids TEXT NOT NULL,
    agent_ids TEXT NOT NULL
);

-- Who did what to others' work (B13). Entries are only ever added, and each seals the one before it.
CREATE TABLE audit_entries (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    agent_id TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    details TEXT NOT NULL,
    address TEXT NOT NULL,
    seal TEXT NOT NULL,
    PRIMARY KEY (account_id, sequence)
);

-- The newest entry of each account, so that taking entries off the end shows too.
CREATE TABLE audit_heads (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    sequence BIGINT NOT NULL,
    seal TEXT NOT NULL
);
