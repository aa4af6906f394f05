package app

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/aceno-chat/aceno/internal/platform/guard"
)

// registerMetrics describes what an operator watches. Values are read when asked for, so they cost nothing otherwise.
func (a *App) registerMetrics() {
	a.metrics = prometheus.NewRegistry()
	a.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	a.metrics.MustRegister(a.decisions)
	gauge := func(name, help string, value func() float64) {
		a.metrics.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "aceno", Name: name, Help: help}, value))
	}
	counter := func(name, help string, value func() float64) {
		a.metrics.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "aceno", Name: name, Help: help}, value))
	}
	gauge("visitor_connections", "Visitors' connections open on this node.", func() float64 { return float64(a.edge.Stats().Open) })
	counter("visitor_connections_accepted_total", "Visitors' connections accepted.", func() float64 { return float64(a.edge.Stats().Accepted) })
	counter("visitor_connections_refused_total", "Visitors' connections refused: key, origin, limits.", func() float64 { return float64(a.edge.Stats().Refused) })
	counter("visitor_connections_cut_slow_total", "Visitors' connections cut because they read too slowly.", func() float64 { return float64(a.edge.Stats().Slow) })
	counter("trigger_actions_lost_total", "Actions of triggers that were not begun because too many waited.", func() float64 { return float64(a.triggers.Engine().Lost()) })
	gauge("write_delay_seconds", "For how long what is being written to the database has been waiting.", func() float64 { return a.store.LongestDelay().Seconds() })
	counter("conversations_refused_overloaded_total", "Visitors who asked for contact and were told to wait because the database was late.", func() float64 { return float64(a.conversations.TurnedAway()) })
	for _, limit := range guard.Limits() {
		a.metrics.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Namespace: "aceno", Name: "limits_reached_total", Help: "How often a bound on connections, requests or slow clients has bitten.",
			ConstLabels: prometheus.Labels{"limit": string(limit)},
		}, func() float64 { return float64(a.gate.Reached(limit)) }))
	}
	gauge("http_connections", "Connections of the HTTP server, without sockets.", func() float64 { return float64(a.gate.Connections()) })
	gauge("panel_sessions", "Agents' sockets open on this node.", func() float64 { return float64(a.hub.Stats().Open) })
	counter("panel_sessions_cut_slow_total", "Agents' sockets cut because they read too slowly.", func() float64 { return float64(a.hub.Stats().CutSlow) })
	counter("panel_bytes_sent_total", "Bytes sent to agents' sockets before compression.", func() float64 { return float64(a.hub.Stats().BytesSent) })
}

// metricsHandler lets only this machine and trusted proxies' networks read the metrics: they tell how busy a company is.
func (a *App) metricsHandler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if addr := a.clientAddr(r); !addr.IsLoopback() && !addr.IsPrivate() {
			http.Error(w, "metrics are for the operator's network", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
