// Package transcript sends a conversation to its visitor by e-mail, when the visitor asks or an agent has it sent.
//
// It owns no table and emits no event: the request is a job, the text is made when it is sent. What is sent is built from
// conversation.Transcript, whose types can't hold an internal message (B14), and what a visitor asks for goes only to the address
// given for the conversation: the route can't be used to write to somebody else. An agent may name another address.
package transcript
