package app

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

var emptyView = map[string]any{
	"sort": []any{}, "text": "", "states": []any{}, "site_ids": []any{}, "department_ids": []any{}, "countries": []any{}, "devices": []any{},
	"agent_ids": []any{}, "min_seconds_on_site": 0,
}

// bodies are something every route's body validation lets through, as far as one body can.
var bodies = map[string]any{
	"PATCH /api/agents/{id}":                    map[string]any{"name": "Another name"},
	"PATCH /api/departments/{id}":               map[string]any{"name": "Another name"},
	"PATCH /api/sites/{id}":                     map[string]any{"name": "Another name"},
	"PATCH /api/outreach/templates/{id}":        map[string]any{"name": "Another name"},
	"PATCH /api/triggers/{id}":                  map[string]any{"name": "Another name"},
	"POST /api/grid-views":                      map[string]any{"name": "View", "shared": true, "view": emptyView, "columns": []string{}},
	"PUT /api/grid-views/{id}":                  map[string]any{"name": "View", "shared": true, "view": emptyView, "columns": []string{}},
	"POST /api/visitors/export":                 map[string]any{"view": emptyView, "columns": []map[string]string{{"field": "n", "title": "N"}}},
	"PUT /api/conversations/{id}/form":          map[string]any{"form_id": "f", "version": 0, "answers": map[string]any{}},
	"POST /api/conversations/{id}/notes":        map[string]any{"client_id": "c-1", "text": "x"},
	"PATCH /api/notes/{id}":                     map[string]any{"text": "x", "version": 1},
	"POST /api/forms":                           map[string]any{"kind": "survey", "name": "F", "active": true, "fields": []any{}},
	"PUT /api/forms/{id}":                       map[string]any{"version": 1, "name": "F", "active": true, "fields": []any{}},
	"PATCH /api/contacts/{id}":                  map[string]any{"state": "answered", "version": 1},
	"POST /api/conversations/{id}/take-over":    map[string]any{"agent_id": "a"},
	"PUT /api/agents/{id}/supervision":          map[string]any{"all": true, "department_ids": []string{}, "agent_ids": []string{}},
	"POST /api/team/rooms/{id}/messages":        map[string]any{"client_id": "c-1", "text": "hello"},
	"PUT /api/team/rooms/{id}/read":             map[string]any{"sequence": 1},
	"POST /api/conversations/{id}/transfer":     map[string]any{"agent_id": "a"},
	"POST /api/conversations/{id}/participants": map[string]any{"agent_id": "a"},
	"POST /api/conversations/{id}/requeue":      map[string]any{"department_id": "d"},
	"PUT /api/conversations/{id}/tags":          map[string]any{"tags": []string{"x"}},
	"PUT /api/conversations/{id}/hold":          map[string]any{"until": nil},
	"PUT /api/queue/order":                      map[string]any{"department_id": "d", "version": 0, "conversation_ids": []string{"c"}},
	"PUT /api/roulette":                         map[string]any{"version": 0, "agents": []map[string]any{{"agent_id": "a", "skipped": false}}},
	"POST /v/contacts":                          map[string]any{"client_id": "c-1", "department_id": "d", "name": "M", "email": "m@example.com", "message": "x"},
	"POST /v/conversations/{id}/survey":         map[string]any{"rating": 5},
	"POST /api/conversations/{id}/messages":     map[string]any{"client_id": "c-1", "text": "hello", "audience": "visitor"},
	"POST /v/conversations/{id}/messages":       map[string]any{"client_id": "c-1", "text": "hello", "audience": "visitor"},
	"POST /api/conversations/{id}/transcript":   map[string]any{"email": "m@example.com", "language": "pt"},
	"POST /api/quick-replies":                   map[string]any{"title": "T", "text": "x", "share": "nobody", "own": true},
	"PUT /api/routing/rules/{id}": map[string]any{
		"name": "R", "match": "all", "priority": 1, "version": 1,
		"conditions": []map[string]any{{"field": "country", "operator": "is", "values": []string{"BR"}}},
	},
	"POST /api/integrations":                                   map[string]any{"name": "CRM", "url": "https://crm.example.com", "active": true},
	"PUT /api/integrations/{id}":                               map[string]any{"name": "CRM", "url": "https://crm.example.com", "active": true, "version": 1},
	"PUT /api/conversations/{id}/visitor":                      map[string]any{"version": 0, "name": "M", "email": "m@example.com", "phone": "", "fields": map[string]any{}},
	"PUT /api/quick-replies/{id}":                              map[string]any{"title": "T", "text": "x", "share": "nobody", "version": 1},
	"PATCH /api/conversations/{id}/messages/{sequence}":        map[string]any{"text": "hello"},
	"PUT /api/conversations/{id}/messages/{sequence}/reaction": map[string]any{"emoji": "👍"},
	"POST /v/conversations/{id}/messages/{sequence}/reaction":  map[string]any{"emoji": "👍"},
}

