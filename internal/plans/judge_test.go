package plans

import (
	"slices"
	"strings"
	"testing"
)

// known is a small schema with the kinds of index there are.
var known = &schema{
	tables: []string{"conversations", "messages", "transfers", "leads", "accounts"},
	columns: map[string][]string{
		"conversations": {"id", "account_id", "number", "visitor_id", "agent_id", "state", "ended_at"},
		"messages":      {"conversation_id", "sequence", "audience"},
		"transfers":     {"id", "account_id", "conversation_id", "settled_at"},
		"leads":         {"id", "account_id", "marked_at", "site_id"},
		"accounts":      {"id"},
	},
	indexes: map[string]index{
		"sqlite_autoindex_conversations_1": {table: "conversations", columns: []string{"id"}},
		"conversations_number":             {table: "conversations", columns: []string{"account_id", "number"}},
		"conversations_email":              {table: "conversations", columns: []string{"account_id", "lower(visitor_email)"}, where: "visitor_email <> ''"},
		"conversations_anonymous":          {table: "conversations", columns: []string{"account_id", "lower(visitor_email)"}},
		"conversations_agent":              {table: "conversations", columns: []string{"agent_id"}, where: "ended_at IS NULL"},
		"sqlite_autoindex_messages_1":      {table: "messages", columns: []string{"conversation_id", "sequence"}},
		"sqlite_autoindex_leads_1":         {table: "leads", columns: []string{"id"}},
		"leads_age":                        {table: "leads", columns: []string{"marked_at"}},
		"leads_marked":                     {table: "leads", columns: []string{"account_id", "marked_at"}},
	},
}

const (
	walks    = "walks from the beginning to the end"
	leaves   = "leaves more rows the longer the account works"
	forgets  = "the statement knows the id, and passes over others"
	goingOn  = "walks all of what is going on, without a condition"
	isRight  = ""
	byNumber = "SEARCH conversations USING INDEX conversations_number (account_id=?)"
)

