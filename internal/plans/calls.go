package plans

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// runners are the methods that take a text, wherever they come from: the store's Tx and Reader, and the small interfaces
// that features declare.
var runners = map[string]bool{"Exec": true, "Query": true, "QueryRow": true}

// builders are the query builder's entrances: what they make is no text that could be explained.
var builders = map[string]bool{
	"NewSelect": true, "NewInsert": true, "NewUpdate": true, "NewDelete": true, "NewRaw": true, "NewMerge": true, "NewValues": true,
}

// forwarded are the functions of a package that hand one of their parameters on as a text, with its place: whoever calls
// them hands over a text too.
type forwarded map[*types.Func]int

// calls finds the statements whose text is not a constant. A function that is found to forward a text makes its callers
// worth another look, until none is found.
func (r *reading) calls() {
	for before := -1; before != len(r.forwards); {
		before = len(r.forwards)
		r.loose = slices.DeleteFunc(r.loose, func(l loose) bool { return l.call })
		r.declarations(r.callsIn)
	}
}

func (r *reading) callsIn(root ast.Node, name string) {
	var enclosing []ast.Node
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			enclosing = enclosing[:len(enclosing)-1]
			return true
		}
		enclosing = append(enclosing, n)
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		function := r.called(call)
		if function == nil {
			return true
		}
		if builders[function.Name()] && function.Signature().Recv() != nil {
			r.report(call, name, "the query builder: its statement can't be found in the source")
			return true
		}
		at, forwards := r.forwards[function]
		if !forwards {
			at = queryParameter(function)
		}
		if at >= 0 && at < len(call.Args) && !r.isKnown(call.Args[at], enclosing) {
			r.report(call, name, "the text handed to "+function.Name()+" is not a constant")
		}
		return true
	})
}

// called returns the function or method that a call names.
func (r *reading) called(call *ast.CallExpr) *types.Func {
	named := ast.Unparen(call.Fun)
	switch generic := named.(type) {
	case *ast.IndexExpr:
		named = generic.X
	case *ast.IndexListExpr:
		named = generic.X
	}
	var id *ast.Ident
	switch named := named.(type) {
	case *ast.Ident:
		id = named
	case *ast.SelectorExpr:
		id = named.Sel
	default:
		return nil
	}
	if function, ok := r.TypesInfo.Uses[id].(*types.Func); ok {
		return function.Origin()
	}
	return nil
}

func (r *reading) report(call *ast.CallExpr, name, why string) {
	r.loose = append(r.loose, loose{name: name, place: r.place(call.Pos()), why: why, call: true})
}

// queryParameter returns the place of the text among the arguments of a method (ctx, query, args...), -1 when it is no such
// method: an http.Request's URL has a Query too.
func queryParameter(method *types.Func) int {
	signature := method.Signature()
	if !runners[method.Name()] || signature.Recv() == nil || !signature.Variadic() || signature.Params().Len() != 3 {
		return -1
	}
	if !types.Identical(signature.Params().At(1).Type(), types.Typ[types.String]) {
		return -1
	}
	return 1
}

// isKnown says whether the texts an argument can be are all found: a constant, a parameter (then the callers hand it
// over), or a variable of the function or a field of the package that is given constants only.
func (r *reading) isKnown(argument ast.Expr, enclosing []ast.Node) bool {
	if r.TypesInfo.Types[argument].Value != nil {
		return true
	}
	argument = ast.Unparen(argument)
	if selector, ok := argument.(*ast.SelectorExpr); ok {
		field, ok := r.TypesInfo.Uses[selector.Sel].(*types.Var)
		return ok && field.IsField() && r.holdsConstants(field)
	}
	id, ok := argument.(*ast.Ident)
	if !ok {
		return false
	}
	variable, ok := r.TypesInfo.Uses[id].(*types.Var)
	if !ok {
		return false
	}
	if r.forwardsTo(enclosing[0], variable) {
		return true
	}
	return r.isGivenConstants(enclosing[0], variable)
}

// forwardsTo says whether a variable is a parameter of a declared function, and notes that this function forwards it.
func (r *reading) forwardsTo(declaration ast.Node, variable *types.Var) bool {
	function, ok := declaration.(*ast.FuncDecl)
	if !ok {
		return false
	}
	object, ok := r.TypesInfo.Defs[function.Name].(*types.Func)
	if !ok {
		return false
	}
	parameters := object.Signature().Params()
	for i := range parameters.Len() {
		if parameters.At(i) == variable {
			r.forwards[object] = i
			return true
		}
	}
	return false
}

// isGivenConstants says whether every assignment to a variable under root gives it a constant.
func (r *reading) isGivenConstants(root ast.Node, variable *types.Var) bool {
	given, constant := false, true
	note := func(isConstant bool) { given, constant = true, constant && isConstant }
	means := func(expr ast.Expr) bool {
		id, ok := expr.(*ast.Ident)
		return ok && (r.TypesInfo.Defs[id] == variable || r.TypesInfo.Uses[id] == variable)
	}
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if i := slices.IndexFunc(n.Lhs, means); i >= 0 {
				note(n.Tok != token.ADD_ASSIGN && len(n.Lhs) == len(n.Rhs) && r.TypesInfo.Types[n.Rhs[i]].Value != nil)
			}
		case *ast.ValueSpec:
			if i := slices.IndexFunc(n.Names, func(id *ast.Ident) bool { return means(id) }); i >= 0 && i < len(n.Values) {
				note(r.TypesInfo.Types[n.Values[i]].Value != nil)
			}
		case *ast.RangeStmt:
			if means(n.Value) {
				note(r.listsConstants(n.X))
			}
		}
		return true
	})
	return given && constant
}

// listsConstants says whether a list or map is written down with nothing but constants in it.
func (r *reading) listsConstants(list ast.Expr) bool {
	literal, ok := ast.Unparen(list).(*ast.CompositeLit)
	if !ok {
		return false
	}
	return !slices.ContainsFunc(literal.Elts, func(element ast.Expr) bool {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			element = pair.Value
		}
		return r.TypesInfo.Types[element].Value == nil
	})
}

// holdsConstants says whether a field is given constants only, wherever the package makes or changes such a struct.
func (r *reading) holdsConstants(field *types.Var) bool {
	given, constant := false, true
	note := func(value ast.Expr) {
		given = true
		constant = constant && r.TypesInfo.Types[value].Value != nil
	}
	for _, file := range r.Syntax {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				r.noteFields(n, field, note)
			case *ast.AssignStmt:
				for i, left := range n.Lhs {
					if selector, ok := left.(*ast.SelectorExpr); ok && r.TypesInfo.Uses[selector.Sel] == field {
						note(n.Rhs[min(i, len(n.Rhs)-1)])
					}
				}
			}
			return true
		})
	}
	return given && constant
}

// noteFields notes what a literal gives a field, by its name or by its place.
func (r *reading) noteFields(literal *ast.CompositeLit, field *types.Var, note func(ast.Expr)) {
	structure, ok := r.TypesInfo.Types[literal].Type.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok && r.TypesInfo.Uses[key] == field {
				note(pair.Value)
			}
		} else if i < structure.NumFields() && structure.Field(i) == field {
			note(element)
		}
	}
}