func body(r api.Route) any { return bodies[r.Method+" "+r.Path] }

// TestRoutes_AreGuarded walks every route there is: nobody without a session, nobody without the permission, and nobody of another
// account gets anything.
func TestRoutes_AreGuarded(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		n := newNode(t, url)
		stranger := n.stranger()
		powerless := n.agent("nilo", nil)
		n.withoutPermissions(powerless)
		ids := n.anotherAccount()
		routes := n.app.api.Routes()
		if len(routes) < 25 {
			t.Fatalf("only %d routes", len(routes))
		}
		for _, r := range routes {
			name := r.Method + " " + r.Path
			if r.Permission != "" && !access.Known(r.Permission) {
				t.Errorf("%s needs %q, which is not in the list of permissions", name, r.Permission)
			}
			if r.Public {
				continue
			}
			path := strings.NewReplacer("{id}", ident.V7{}.New(), "{sequence}", "1").Replace(r.Path)
			if status, data := stranger.do(r.Method, path, body(r), nil); status != http.StatusUnauthorized {
				t.Errorf("%s without a session: %d %s, want 401", name, status, data)
			}
			if r.Visitor {
				continue
			}
			if r.Permission != "" {
				if status, data := powerless.do(r.Method, path, body(r), nil); status != http.StatusForbidden {
					t.Errorf("%s without the permission: %d %s, want 403", name, status, data)
				}
			}
			n.foreign(r, ids)
		}
	})
}

// foreign calls a route with every identifier of the other account.
func (n *node) foreign(r api.Route, ids map[string]string) {
	n.t.Helper()
	upload := r.Method == http.MethodPost && (strings.HasSuffix(r.Path, "/files") || strings.HasSuffix(r.Path, "/photo"))
	if !strings.Contains(r.Path, "{id}") || upload {
		return // uploads: TestFiles_BelongToTheirConversation
	}
	for what, id := range ids {
		path := strings.NewReplacer("{id}", id, "{sequence}", "1").Replace(r.Path)
		if status, data := n.admin.do(r.Method, path, body(r), nil); status != http.StatusNotFound {
			n.t.Errorf("%s %s with another account's %s: %d %s, want 404", r.Method, r.Path, what, status, data)
		}
	}
}

// withoutPermissions takes every permission from an agent: a role that is not in the list has none.
func (n *node) withoutPermissions(p *person) {
	n.t.Helper()
	n.sql("UPDATE agents SET role = 'none' WHERE id = ?", p.id)
	again := n.stranger()
	again.must(http.MethodPost, "/api/session", map[string]string{"login": "nilo", "password": "a good password"}, http.StatusOK, nil)
	p.client = again.client
}

