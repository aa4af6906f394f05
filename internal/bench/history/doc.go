// Package history fills an account with a past: conversations and all that belongs to them, as an installation gathers them in years.
//
// The rows are made by the database itself, from the numbers 1 to N, by a list of statements with the same text for both engines: half a
// million conversations take minutes, not days. Each statement makes one table's rows for a bite of conversations. The conversations
// come first; what belongs to them is derived from their rows, so that sequences, names and times agree.
//
// Which conversation has what is decided by the remainders of its number, so that counts are known beforehand and a run can be repeated.
// A remainder stands beside its statement. Everything that is made is over: nobody waits, talks, or is asked for an answer.
package history
