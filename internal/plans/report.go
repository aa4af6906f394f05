package plans

import (
	"fmt"
	"slices"
	"strings"
)

// report gathers what is wrong with the statements, each with its reasons and plans.
type report struct {
	schema     *schema
	exceptions []exception
	needed     map[exception]bool
	found      map[string]*finding
}

func newReport(s *schema, exceptions []exception) *report {
	return &report{schema: s, exceptions: exceptions, needed: map[exception]bool{}, found: map[string]*finding{}}
}

// finding is what is wrong with one statement.
type finding struct {
	text Text
	// problems and plans are noted with the circumstances under which they are the same.
	problems, plans noted
}

// noted is a list of texts, each with where it holds.
type noted []struct {
	text  string
	where []string
}

func (n *noted) add(text, where string) {
	for i := range *n {
		if (*n)[i].text == text {
			if !slices.Contains((*n)[i].where, where) {
				(*n)[i].where = append((*n)[i].where, where)
			}
			return
		}
	}
	*n = append(*n, struct {
		text  string
		where []string
	}{text, []string{where}})
}

// everywhere is the circumstance of what the text alone shows.
const everywhere = "the text"

// excused says whether an exception allows something, and notes that it is needed.
func (r *report) excused(statement, what string) bool {
	for _, e := range r.exceptions {
		if e.statement == statement && e.what == what {
			r.needed[e] = true
			return true
		}
	}
	return false
}

func (r *report) at(text Text) *finding {
	key := text.Place + " " + text.Name + text.SQL
	if r.found[key] == nil {
		r.found[key] = &finding{text: text}
	}
	return r.found[key]
}

// loose reports a statement whose text is not in the source.
func (r *report) loose(l loose) {
	if !r.excused(l.name, "") {
		r.at(Text{Name: l.name, Place: l.place}).problems.add(l.why, everywhere)
	}
}

// broken reports a text that an engine refuses.
func (r *report) broken(text Text, where string, err error) {
	r.at(text).problems.add("can't be explained: "+err.Error(), where)
}

// text reports what the text alone shows: a bound pattern, and rows that are left behind and looked for.
func (r *report) text(text Text) {
	for _, walked := range r.schema.orphans(text.SQL) {
		if !r.excused(text.Name, walked) {
			r.at(text).problems.add(walked+": the rows that refer to a deleted one are looked for without an index", everywhere)
		}
	}
	if match := pattern.FindString(text.SQL); match != "" && !r.excused(text.Name, match) {
		r.at(text).problems.add(match+": SQLite prepares the statement anew at every value", everywhere)
	}
}

// judge reports the accesses that don't stay quick. Those of small tables are not looked at: there a plan rightly reads
// everything.
func (r *report) judge(text Text, where string, accesses []access, plan []string, small map[string]bool) {
	wrong := false
	for _, a := range accesses {
		if small[a.table] {
			continue
		}
		if why := a.judge(parameters(text.SQL)); why != "" && !r.excused(text.Name, a.String()) {
			wrong = true
			r.at(text).problems.add(a.String()+": "+why, where)
		}
	}
	if wrong {
		r.at(text).plans.add(strings.Join(plan, "\n        "), where)
	}
}

// unneeded returns the exceptions that allowed nothing.
func (r *report) unneeded() []string {
	var names []string
	for _, e := range r.exceptions {
		if !r.needed[e] {
			names = append(names, strings.TrimSpace(e.statement+" "+e.what))
		}
	}
	return names
}

// blocks returns one readable block for each statement, in the order of files.
func (r *report) blocks() []string {
	var blocks []string
	keys := make([]string, 0, len(r.found))
	for key := range r.found {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		f := r.found[key]
		var b strings.Builder
		fmt.Fprintf(&b, "%s (%s)\n", f.text.Name, f.text.Place)
		for _, problem := range f.problems {
			fmt.Fprintf(&b, "  ✗ %s\n      (%s)\n", problem.text, strings.Join(problem.where, "; "))
		}
		if f.text.SQL != "" {
			fmt.Fprintf(&b, "    text: %s\n", spaces.ReplaceAllString(f.text.SQL, " "))
		}
		for _, plan := range f.plans {
			fmt.Fprintf(&b, "    plan (%s):\n        %s\n", strings.Join(plan.where, "; "), plan.text)
		}
		blocks = append(blocks, b.String())
	}
	return blocks
}