func (n *node) sql(query string, args ...any) {
	n.t.Helper()
	err := n.app.store.Write(n.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
	if err != nil {
		n.t.Fatal(err)
	}
}

// anotherAccount makes a second account with one of everything, and returns the identifiers by what they are of.
func (n *node) anotherAccount() map[string]string {
	n.t.Helper()
	ids := map[string]string{}
	for _, what := range []string{
		"account", "department", "site", "agent", "conversation", "file", "contact", "block", "template", "trigger", "view", "form", "note", "quickreply", "rule",
	} {
		ids[what] = ident.V7{}.New()
	}
	n.sql("INSERT INTO accounts (id, name, time_zone, language, active, created_at) VALUES (?, 'Other', 'UTC', 'en', ?, 0)", ids["account"], true)
	n.sql("INSERT INTO account_counters (account_id) VALUES (?)", ids["account"])
	n.sql("INSERT INTO departments (id, account_id, name, display_name, description, position, active, created_at) VALUES (?, ?, 'D', 'D', '', 1, ?, 0)",
		ids["department"], ids["account"], true)
	n.sql("INSERT INTO sites (id, account_id, name, key, allowed_domains, language, active, created_at) VALUES (?, ?, 'S', 'otherkey', '[\"*\"]', 'en', ?, 0)",
		ids["site"], ids["account"], true)
	n.sql(`INSERT INTO agents (id, account_id, login, password_hash, name, email, role, active, status, method, conversation_limit, preferences, created_at)
		VALUES (?, ?, 'other', '', 'O', '', 'agent', ?, 'online', 'both', 5, '{}', 0)`, ids["agent"], ids["account"], true)
	n.sql("INSERT INTO grid_views (id, account_id, agent_id, name, shared, definition, created_at) VALUES (?, ?, ?, 'V', ?, '{}', 0)",
		ids["view"], ids["account"], ids["agent"], true)
	n.sql(`INSERT INTO conversations (id, account_id, number, client_id, site_id, department_id, visitor_id, visit_id, state, agent_id, visitor,
		visitor_name, visitor_email, queue_entered_at) VALUES (?, ?, 1, 'c', ?, ?, 'v', 'v', 'active', ?, '{}', '', '', 0)`,
		ids["conversation"], ids["account"], ids["site"], ids["department"], ids["agent"])
	n.sql(`INSERT INTO files (id, account_id, conversation_id, name, content_type, size, sha256, blob_key, audience, created_at)
		VALUES (?, ?, ?, 'f', 'text/plain', 1, '', 'k', 'visitor', 0)`, ids["file"], ids["account"], ids["conversation"])
	n.sql("INSERT INTO blocks (id, account_id, address, reason, agent_id, created_at) VALUES (?, ?, '192.0.2.1', '', ?, 0)",
		ids["block"], ids["account"], ids["agent"])
	n.sql(`INSERT INTO contact_requests (id, account_id, client_id, site_id, department_id, visitor_id, name, email, phone, subject, message,
		page_url, language, state, created_at, changed_at) VALUES (?, ?, 'c', ?, ?, 'v', 'M', 'm@example.com', '', '', 'x', '', 'en', 'open', 0, 0)`,
		ids["contact"], ids["account"], ids["site"], ids["department"])
	n.sql("INSERT INTO outreach_templates (id, account_id, kind, name, active, content, created_at, updated_at) VALUES (?, ?, 'invite', 'T', ?, '{}', 0, 0)",
		ids["template"], ids["account"], true)
	n.sql(`INSERT INTO notes (id, account_id, client_id, conversation_id, department_id, visitor_id, visitor_email, verified_id, agent_id, text,
		created_at, changed_at, version) VALUES (?, ?, 'c', ?, ?, 'v', '', '', ?, 'x', 0, 0, 1)`,
		ids["note"], ids["account"], ids["conversation"], ids["department"], ids["agent"])
	n.sql("INSERT INTO forms (id, account_id, kind, name, active, content, version, created_at, updated_at) VALUES (?, ?, 'survey', 'F', ?, '{}', 1, 0, 0)",
		ids["form"], ids["account"], true)
	n.sql(`INSERT INTO triggers (id, account_id, name, description, active, priority, delay, once, repeats, time_zone, matching, conditions,
		action, version, created_at, updated_at) VALUES (?, ?, 'R', '', ?, 0, 0, 'visitor', 0, '', 'all',
		'[{"field":"country","operator":"is","values":["BR"]}]', '{"kind":"open"}', 1, 0, 0)`, ids["trigger"], ids["account"], false)
	n.sql(`INSERT INTO quick_replies (id, account_id, owner, title, shortcut, folder, body, share, updated_at)
		VALUES (?, ?, '', 'Q', '', '', 'x', 'everybody', 0)`, ids["quickreply"], ids["account"])
	n.sql(`INSERT INTO routing_rules (id, account_id, name, active, place, matching, conditions, priority, skills, version, created_at, updated_at)
		VALUES (?, ?, 'R', ?, 1, 'all', '[{"field":"country","operator":"is","values":["BR"]}]', 1, '[]', 1, 0, 0)`,
		ids["rule"], ids["account"], true)
	return ids
}
