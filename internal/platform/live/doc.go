// Package live holds the agents' sockets: one session per connection, resumed from a position in the event log, with one bounded
// writer. Who is too slow is cut with a code that says to come back; nobody ever waits for a slow reader.
//
// It knows sessions, positions and audiences; what the other frames mean is the business of the Handler that app gives it.
package live
