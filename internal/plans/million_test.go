//go:build !race

package plans

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// million is how many rows the longest tables have.
const million = 1_000_000

// copied are the tables that are filled up to a million rows, each with what makes the copy of a row another one. What is only long
// to write is left out of the copies.
var copied = map[string]map[string]string{
	"messages":          {"id": "id || ' ' || copy", "client_id": "client_id || ' ' || copy", "sequence": "sequence + copy * 100"},
	"visits":            {"id": "id || ' ' || copy", "started_at": "started_at - copy", "trail": "'[]'"},
	"events":            {"position": "position + copy * 10000000", "payload": "'{}'"},
	"routing_decisions": {"id": "id || ' ' || copy", "snapshot": "'{}'", "reasons": "'{}'"},
	"audit_entries":     {"sequence": "sequence + copy * 10000000", "seal": "seal || ' ' || copy", "details": "'{}'"},
}

// fillUp makes the longest tables as long as those of a house that has worked for years.
func fillUp(t *testing.T, db *pgx.Conn, columns map[string][]string) {
	t.Helper()
	for table, others := range copied {
		is := count(t, db, table)
		if is == 0 {
			t.Fatalf("%s is empty: there is nothing to copy", table)
		}
		values := make([]string, 0, len(columns[table]))
		for _, column := range columns[table] {
			value, ok := others[column]
			if !ok {
				value = column
			}
			values = append(values, value)
		}
		wanted := max(0, million-is)
		text := fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %[1]s CROSS JOIN generate_series(1, %[4]d) AS copy LIMIT %[5]d",
			table, strings.Join(columns[table], ", "), strings.Join(values, ", "), wanted/is+1, wanted)
		if _, err := db.Exec(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		if n := count(t, db, table); n < million {
			t.Errorf("%s has %d rows, too few to show anything", table, n)
		}
	}
	if _, err := db.Exec(t.Context(), "ANALYZE"); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db *pgx.Conn, table string) (n int64) {
	t.Helper()
	if err := db.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
