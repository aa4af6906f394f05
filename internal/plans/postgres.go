package plans

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// node is what the judge needs of a plan of PostgreSQL.
//
//nolint:tagliatelle // these names are PostgreSQL's
type node struct {
	Type         string `json:"Node Type"`
	Relation     string `json:"Relation Name"`
	Alias        string `json:"Alias"`
	Index        string `json:"Index Name"`
	Condition    string `json:"Index Cond"`
	Filter       string `json:"Filter"`
	JoinType     string `json:"Join Type"`
	Relationship string `json:"Parent Relationship"`
	Plans        []node `json:"Plans"`
}

// postgresPlan decodes what EXPLAIN (FORMAT JSON) answers.
func postgresPlan(text []byte) (node, error) {
	var plans []struct {
		Plan node `json:"Plan"` //nolint:tagliatelle // the same
	}
	if err := json.Unmarshal(text, &plans); err != nil || len(plans) != 1 {
		return node{}, fmt.Errorf("a plan that can't be read: %w: %s", err, text)
	}
	return plans[0].Plan, nil
}

// postgresAccesses reads the accesses of a plan of PostgreSQL.
func (s *schema) postgresAccesses(root node) []access {
	var all []access
	s.walk(root, "", "", false, &all)
	return all
}

// passing are the nodes that ask for a row when they are asked for one.
var passing = map[string]bool{
	"Result": true, "LockRows": true, "Subquery Scan": true, "ProjectSet": true, "Append": true, "Merge Append": true,
}

// walk descends. relation and filter are those of a bitmap's heap, which its index scans lack; limited says that nothing
// stands between a LIMIT and the node that could ask for more rows than it returns.
func (s *schema) walk(n node, relation, filter string, limited bool, all *[]access) {
	if n.Relation != "" {
		relation = n.Relation
	}
	switch n.Type {
	case "Seq Scan", "Tid Scan", "Sample Scan":
		*all = append(*all, access{
			table: relation, ends: limited && n.Filter == "", byID: filtersID(n.Filter), line: n.String(),
		})
	case "Index Scan", "Index Only Scan", "Bitmap Index Scan":
		a := access{table: relation, index: n.Index, where: s.indexes[n.Index].where, line: n.String()}
		a.equal, a.ranged = conditions(n.Condition)
		a.ends = limited && n.Filter == "" && n.Type != "Bitmap Index Scan"
		a.byID = filtersID(n.Filter) || filtersID(filter)
		*all = append(*all, a)
	}
	for _, child := range n.Plans {
		below := false
		switch {
		case child.Relationship == "InitPlan" || child.Relationship == "SubPlan":
		case n.Type == "Limit":
			below = true
		case passing[n.Type]:
			below = limited && n.Filter == ""
		case n.Type == "Nested Loop" && n.JoinType == "Left":
			below = limited && n.Filter == "" && child.Relationship == "Outer"
		}
		s.walk(child, relation, n.Filter, below, all)
	}
}

// String is the node's line, as psql writes it.
func (n node) String() string {
	line := n.Type
	if n.Index != "" {
		line += " using " + n.Index
	}
	if n.Relation != "" {
		line += " on " + n.Relation
	}
	if n.Condition != "" {
		line += ", cond " + n.Condition
	}
	if n.Filter != "" {
		line += ", filter " + n.Filter
	}
	return line
}

// lines writes the whole plan.
func (n node) lines(indent string) []string {
	all := []string{indent + n.String()}
	for _, child := range n.Plans {
		all = append(all, child.lines(indent+"  ")...)
	}
	return all
}

var (
	compared   = regexp.MustCompile(`^(\w+\.)?(\w+|\w+\(\w+\)) (=|<|>|<=|>=|IS NULL|IS NOT NULL)(?: |$)`)
	cast       = regexp.MustCompile(`::\w+( varying)?(\[\])?`)
	filteredID = regexp.MustCompile(`^(\w+\.)?id = \$\d+$`)
)

// conditions returns the columns that an Index Cond gives, and those that it only limits.
func conditions(text string) (equal, ranged []string) {
	for _, part := range conjuncts(text) {
		match := compared.FindStringSubmatch(part)
		if match == nil {
			if end := closes(part); end > 0 && strings.HasPrefix(part[end+1:], " = ") {
				equal = append(equal, plain(part[:end+1])) // an expression that an index has
			}
			continue
		}
		switch match[3] {
		case "=", "IS NULL":
			equal = append(equal, match[2])
		case "IS NOT NULL":
		default:
			if !slices.Contains(ranged, match[2]) {
				ranged = append(ranged, match[2])
			}
		}
	}
	return equal, ranged
}

// conjuncts splits a condition at its outermost ANDs: ((a = $1) AND (b > $2)) is a = $1 and b > $2.
func conjuncts(text string) []string {
	text = strings.ReplaceAll(cast.ReplaceAllString(text, ""), `"`, "") // a column that is a word of SQL's is quoted
	text = bare(text)
	var parts []string
	depth, from := 0, 0
	for i := range len(text) {
		switch {
		case text[i] == '(':
			depth++
		case text[i] == ')':
			depth--
		case depth == 0 && strings.HasPrefix(text[i:], " AND "):
			parts = append(parts, bare(text[from:i]))
			from = i + len(" AND ")
		}
	}
	if last := bare(text[from:]); last != "" {
		parts = append(parts, last)
	}
	return parts
}

// bare takes the brackets off that enclose all of a text, and those around a cast column, as in (lower(x)) = $1.
func bare(text string) string {
	text = strings.TrimSpace(text)
	for strings.HasPrefix(text, "(") && closes(text) == len(text)-1 {
		text = strings.TrimSpace(text[1 : len(text)-1])
	}
	if end := closes(text); strings.HasPrefix(text, "(") && end > 0 && !strings.Contains(text[:end], " ") {
		text = text[1:end] + text[end+1:]
	}
	return text
}

// plain is an expression without brackets: those that join texts to a key have none that mean anything.
func plain(expression string) string {
	if !strings.Contains(expression, "||") {
		return expression
	}
	return strings.NewReplacer("(", "", ")", "").Replace(expression)
}

// closes returns where the bracket closes that a text begins with, -1 when it begins with none.
func closes(text string) int {
	if !strings.HasPrefix(text, "(") {
		return -1
	}
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// filtersID says whether the statement gives the id, and it is looked at row by row.
func filtersID(filter string) bool {
	return slices.ContainsFunc(conjuncts(filter), func(part string) bool {
		return filteredID.MatchString(part)
	})
}
