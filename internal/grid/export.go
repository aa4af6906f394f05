package grid

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// MaxExportColumns bounds the columns of an export.
const MaxExportColumns = 60

// ExportColumn is one column of an export.
type ExportColumn struct {
	Field string `json:"field" maxLength:"40" doc:"A field of Row."`
	Title string `json:"title" maxLength:"60" doc:"What stands in the first line."`
}

// Export is what is written.
type Export struct {
	View    View           `json:"view"`
	Columns []ExportColumn `json:"columns" nullable:"false" minItems:"1" maxItems:"60"`
	// Separator is what spreadsheets of the reader's language expect.
	Separator string `json:"separator,omitempty" enum:"comma,semicolon" default:"comma"`
	// Zone is where the times are told; UTC when nil.
	Zone *time.Location `json:"-"`
}

func (x Export) check() (Export, error) {
	view, err := x.View.normalise()
	if err != nil {
		return x, err
	}
	x.View = view
	if len(x.Columns) == 0 || len(x.Columns) > MaxExportColumns {
		return x, fault.Invalid(fault.Field{Name: "columns", Code: fault.FieldTooMany, Limit: MaxExportColumns})
	}
	for _, c := range x.Columns {
		if columnIndex(c.Field) < 0 {
			return x, fault.Invalid(fault.Field{Name: "columns", Code: fault.FieldUnknown})
		}
	}
	if x.Zone == nil {
		x.Zone = time.UTC
	}
	return x, nil
}

// Export returns a function that writes everybody of a view, as they are now, as CSV (RFC 4180) in UTF-8 with a byte order mark:
// spreadsheets ask for it. Cells that a spreadsheet would take for a formula begin with an apostrophe. A grouped view is written in
// the order of its groups. Errors: validation.
func (t *Tables) Export(accountID string, x Export) (func(io.Writer) error, error) {
	x, err := x.check()
	if err != nil {
		return nil, err
	}
	table := t.table(accountID)
	rows := table.rowsNow(x.View)
	return func(w io.Writer) error { return x.write(w, rows) }, nil
}

// rowsNow returns the rows of a normalised view in order, whether anybody watches or not.
func (t *table) rowsNow(v View) []line {
	t.mu.Lock()
	entries := make([]*entry, 0, len(t.entries))
	for _, e := range t.entries {
		entries = append(entries, &entry{row: t.makeRow(e), slot: len(entries)})
	}
	t.mu.Unlock()
	x := newIndex(v, entries, t.now())
	lines, _ := x.lines(nil, 0, x.total()+len(entries), Folding{Open: true})
	return lines
}

func (x Export) write(out io.Writer, rows []line) error {
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return fmt.Errorf("grid: export: %w", err)
	}
	w := csv.NewWriter(out)
	w.UseCRLF = true
	if x.Separator == "semicolon" {
		w.Comma = ';'
	}
	record := make([]string, len(x.Columns))
	cells := make([]func(*row) string, len(x.Columns))
	for i, c := range x.Columns {
		record[i] = harmless(c.Title)
		cells[i] = x.cell(c.Field)
	}
	_ = w.Write(record) // an error stays and is told by w.Error
	for _, l := range rows {
		if l.row == nil {
			continue
		}
		for i, cell := range cells {
			record[i] = cell(l.row)
		}
		_ = w.Write(record)
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("grid: export: %w", err)
	}
	return nil
}

// cell returns how a field is written: names for ids, times as people write them, the site's fields as a list.
func (x Export) cell(name string) func(*row) string {
	at := func(get func(*row) int64) func(*row) string {
		return func(r *row) string {
			if get(r) == 0 {
				return ""
			}
			return time.UnixMilli(get(r)).In(x.Zone).Format(time.DateTime)
		}
	}
	switch name {
	case "site_id":
		return func(r *row) string { return harmless(r.site.String()) }
	case "department_id":
		return func(r *row) string { return harmless(r.department.String()) }
	case "agent_id":
		return func(r *row) string { return harmless(r.agent.String()) }
	case "started_at":
		return at(func(r *row) int64 { return r.startedAt })
	case "page_at":
		return at(func(r *row) int64 { return r.visit.PageAt })
	case "activity_at":
		return at(func(r *row) int64 { return r.visit.ActivityAt })
	case "waiting_since":
		return at(func(r *row) int64 { return r.over.WaitingSince })
	case "lead_at":
		return at(func(r *row) int64 { return r.lead.at })
	case "fields":
		return func(r *row) string {
			parts := make([]string, 0, len(r.visit.Fields()))
			for _, f := range r.visit.Fields() {
				parts = append(parts, f.Key+": "+f.Value)
			}
			return harmless(strings.Join(parts, "; "))
		}
	}
	column := columns[columnIndex(name)]
	return func(r *row) string { return plainValue(column.append(nil, r)) }
}

// plainValue is a JSON value as people write it.
func plainValue(value []byte) string {
	switch {
	case string(value) == "null":
		return ""
	case value[0] != '"':
		return string(value)
	}
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		panic(err) // appendString writes JSON
	}
	return harmless(text)
}

// harmless keeps a spreadsheet from reading foreign text as a formula.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n|", rune(text[0])) {
		return "'" + text
	}
	return text
}
