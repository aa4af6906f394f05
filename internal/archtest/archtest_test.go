package archtest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
)

// TestTree holds this repository to the rules.
func TestTree(t *testing.T) {
	violations, err := Check("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		t.Error(v)
	}
}

// TestFixtures holds the rules to their fixtures: each folder of testdata is a small tree in which every line that
// breaks a rule says so with a comment `want RULE`, and all other lines keep to them.
func TestFixtures(t *testing.T) {
	fixtures, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	broken := map[string]bool{}
	for _, fixture := range fixtures {
		t.Run(fixture.Name(), func(t *testing.T) {
			root := filepath.Join("testdata", fixture.Name())
			violations, err := Check(root)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, v := range violations {
				broken[v.Rule] = true
				got = append(got, fmt.Sprintf("%s:%d: %s", v.File, v.Line, v.Rule))
			}
			sort.Strings(got)
			if want := wanted(t, root); strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
	for _, rule := range []string{
		"upwards", "sideways", "unknown", "testing", "exit", "sql", "table", "status", "function", "drawer", "doc",
	} {
		if !broken[rule] {
			t.Errorf("no fixture breaks the rule %q", rule)
		}
	}
}

var want = regexp.MustCompile(`// want ([a-z ]+)$`)

func wanted(t *testing.T, root string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(root, func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(text), "\n") {
			match := want.FindStringSubmatch(line)
			if match == nil {
				continue
			}
			for rule := range strings.FieldsSeq(match[1]) {
				all = append(all, fmt.Sprintf("%s:%d: %s", filepath.ToSlash(relative), i+1, rule))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(all)
	return all
}

// TestFileSize makes its long file itself: 601 lines would be a poor fixture to read.
func TestFileSize(t *testing.T) {
	for _, c := range []struct {
		lines int
		want  int
	}{{MaxFileLines, 0}, {MaxFileLines + 1, 1}} {
		root := t.TempDir()
		folder := filepath.Join(root, "internal", "platform", "long")
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		text := "package long\n" + strings.Repeat("//\n", c.lines-2) + "//"
		if err := os.WriteFile(filepath.Join(folder, "long.go"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		violations, err := Check(root)
		if err != nil {
			t.Fatal(err)
		}
		if len(violations) != c.want {
			t.Errorf("%d lines: %v, want %d violations", c.lines, violations, c.want)
		}
	}
}

// TestExceptions_HaveReasons: an exception without its reason is not one.
func TestExceptions_HaveReasons(t *testing.T) {
	for name, list := range map[string]map[string]string{
		"sameRow": sameRow, "longFiles": longFiles, "longFunctions": longFunctions, "tableGuests": tableGuests,
	} {
		for key, reason := range list {
			if strings.TrimSpace(reason) == "" {
				t.Errorf("%s: %s has no reason", name, key)
			}
		}
	}
	for _, home := range sqlHomes {
		if home.reason == "" {
			t.Errorf("sqlHomes: %s has no reason", home.pattern)
		}
	}
}

// TestTables_AreMigrated: the owners' list and the migrations name the same tables.
func TestTables_AreMigrated(t *testing.T) {
	migrations, err := filepath.Glob("../platform/store/migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	created := map[string]bool{}
	for _, name := range migrations {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`(?i)CREATE TABLE (\w+)`).FindAllStringSubmatch(string(text), -1) {
			created[match[1]] = true
			if len(tables[match[1]]) == 0 {
				t.Errorf("%s: nobody owns table %s", filepath.Base(name), match[1])
			}
		}
	}
	for table := range tables {
		if !created[table] {
			t.Errorf("table %s has an owner and is in no migration", table)
		}
	}
}
