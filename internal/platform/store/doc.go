// Package store opens the database, SQLite or PostgreSQL, and owns the two ways into it: Read, and Write with its group commit.
//
// One SQL text serves both engines. Parameters are written `?`; on PostgreSQL they are renumbered once per text.
// Columns are TEXT, BIGINT, INTEGER and BOOLEAN only; times are integer milliseconds UTC, JSON is TEXT.
//
// On SQLite one goroutine runs the waiting functions one after another, each in a savepoint, commits once, and then answers all:
// durable (`synchronous=FULL`) and fast under load without waiting for a full batch. On PostgreSQL the same happens in lanes:
// work for one account always goes through the same lane, so that the account's row is never fought over inside a node, and
// the nodes of a cluster take turns per account. There the functions do without savepoints until one of them has to be undone.
//
// It knows nothing of what is stored, except that the schema's steps lie in migrations/.
package store
