package app

import (
	"bytes"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
)

// lines collects a node's log.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is everything that was logged so far. Requests end their line after their answer was sent: reading takes the lock too.
func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// TestPrivacy_NothingOfAVisitorWithoutConsentIsKept scans everything that a node leaves on the disk, and everything it logged, for
// what may not be known (B11): with chat, contact request and a crash-like end, before anything was agreed.
func TestPrivacy_NothingOfAVisitorWithoutConsentIsKept(t *testing.T) {
	n := newNode(t, "")
	log := &lines{}
	n.stop()
	n.config.TrustedProxies = []string{"127.0.0.0/8"}
	n.startWith(Options{Logger: slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	n.presence("consent")
	ana := n.agent("ana", nil)
	ana.live()

	forbidden := []string{"203.0.113.77", "secretquery", "secretname", "secret title", "secretreferrer", "1919x1079", "Antarctica/Vostok"}
	arrive := func(token string, consent any) *guest {
		t.Helper()
		g := &guest{node: n, socket: n.dialFrom("203.0.113.77")}
		g.socket.say(anyFrame{
			"t": "hello", "token": token, "tab": "tab-1", "url": shopOrigin + "/cart?q=secretquery#secretquery", "title": "secret title",
			"referrer": "https://blog.example/secretreferrer?x=1", "language": "pt-BR", "screen": "1919x1079", "time_zone": "Antarctica/Vostok",
			"hidden": false, "monitoring": true, "resumed": token != "", "name": "secretname", "consent": consent,
		})
		welcome := g.socket.until("welcome", kind("welcome"))
		g.token, g.visit = welcome["token"].(string), welcome["visit"].(string)
		if keep := welcome["keep"]; keep != (consent == true) {
			t.Fatalf("keep %v with consent %v", keep, consent)
		}
		return g
	}
	g := arrive("", nil)
	g.socket.until("the question", kind("consent"))
	g.socket.say(anyFrame{"t": "identify", "name": "secretname", "email": "secretname@example.com"})
	g.socket.say(anyFrame{"t": "page", "url": shopOrigin + "/order?q=secretquery", "title": "secret title", "referrer": shopOrigin + "/cart?q=secretquery"})
	id := g.open()
	ana.next("press-1")
	g.must(http.MethodPost, "/v/conversations/"+id+"/end", nil, http.StatusOK, nil)
	g.must(http.MethodPost, "/v/contacts", map[string]any{
		"client_id": "c-1", "department_id": n.department, "name": "Maria", "email": "maria@example.com", "message": "Oi",
	}, http.StatusCreated, nil)
	_ = g.socket.conn.Close(websocket.StatusNormalClosure, "")
	n.stop()
	found := n.scan(append(forbidden, "203.0.113.0"))
	for _, value := range forbidden {
		if where := found[value]; where != "" {
			t.Errorf("%q stands in %s", value, where)
		}
		if strings.Contains(log.String(), value) {
			t.Errorf("%q was logged", value)
		}
	}
	// The scan finds what is there: the cut address is, and after consent the whole one.
	if found["203.0.113.0"] == "" {
		t.Error("the cut address is nowhere: the scan sees nothing")
	}
	n.start()
	n.signIn("ana").live()
	arrive("", true).open()
	n.stop()
	if n.scan(forbidden)["203.0.113.77"] == "" {
		t.Error("the address of a visitor who agreed is nowhere")
	}
	n.start()
}

// presence sets the mode of the node's site.
func (n *node) presence(mode string) {
	n.t.Helper()
	var sites struct {
		Sites []struct {
			Settings map[string]any `json:"settings"`
		} `json:"sites"`
	}
	n.admin.must(http.MethodGet, "/api/sites", nil, http.StatusOK, &sites)
	settings := sites.Sites[0].Settings
	settings["privacy"] = map[string]any{"presence": mode, "notice": true, "honour_dnt": false, "honour_gpc": true, "policy_url": ""}
	n.admin.must(http.MethodPatch, "/api/sites/"+n.site.ID, map[string]any{"settings": settings}, http.StatusOK, nil)
}

// dialFrom opens a visitor's socket as a proxy does for an address.
func (n *node) dialFrom(address string) *socket {
	n.t.Helper()
	conn, response, err := websocket.Dial(n.t.Context(), "ws"+strings.TrimPrefix(n.base, "http")+"/v/socket?k="+n.site.Key, &websocket.DialOptions{
		HTTPHeader: http.Header{"Origin": {shopOrigin}, "X-Forwarded-For": {address}, "User-Agent": {
			"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
		}},
	})
	if err != nil {
		n.t.Fatal(err)
	}
	_ = response // its body is the socket
	n.t.Cleanup(func() { _ = conn.CloseNow() })
	return &socket{node: n, conn: conn}
}

// scan looks for texts in every file of the data folder and returns where each was found.
func (n *node) scan(texts []string) map[string]string {
	n.t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(n.config.Data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, text := range texts {
			if bytes.Contains(data, []byte(text)) {
				found[text] = path
			}
		}
		return err
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return found
}
