// Under the race detector SQLite, which is Go code here, takes minutes to fill: stage plans of scripts/check runs this without it.

//go:build !race

package history_test

import (
	"flag"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/bench/history"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

var conversations = flag.Int("conversations", 0, "how many TestFill_Sizes fills in; 0 leaves it out")

// What each table takes, its indexes included, and what PostgreSQL stores apart.
const (
	sizesSQLite   = "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name GROUP BY m.tbl_name ORDER BY 2 DESC"
	sizesPostgres = "SELECT relname, pg_total_relation_size(oid) FROM pg_class " +
		"WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC"
)

// TestFill_Sizes prints how long the filling takes and what a row of each table does. It runs when it is asked to:
//
//	scripts/with-postgres go test -v -run Fill_Sizes -timeout 30m ./internal/bench/history/ -args -conversations 500000
func TestFill_Sizes(t *testing.T) {
	if *conversations == 0 {
		t.Skip("no -conversations")
	}
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		query := sizesSQLite
		if st.Engine() == store.Postgres { // each engine has its own way to tell
			query = sizesPostgres
		}
		h := conversationtest.New(t, st)
		begin := time.Now()
		r, err := history.Fill(t.Context(), st, history.Options{AccountID: conversationtest.Account, Conversations: *conversations, Now: h.Clock.Now()})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d conversations in %s", *conversations, time.Since(begin).Round(time.Second))
		rows, err := st.Read().Query(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var whole int64
		for rows.Next() {
			var table string
			var bytes int64
			if err := rows.Scan(&table, &bytes); err != nil {
				t.Fatal(err)
			}
			whole += bytes
			if n := r.Rows[table]; n > 0 {
				t.Logf("%-26s %9d rows %8.1f MB %6d bytes each", table, n, float64(bytes)/1e6, bytes/n)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		t.Logf("everything: %.1f MB, %d bytes for each conversation", float64(whole)/1e6, whole/int64(*conversations))
	})
}
