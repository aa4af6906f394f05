-- +goose Up
-- How many leads each origin brought, by day (UTC, since 1970) and in all: kept with every mark, so that nobody counts leads again.
CREATE TABLE lead_days (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    site_id TEXT NOT NULL,
    day BIGINT NOT NULL,
    referrer_kind TEXT NOT NULL,
    referrer_name TEXT NOT NULL,
    leads BIGINT NOT NULL,
    PRIMARY KEY (account_id, site_id, day, referrer_kind, referrer_name)
);
CREATE INDEX lead_days_account ON lead_days (account_id, day);
INSERT INTO lead_days (account_id, site_id, day, referrer_kind, referrer_name, leads)
    SELECT account_id, site_id, marked_at / 86400000, referrer_kind, referrer_name, count(*) FROM leads
    GROUP BY account_id, site_id, marked_at / 86400000, referrer_kind, referrer_name;

CREATE TABLE lead_origins (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    site_id TEXT NOT NULL,
    referrer_kind TEXT NOT NULL,
    referrer_name TEXT NOT NULL,
    leads BIGINT NOT NULL,
    PRIMARY KEY (account_id, site_id, referrer_kind, referrer_name)
);
INSERT INTO lead_origins (account_id, site_id, referrer_kind, referrer_name, leads)
    SELECT account_id, site_id, referrer_kind, referrer_name, count(*) FROM leads
    GROUP BY account_id, site_id, referrer_kind, referrer_name;

-- The lists: newest first, of the account and of one site, from a moment on. And a visitor's mark.
DROP INDEX leads_marked;
DROP INDEX leads_visitor;
CREATE INDEX leads_marked ON leads (account_id, marked_at, id);
CREATE INDEX leads_site ON leads ((account_id || ' ' || site_id), marked_at, id);
CREATE UNIQUE INDEX leads_visitor ON leads (visitor_id, account_id);