func TestJudge_SQLite(t *testing.T) {
	for _, c := range []struct {
		name, text string
		plan       []step
		want       []string // of each access, the beginning of what is wrong with it
	}{
		{
			"the whole table", "SELECT id FROM leads WHERE site_id = ?",
			[]step{{2, 0, "SCAN leads"}},
			[]string{walks},
		},
		{
			"a whole index", "SELECT DISTINCT account_id FROM leads",
			[]step{{5, 0, "SCAN leads USING COVERING INDEX leads_marked"}},
			[]string{walks},
		},
		{
			"a table that does not grow", "SELECT id FROM accounts",
			[]step{{2, 0, "SCAN accounts"}},
			[]string{isRight},
		},
		{
			"the account's history", "SELECT id FROM conversations WHERE account_id = ? AND state = 'active' ORDER BY number",
			[]step{{4, 0, byNumber}},
			[]string{leaves},
		},
		{
			"one row", "UPDATE conversations SET number = 1 WHERE id = ? AND account_id = ?",
			[]step{{4, 0, "SEARCH conversations USING INDEX sqlite_autoindex_conversations_1 (id=?)"}},
			[]string{isRight},
		},
		{
			"one row, found among all", "UPDATE conversations SET number = 1 WHERE id = ? AND account_id = ?",
			[]step{{4, 0, byNumber}},
			[]string{forgets},
		},
		{
			"an expression", "SELECT id FROM conversations WHERE account_id = ? AND lower(visitor_email) = ?",
			[]step{{4, 0, "SEARCH conversations USING INDEX conversations_email (account_id=? AND <expr>=?)"}},
			[]string{isRight},
		},
		{
			"an address that most have not", "SELECT id FROM conversations WHERE account_id = ? AND lower(visitor_email) = ?",
			[]step{{4, 0, "SEARCH conversations USING INDEX conversations_anonymous (account_id=? AND <expr>=?)"}},
			[]string{leaves},
		},
		{
			"what is open, of an agent", "SELECT id FROM conversations WHERE agent_id = ? AND ended_at IS NULL",
			[]step{{4, 0, "SEARCH conversations USING INDEX conversations_agent (agent_id=?)"}},
			[]string{isRight},
		},
		{
			"all that is open, at the start", "SELECT id FROM conversations WHERE ended_at IS NULL",
			[]step{{4, 0, "SCAN conversations USING INDEX conversations_agent"}},
			[]string{isRight},
		},
		{
			"all that is open, for one of it", "SELECT id FROM conversations WHERE number = ? AND ended_at IS NULL",
			[]step{{4, 0, "SCAN conversations USING INDEX conversations_agent"}},
			[]string{goingOn},
		},
		{
			"a page", "SELECT id FROM conversations WHERE account_id = ? AND number < ? ORDER BY number DESC LIMIT ?",
			[]step{{4, 0, "SEARCH conversations USING INDEX conversations_number (account_id=? AND number<?)"}},
			[]string{isRight},
		},
		{
			"a page by two columns", "SELECT id FROM leads WHERE account_id = ? AND (marked_at, id) < (?, ?) ORDER BY marked_at DESC, id DESC LIMIT ?",
			[]step{{4, 0, "SEARCH leads USING INDEX leads_marked (account_id=? AND marked_at<?)"}},
			[]string{isRight},
		},
		{
			"a page that passes over rows", "SELECT id FROM conversations WHERE account_id = ? AND agent_id = ? ORDER BY number LIMIT ?",
			[]step{{4, 0, byNumber}},
			[]string{leaves},
		},
		{
			"a page that is sorted", "SELECT id FROM conversations WHERE account_id = ? ORDER BY visitor_id LIMIT ?",
			[]step{{4, 0, byNumber}, {20, 0, "USE TEMP B-TREE FOR ORDER BY"}},
			[]string{leaves},
		},
		{
			"a page inside", "SELECT count(*) FROM (SELECT id FROM conversations WHERE account_id = ? LIMIT 100) AS found",
			[]step{{2, 0, "CO-ROUTINE found"}, {4, 2, byNumber}, {20, 0, "SCAN found"}},
			[]string{isRight},
		},
		{
			"a bite", "DELETE FROM leads WHERE id IN (SELECT id FROM leads WHERE marked_at < ? ORDER BY marked_at LIMIT ?)",
			[]step{
				{4, 0, "SEARCH leads USING INDEX sqlite_autoindex_leads_1 (id=?)"},
				{7, 0, "LIST SUBQUERY 1"},
				{9, 7, "SEARCH leads USING COVERING INDEX leads_age (marked_at<?)"},
			},
			[]string{isRight, isRight},
		},
		{
			"the limit of another", "SELECT id FROM conversations WHERE account_id = ? AND number > (SELECT max(number) FROM accounts LIMIT 1)",
			[]step{{4, 0, byNumber}},
			[]string{leaves},
		},
		{
			"an alias and a branch",
			"SELECT c.id FROM transfers t JOIN conversations c ON c.id = t.conversation_id WHERE t.account_id = ?",
			[]step{{4, 0, "SCAN t"}, {7, 0, "SEARCH c USING INDEX sqlite_autoindex_conversations_1 (id=?)"}},
			[]string{walks, isRight},
		},
		{
			"a skip-scan", "SELECT id FROM leads WHERE marked_at < ?",
			[]step{{4, 0, "SEARCH leads USING INDEX leads_marked (ANY(account_id) AND marked_at<?)"}},
			[]string{leaves},
		},
		{
			"an index made on the way", "SELECT c.id FROM accounts a JOIN conversations c ON c.number = a.id",
			[]step{{4, 0, "SCAN a"}, {7, 0, "SEARCH c USING AUTOMATIC COVERING INDEX (number=?)"}},
			[]string{isRight, walks},
		},
	} {
		compare(t, c.name, c.text, known.sqliteAccesses(c.text, c.plan), c.want)
	}
}

