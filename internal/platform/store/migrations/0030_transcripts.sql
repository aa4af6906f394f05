-- +goose Up

-- Where the conversation was sent at its visitor's wish: once to each address.
ALTER TABLE conversations ADD COLUMN transcript_to TEXT NOT NULL DEFAULT '';
