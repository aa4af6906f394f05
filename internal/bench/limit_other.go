//go:build !unix

package bench

// filesLimit returns 0: not known.
func filesLimit() uint64 { return 0 }
