package installation_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/installation"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func no(context.Context) (bool, error)  { return false, nil }
func yes(context.Context) (bool, error) { return true, nil }

func TestBox_IsMadeOnceAndKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		from := installation.KeySource{Used: no, File: filepath.Join(t.TempDir(), "data", "installation.key")}
		first, err := installation.Box(t.Context(), st, from)
		if err != nil {
			t.Fatal(err)
		}
		again, err := installation.Box(t.Context(), st, from)
		if err != nil || first.Seal("test", nil) != again.Seal("test", nil) {
			t.Fatalf("another key at the second start: %v", err)
		}
		about, err := os.Stat(from.File)
		if err != nil || about.Mode().Perm() != 0o600 {
			t.Fatalf("%v, %v; want a file only its owner reads", about, err)
		}
		key, err := os.ReadFile(from.File)
		if err != nil {
			t.Fatal(err)
		}
		given, err := installation.Box(t.Context(), st, installation.KeySource{Used: no, Given: strings.TrimSpace(string(key)), File: "nowhere"})
		if err != nil || given.Seal("test", nil) != first.Seal("test", nil) {
			t.Errorf("the same key, given: %v", err)
		}
	})
}

// A key that is missing beside a database that was used is not replaced without a word, and another one is none.
func TestBox_RefusesAnotherKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		from := installation.KeySource{Used: no, File: filepath.Join(t.TempDir(), "installation.key")}
		old, err := installation.Box(t.Context(), st, from)
		if err != nil {
			t.Fatal(err)
		}
		gone := installation.KeySource{Used: no, File: filepath.Join(t.TempDir(), "installation.key")}
		_, err = installation.Box(t.Context(), st, gone)
		if !errors.Is(err, installation.ErrKeyMissing) || !strings.Contains(err.Error(), gone.File) {
			t.Errorf("%v, want ErrKeyMissing that names the file", err)
		}
		if _, err := os.Stat(gone.File); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a key was made all the same: %v", err)
		}
		other := installation.KeySource{Used: no, Given: strings.Repeat("ab", installation.KeyBytes)}
		if _, err := installation.Box(t.Context(), st, other); !errors.Is(err, installation.ErrKeyOther) {
			t.Errorf("%v, want ErrKeyOther", err)
		}
		broken := installation.KeySource{Used: no, File: filepath.Join(t.TempDir(), "installation.key")}
		if err := os.WriteFile(broken.File, []byte("short"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := installation.Box(t.Context(), st, broken); err == nil || !strings.Contains(err.Error(), "64 hexadecimal digits") {
			t.Errorf("a broken key: %v", err)
		}
		if box, err := installation.Box(t.Context(), st, from); err != nil || box.Seal("test", nil) != old.Seal("test", nil) {
			t.Errorf("the right one: %v", err)
		}
		gone.Replace = true
		if _, err := installation.Box(t.Context(), st, gone); err != nil {
			t.Errorf("a new one, on demand: %v", err)
		}
		if _, err := installation.Box(t.Context(), st, from); !errors.Is(err, installation.ErrKeyOther) {
			t.Errorf("the old one then: %v, want ErrKeyOther", err)
		}
	})
}

// A database from before keys were noted takes the key that lies beside it, and misses it when there is none.
func TestBox_DatabaseOfBefore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		file := filepath.Join(t.TempDir(), "installation.key")
		if _, err := installation.Box(t.Context(), st, installation.KeySource{Used: yes, File: file}); !errors.Is(err, installation.ErrKeyMissing) {
			t.Errorf("%v, want ErrKeyMissing", err)
		}
		if err := os.WriteFile(file, []byte(strings.Repeat("cd", installation.KeyBytes)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := installation.Box(t.Context(), st, installation.KeySource{Used: yes, File: file}); err != nil {
			t.Error(err)
		}
	})
}
