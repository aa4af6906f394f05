package plans

import (
	"regexp"
	"slices"
	"strings"
)

// step is a line of EXPLAIN QUERY PLAN.
type step struct {
	id, parent int
	detail     string
}

var (
	scanStep   = regexp.MustCompile(`^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?`)
	searchStep = regexp.MustCompile(`^SEARCH (\w+) USING (?:(AUTOMATIC) (?:PARTIAL )?(?:COVERING )?INDEX|(?:COVERING )?INDEX (\w+)|(?:INTEGER )?PRIMARY KEY) ` +
		`\((.+?)\)(?: LEFT-JOIN)?$`)
	given = regexp.MustCompile(`^(ANY\()?(.+?)\)?([=<>])\?$`)
)

// sqliteAccesses reads the accesses of a plan of SQLite.
func (s *schema) sqliteAccesses(text string, plan []step) []access {
	var all []access
	for _, line := range plan {
		a, ok := s.sqliteAccess(text, line.detail)
		if !ok {
			continue
		}
		a.line = line.detail
		a.ends = s.sqliteEnds(text, plan, line, a)
		a.byID = s.sqliteForgetsID(text, a)
		all = append(all, a)
	}
	return all
}

func (s *schema) sqliteAccess(text, detail string) (access, bool) {
	if match := scanStep.FindStringSubmatch(detail); match != nil {
		i := s.indexes[match[2]]
		table := i.table
		if table == "" {
			table = s.tableOf(match[1], text)
		}
		return access{table: table, index: match[2], where: i.where}, table != ""
	}
	match := searchStep.FindStringSubmatch(detail)
	if match == nil {
		return access{}, false
	}
	i := s.indexes[match[3]]
	a := access{table: i.table, index: match[3], where: i.where}
	if a.table == "" {
		a.table = s.tableOf(match[1], text)
	}
	if a.table == "" {
		return access{}, false
	}
	if match[2] != "" {
		// An index made for this one statement reads the whole table first.
		return a, true
	}
	for n, condition := range strings.Split(match[4], " AND ") {
		parts := given.FindStringSubmatch(condition)
		if parts == nil {
			continue
		}
		column := parts[2]
		if column == "<expr>" && n < len(i.columns) {
			column = plain(i.columns[n])
		}
		switch {
		case parts[1] != "":
			// A skip-scan tries every value of this column.
		case parts[3] == "=":
			a.equal = append(a.equal, column)
		case !slices.Contains(a.ranged, column):
			a.ranged = append(a.ranged, column)
		}
	}
	return a, true
}

var (
	word      = regexp.MustCompile(`\w+`)
	condition = regexp.MustCompile(`(?is)\bWHERE\b(.*?)(?:\bGROUP BY\b|\bORDER BY\b|\bLIMIT\b|\bRETURNING\b|$)`)
	gathers   = regexp.MustCompile(`(?i)\b(GROUP BY|DISTINCT|count\(|sum\(|min\(|max\(|UNION)`)
	together  = regexp.MustCompile(`\(\w+(, \w+)+\) [<>]`)
	limit     = regexp.MustCompile(`(?i)\bLIMIT\b`)
	idGiven   = regexp.MustCompile(`(?i)\bid = \?`)
)

// sqliteEnds says whether a LIMIT ends the walk for certain. SQLite's plan tells neither limits nor filters, so the text is
// asked: the SELECT in which the table stands has a LIMIT, gathers nothing, and its every condition is part of the access.
func (s *schema) sqliteEnds(text string, plan []step, line step, a access) bool {
	for _, other := range plan {
		if other != line && other.parent == line.parent && !strings.Contains(other.detail, "SUBQUERY") {
			return false // a join, a branch of an OR or of a UNION, or a sort
		}
	}
	name := word.FindAllString(line.detail, 2)[1]
	of := regexp.MustCompile(`(?i)\bFROM\s+(\w+\s+(AS\s+)?)?` + name + `\b`)
	all := selects(text)
	inner := slices.DeleteFunc(slices.Clone(all[1:]), func(one string) bool { return !of.MatchString(one) })
	if line.parent != 0 && len(inner) > 0 {
		all = inner // what stands below something else in the plan stands in brackets in the text
	}
	found := false
	for _, one := range all {
		if !of.MatchString(one) {
			continue
		}
		found = true
		if !limit.MatchString(one) || gathers.MatchString(one) || s.passesOver(one, a) {
			return false
		}
	}
	return found
}

// passesOver says whether a condition of a SELECT is none of the access, so that rows may be read and not returned.
func (s *schema) passesOver(one string, a access) bool {
	match := condition.FindStringSubmatch(one)
	if match == nil {
		return false
	}
	if strings.Contains(match[1], " OR ") {
		return true
	}
	// The columns of an expression are known with it.
	known := word.FindAllString(strings.Join(slices.Concat(a.equal, a.ranged, []string{a.where}), " "), -1)
	conditions := together.ReplaceAllStringFunc(match[1], func(compared string) string {
		columns := word.FindAllString(compared, -1)
		if slices.Contains(known, columns[0]) {
			return "" // (a, b) < (?, ?) goes by a; b passes over some of one a
		}
		return compared
	})
	return slices.ContainsFunc(word.FindAllString(conditions, -1), func(name string) bool {
		return slices.Contains(s.columns[a.table], name) && !slices.Contains(known, name)
	})
}

// selects returns the SELECTs of a text, each without those that stand in its brackets.
func selects(text string) []string {
	var all []string
	var open []int // for each bracket that is open: where its SELECT is in all, or that around it
	all, open = append(all, ""), append(open, 0)
	for i := range len(text) {
		now := open[len(open)-1]
		switch text[i] {
		case '(':
			if strings.HasPrefix(strings.TrimSpace(text[i+1:]), "SELECT") {
				all[now] += "()"
				all = append(all, "")
				open = append(open, len(all)-1)
				continue
			}
			open = append(open, now)
		case ')':
			if len(open) > 1 {
				open = open[:len(open)-1]
			}
			if open[len(open)-1] != now {
				continue
			}
		}
		all[now] += text[i : i+1]
	}
	return all
}

// sqliteForgetsID says whether a simple statement gives the id and is answered in another way.
func (s *schema) sqliteForgetsID(text string, a access) bool {
	match := condition.FindStringSubmatch(text)
	if match == nil || strings.Count(text, "SELECT") > 1 || strings.Contains(text, " JOIN ") || strings.Contains(match[1], " OR ") {
		return false
	}
	return idGiven.MatchString(match[1]) && !slices.Contains(a.equal, "id")
}
