-- +goose Up
-- How a department works: routing, hours, promised times. What is missing has its default.
ALTER TABLE departments ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
