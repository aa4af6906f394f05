-- +goose Up
-- What the administrator chose for the site's widget; what is missing has its default.
ALTER TABLE sites ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
-- The key the site had in the product it comes from, so that its pages keep their install code.
ALTER TABLE sites ADD COLUMN legacy_key TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX sites_legacy_key ON sites (legacy_key) WHERE legacy_key <> '';
