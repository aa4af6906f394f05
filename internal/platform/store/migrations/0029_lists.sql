-- +goose Up
-- An index of a list begins with what only that list names: see 0025.
-- The audit log by who did it, by what was done, by both: nobody who looks for something rare walks the log for it. And the entry of
-- a seal, which is asked for of all logs.
CREATE INDEX audit_entries_agent ON audit_entries ((account_id || ' ' || agent_id), sequence);
CREATE INDEX audit_entries_action ON audit_entries ((account_id || ' ' || action), sequence);
CREATE INDEX audit_entries_both ON audit_entries ((account_id || ' ' || agent_id || ' ' || action), sequence);
CREATE INDEX audit_entries_seal ON audit_entries (seal);

-- Notes by each sign of a person, newest first.
DROP INDEX notes_visitor;
DROP INDEX notes_email;
DROP INDEX notes_verified;
CREATE INDEX notes_visitor ON notes (visitor_id, account_id, id);
CREATE INDEX notes_email ON notes (visitor_email, account_id, id) WHERE visitor_email <> '';
CREATE INDEX notes_verified ON notes (verified_id, account_id, id) WHERE verified_id <> '';

-- What agents share with the account, beside their own.
CREATE INDEX grid_views_shared ON grid_views (account_id) WHERE shared;
CREATE INDEX quick_replies_shared ON quick_replies (account_id) WHERE share <> 'nobody';

-- A visitor's first visit is asked for by site. Nobody asks for visits by their end, or for answers by their form.
DROP INDEX visits_visitor;
DROP INDEX visits_ended;
CREATE INDEX visits_visitor ON visits (visitor_id, account_id, site_id, started_at);
DROP INDEX form_answers_form;
