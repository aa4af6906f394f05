package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"strings"
)

func checkFileSize(f *file) []Violation {
	if f.lines <= MaxFileLines || longFiles[f.path] != "" || ast.IsGenerated(f.syntax) {
		return nil
	}
	return []Violation{{f.path, 1, "file", fmt.Sprintf("%d lines, at most %d: split it by what its parts do", f.lines, MaxFileLines)}}
}

func checkFunctions(f *file) []Violation {
	if f.test || ast.IsGenerated(f.syntax) {
		return nil
	}
	var found []Violation
	for _, declaration := range f.syntax.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok || longFunctions[f.path+"#"+function.Name.Name] != "" {
			continue
		}
		lines := f.line(function.End()) - f.line(function.Pos()) + 1
		if lines > MaxFunctionLines {
			message := fmt.Sprintf("%s has %d lines, at most %d", function.Name.Name, lines, MaxFunctionLines)
			found = append(found, Violation{f.path, f.line(function.Pos()), "function", message})
		}
	}
	return found
}

// checkFolders looks at folders as wholes: their names, that a row knows them, that a feature explains itself.
func checkFolders(files []*file) []Violation {
	first := map[string]*file{}
	explained := map[string]bool{}
	for _, f := range files {
		if first[f.folder] == nil {
			first[f.folder] = f
		}
		if path.Base(f.path) == "doc.go" && f.syntax.Doc != nil {
			explained[f.folder] = true
		}
	}
	var found []Violation
	for folder, f := range first {
		for name := range strings.SplitSeq(folder, "/") {
			if drawers[name] {
				found = append(found, Violation{f.path, 1, "drawer", "a folder named " + name + " says nothing about what is in it"})
			}
		}
		_, room, ok := place(folder)
		switch {
		case !ok:
			found = append(found, Violation{f.path, 1, "unknown", folder + " stands in no row: give it a place in archtest's rules"})
		case isFeature(room) && room == folder && !explained[folder]:
			found = append(found, Violation{f.path, 1, "doc", folder + " has no doc.go that says what it is"})
		}
	}
	return found
}
