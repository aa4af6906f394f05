//go:build !unix

package guard

// Descriptors is 0: the system has no such bound.
func Descriptors() int { return 0 }
