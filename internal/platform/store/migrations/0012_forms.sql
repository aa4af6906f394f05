-- +goose Up
-- Identification, conversation, contact and survey forms (T199–T206). content holds what nobody asks the database for.
CREATE TABLE forms (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    content TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX forms_name ON forms (account_id, kind, name);

-- What was answered, with the questions as they were. subject_id is a conversation or a contact request.
CREATE TABLE form_answers (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    form_id TEXT NOT NULL,
    form_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    department_id TEXT NOT NULL,
    agent_id TEXT REFERENCES agents (id),
    answers TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX form_answers_subject ON form_answers (subject_id, kind);
CREATE INDEX form_answers_form ON form_answers (account_id, kind, created_at);
