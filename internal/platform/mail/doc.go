// Package mail sends e-mail: by SMTP (RFC 5321) when the installation has a server for it, into an outbox that can be looked at
// in the demo, or not at all. What is sent is plain text with, if wanted, the same as HTML.
package mail
