// Package visitor knows who is on the sites now: visits, their pages, their connections. It lives in memory; a visit is written to
// the table visits when it is over, in batches.
//
//	hello ──token of ours, visit in memory──────────────▶ another page or tab of the same visit
//	  │  └──token of ours, same page after a lost connection, or our restart──▶ the visit goes on, as the token says
//	  └─────anything else──▶ new visit; without a token of ours: new visitor
//
//	present ──all pages hidden, or 5 min without activity──▶ idle ──sign of life──▶ present
//	present, idle ──last page gone──▶ in grace ──hello within 15 s──▶ present
//	                                    └──────15 s──▶ over: left the grid, conversations told, written
//
// Not in the grid, counted apart, but free to chat: bots, visitors whose pages turn monitoring off, and those above the account's
// limit of shown visits (T049).
//
// What a visit holds is bounded (budget.go), and so is what all of them hold: when it is too much, visits end early, those without an
// open page first, never those with an open conversation. A network begins only so many new visits at once (pace.go).
//
// Everything about one visitor lies in one shard, under its lock. A state of a visit (Visit) is immutable; whoever got one may keep it.
// No visit has a goroutine or a timer: one sweeper looks at the nearest deadlines of each shard.
//
// It owns the tables visits and visitor_counters and emits no events. It may be imported by conversation, grid, app and above.
package visitor
