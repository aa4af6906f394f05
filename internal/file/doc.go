// Package file keeps the files that visitors and agents send in conversations, and agents to each other.
//
// What may be sent is a closed list, decided by looking at the content: name and declared type must agree with it (T114–T116).
// The bytes go to the blob store first, the row is written together with the message that shows the file, and the bytes are
// deleted again when that write fails. Nothing is ever rendered under our address: files leave as sandboxed attachments.
//
// Owns the table files. Emits no events: the message that shows a file is the event.
// Imported by conversation, teamchat and app.
package file
