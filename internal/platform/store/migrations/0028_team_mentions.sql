-- +goose Up
-- Whom the messages of a room mention: what is unread of it is counted by key, and no message is read for that.
CREATE TABLE team_mentions (
    agent_id TEXT NOT NULL REFERENCES agents (id),
    room_id TEXT NOT NULL REFERENCES team_rooms (id),
    sequence BIGINT NOT NULL,
    PRIMARY KEY (agent_id, room_id, sequence)
);
INSERT INTO team_mentions (agent_id, room_id, sequence)
    SELECT a.id, m.room_id, m.sequence FROM team_messages m JOIN agents a ON a.account_id = m.account_id
    WHERE m.mentions <> '[]' AND m.mentions LIKE '%"' || a.id || '"%';

-- The departments' rooms, and those of an agent as the one and as the other. Most rooms are of two, and most of those of others.
DROP INDEX team_rooms_account;
CREATE INDEX team_rooms_departments ON team_rooms (account_id) WHERE department_id IS NOT NULL;
CREATE INDEX team_rooms_a ON team_rooms (agent_a) WHERE agent_a IS NOT NULL;
CREATE INDEX team_rooms_b ON team_rooms (agent_b) WHERE agent_b IS NOT NULL;
