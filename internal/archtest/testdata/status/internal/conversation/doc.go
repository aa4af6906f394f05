// Package conversation is a fixture.
package conversation
