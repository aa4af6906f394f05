// Package contact keeps what visitors leave when nobody attends (T159): contact requests, in the product's Portuguese "fale conosco".
//
// It owns the table contact_requests and emits contact.saved to the request's department. A new request is stored, listed, and
// mailed to the department's address in the same write. Agents move it between its states; answering from here comes later, until
// then the mail's Reply-To is the visitor.
package contact
