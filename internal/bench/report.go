package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Figure is one measured number.
type Figure struct {
	// Scenario and Name say what was measured, Unit in what.
	Scenario string  `json:"scenario"`
	Name     string  `json:"name"`
	Value    float64 `json:"value"`
	Unit     string  `json:"unit"`
	// Target is what docs/ARCHITECTURE.md wants to reach; nil where it names nothing.
	Target *Target `json:"target"`
	// Met says whether Value reaches Target; nil without one.
	Met *bool `json:"met"`
	// History is how many past conversations the installation had.
	History int `json:"history"`
	// Ratio is Value by that of the same figure with the first past that was measured; nil for that one itself.
	Ratio *float64 `json:"ratio,omitempty"`
	// How says how the number was measured.
	How string `json:"how,omitempty"`
}

// Target is a bound: at most or at least.
type Target struct {
	Bound   float64 `json:"bound"`
	AtLeast bool    `json:"at_least"`
}

func atMost(bound float64) *Target  { return &Target{Bound: bound} }
func atLeast(bound float64) *Target { return &Target{Bound: bound, AtLeast: true} }

func (t Target) metBy(value float64) bool {
	if t.AtLeast {
		return value >= t.Bound
	}
	return value <= t.Bound
}

// Report is everything one run has found out.
type Report struct {
	Machine   Machine   `json:"machine"`
	Version   string    `json:"version"`
	StartedAt time.Time `json:"started_at"`
	Seconds   float64   `json:"seconds"`
	Figures   []Figure  `json:"figures"`
	// Failures are the scenarios that could not be measured, and why.
	Failures []string `json:"failures"`
	// Unmeasured is what could not be measured without being a failure, and why.
	Unmeasured []string `json:"unmeasured"`
}

// add appends a figure, judged by its target.
func (r *Report) add(f Figure) {
	if f.Target != nil {
		met := f.Target.metBy(f.Value)
		f.Met = &met
	}
	r.Figures = append(r.Figures, f)
}

// compare notes with how much of a past the figures from number first on were measured, and holds them against those of the same name
// with the past called base. Of several with one name each is held against the one in its place.
func (r *Report) compare(first, history, base int) {
	places := map[string]int{}
	for k := first; k < len(r.Figures); k++ {
		f := &r.Figures[k]
		f.History = history
		key := f.Scenario + ": " + f.Name
		place := places[key]
		places[key]++
		if history == base {
			continue
		}
		for _, before := range r.Figures[:first] {
			if before.History != base || before.Scenario+": "+before.Name != key {
				continue
			}
			if place--; place < 0 && before.Value != 0 {
				ratio := f.Value / before.Value
				f.Ratio = &ratio
			}
			if place < 0 {
				break
			}
		}
	}
}

// past says whether anything was measured with one: then the table tells with how much, and the ratios.
func (r *Report) past() bool {
	return slices.ContainsFunc(r.Figures, func(f Figure) bool { return f.History > 0 })
}

// writeTable writes the report for people.
func (r *Report) writeTable(w io.Writer) error {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	past := r.past()
	columns := "scenario\tfigure\tmeasured\tto reach\t\thow\n"
	if past {
		columns = "scenario\tfigure\tpast\tmeasured\tratio\tto reach\t\thow\n"
	}
	tellf(table, "%s", columns)
	scenario := ""
	for _, f := range r.Figures {
		name := f.Scenario
		if name == scenario {
			name = ""
		}
		scenario = f.Scenario
		target, verdict := "", ""
		if f.Target != nil {
			target = "≤ " + number(f.Target.Bound)
			if f.Target.AtLeast {
				target = "≥ " + number(f.Target.Bound)
			}
			verdict = "missed"
			if *f.Met {
				verdict = "reached"
			}
		}
		if past {
			tellf(table, "%s\t%s\t%s\t%s %s\t%s\t%s\t%s\t%s\n", name, f.Name, number(float64(f.History)), number(f.Value), f.Unit, f.ratio(), target, verdict, f.How)
			continue
		}
		tellf(table, "%s\t%s\t%s %s\t%s\t%s\t%s\n", name, f.Name, number(f.Value), f.Unit, target, verdict, f.How)
	}
	for _, name := range r.Unmeasured {
		tellf(table, "NOT MEASURED\t%s\n", name)
	}
	for _, failure := range r.Failures {
		tellf(table, "FAILED\t%s\n", failure)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	tellf(w, "\n%s\nversion %s\n\n", r.Machine, r.Version)
	for line := range strings.Lines(text.String()) {
		tellf(w, "%s\n", strings.TrimRight(line, " \n"))
	}
	return nil
}

// ratio is how Ratio stands in the table.
func (f Figure) ratio() string {
	if f.Ratio == nil {
		return ""
	}
	return "× " + strconv.FormatFloat(*f.Ratio, 'f', 2, 64)
}

// writeJSON writes the report for programs.
func (r *Report) writeJSON(path string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	if err := os.WriteFile(path, append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	return nil
}

// number writes a value with as many digits as mean something: 12,345 · 123 · 12.3 · 1.23.
func number(v float64) string {
	digits := 2
	switch {
	case v == float64(int64(v)), v >= 100, v <= -100:
		digits = 0
	case v >= 10, v <= -10:
		digits = 1
	}
	text := strconv.FormatFloat(v, 'f', digits, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole
}
