package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

// checkSQL keeps SQL in the store files, and each table in the hands of its owner. Tests may look into the database.
func checkSQL(f *file) []Violation {
	if f.test || !strings.HasPrefix(f.folder, "internal/") || f.folder == "internal/archtest" {
		return nil
	}
	home := sqlHome(f.path)
	var found []Violation
	report := func(n ast.Node, rule, format string, args ...any) {
		found = append(found, Violation{f.path, f.line(n.Pos()), rule, fmt.Sprintf(format, args...)})
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			selector, ok := n.Fun.(*ast.SelectorExpr)
			if ok && builders[selector.Sel.Name] && !home {
				report(selector.Sel, "sql", "%s outside store.go", selector.Sel.Name)
			}
		case *ast.BasicLit:
			text, ok := stringLiteral(n)
			if !ok || (!statement.MatchString(text) && !strings.Contains(text, "bun:\"table:")) {
				return true
			}
			if !home {
				report(n, "sql", "SQL outside store.go")
			}
			for _, table := range foreignTables(f.folder, text) {
				report(n, "table", "table %s belongs to %s", table, strings.Join(tables[table], ", "))
			}
		}
		return true
	})
	return found
}

func stringLiteral(n *ast.BasicLit) (string, bool) {
	if n.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(n.Value)
	return text, err == nil
}

// sqlHome says whether a file may speak SQL: a feature's store.go (store_x.go when there is much of it), or a listed one.
func sqlHome(name string) bool {
	base := path.Base(name)
	_, room, ok := place(path.Dir(name))
	if ok && isFeature(room) && (base == "store.go" || strings.HasPrefix(base, "store_")) {
		return true
	}
	for _, home := range sqlHomes {
		if folder, whole := strings.CutSuffix(home.pattern, "/**"); whole && strings.HasPrefix(name, folder+"/") {
			return true
		}
		if ok, _ := path.Match(home.pattern, name); ok {
			return true
		}
	}
	return false
}

// foreignTables returns the tables of somebody else that a statement names.
func foreignTables(folder, text string) []string {
	if _, guest := tableGuests[folder]; guest {
		return nil
	}
	var foreign []string
	for _, match := range reference.FindAllStringSubmatch(text, -1) {
		table := match[1]
		owners, known := tables[table]
		if known && !slices.ContainsFunc(owners, func(owner string) bool {
			return folder == owner || strings.HasPrefix(folder, owner+"/")
		}) {
			foreign = append(foreign, table)
		}
	}
	return foreign
}