func TestJudge_Postgres(t *testing.T) {
	for _, c := range []struct {
		name, text, plan string
		want             []string
	}{
		{
			"the whole table", "SELECT count(*) FROM leads WHERE site_id = ?",
			`{"Node Type": "Aggregate", "Plans": [{"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Relation Name": "leads", "Alias": "leads",
				"Filter": "(site_id = $1)"}]}`,
			[]string{walks},
		},
		{
			"one row", "UPDATE conversations SET number = 1 WHERE id = ? AND account_id = ?",
			`{"Node Type": "ModifyTable", "Operation": "Update", "Relation Name": "conversations", "Plans": [{"Node Type": "Index Scan",
				"Parent Relationship": "Outer", "Index Name": "conversations_pkey", "Relation Name": "conversations", "Index Cond": "(id = $1)",
				"Filter": "(account_id = $2)"}]}`,
			[]string{isRight},
		},
		{
			"one row, found among all", "SELECT id FROM conversations WHERE id = ? AND account_id = ?",
			`{"Node Type": "Index Scan", "Index Name": "conversations_email", "Relation Name": "conversations", "Index Cond": "(account_id = $2)",
				"Filter": "(id = $1)"}`,
			[]string{forgets},
		},
		{
			"one row, found among all that is open", "SELECT id FROM conversations WHERE id = ? AND ended_at IS NULL",
			`{"Node Type": "Index Scan", "Index Name": "conversations_agent", "Relation Name": "conversations", "Filter": "(id = $1)"}`,
			[]string{forgets},
		},
		{
			"all that is open, for one of it", "SELECT id FROM conversations WHERE number = ? AND ended_at IS NULL",
			`{"Node Type": "Index Scan", "Index Name": "conversations_agent", "Relation Name": "conversations", "Filter": "(number = $1)"}`,
			[]string{goingOn},
		},
		{
			"what is open, of an agent", "SELECT id FROM conversations WHERE agent_id = ? AND account_id = ? AND ended_at IS NULL",
			`{"Node Type": "Bitmap Heap Scan", "Relation Name": "conversations", "Recheck Cond": "((agent_id = $1) AND (ended_at IS NULL))",
				"Filter": "(account_id = $2)", "Plans": [{"Node Type": "Bitmap Index Scan", "Parent Relationship": "Outer",
				"Index Name": "conversations_agent", "Index Cond": "(agent_id = $1)"}]}`,
			[]string{isRight},
		},
		{
			"an expression and a cast", "SELECT id FROM conversations WHERE account_id = ? AND lower(visitor_email) = ?",
			`{"Node Type": "Index Scan", "Index Name": "conversations_email", "Relation Name": "conversations",
				"Index Cond": "((account_id = $1) AND (lower(visitor_email) = ($2)::text))"}`,
			[]string{isRight},
		},
		{
			"several", "SELECT id FROM conversations WHERE id IN (SELECT value FROM json_each(?))",
			`{"Node Type": "Index Scan", "Index Name": "conversations_pkey", "Relation Name": "conversations", "Index Cond": "(id = ANY ($1))"}`,
			[]string{isRight},
		},
		{
			"a page", "SELECT id FROM conversations WHERE account_id = ? AND number < ? ORDER BY number DESC LIMIT ?",
			`{"Node Type": "Limit", "Plans": [{"Node Type": "Index Scan", "Parent Relationship": "Outer", "Index Name": "conversations_number",
				"Relation Name": "conversations", "Index Cond": "((account_id = $1) AND (number < $2))"}]}`,
			[]string{isRight},
		},
		{
			"a page that passes over rows", "SELECT id FROM conversations WHERE account_id = ? AND agent_id = ? ORDER BY number LIMIT ?",
			`{"Node Type": "Limit", "Plans": [{"Node Type": "Index Scan", "Parent Relationship": "Outer", "Index Name": "conversations_number",
				"Relation Name": "conversations", "Index Cond": "(account_id = $1)", "Filter": "(agent_id = $2)"}]}`,
			[]string{leaves},
		},
		{
			"a column that is a word of SQL's", "SELECT id FROM conversations WHERE account_id = ? AND number = ?",
			`{"Node Type": "Index Scan", "Index Name": "conversations_number", "Relation Name": "conversations",
				"Index Cond": "((account_id = $1) AND (\"number\" = $2))"}`,
			[]string{isRight},
		},
		{
			"a page that is sorted", "SELECT id FROM conversations WHERE account_id = ? ORDER BY visitor_id LIMIT ?",
			`{"Node Type": "Limit", "Plans": [{"Node Type": "Sort", "Parent Relationship": "Outer", "Plans": [{"Node Type": "Index Scan",
				"Parent Relationship": "Outer", "Index Name": "conversations_number", "Relation Name": "conversations",
				"Index Cond": "(account_id = $1)"}]}]}`,
			[]string{leaves},
		},
		{
			"a join", "SELECT c.id FROM transfers t JOIN conversations c ON c.id = t.conversation_id WHERE t.account_id = ?",
			`{"Node Type": "Nested Loop", "Join Type": "Inner", "Plans": [
				{"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Relation Name": "transfers", "Alias": "t", "Filter": "(account_id = $1)"},
				{"Node Type": "Index Scan", "Parent Relationship": "Inner", "Index Name": "conversations_pkey", "Relation Name": "conversations",
				"Alias": "c", "Index Cond": "(id = t.conversation_id)"}]}`,
			[]string{walks, isRight},
		},
	} {
		plan, err := postgresPlan([]byte(`[{"Plan": ` + c.plan + `}]`))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		compare(t, c.name, c.text, known.postgresAccesses(plan), c.want)
	}
}

