-- +goose Up
-- What is due, what comes next, and what failed long ago, each in its order. No statement about one job implies a part of it: an
-- index of the pending alone was walked for those too.
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (state, due_at, id);

-- Rules that were removed and whose runs are still to be forgotten, bit by bit.
CREATE TABLE trigger_removals (
    trigger_id TEXT PRIMARY KEY
);
