package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
)

// Violation is one broken rule at one place. File is relative to the tree's root, with slashes.
type Violation struct {
	File    string
	Line    int
	Rule    string
	Message string
}

func (v Violation) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", v.File, v.Line, v.Rule, v.Message)
}

// file is one parsed Go file.
type file struct {
	path   string // relative to the root, with slashes
	folder string
	test   bool
	lines  int
	fset   *token.FileSet
	syntax *ast.File
}

func (f *file) line(p token.Pos) int { return f.fset.Position(p).Line }

// Check reads the tree under root and returns every broken rule, in the order of files and lines.
func Check(root string) ([]Violation, error) {
	files, err := load(root)
	if err != nil {
		return nil, err
	}
	var all []Violation
	for _, f := range files {
		for _, rule := range []func(*file) []Violation{
			checkImports, checkExits, checkSQL, checkStatus, checkFileSize, checkFunctions,
		} {
			all = append(all, rule(f)...)
		}
	}
	all = append(all, checkFolders(files)...)
	sort.SliceStable(all, func(i, j int) bool {
		if all[i].File != all[j].File {
			return all[i].File < all[j].File
		}
		return all[i].Line < all[j].Line
	})
	return all, nil
}

// load parses the Go files of the module: not those of testdata, of installed npm packages, of hidden or build folders.
func load(root string) ([]*file, error) {
	var files []*file
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != root && outside(entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		f, err := parse(fset, root, name)
		if err != nil {
			return err
		}
		files = append(files, f)
		return nil
	})
	return files, err
}

func outside(folder string) bool {
	return folder == "testdata" || folder == "node_modules" || folder == "bin" || strings.HasPrefix(folder, ".")
}

func parse(fset *token.FileSet, root, name string) (*file, error) {
	text, err := os.ReadFile(name) //nolint:gosec // a path found by walking the tree
	if err != nil {
		return nil, err
	}
	syntax, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	relative, err := filepath.Rel(root, name)
	if err != nil {
		return nil, err
	}
	relative = filepath.ToSlash(relative)
	return &file{
		path:   relative,
		folder: path.Dir(relative),
		test:   strings.HasSuffix(relative, "_test.go") || strings.HasSuffix(path.Dir(relative), "test"),
		lines:  fset.File(syntax.FileStart).LineCount(),
		fset:   fset,
		syntax: syntax,
	}, nil
}

// place finds the row and the room of a folder; ok is false for a folder that no row knows.
func place(folder string) (level int, room string, ok bool) {
	for level, r := range rows {
		for _, room := range r.rooms {
			if folder == room || strings.HasPrefix(folder, room+"/") {
				return level, room, true
			}
		}
	}
	return 0, "", false
}
