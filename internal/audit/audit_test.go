package audit_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/audit"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

var key = []byte("0123456789abcdef0123456789abcdef")

func service(t *testing.T, st *store.Store, key []byte) *audit.Service {
	t.Helper()
	return serviceAt(t, st, key, filepath.Join(t.TempDir(), "heads"))
}

// serviceAt is one whose witness is at a path.
func serviceAt(t *testing.T, st *store.Store, key []byte, path string) *audit.Service {
	t.Helper()
	w, err := audit.OpenWitness(path, secret.New(key), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return audit.NewService(st, secret.New(key), clock.NewFake(time.UnixMilli(7000)), func(_, id string) string { return strings.ToUpper(id) }, w)
}

func write(t *testing.T, st *store.Store, account string, fn func(ctx context.Context, tx *store.Tx) error) error {
	t.Helper()
	return st.Write(store.InLane(t.Context(), account), fn)
}

func record(t *testing.T, st *store.Store, s *audit.Service, account string, e audit.Entry) {
	t.Helper()
	err := write(t, st, account, func(ctx context.Context, tx *store.Tx) error { return s.Record(ctx, tx, account, e) })
	if err != nil {
		t.Error(err)
	}
}

func watched(n int) audit.Entry {
	return audit.Entry{
		AgentID: "carla", Action: audit.ConversationWatched,
		Subject: audit.Subject{Kind: "conversation", ID: fmt.Sprint("c", n), Name: fmt.Sprint("#", n)}, Details: map[string]string{"n": fmt.Sprint(n)},
	}
}

// filled returns a log of n entries in account a, written at the same time, and one of another account.
func filled(t *testing.T, st *store.Store, n int) *audit.Service {
	t.Helper()
	s := service(t, st, key)
	eventlogtest.Account(t, st, "a")
	eventlogtest.Account(t, st, "b")
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { record(t, st, s, "a", watched(i)) })
	}
	wg.Wait()
	record(t, st, s, "b", watched(0))
	return s
}

func TestVerify_NamesTheEntryThatWasChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := filled(t, st, 12)
		verify := func() audit.Verification {
			t.Helper()
			v, err := s.Verify(t.Context(), "a")
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		if v := verify(); v.Fault != nil || v.Entries != 12 || v.Head == "" {
			t.Fatalf("an intact log: %+v", v)
		}
		undone := errors.New("undone")
		for name, c := range map[string]struct {
			change   string
			sequence int64
			reason   string
		}{
			"time":      {"UPDATE audit_entries SET at = at + 1 WHERE account_id = 'a' AND sequence = 5", 5, audit.Changed},
			"agent":     {"UPDATE audit_entries SET agent_id = 'ana' WHERE account_id = 'a' AND sequence = 5", 5, audit.Changed},
			"name":      {"UPDATE audit_entries SET agent_name = 'ANA' WHERE account_id = 'a' AND sequence = 5", 5, audit.Changed},
			"action":    {"UPDATE audit_entries SET action = 'conversation.ended' WHERE account_id = 'a' AND sequence = 1", 1, audit.Changed},
			"kind":      {"UPDATE audit_entries SET subject_kind = 'agent' WHERE account_id = 'a' AND sequence = 12", 12, audit.Changed},
			"subject":   {"UPDATE audit_entries SET subject_id = 'x' WHERE account_id = 'a' AND sequence = 7", 7, audit.Changed},
			"called":    {"UPDATE audit_entries SET subject_name = 'x' WHERE account_id = 'a' AND sequence = 7", 7, audit.Changed},
			"details":   {"UPDATE audit_entries SET details = '{ \"n\":\"0\"}' WHERE account_id = 'a' AND sequence = 7", 7, audit.Changed},
			"garbage":   {"UPDATE audit_entries SET details = '{' WHERE account_id = 'a' AND sequence = 7", 7, audit.Changed},
			"address":   {"UPDATE audit_entries SET address = '192.0.2.9' WHERE account_id = 'a' AND sequence = 7", 7, audit.Changed},
			"seal":      {"UPDATE audit_entries SET seal = 'ff' WHERE account_id = 'a' AND sequence = 7", 7, audit.Changed},
			"last seal": {"UPDATE audit_entries SET seal = 'ff' WHERE account_id = 'a' AND sequence = 12", 12, audit.Changed},
			"missing":   {"DELETE FROM audit_entries WHERE account_id = 'a' AND sequence = 3", 3, audit.Missing},
			"cut":       {"DELETE FROM audit_entries WHERE account_id = 'a' AND sequence > 9", 10, audit.Cut},
			"emptied":   {"DELETE FROM audit_entries WHERE account_id = 'a'", 1, audit.Cut},
			"moved":     {"UPDATE audit_entries SET sequence = 40 WHERE account_id = 'a' AND sequence = 2", 2, audit.Missing},
			"head":      {"UPDATE audit_heads SET seal = 'ff' WHERE account_id = 'a'", 12, audit.Changed},
		} {
			backup := copied(t, st)
			if err := write(t, st, "a", func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, c.change)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if v := verify(); v.Fault == nil || v.Fault.Sequence != c.sequence || v.Fault.Reason != c.reason {
				t.Errorf("%s: %+v %+v, want entry %d %s", name, v, v.Fault, c.sequence, c.reason)
			}
			backup()
		}
		if err := write(t, st, "a", func(ctx context.Context, tx *store.Tx) error {
			return errors.Join(s.Record(ctx, tx, "a", watched(99)), undone)
		}); !errors.Is(err, undone) {
			t.Fatal(err)
		}
		if v := verify(); v.Fault != nil || v.Entries != 12 {
			t.Errorf("after a write that was undone: %+v", v)
		}
		other, err := service(t, st, []byte("another key, of another installation")).Verify(t.Context(), "a")
		if err != nil || other.Fault == nil || other.Fault.Sequence != 1 {
			t.Errorf("with another key: %+v, %v", other, err)
		}
	})
}

