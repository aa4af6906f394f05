// Package conversation is the talk between a visitor and an agent: from the queue to the end.
//
// A conversation moves by the table of transitions; every change is a conditional update whose affected rows decide races,
// written together with its messages and events. Two counters number the messages: sequence counts all of them, visitor
// sequence only those the visitor may see, so that a visitor cannot even tell that internal messages exist (B14).
// What visitors receive is built by visible.go alone, from a list of what they may know.
//
// The Board keeps the open conversations and today's counters of an account in memory, exact, fed by the event log.
//
// Alarms look at what has a time: a visitor who owes an answer, a hold, a transfer nobody answers, a promised time (P03), and what
// visitors who left have left behind.
//
// Owns the tables conversations, messages, message_revisions, transfers, conversation_participants, conversation_tags, tags and breaches; takes
// conversation numbers from account_counters.
// Emits conversation.queued, .claimed, .returned, .ended, .abandoned, .closed, .message, .internal, .seen, .message_changed,
// .internal_changed, .transfer, .transferred, .participants, .noted, .corrected and .breached.
// Imported by grid, routing, and what stands above them.
package conversation
