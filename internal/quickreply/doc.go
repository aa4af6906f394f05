// Package quickreply keeps prepared texts: the account's, which administrators write, and the agents' own, which they may share with a
// department or with everybody (T086–T090, T220).
//
// A text may hold placeholders such as {visitor}; the panel fills them when the text is inserted, because only then the conversation is
// known. The server keeps them as they are.
//
// It owns the table quick_replies and emits quickreply.saved and quickreply.removed, to those who may use the reply. Using one is counted
// without an event.
package quickreply
