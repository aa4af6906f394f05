package eventlog

const insert = "INSERT INTO events (position) VALUES (?)"

const foreign = "DELETE FROM messages WHERE id = ?" // want table
