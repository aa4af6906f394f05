package app

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/config"
)

// Metrics are for the operator: on an address of their own, or for who shows the token. Where a request comes from opens nothing, because
// everybody comes from this machine behind a proxy on it.
func TestMetrics_AreForTheOperator(t *testing.T) {
	status := func(address string, header map[string]string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range header {
			r.Header.Set(name, value)
		}
		transport := &http.Transport{}
		defer transport.CloseIdleConnections()
		answer, err := (&http.Client{Transport: transport}).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(body)
	}
	const token = "0123456789abcdef"
	for _, c := range []struct {
		name, token string
		header      map[string]string
		want        int
	}{
		{"from this machine", "", nil, http.StatusNotFound},
		{"passed on by a proxy on this machine", "", map[string]string{"X-Forwarded-For": "127.0.0.1:4711"}, http.StatusNotFound},
		{"an empty token where there is none", "", map[string]string{"Authorization": "Bearer "}, http.StatusNotFound},
		{"without the token", token, nil, http.StatusUnauthorized},
		{"with half of it", token, map[string]string{"Authorization": "Bearer " + token[:8]}, http.StatusUnauthorized},
		{"with the token", token, map[string]string{"Authorization": "Bearer " + token}, http.StatusOK},
	} {
		n := &node{t: t, config: config.Server{
			Addr: "127.0.0.1:0", Data: t.TempDir(), TrustedProxies: []string{"127.0.0.0/8"}, MaxVisitors: 1000, KeepEvents: 1,
			MetricsAddr: "127.0.0.1:0", MetricsToken: c.token, LogLevel: "error", LogFormat: "text",
		}}
		n.start()
		if got, body := status(n.base+"/metrics", c.header); got != c.want || (got != http.StatusOK && strings.Contains(body, "aceno_")) {
			t.Errorf("%s: %d %.80s, want %d", c.name, got, body, c.want)
		}
		if got, body := status("http://"+n.app.metricsAddr+"/metrics", nil); got != http.StatusOK || !strings.Contains(body, "aceno_panel_sessions") {
			t.Errorf("%s: on their own address: %d %.80s", c.name, got, body)
		}
		if got, _ := status("http://"+n.app.metricsAddr+"/readyz", nil); got != http.StatusNotFound {
			t.Errorf("%s: the metrics' address serves more: %d", c.name, got)
		}
		n.stop()
	}
}

// What a proxy passes on is read once for a request, by whom so ever it is asked for: a line that can't be read counts as one.
func TestForwarded_IsReadOnce(t *testing.T) {
	n := &node{t: t, config: config.Server{
		Addr: "127.0.0.1:0", Data: t.TempDir(), TrustedProxies: []string{"127.0.0.0/8"}, MaxVisitors: 1000, KeepEvents: 1, LogLevel: "error", LogFormat: "text",
	}}
	n.start()
	defer n.stop()
	for i, path := range []string{"/readyz", "/v/socket?k=none", "/api/session", "/v/site?k=none"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, n.base+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Forwarded-For", "nonsense")
		transport := &http.Transport{DisableKeepAlives: true}
		answer, err := transport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if got := n.app.forwarded.Unread(); got != int64(i+1) {
			t.Errorf("after %s: %d unread, want %d", path, got, i+1)
		}
	}
}
