package plans

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// index is what a plan says nothing about: of what an index consists.
type index struct {
	name, table string
	// columns are names, or expressions as they are written.
	columns []string
	// where is the predicate of a partial index.
	where string
}

// schema is the tables and their indexes, as SQLite tells them. PostgreSQL has the same under other names of primary keys.
type schema struct {
	tables  []string
	columns map[string][]string
	indexes map[string]index
	// referring are the foreign keys, by the table that they refer to.
	referring map[string][]reference
}

// reference is a column with a foreign key.
type reference struct{ table, column string }

var createIndex = regexp.MustCompile(`(?is)^CREATE (?:UNIQUE )?INDEX (\w+) ON (\w+) \((.+?)\)(?:\s+WHERE (.+))?$`)

// describe reads the schema of a migrated SQLite database.
func describe(ctx context.Context, db *sql.DB) (*schema, error) {
	s := &schema{columns: map[string][]string{}, indexes: map[string]index{}, referring: map[string][]reference{}}
	rows, err := db.QueryContext(ctx, `SELECT m.type, m.name, m.tbl_name, COALESCE(m.sql, '') FROM sqlite_schema m
		WHERE m.type IN ('table', 'index') AND m.tbl_name NOT LIKE 'sqlite_%' ORDER BY m.type, m.name`)
	if err != nil {
		return nil, fmt.Errorf("the schema: %w", err)
	}
	defer rows.Close() //nolint:errcheck // only read
	var implied []index
	for rows.Next() {
		var kind, name, table, text string
		if err := rows.Scan(&kind, &name, &table, &text); err != nil {
			return nil, err
		}
		switch {
		case kind == "table":
			s.tables = append(s.tables, name)
		case text == "":
			implied = append(implied, index{name: name, table: table})
		default:
			match := createIndex.FindStringSubmatch(text)
			if match == nil {
				return nil, fmt.Errorf("an index that this test can't read: %s", text)
			}
			s.indexes[name] = index{name: name, table: match[2], columns: columnsOf(match[3]), where: match[4]}
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for _, i := range implied {
		if i.columns, err = names(ctx, db, "SELECT name FROM pragma_index_info(?) ORDER BY seqno", i.name); err != nil {
			return nil, err
		}
		s.indexes[i.name] = i
	}
	for _, table := range s.tables {
		if s.columns[table], err = names(ctx, db, "SELECT name FROM pragma_table_info(?)", table); err != nil {
			return nil, err
		}
		keys, err := names(ctx, db, `SELECT "table" || '.' || "from" FROM pragma_foreign_key_list(?)`, table)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			to, column, _ := strings.Cut(key, ".")
			s.referring[to] = append(s.referring[to], reference{table, column})
		}
	}
	return s, nil
}

var deletes = regexp.MustCompile(`\bDELETE FROM (\w+)`)

// orphans returns where the engines look for rows that refer to one that a text deletes, without an index to find them by. No
// plan tells of it.
func (s *schema) orphans(text string) (walked []string) {
	match := deletes.FindStringSubmatch(text)
	if match == nil {
		return nil
	}
	for _, r := range s.referring[match[1]] {
		_, grows := growing[r.table]
		found := false
		for _, i := range s.indexes {
			found = found || (i.table == r.table && i.where == "" && i.columns[0] == r.column)
		}
		if grows && !found {
			walked = append(walked, r.table+" by "+r.column)
		}
	}
	return walked
}

func names(ctx context.Context, db *sql.DB, query, argument string) (list []string, err error) {
	rows, err := db.QueryContext(ctx, query, argument)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // only read
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		list = append(list, name)
	}
	return list, rows.Err()
}

// columnsOf splits the list of an index.
func columnsOf(list string) []string {
	var columns []string
	for column := range strings.SplitSeq(list, ",") {
		column = strings.TrimSpace(column)
		column = strings.TrimSuffix(strings.TrimSuffix(column, " DESC"), " ASC")
		columns = append(columns, column)
	}
	return columns
}

// tableOf says what a name in a statement means: a table, or its alias in the text.
func (s *schema) tableOf(name, text string) string {
	if slices.Contains(s.tables, name) {
		return name
	}
	for _, match := range regexp.MustCompile(`(?i)\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)\s+(?:AS\s+)?(\w+)`).FindAllStringSubmatch(text, -1) {
		if match[2] == name && slices.Contains(s.tables, match[1]) {
			return match[1]
		}
	}
	for _, match := range regexp.MustCompile(`,\s*(\w+)\s+(?:AS\s+)?(\w+)`).FindAllStringSubmatch(text, -1) {
		if match[2] == name && slices.Contains(s.tables, match[1]) {
			return match[1]
		}
	}
	return ""
}
