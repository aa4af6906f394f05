// Package jobs runs work that must not be lost and that no request waits for: mail first of all.
//
// A job is written in the same transaction as the change that asks for it (Add), so there is neither a change without its job
// nor a job without its change. It runs at least once: after a failure again, later each time, after a crash when its lease is
// over. It owns the table jobs; what was done is deleted, what failed for good stays for a while with its reason.
//
// Nodes share the table. A job is taken by a conditional update, so two nodes never run it at the same time.
package jobs
