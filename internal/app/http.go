package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/live"
)

const readyTimeout = 2 * time.Second

// handler puts every address of the server together.
func (a *App) handler() (http.Handler, error) {
	panel, err := newAssets("panel")
	if err != nil {
		return nil, err
	}
	widget, err := newAssets("widget")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()

	// Agents: same origin only, told by what browsers say of a request (Fetch metadata); nothing to forget in a form.
	crossSite := http.NewCrossOriginProtection()
	crossSite.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		api.WriteProblem(w, r, a.api.Problem(r.Context(), fault.New(fault.CrossSite)))
	}))
	mux.Handle("/api/", crossSite.Handler(noStore(a.apiOrNotFound())))
	mux.Handle("GET /api/live", http.HandlerFunc(a.serveLive))
	mux.Handle("GET /api/openapi.json", http.HandlerFunc(a.serveDocument))

	// Visitors: any origin may ask, without cookies; the site's allowed domains decide.
	mux.Handle("/v/", crossOrigin(noStore(a.apiOrNotFound())))
	mux.Handle("GET /v/aceno.js", widget.script("aceno.js"))
	mux.Handle("GET /v/chat.js", widget.script("chat.js"))
	mux.Handle("GET /v/page.js", widget.script("page.js"))
	mux.Handle("GET /v/aceno.d.ts", widget.script("aceno.d.ts"))
	mux.Handle("GET /v/direct.js", widget.script("direct.js"))
	mux.Handle("GET /js/tn.js", widget.script("tn.js")) // where the original product's install code looks for it
	mux.Handle("GET /chat/{key}", http.HandlerFunc(a.serveChat))
	mux.Handle("GET /chatmobile/2_entry.php", http.HandlerFunc(redirectChat))
	mux.Handle("GET /v/socket", http.HandlerFunc(a.edge.ServeSocket))
	mux.Handle("POST /v/poll", crossOrigin(http.HandlerFunc(a.edge.ServePoll)))
	mux.Handle("POST /v/leave", crossOrigin(http.HandlerFunc(a.visits.ServeLeave)))

	// Operators.
	mux.Handle("GET /healthz", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) }))
	mux.Handle("GET /readyz", http.HandlerFunc(a.serveReady))
	mux.Handle("GET /metrics", a.metricsHandler())

	mux.Handle("/", panel.panel())
	return mux, nil
}

// apiOrNotFound serves the declared routes and answers a problem for everything else below their paths.
func (a *App) apiOrNotFound() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := a.api.Mux.Handler(r); pattern == "" {
			code := fault.NotFound
			for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
				probe := &http.Request{Method: method, URL: r.URL, Host: r.Host}
				if _, other := a.api.Mux.Handler(probe); other != "" {
					code = fault.MethodNotAllowed
				}
			}
			api.WriteProblem(w, r, a.api.Problem(r.Context(), fault.New(code)))
			return
		}
		a.api.Mux.ServeHTTP(w, r)
	})
}

func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// crossOrigin answers preflights and lets the page read the answer. No credentials: a visitor is known by a token the page holds.
func crossOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		if origin := r.Header.Get("Origin"); origin != "" {
			h.Add("Vary", "Origin")
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Expose-Headers", "X-Request-Id, Retry-After")
			if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
				h.Set("Access-Control-Allow-Methods", "GET, POST")
				h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept-Language")
				h.Set("Access-Control-Max-Age", "86400")
				w.WriteHeader(http.StatusNoContent)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// serveLive opens an agent's socket. A browser's request names its origin: only our own is let in.
func (a *App) serveLive(w http.ResponseWriter, r *http.Request) {
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host && origin != "https://"+r.Host &&
		origin != a.config.PublicURL {
		api.WriteProblem(w, r, a.api.Problem(r.Context(), fault.New(fault.CrossSite)))
		return
	}
	actor, err := a.api.Authenticate(r)
	if err != nil {
		api.WriteProblem(w, r, a.api.Problem(r.Context(), err))
		return
	}
	a.hub.Serve(w, r, live.Identity{
		AccountID: actor.AccountID, AgentID: actor.AgentID, SessionID: actor.SessionID,
		Scope: actor.Scope(), Language: api.LanguageOf(r.Context()),
	}, a.newPanel(actor))
}

// serveDocument answers with the API's document, which is public: built and compressed once, however often it is asked for.
func (a *App) serveDocument(w http.ResponseWriter, r *http.Request) {
	document, err := a.document()
	if err != nil {
		a.writeProblem(w, r, err)
		return
	}
	document.serve(w, r, "no-cache")
}

// Document returns the OpenAPI 3.1 document, indented.
func (a *App) Document() ([]byte, error) {
	return json.MarshalIndent(a.api.Huma.OpenAPI(), "", "  ")
}

// documentAsset builds what serveDocument sends. The routes must be registered.
func (a *App) documentAsset() (*asset, error) {
	document, err := a.Document()
	if err != nil {
		return nil, fmt.Errorf("app: the document: %w", err)
	}
	return newAsset(document, "application/json"), nil
}

func (a *App) serveReady(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	switch err := a.store.Ping(ctx); {
	case a.stopping.Load():
		http.Error(w, "stopping", http.StatusServiceUnavailable)
	case err != nil:
		a.log.Warn("not ready", "error", err)
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
	case !a.bus.Healthy():
		http.Error(w, "the bus is not connected", http.StatusServiceUnavailable)
	default:
		_, _ = w.Write([]byte("ok\n"))
	}
}
