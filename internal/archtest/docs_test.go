package archtest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root is the repository, seen from this package.
const root = "../.."

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDependencies_AreExplained: docs/dependencies.md has a line for each direct dependency, and for nothing else.
func TestDependencies_AreExplained(t *testing.T) {
	used := map[string]string{}
	for line := range strings.SplitSeq(read(t, "go.mod"), "\n") {
		match := regexp.MustCompile(`^\s+([\w.]+\.[\w./-]+) v\S+$`).FindStringSubmatch(line)
		if match != nil {
			used[match[1]] = "go.mod"
		}
	}
	manifests, err := filepath.Glob(filepath.Join(root, "web/*/package.json"))
	if err != nil {
		t.Fatal(err)
	}
	manifests = append(manifests, filepath.Join(root, "web/package.json"), filepath.Join(root, "test/e2e/package.json"))
	for _, name := range manifests {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var manifest struct{ Dependencies, DevDependencies map[string]string }
		if err := json.Unmarshal(text, &manifest); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, list := range []map[string]string{manifest.Dependencies, manifest.DevDependencies} {
			for dependency := range list {
				used[dependency] = name
			}
		}
	}
	explained := map[string]bool{}
	for line := range strings.SplitSeq(read(t, "docs/dependencies.md"), "\n") {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		first, _, _ := strings.Cut(line[1:], "|")
		for _, match := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(first, -1) {
			explained[match[1]] = true
		}
	}
	for dependency, where := range used {
		if !explained[dependency] && !strings.HasPrefix(dependency, "@aceno/") {
			t.Errorf("docs/dependencies.md does not say why %s is in %s", dependency, where)
		}
	}
	for dependency := range explained {
		if used[dependency] == "" {
			t.Errorf("docs/dependencies.md explains %s, which nothing uses", dependency)
		}
	}
}

// TestDocs_LinksLead: every relative link of a page leads to a file of the repository.
func TestDocs_LinksLead(t *testing.T) {
	pages := []string{"README.md", "README.pt-BR.md", "CONTRIBUTING.md", "CHANGELOG.md"}
	for _, pattern := range []string{"docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			relative, err := filepath.Rel(root, name)
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, relative)
		}
	}
	link := regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)]*)?\)`)
	for _, page := range pages {
		for _, match := range link.FindAllStringSubmatch(read(t, page), -1) {
			if strings.Contains(match[1], "://") {
				continue
			}
			target := filepath.Join(root, filepath.Dir(page), match[1])
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: %s leads nowhere", page, match[1])
			}
		}
	}
}

// TestConfiguration_IsInTheGuides: whatever an operator may set stands in the guide, in both languages.
func TestConfiguration_IsInTheGuides(t *testing.T) {
	variables := regexp.MustCompile(`env:"(\w+)"`).FindAllStringSubmatch(read(t, "internal/config/config.go"), -1)
	if len(variables) == 0 {
		t.Fatal("internal/config has no variables: does this test still look in the right place?")
	}
	for _, guide := range []string{"docs/guide/operate.md", "docs/guide/operate.pt-BR.md"} {
		text := read(t, guide)
		for _, variable := range variables {
			if !strings.Contains(text, "`"+variable[1]+"`") {
				t.Errorf("%s does not mention %s", guide, variable[1])
			}
		}
	}
}

// TestWeb_FilesAreShort holds the TypeScript to the same file length, and its folders to the same names.
func TestWeb_FilesAreShort(t *testing.T) {
	for _, folder := range []string{"web", "test"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(name string, entry os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() {
				if outside(entry.Name()) || entry.Name() == "dist" {
					return filepath.SkipDir
				}
				if drawers[entry.Name()] {
					t.Errorf("%s: a folder named %s says nothing about what is in it", name, entry.Name())
				}
				return nil
			}
			extension := filepath.Ext(name)
			if (extension != ".ts" && extension != ".tsx") || entry.Name() == "schema.d.ts" {
				return nil
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			if lines := strings.Count(string(text), "\n"); lines > MaxFileLines {
				t.Errorf("%s has %d lines, at most %d", name, lines, MaxFileLines)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
