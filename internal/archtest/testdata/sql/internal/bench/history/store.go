package history

const anybodys = "INSERT INTO messages (id) SELECT id FROM conversations"
