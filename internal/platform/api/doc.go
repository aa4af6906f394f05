// Package api is the HTTP surface: routes declared with their permission, authentication, problem details (RFC 9457),
// idempotency, rate limits and request ids. It is built on huma, which writes the OpenAPI document from the Go types.
//
// It knows nothing of features; sessions and visitors' tokens are checked by what app hands it.
// It owns the table idempotency_keys.
package api