func compare(t *testing.T, name, text string, accesses []access, want []string) {
	t.Helper()
	if len(accesses) != len(want) {
		t.Errorf("%s: %d accesses, want %d: %v", name, len(accesses), len(want), accesses)
		return
	}
	for i, a := range accesses {
		got := a.judge(parameters(text))
		if (want[i] == isRight) != (got == "") || !strings.HasPrefix(got, want[i]) {
			t.Errorf("%s: %s: %q, want %q", name, a, got, want[i])
		}
	}
}

func TestPattern(t *testing.T) {
	for text, want := range map[string]bool{
		"SELECT id FROM leads WHERE name LIKE ?":                    true,
		"SELECT id FROM leads WHERE name glob  ?":                   true,
		"SELECT id FROM leads WHERE name LIKE 'a%'":                 false,
		"SELECT id FROM leads WHERE instr(name, ?) > 0":             false,
		"UPDATE leads SET name = ? WHERE name LIKE '%' || ? || '%'": false,
	} {
		if got := pattern.MatchString(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// TestSelects: each SELECT is looked at without those in its brackets.
func TestSelects(t *testing.T) {
	got := selects("SELECT a FROM x WHERE b = (SELECT max(c) FROM y WHERE d IN (1, 2)) AND lower(e) = ? LIMIT 1")
	want := []string{"SELECT a FROM x WHERE b = () AND lower(e) = ? LIMIT 1", "SELECT max(c) FROM y WHERE d IN (1, 2)"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestTables: a table grows or is settled, and an exception has a reason.
func TestTables(t *testing.T) {
	for table, grows := range growing {
		if settled[table] {
			t.Errorf("%s grows and is settled", table)
		}
		if len(grows.by) == 0 {
			t.Errorf("%s: nothing bounds a look-up in it", table)
		}
	}
	for _, e := range exceptions {
		if e.reason == "" {
			t.Errorf("the exception for %s has no reason", e.statement)
		}
	}
}

// TestOrphans: a row that others refer to is deleted quickly only where these have an index on it.
func TestOrphans(t *testing.T) {
	s := &schema{
		tables:    []string{"leads", "notes", "messages"},
		indexes:   map[string]index{"notes_lead": {table: "notes", columns: []string{"lead_id", "at"}}},
		referring: map[string][]reference{"leads": {{"notes", "lead_id"}, {"messages", "lead_id"}}},
	}
	for text, want := range map[string][]string{
		"DELETE FROM leads WHERE id = ?":            {"messages by lead_id"},
		"DELETE FROM notes WHERE id = ?":            nil,
		"SELECT id FROM leads WHERE id = ?":         nil,
		"UPDATE leads SET name = ? WHERE id = ?":    nil,
		"WITH x AS (SELECT 1) DELETE FROM leads":    {"messages by lead_id"},
		"INSERT INTO leads (id) VALUES (?)":         nil,
		"DELETE FROM leads WHERE id IN (SELECT 1);": {"messages by lead_id"},
	} {
		if got := s.orphans(text); !slices.Equal(got, want) {
			t.Errorf("%s: %q", text, got)
		}
	}
}
