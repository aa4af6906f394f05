-- +goose Up
-- Addresses whose visitors may not chat (T118, T164, T226). address is canonical: a prefix as netip writes it.
CREATE TABLE blocks (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    agent_id TEXT NOT NULL REFERENCES agents (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE UNIQUE INDEX blocks_address ON blocks (account_id, address);
