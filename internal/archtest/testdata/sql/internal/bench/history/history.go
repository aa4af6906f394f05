package history

const elsewhere = "SELECT id FROM conversations" // want sql
