package bench

const statement = "DELETE FROM messages WHERE id = ?" // want sql table
