package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"strconv"
	"strings"
)

// checkImports enforces the rows. It holds for tests as well: a test that needs the storey above belongs there.
func checkImports(f *file) []Violation {
	level, room, ok := place(f.folder)
	if !ok {
		return nil // checkFolders reports it once
	}
	var found []Violation
	report := func(spec *ast.ImportSpec, rule, format string, args ...any) {
		found = append(found, Violation{f.path, f.line(spec.Pos()), rule, fmt.Sprintf(format, args...)})
	}
	for _, spec := range f.syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil || !strings.HasPrefix(imported, Module+"/") {
			continue
		}
		target := strings.TrimPrefix(imported, Module+"/")
		targetLevel, targetRoom, ok := place(target)
		switch {
		case !ok:
			report(spec, "unknown", "%s stands in no row of archtest's rules", target)
		case targetLevel > level:
			report(spec, "upwards", "%s may not import %s, which stands above it: send an event, wire it in app", room, target)
		case targetLevel == level && targetRoom != room && !rows[level].mutual && sameRow[room+" -> "+targetRoom] == "":
			report(spec, "sideways", "%s may not import %s of the same row: declare the small interface it needs", room, target)
		case strings.HasSuffix(path.Base(target), "test") && !f.test:
			report(spec, "testing", "%s is for tests only", target)
		}
	}
	return found
}

// checkExits keeps the end of the process in the hands of app and of programs (cmd, generators): elsewhere a deferred
// close would be skipped.
func checkExits(f *file) []Violation {
	_, room, _ := place(f.folder)
	if mayExit[room] || f.syntax.Name.Name == "main" {
		return nil
	}
	names := map[string]string{}
	for _, spec := range f.syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil || exits[imported] == nil {
			continue
		}
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = imported
	}
	if len(names) == 0 {
		return nil
	}
	var found []Violation
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		owner, ok := selector.X.(*ast.Ident)
		if !ok || !exits[names[owner.Name]][selector.Sel.Name] || testMain(f, selector) {
			return true
		}
		message := fmt.Sprintf("%s.%s ends the process: return an error, only app and cmd may exit", owner.Name, selector.Sel.Name)
		found = append(found, Violation{f.path, f.line(selector.Pos()), "exit", message})
		return true
	})
	return found
}

// testMain says whether the call stands in func TestMain of a test file, whose job it is to exit.
func testMain(f *file, call ast.Node) bool {
	if !f.test {
		return false
	}
	for _, declaration := range f.syntax.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if ok && function.Name.Name == "TestMain" && function.Pos() <= call.Pos() && call.End() <= function.End() {
			return true
		}
	}
	return false
}
