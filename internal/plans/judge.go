package plans

import (
	"regexp"
	"slices"
	"strings"
)

// access is one way to rows of a table in a plan, the same for both engines.
type access struct {
	table string
	// index is empty when the table itself is read from its beginning to its end.
	index string
	// equal are the columns of the index that are given, ranged those that have a lower or an upper end.
	equal, ranged []string
	// where is the predicate of the index, when it is partial.
	where string
	// ends says that a LIMIT stops the walk for certain: the index gives the order, and no row is passed over.
	ends bool
	// byID says that the statement asks for an id that this access does not use.
	byID bool
	// line is what the plan says.
	line string
}

// String names the access in the same words for both engines; exceptions are written so.
func (a access) String() string {
	if len(a.equal)+len(a.ranged) == 0 {
		return "all of " + a.table
	}
	given := slices.Sorted(slices.Values(a.equal))
	for _, column := range slices.Sorted(slices.Values(a.ranged)) {
		given = append(given, column+"..")
	}
	return a.table + " by " + strings.Join(given, ", ")
}

// judge says what is wrong with an access, nothing when it stays quick for ever. bound says whether the text has a
// parameter: without one it asks for all that is going on, as a start does.
func (a access) judge(bound bool) string {
	grows, ok := growing[a.table]
	if !ok {
		return ""
	}
	narrow := slices.ContainsFunc(grows.where, a.isPartialBy)
	switch {
	case slices.ContainsFunc(grows.by, a.covers), a.ends:
		return ""
	case a.byID:
		return "the statement knows the id, and passes over others" + a.through()
	case narrow && (len(a.equal)+len(a.ranged) > 0 || !bound):
		return ""
	case narrow:
		return "walks all of what is going on, without a condition" + a.through()
	case len(a.equal)+len(a.ranged) == 0:
		return "walks from the beginning to the end" + a.through()
	default:
		return "leaves more rows the longer the account works" + a.through()
	}
}

// through names the index, if there is one.
func (a access) through() string {
	if a.index == "" {
		return " (no index)"
	}
	return " (index " + a.index + ")"
}

// covers says whether a bound's columns are all given.
func (a access) covers(b bound) bool {
	return !slices.ContainsFunc(b, func(column string) bool {
		return !slices.Contains(a.equal, column) || (blanks[column] != "" && !a.isPartialBy(blanks[column]))
	})
}

var spaces = regexp.MustCompile(`\s+`)

// isPartialBy says whether a condition, as it is written in the migrations, is one of those of a partial index.
func (a access) isPartialBy(condition string) bool {
	for one := range strings.SplitSeq(spaces.ReplaceAllString(a.where, " "), " AND ") {
		if strings.EqualFold(strings.TrimSpace(one), condition) {
			return true
		}
	}
	return false
}

// pattern finds a bound pattern: SQLite prepares such a statement anew at every value.
var pattern = regexp.MustCompile(`(?i)\b(LIKE|GLOB)\s+\?`)

// parameters says whether a text has any.
func parameters(text string) bool { return strings.Contains(text, "?") }
