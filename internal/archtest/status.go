package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"strings"
)

// checkStatus keeps HTTP statuses out of the features' rules: a refusal is a fault, and one place turns its code into a
// status. Only routes.go may name the status of a success.
func checkStatus(f *file) []Violation {
	_, room, ok := place(f.folder)
	base := path.Base(f.path)
	if f.test || !ok || !isFeature(room) || base == "routes.go" || strings.HasPrefix(base, "routes_") {
		return nil
	}
	var found []Violation
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		owner, ok := selector.X.(*ast.Ident)
		if ok && owner.Name == "http" && strings.HasPrefix(selector.Sel.Name, "Status") {
			message := fmt.Sprintf("http.%s outside routes.go: return a fault", selector.Sel.Name)
			found = append(found, Violation{f.path, f.line(selector.Pos()), "status", message})
		}
		return true
	})
	return found
}
