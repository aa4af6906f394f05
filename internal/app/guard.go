package app

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/guard"
)

// startGate puts the bounds on strangers before the handlers.
func (a *App) startGate() error {
	proxies, err := a.config.Proxies()
	if err != nil {
		return err
	}
	descriptors := guard.Descriptors()
	if a.descriptors > 0 {
		descriptors = a.descriptors
	}
	a.gate = guard.New(guard.Options{
		Logger: a.log, Window: a.window, PerNetwork: a.config.MaxPerAddress, Descriptors: descriptors, Address: addrOf, Trusted: proxies,
		Class: a.classOf,
		Sockets: func() int {
			return a.edge.Descriptors() + int(a.hub.Stats().Open)
		},
		Problem: func(w http.ResponseWriter, r *http.Request, err error) {
			refusal := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.writeProblem(w, r, err) })
			if isVisitors(r.URL.Path) {
				crossOrigin(refusal).ServeHTTP(w, r) // the page's script must be able to read it
				return
			}
			refusal.ServeHTTP(w, r)
		},
	})
	return nil
}

// classOf says for whom a request is, when only the agents' reserve of descriptors is left.
func (a *App) classOf(r *http.Request) guard.Class {
	if isVisitors(r.URL.Path) {
		return guard.Visitor
	}
	if _, err := a.api.Authenticate(r); err == nil {
		return guard.Agent
	}
	return guard.Panel
}

// addrOf is where a request comes from, as the API's outermost handler has found out.
func addrOf(r *http.Request) netip.Addr { return api.ClientAddr(r.Context()) }

// isVisitors says whether an address is for visitors: everything else is the panel's or the operator's.
func isVisitors(path string) bool {
	for _, prefix := range []string{"/v/", "/chat/", "/chatmobile/", "/js/"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}
