package app

import (
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/aceno-chat/aceno/internal/platform/guard"
)

// registerMetrics describes what an operator watches. Values are read when asked for, so they cost nothing otherwise.
func (a *App) registerMetrics() {
	a.metrics = prometheus.NewRegistry()
	a.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	a.metrics.MustRegister(a.decisions, a.signIns)
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
	gauge("visits", "Visits in memory on this node.", func() float64 { return float64(a.visits.Load().Visits) })
	gauge("visits_bytes", "What they hold, by estimate.", func() float64 { return float64(a.visits.Load().Bytes) })
	gauge("visits_limit_bytes", "What they may hold (--visitor-memory).", func() float64 { return float64(a.visits.Load().Limit) })
	counter("visits_refused_network_total", "New visits refused because their network began too many.", func() float64 { return float64(a.visits.Load().Paced) })
	counter("visits_refused_memory_total", "Visits refused because there was no memory for them.", func() float64 { return float64(a.visits.Load().Refused) })
	counter("visits_ended_early_total", "Visits ended to make room for others.", func() float64 { return float64(a.visits.Load().Shed) })
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
	counter("forwarded_unread_total", "Requests of trusted proxies whose X-Forwarded-For could not be read; they count as the proxy's own.", func() float64 { return float64(a.forwarded.Unread()) })
	gauge("panel_sessions", "Agents' sockets open on this node.", func() float64 { return float64(a.hub.Stats().Open) })
	counter("panel_sessions_cut_slow_total", "Agents' sockets cut because they read too slowly.", func() float64 { return float64(a.hub.Stats().CutSlow) })
	counter("panel_bytes_sent_total", "Bytes sent to agents' sockets before compression.", func() float64 { return float64(a.hub.Stats().BytesSent) })
}

// metricsHandler serves the metrics beside everything else, to who shows the operator's token: they tell how busy a company is, and where
// a request comes from proves nothing behind a proxy. Without a token it is not there.
func (a *App) metricsHandler() http.Handler {
	metrics := promhttp.HandlerFor(a.metrics, promhttp.HandlerOpts{})
	want := []byte("Bearer " + a.config.MetricsToken)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case a.config.MetricsToken == "":
			http.NotFound(w, r)
		case subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), want) != 1:
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "metrics are for who has the token", http.StatusUnauthorized)
		default:
			metrics.ServeHTTP(w, r)
		}
	})
}

// serveMetrics serves them on an address of their own, by default for this machine only. Somebody else there is no reason not to serve
// visitors: it is logged.
func (a *App) serveMetrics(ctx context.Context) {
	if a.config.MetricsAddr == "" {
		return
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", a.config.MetricsAddr)
	if err != nil {
		a.log.Warn("metrics are not served: see --metrics-addr", "error", err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics, promhttp.HandlerOpts{MaxRequestsInFlight: 4}))
	server := &http.Server{
		Handler: mux, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 8 << 10,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	a.metricsAddr = listener.Addr().String()
	a.working.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("metrics are no longer served", "error", err)
		}
	})
	a.working.Go(func() {
		<-a.background.Done()
		_ = server.Close() // a scrape that is cut is made again
	})
}
