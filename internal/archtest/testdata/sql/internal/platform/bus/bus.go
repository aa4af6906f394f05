package bus

const statement = "DELETE FROM events WHERE position < ?" // want sql table
