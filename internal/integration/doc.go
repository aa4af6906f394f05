// Package integration frames pages of the account's own beside a conversation, such as a customer file or an order system (T129, T227).
// None is there until an administrator adds one.
//
// A page learns which conversation it is shown for from the parameter `aceno` of its address: a JSON Web Token (RFC 7519, HS256) that
// is signed with the page's own secret and good for five minutes. The secret is not stored: it follows from the installation's key and
// the page. The panel frames the page in a sandbox, without a referrer.
//
// It owns the table integrations and emits integration.saved and integration.removed.
package integration
