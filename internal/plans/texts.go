package plans

import (
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

const module = "github.com/aceno-chat/aceno/"

// outside are the folders whose SQL is not looked at, each with its reason. A folder that ends in "test" is a test's.
var outside = map[string]string{
	"internal/platform/store": "the store itself: what it runs is the statements of others",
	"internal/bench":          "a measuring tool that fills and looks at databases of its own",
	"internal/archtest":       "no program: tests of the source",
	"internal/plans":          "no program: this test",
}

// Text is one SQL statement of the program.
type Text struct {
	// Name is the constant's with its package (conversation.claim), or the function's in which the text stands.
	Name string
	// Place is its file and line.
	Place string
	SQL   string
}

// source is what the program's packages say about SQL.
type source struct {
	texts []Text
	// loose are the places where a statement is run whose text is not a constant.
	loose []loose
}

type loose struct {
	name, place, why string
	// call says that it was found where a statement is run, and is looked for again.
	call bool
}

// read finds the texts in the packages of the module that stands in root. tables are those of the schema.
func read(root string, tables []string) (*source, error) {
	loaded, err := load(root, "./internal/...", "./cmd/...")
	if err != nil {
		return nil, err
	}
	folder, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	found := &source{}
	for _, p := range loaded {
		if isOutside(p.PkgPath) {
			continue
		}
		r := newReading(p, folder, tables)
		r.run()
		found.texts = append(found.texts, r.texts...)
		found.loose = append(found.loose, r.loose...)
	}
	return found, nil
}

// load reads packages with their types; those of what they import come from the build's cache.
func load(folder string, patterns ...string) ([]*packages.Package, error) {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedSyntax |
			packages.NeedTypes | packages.NeedTypesInfo | packages.NeedExportFile,
		Dir: folder,
	}, patterns...)
	if err != nil {
		return nil, fmt.Errorf("load the program: %w", err)
	}
	for _, p := range loaded {
		for _, e := range p.Errors {
			err = errors.Join(err, e)
		}
	}
	return loaded, err
}

func isOutside(path string) bool {
	folder := strings.TrimPrefix(path, module)
	for out := range outside {
		if folder == out || strings.HasPrefix(folder, out+"/") {
			return true
		}
	}
	return strings.HasSuffix(folder, "test")
}

var statement = regexp.MustCompile(`^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s`)

// mentions makes a pattern that finds any of the tables as a word.
func mentions(tables []string) *regexp.Regexp {
	return regexp.MustCompile(`\b(` + strings.Join(tables, "|") + `)\b`)
}

// reading is one package being read.
type reading struct {
	*packages.Package
	folder string
	tables *regexp.Regexp
	// whole are the constants that stand somewhere by themselves; the others are only parts of longer texts.
	whole map[types.Object]bool
	// declared are the texts that have a constant's name.
	declared map[types.Object]Text
	forwards forwarded
	texts    []Text
	loose    []loose
}

func newReading(p *packages.Package, folder string, tables []string) *reading {
	return &reading{
		Package: p, folder: folder, tables: mentions(tables),
		whole: map[types.Object]bool{}, declared: map[types.Object]Text{}, forwards: forwarded{},
	}
}

func (r *reading) run() {
	r.declarations(r.constants)
	r.calls()
	for object, text := range r.declared {
		if r.whole[object] {
			r.texts = append(r.texts, text)
		}
	}
	slices.SortFunc(r.texts, func(a, b Text) int { return strings.Compare(a.Place, b.Place) })
}

// declarations looks at each declaration with the name that what stands in it goes by.
func (r *reading) declarations(look func(root ast.Node, name string)) {
	for _, file := range r.Syntax {
		for _, declaration := range file.Decls {
			name := r.Name
			if f, ok := declaration.(*ast.FuncDecl); ok {
				name += "." + f.Name.Name
			}
			look(declaration, name)
		}
	}
}

// constants finds the outermost constant strings under a node.
func (r *reading) constants(root ast.Node, name string) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			return r.values(n, name)
		case *ast.BinaryExpr:
			if n.Op == token.ADD && r.constant(n) == "" {
				r.glued(n, name)
				return false
			}
		}
		expr, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		text := r.constant(expr)
		if text == "" {
			return true
		}
		if object := r.object(expr); object != nil {
			r.whole[object] = true
		} else if r.isSQL(text) {
			r.texts = append(r.texts, Text{Name: name, Place: r.place(expr.Pos()), SQL: text})
		}
		return false
	})
}

// values notes the constants that a declaration names; it says whether its values are looked at one by one, which those of
// variables are.
func (r *reading) values(n *ast.ValueSpec, name string) bool {
	for i, id := range n.Names {
		r.declare(id, n, i)
	}
	if _, isConstant := r.TypesInfo.Defs[n.Names[0]].(*types.Const); isConstant {
		return false
	}
	if name != r.Name {
		return true
	}
	for _, value := range n.Values {
		r.constants(value, name+"."+n.Names[0].Name)
	}
	return false
}

// glued looks at what is put together from a constant and something else: a text that is part of it is none.
func (r *reading) glued(n *ast.BinaryExpr, name string) {
	for _, side := range []ast.Expr{n.X, n.Y} {
		if text := r.constant(side); text == "" {
			r.constants(side, name)
		} else if r.isSQL(text) {
			r.loose = append(r.loose, loose{name: name, place: r.place(n.Pos()), why: "a text is glued to what is not a constant"})
		}
	}
}

func (r *reading) declare(id *ast.Ident, spec *ast.ValueSpec, i int) {
	object, ok := r.TypesInfo.Defs[id].(*types.Const)
	if !ok || i >= len(spec.Values) || object.Val().Kind() != constant.String {
		return
	}
	// A constant that is another one by a second name makes that one whole.
	if other := r.object(spec.Values[i]); other != nil {
		r.whole[other] = true
		return
	}
	if text := constant.StringVal(object.Val()); r.isSQL(text) {
		r.declared[object] = Text{Name: r.Name + "." + id.Name, Place: r.place(id.Pos()), SQL: text}
		r.whole[object] = r.whole[object] || object.Exported()
	}
}

func (r *reading) isSQL(text string) bool {
	return statement.MatchString(text) && r.tables.MatchString(text)
}

// constant returns the value of an expression that is a constant string.
func (r *reading) constant(expr ast.Expr) string {
	if value := r.TypesInfo.Types[expr].Value; value != nil && value.Kind() == constant.String {
		return constant.StringVal(value)
	}
	return ""
}

// object returns the constant that a plain name means.
func (r *reading) object(expr ast.Expr) types.Object {
	var id *ast.Ident
	switch e := ast.Unparen(expr).(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	default:
		return nil
	}
	if object, ok := r.TypesInfo.Uses[id].(*types.Const); ok {
		return object
	}
	return nil
}

func (r *reading) place(pos token.Pos) string {
	at := r.Fset.Position(pos)
	name, err := filepath.Rel(r.folder, at.Filename)
	if err != nil {
		name = at.Filename
	}
	return fmt.Sprintf("%s:%d", filepath.ToSlash(name), at.Line)
}
