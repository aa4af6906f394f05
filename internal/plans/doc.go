// Package plans looks at how every SQL statement of the program finds its rows, so that none of them gets slower with an
// account's history: a statement that walks a table that grows fails the test.
//
// The texts are found in the source with its types, not in a list: whatever constant string is SQL is explained on both
// engines, on an empty database and on a filled and analysed one, and what is handed to Exec, Query and QueryRow has to be
// such a constant. PostgreSQL is asked for its generic plan; the one made while the tables were empty is judged like the
// others, since it is what stays when a statement is prepared early.
//
// tables.go says of each table whether it grows with history and which columns then bound the rows of one look-up;
// exceptions.go names what may walk all the same, each with its reason.
package plans
