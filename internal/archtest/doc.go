// Package archtest checks the layout of docs/ARCHITECTURE.md against the source, as Go tests: which package may import
// which, where SQL stands, whose tables it touches, how long files and functions are, who may end the process.
//
// It reads the source with go/parser only, so it needs no build and takes a second. Each rule has a fixture under
// testdata that breaks it; a rule that stops reporting its fixture fails the test.
package archtest
