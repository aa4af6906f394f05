package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	// readsWarm are the calls of each route that are not measured.
	readsWarm = 2
	// documentPath describes all routes but itself.
	documentPath = "/api/openapi.json"
)

// measureReads measures every GET of the panel's API, one call after another, as an administrator who sees the whole account. The routes
// are those that the server describes, so that none is forgotten.
func (b *bench) measureReads(ctx context.Context) error {
	return b.with(ctx, b.DatabaseURL, func(ctx context.Context, i *installation) error {
		r := &reads{floor: &floor{installation: i}, known: map[string]string{}}
		defer r.close()
		if err := r.prepare(ctx); err != nil {
			return err
		}
		routes, err := r.routes(ctx)
		if err != nil {
			return err
		}
		b.progressf("%d routes and variants", len(routes))
		return b.readAll(ctx, r, routes)
	})
}

// readRoute is a GET as the server's description names it, with the query of a variant: values stand in braces.
type readRoute struct {
	path, query string
	// apart is measured without being held to the target: an export is as long as what it exports.
	apart bool
}

func (r readRoute) name() string {
	if r.query != "" {
		return "GET " + r.path + "?" + r.query
	}
	return "GET " + r.path
}

// variants are the queries that make a difference, by path, beside the path without any. Values in braces are those of reads.known.
var variants = map[string][]string{
	"/api/audit": {
		"agent_id={agent}", "action=conversation.whispered", "action=session.ended", "agent_id={agent}&action=conversation.ended", "before={old entry}",
		"limit=100",
	},
	"/api/contacts": {
		"state=open", "state=in_progress", "state=answered", "department_id={department}", "department_id={department}&state=answered",
		"before={old contact}", "state=open&before={old contact}",
	},
	"/api/conversations/{id}/history":  {"q=transportadora", "before={old number}"},
	"/api/conversations/{id}/messages": {"after=1", "before=3"},
	"/api/leads": {
		"since={last month}", "since={last year}", "site_id={site}", "site_id={site}&since={last year}", "before={old lead}", "limit=100",
	},
	"/api/outreach/deliveries":      {"visitor_id={visitor}"},
	"/api/routing/decisions":        {"conversation={conversation}"},
	"/api/team/rooms/{id}/messages": {"after=0", "before=100"},
}

// routes reads which there are.
func (r *reads) routes(ctx context.Context) ([]readRoute, error) {
	var document struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := r.calls.call(ctx, r.admin, http.MethodGet, documentPath, nil, &document); err != nil {
		return nil, err
	}
	list := []readRoute{{path: documentPath, apart: true}}
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		text, ok := document.Paths[path]["get"]
		if !ok || !strings.HasPrefix(path, "/api/") {
			continue
		}
		var get struct {
			Parameters []struct {
				Name     string `json:"name"`
				In       string `json:"in"`
				Required bool   `json:"required"`
			} `json:"parameters"`
			Responses map[string]struct {
				Content map[string]json.RawMessage `json:"content"`
			} `json:"responses"`
		}
		if err := json.Unmarshal(text, &get); err != nil {
			return nil, fmt.Errorf("bench: %s: %w", path, err)
		}
		_, csv := get.Responses["200"].Content["text/csv"]
		plain := readRoute{path: path, apart: csv}
		var needed []string
		for _, p := range get.Parameters {
			if p.In == "query" && p.Required {
				needed = append(needed, p.Name+"={"+p.Name+"}")
			}
		}
		// The variants of a route that can't do without a query are all there is of it.
		if len(needed) == 0 || len(variants[path]) == 0 {
			plain.query = strings.Join(needed, "&")
			list = append(list, plain)
		}
		for _, query := range variants[path] {
			variant := plain
			variant.query = query
			list = append(list, variant)
		}
	}
	return list, nil
}

var placeholder = regexp.MustCompile(`\{[^}]+\}`)

// address fills a route's values in. The error says which is not known, and why.
func (r *reads) address(route readRoute) (string, error) {
	var missing error
	value := func(key string) string {
		if known, ok := r.known[key]; ok {
			return known
		}
		why := r.unknown[key]
		if why == nil {
			why = errors.New("nobody knows one")
		}
		missing = fmt.Errorf("no %s: %w", key, why)
		return ""
	}
	path := route.path
	for {
		at := placeholder.FindStringIndex(path)
		if at == nil {
			break
		}
		// What stands in a path is known by all before it in the description: an identifier is one of something.
		depth := strings.Count(path[:at[1]], "/")
		key := strings.Join(strings.SplitN(route.path, "/", depth+2)[:depth+1], "/")
		path = path[:at[0]] + value(key) + path[at[1]:]
		if missing != nil {
			return "", missing
		}
	}
	query := placeholder.ReplaceAllStringFunc(route.query, func(key string) string { return value(strings.Trim(key, "{}")) })
	if query != "" {
		path += "?" + query
	}
	return path, missing
}

// readAll measures the routes and tells.
func (b *bench) readAll(ctx context.Context, r *reads, routes []readRoute) error {
	var failures []error
	slowest, slowestName, held := time.Duration(0), "", 0
	for _, route := range routes {
		address, err := r.address(route)
		if err != nil {
			b.unmeasured("reads", route.name(), err)
			continue
		}
		took, err := r.read(ctx, address, b.ladder.reads)
		if ctx.Err() != nil {
			return ctx.Err() //nolint:wrapcheck // it was interrupted
		}
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", route.name(), err))
			continue
		}
		p95 := took.percentile(95)
		how := fmt.Sprintf("p50 %s ms, status 200, %d calls one after another", number(milliseconds(took.percentile(50))), b.ladder.reads)
		if route.apart {
			how += "; not held to what is to be reached"
		} else {
			held++
			if p95 > slowest {
				slowest, slowestName = p95, route.name()
			}
		}
		b.report.add(Figure{Scenario: "reads", Name: route.name() + ", p95", Value: milliseconds(p95), Unit: "ms", How: how})
	}
	if held > 0 {
		b.report.add(Figure{
			Scenario: "reads", Name: "slowest GET, p95", Value: milliseconds(slowest), Unit: "ms", Target: atMost(50),
			How: fmt.Sprintf("of %d; it is %s", held, slowestName),
		})
	}
	return errors.Join(failures...)
}

// unmeasured notes what could not be measured without being a failure.
func (b *bench) unmeasured(scenario, name string, why error) {
	if b.history > 0 {
		scenario = fmt.Sprintf("%s with %d past conversations", scenario, b.history)
	}
	b.report.Unmeasured = append(b.report.Unmeasured, fmt.Sprintf("%s: %s: %v", scenario, name, why))
}

// read calls an address so many times, and a few times before.
func (r *reads) read(ctx context.Context, address string, times int) (*sample, error) {
	var took sample
	for n := range readsWarm + times {
		begin := time.Now()
		if _, err := r.calls.send(ctx, r.admin, http.MethodGet, address, nil); err != nil {
			return nil, err
		}
		if n >= readsWarm {
			took.add(time.Since(begin))
		}
	}
	return &took, nil
}
