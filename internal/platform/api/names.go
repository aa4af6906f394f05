package api

import (
	"fmt"
	"path"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// names gives each type of the document one name, and no two the same: a named type its own, with its package before it where
// another was first; the nameless body of a route the route's. The order of registration decides, so the document is stable.
type names struct {
	mu     sync.Mutex
	route  Route // being registered
	byType map[reflect.Type]string
	taken  map[string]bool
}

func newNames() *names {
	return &names{byType: make(map[reflect.Type]string), taken: make(map[string]bool)}
}

func (n *names) registering(r Route) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.route = r
}

func (n *names) name(t reflect.Type, hint string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if known, ok := n.byType[t]; ok {
		return known
	}
	name := huma.DefaultSchemaNamer(t, hint)
	if t.Name() == "" && n.route.Path != "" {
		if strings.Contains(strings.ToLower(hint), "in") {
			name = routeName(n.route) + "Request"
		} else {
			name = routeName(n.route) + "Response"
		}
	}
	if n.taken[name] && t.PkgPath() != "" {
		pkg := path.Base(t.PkgPath())
		name = strings.ToUpper(pkg[:1]) + pkg[1:] + name
	}
	for base, i := name, 2; n.taken[name]; i++ {
		name = fmt.Sprint(base, i)
	}
	n.taken[name] = true
	n.byType[t] = name
	return name
}

// routeName makes `PostQueueNext` of POST /api/queue/next, and `GetVisitorSite` of GET /v/site.
func routeName(r Route) string {
	name := r.Method[:1] + strings.ToLower(r.Method[1:])
	where := r.Path
	if rest, ok := strings.CutPrefix(where, "/v/"); ok {
		where = "visitor/" + rest
	}
	where = strings.TrimPrefix(where, "/api/")
	var nameSb69 strings.Builder
	for _, part := range strings.FieldsFunc(where, func(c rune) bool { return c == '/' || c == '-' || c == '.' }) {
		if strings.HasPrefix(part, "{") {
			continue
		}
		nameSb69.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	name += nameSb69.String()
	return name
}
