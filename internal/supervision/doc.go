// Package supervision lets supervisors watch over others' work: what they watch over is granted, what they do is written down.
//
// A supervisor watches over everything, or over some departments and some agents (T132–T134). What follows from a grant is in
// the eventlog's Scope of each request and socket, so that lists and events respect it (T143). Watching a conversation is a
// standing permission to see what is said in it, held in memory and fed by the log: it ends with the conversation, with the
// scope, with the session, or when the supervisor is gone. Nothing of it reaches the visitor or, unless told, the agent.
//
// What a supervisor does inside a conversation, as whispering, taking over and ending, stands in the package conversation.
//
// Owns the table supervision_grants.
// Emits supervision.granted, supervision.watch_began and supervision.watch_ended.
package supervision