const entryColumns = "account_id, sequence, at, agent_id, agent_name, action, subject_kind, subject_id, subject_name, details, address, seal"

// copied returns a function that puts the log back as it is now.
func copied(t *testing.T, st *store.Store) func() {
	t.Helper()
	run := func(statements ...string) {
		t.Helper()
		err := write(t, st, "a", func(ctx context.Context, tx *store.Tx) error {
			for _, q := range statements {
				if _, err := tx.Exec(ctx, q); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	const headColumns = "account_id, sequence, seal"
	run("CREATE TABLE kept_entries AS SELECT "+entryColumns+" FROM audit_entries",
		"CREATE TABLE kept_heads AS SELECT "+headColumns+" FROM audit_heads")
	return func() {
		run("DELETE FROM audit_entries", "DELETE FROM audit_heads",
			"INSERT INTO audit_entries ("+entryColumns+") SELECT "+entryColumns+" FROM kept_entries",
			"INSERT INTO audit_heads ("+headColumns+") SELECT "+headColumns+" FROM kept_heads", "DROP TABLE kept_entries", "DROP TABLE kept_heads")
	}
}

func TestList_PagesNewestFirstWithinTheAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := filled(t, st, 5)
		record(t, st, s, "a", audit.Entry{AgentID: "bruno", Action: audit.SessionEnded, Subject: audit.Subject{Kind: "agent", ID: "ana", Name: "Ana"}})
		list := func(account string, f audit.Filter) []int64 {
			t.Helper()
			page, err := s.List(t.Context(), account, f)
			if err != nil {
				t.Fatal(err)
			}
			sequences := []int64{}
			for _, e := range page.Entries {
				sequences = append(sequences, e.Sequence)
			}
			if page.More {
				sequences = append(sequences, -1)
			}
			return sequences
		}
		for name, c := range map[string]struct {
			account string
			filter  audit.Filter
			want    string
		}{
			"first page":     {"a", audit.Filter{Limit: 2}, "[6 5 -1]"},
			"second page":    {"a", audit.Filter{Limit: 2, Before: 5}, "[4 3 -1]"},
			"last page":      {"a", audit.Filter{Limit: 2, Before: 3}, "[2 1]"},
			"one agent":      {"a", audit.Filter{Limit: 9, AgentID: "bruno"}, "[6]"},
			"one action":     {"a", audit.Filter{Limit: 9, Action: audit.ConversationWatched}, "[5 4 3 2 1]"},
			"unknown action": {"a", audit.Filter{Limit: 9, Action: "x"}, "[]"},
			"other account":  {"b", audit.Filter{Limit: 9}, "[1]"},
		} {
			if got := fmt.Sprint(list(c.account, c.filter)); got != c.want {
				t.Errorf("%s: %s, want %s", name, got, c.want)
			}
		}
		page, err := s.List(t.Context(), "a", audit.Filter{Limit: 1})
		if err != nil || page.Entries[0].AgentName != "BRUNO" || page.Entries[0].At != 7000 || page.Entries[0].Subject.Name != "Ana" {
			t.Errorf("%+v, %v", page, err)
		}
	})
}
