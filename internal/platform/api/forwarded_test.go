package api_test

import (
	_ "embed"
	"encoding/json"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/api"
)

func TestForwarded_BelievesOnlyTrustedProxies(t *testing.T) {
	from := api.NewForwarded([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")})
	rows := []struct{ peer, header, want string }{
		{"203.0.113.9:4", "198.51.100.1", "203.0.113.9"},
		{"10.1.1.1:4", "198.51.100.1", "198.51.100.1"},
		{"10.1.1.1:4", "6.6.6.6, 198.51.100.1, 10.2.2.2", "198.51.100.1"},
		{"10.1.1.1:4", "", "10.1.1.1"},
		{"10.1.1.1:4", "nonsense", "10.1.1.1"},
		{"[::1]:4", "2001:db8::1", "2001:db8::1"},
	}
	for _, row := range rows {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr = row.peer
		if row.header != "" {
			r.Header.Set("X-Forwarded-For", row.header)
		}
		if got := from.Addr(r).String(); got != row.want {
			t.Errorf("%s with %q: %s, want %s", row.peer, row.header, got, row.want)
		}
	}
}

//go:embed testdata/forwarded.json
var forwarded []byte

func TestForwarded_AsProxiesWriteIt(t *testing.T) {
	var file struct {
		Cases []struct {
			ID     string `json:"id"`
			Input  string `json:"input"`
			Right  string `json:"right"`
			Unread int64  `json:"unread"`
		} `json:"cases"`
	}
	if err := json.Unmarshal(forwarded, &file); err != nil || len(file.Cases) < 12 {
		t.Fatalf("%d cases, %v", len(file.Cases), err)
	}
	for _, c := range file.Cases {
		from := api.NewForwarded([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr = "10.0.0.1:4"
		r.Header.Set("X-Forwarded-For", c.Input)
		if got := from.Addr(r).String(); got != c.Right || from.Unread() != c.Unread {
			t.Errorf("%s: %q is %s, %d unread; want %s, %d", c.ID, c.Input, got, from.Unread(), c.Right, c.Unread)
		}
	}
}
