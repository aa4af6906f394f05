package audit_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/audit"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// cutBack takes the newest entries out and sets the head back, as somebody would who has the database.
func cutBack(t *testing.T, st *store.Store, to int64) {
	t.Helper()
	err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, "DELETE FROM audit_entries WHERE account_id = 'a' AND sequence > ?", to); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "UPDATE audit_heads SET sequence = ?, seal = (SELECT seal FROM audit_entries WHERE account_id = 'a' AND sequence = ?) "+
			"WHERE account_id = 'a'", to, to)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestVerify_TellsALogThatWasCutBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		eventlogtest.Account(t, st, "a")
		path := filepath.Join(t.TempDir(), "heads")
		s := serviceAt(t, st, key, path)
		for n := range 6 {
			record(t, st, s, "a", watched(n))
		}
		fault := func(s *audit.Service) audit.Break {
			t.Helper()
			v, err := s.Verify(t.Context(), "a")
			if err != nil {
				t.Fatal(err)
			}
			if v.Fault == nil {
				return audit.Break{}
			}
			return *v.Fault
		}
		if got := fault(s); got != (audit.Break{}) {
			t.Fatalf("an intact log: %+v", got)
		}
		cutBack(t, st, 4)
		for name, s := range map[string]*audit.Service{"at once": s, "after a restart": serviceAt(t, st, key, path)} {
			if got := fault(s); got != (audit.Break{Sequence: 5, Reason: audit.Cut}) {
				t.Errorf("cut back, %s: %+v", name, got)
			}
		}
		// Grown again past where it was, by a process that did not see the old head.
		other := service(t, st, key)
		for n := range 3 {
			record(t, st, other, "a", watched(10+n))
		}
		if got := fault(serviceAt(t, st, key, path)); got != (audit.Break{Sequence: 6, Reason: audit.Changed}) {
			t.Errorf("cut back and grown again: %+v", got)
		}
	})
}

// Lines that are not whole or not of the key count for nothing, and the file does not grow for ever.
func TestWitness_File(t *testing.T) {
	st := storetest.SQLite(t)
	eventlogtest.Account(t, st, "a")
	path := filepath.Join(t.TempDir(), "heads")
	s := serviceAt(t, st, key, path)
	for n := range 3 {
		record(t, st, s, "a", watched(n))
	}
	lines, err := os.ReadFile(path)
	if err != nil || strings.Count(string(lines), "\n") != 3 {
		t.Fatalf("%q, %v", lines, err)
	}
	forged := `{"account":"a","sequence":99,"seal":"of somebody","witness":"somebody's"}` + "\n"
	long := strings.Repeat(string(lines), 1+(1<<20)/len(lines)) + forged + `{"account":"a","sequ`
	if err := os.WriteFile(path, []byte(long), 0o600); err != nil {
		t.Fatal(err)
	}
	if v, err := serviceAt(t, st, key, path).Verify(t.Context(), "a"); err != nil || v.Fault != nil || v.Entries != 3 {
		t.Errorf("%+v, %v", v, err)
	}
	short, err := os.ReadFile(path)
	if err != nil || strings.Count(string(short), "\n") != 1 || !strings.Contains(string(short), `"sequence":3`) {
		t.Errorf("%d bytes, %v", len(short), err)
	}
	about, err := os.Stat(path)
	if err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", about.Mode(), err)
	}
}
