// Package access is the closed list of what may be done, and which role may do it.
//
// It owns no table and emits no event. Every feature imports it for the names of its permissions; it imports only platform.
package access
