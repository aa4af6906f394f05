package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/textproto"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/aceno-chat/aceno/internal/config"
	"github.com/aceno-chat/aceno/internal/platform/api"
)

func TestMain(m *testing.M) {
	if os.Getenv(serverEnv) != "" {
		serveAsProcess()
	}
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/golang/glog.(*fileSink).flushDaemon"))
}

const shopOrigin = "https://shop.example"

// node is a running server with the account, administrator, department and site that the set-up makes.
type node struct {
	t      *testing.T
	app    *App
	config config.Server
	base   string
	admin  *person
	site   struct {
		Key string `json:"key"`
		ID  string `json:"id"`
	}
	department string
}

// newNode starts a server on the database and sets it up as somebody would who has just installed it.
func newNode(t *testing.T, url string) *node {
	t.Helper()
	n := &node{t: t, config: config.Server{
		Addr: "127.0.0.1:0", Data: t.TempDir(), DatabaseURL: url, MaxVisitors: 1000, KeepEvents: 1, LogLevel: "error", LogFormat: "text",
	}}
	n.start()
	t.Cleanup(n.stop)
	token, err := n.app.PrepareSetup(t.Context())
	if err != nil || token == "" {
		t.Fatalf("PrepareSetup = %q, %v", token, err)
	}
	n.setUp(token)
	return n
}

// setUp makes the account, as the first administrator does in a browser.
func (n *node) setUp(token string) {
	n.t.Helper()
	n.admin = n.stranger()
	n.admin.must(http.MethodPost, "/api/setup", map[string]any{
		"token": token, "account_name": "Trilha", "name": "Rita", "login": "rita", "email": "rita@shop.example", "password": "a good password",
		"time_zone": "America/Sao_Paulo", "language": "pt", "domain": "shop.example",
	}, http.StatusOK, nil)
	var sites struct {
		Sites []struct {
			Key string `json:"key"`
			ID  string `json:"id"`
		} `json:"sites"`
	}
	n.admin.must(http.MethodGet, "/api/sites", nil, http.StatusOK, &sites)
	n.site = sites.Sites[0]
	var departments struct {
		Departments []struct {
			ID string `json:"id"`
		} `json:"departments"`
	}
	n.admin.must(http.MethodGet, "/api/departments", nil, http.StatusOK, &departments)
	n.department = departments.Departments[0].ID
}

func (n *node) start() { n.startWith(Options{}) }

func (n *node) startWith(o Options) {
	n.t.Helper()
	o.Version = "test"
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	a, err := New(n.t.Context(), n.config, o)
	if err != nil {
		n.t.Fatal(err)
	}
	if err := a.Start(n.t.Context()); err != nil {
		n.t.Fatal(err)
	}
	n.app, n.base = a, "http://"+a.Addr()
	n.config.Addr = a.Addr() // a restart comes back at the same place
}

func (n *node) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := n.app.Stop(ctx); err != nil {
		n.t.Errorf("stop: %v", err)
	}
}

// person is somebody with a browser: an agent once signed in, else a stranger.
type person struct {
	node   *node
	client *http.Client
	id     string
}

func (n *node) stranger() *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		n.t.Fatal(err)
	}
	transport := &http.Transport{}
	n.t.Cleanup(transport.CloseIdleConnections)
	return &person{node: n, client: &http.Client{Jar: jar, Transport: transport}}
}

// agent creates an agent of the node's department and signs in.
func (n *node) agent(login string, more map[string]any) *person {
	n.t.Helper()
	body := map[string]any{
		"login": login, "name": strings.ToUpper(login[:1]) + login[1:], "email": login + "@shop.example", "password": "a good password",
		"role": "agent", "department_ids": []string{n.department}, "method": "manual",
	}
	maps.Copy(body, more)
	n.admin.must(http.MethodPost, "/api/agents", body, http.StatusCreated, nil)
	return n.signIn(login)
}

func (n *node) signIn(login string) *person {
	n.t.Helper()
	p := n.stranger()
	var me struct {
		Agent struct {
			ID string `json:"id"`
		} `json:"agent"`
	}
	p.must(http.MethodPost, "/api/session", map[string]string{"login": login, "password": "a good password"}, http.StatusOK, &me)
	p.id = me.Agent.ID
	p.must(http.MethodPut, "/api/session/status", map[string]string{"status": "online"}, http.StatusOK, nil)
	return p
}

// must sends a request, checks the status, and decodes the answer into out.
func (p *person) must(method, path string, body any, status int, out any) {
	p.node.t.Helper()
	got, data := p.do(method, path, body, nil)
	if got != status {
		p.node.t.Fatalf("%s %s: %d %s, want %d", method, path, got, data, status)
	}
	if out != nil {
		if err := json.Unmarshal(data, out); err != nil {
			p.node.t.Fatalf("%s %s: %v in %s", method, path, err, data)
		}
	}
}

// refused sends a request and checks the code of the refusal.
func (p *person) refused(method, path string, body any, code string) {
	p.node.t.Helper()
	_, data := p.do(method, path, body, nil)
	if got := codeIn(data); got != code {
		p.node.t.Fatalf("%s %s: %s, want the code %s", method, path, data, code)
	}
}

func codeIn(data []byte) string {
	var p api.Problem
	if json.Unmarshal(data, &p) != nil {
		return ""
	}
	return string(p.Code)
}

func (p *person) do(method, path string, body any, header map[string]string) (int, []byte) {
	p.node.t.Helper()
	var reader io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			p.node.t.Fatal(err)
		}
		reader = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(p.node.t.Context(), method, p.node.base+path, reader)
	if err != nil {
		p.node.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	return p.node.send(p.client, r)
}

func (n *node) send(client *http.Client, r *http.Request) (int, []byte) {
	n.t.Helper()
	response, err := client.Do(r)
	if err != nil {
		n.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return response.StatusCode, data
}

// upload posts a file with the further values of the form.
func (n *node) upload(client *http.Client, path, name, contentType string, content []byte, header, values map[string]string) (int, []byte) {
	n.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for k, v := range values {
		if err := form.WriteField(k, v); err != nil {
			n.t.Fatal(err)
		}
	}
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name="file"; filename=%q`, name)}, "Content-Type": {contentType},
	})
	if err == nil {
		_, err = part.Write(content)
	}
	if err = errors.Join(err, form.Close()); err != nil {
		n.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(n.t.Context(), http.MethodPost, n.base+path, &b)
	if err != nil {
		n.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	for k, v := range header {
		r.Header.Set(k, v)
	}
	return n.send(client, r)
}

// socket is an open WebSocket whose frames are read until a wanted one comes.
type socket struct {
	node *node
	conn *websocket.Conn
}

// dial opens a socket; cookies come from the client, the origin is named where there is one.
func (n *node) dial(path, origin string, client *http.Client) *socket {
	n.t.Helper()
	options := &websocket.DialOptions{HTTPHeader: http.Header{"User-Agent": {
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
	}}}
	if client != nil {
		options.HTTPClient = client
	}
	if origin != "" {
		options.HTTPHeader.Set("Origin", origin)
	}
	conn, response, err := websocket.Dial(n.t.Context(), "ws"+strings.TrimPrefix(n.base, "http")+path, options)
	if err != nil {
		n.t.Fatalf("dial %s: %v", path, err)
	}
	_ = response // its body is the socket
	conn.SetReadLimit(4 << 20)
	n.t.Cleanup(func() { _ = conn.CloseNow() })
	return &socket{node: n, conn: conn}
}

func (s *socket) say(frame any) {
	s.node.t.Helper()
	data, err := json.Marshal(frame)
	if err == nil {
		err = s.conn.Write(s.node.t.Context(), websocket.MessageText, data)
	}
	if err != nil {
		s.node.t.Fatal(err)
	}
}

type anyFrame map[string]any

// until reads frames until one satisfies want, and returns it. The test ends when the socket does.
func (s *socket) until(what string, want func(f anyFrame) bool) anyFrame {
	s.node.t.Helper()
	ctx, cancel := context.WithTimeout(s.node.t.Context(), 20*time.Second)
	defer cancel()
	for {
		_, data, err := s.conn.Read(ctx)
		if err != nil {
			s.node.t.Fatalf("waiting for %s: %v", what, err)
		}
		var f anyFrame
		if err := json.Unmarshal(data, &f); err != nil {
			s.node.t.Fatalf("%v in %s", err, data)
		}
		if want(f) {
			return f
		}
	}
}

// kind matches frames of that type.
func kind(t string) func(anyFrame) bool { return func(f anyFrame) bool { return f["t"] == t } }

// event matches an event of that kind.
func event(name string) func(anyFrame) bool {
	return func(f anyFrame) bool { return f["t"] == "event" && f["kind"] == name }
}

// live opens the agent's socket from the present snapshot.
func (p *person) live() *socket {
	p.node.t.Helper()
	var snapshot struct {
		Position int64 `json:"position"`
	}
	p.must(http.MethodGet, "/api/snapshot", nil, http.StatusOK, &snapshot)
	s := p.node.dial("/api/live", p.node.base, p.client)
	s.say(anyFrame{"t": "start", "position": snapshot.Position})
	s.until("ready", kind("ready"))
	return s
}

// guest is a visitor with a page open.
type guest struct {
	node   *node
	socket *socket
	token  string
	visit  string
}

func (n *node) guest(token string) *guest {
	n.t.Helper()
	g := &guest{node: n, socket: n.dial("/v/socket?k="+n.site.Key, shopOrigin, nil)}
	g.socket.say(anyFrame{
		"t": "hello", "token": token, "tab": "tab-1", "url": shopOrigin + "/cart", "title": "Cart", "referrer": "", "language": "pt-BR",
		"screen": "1366x768", "time_zone": "America/Sao_Paulo", "hidden": false, "monitoring": true, "resumed": false,
	})
	welcome := g.socket.until("welcome", kind("welcome"))
	g.token, g.visit = welcome["token"].(string), welcome["visit"].(string)
	return g
}

func (g *guest) header() map[string]string {
	return map[string]string{"Authorization": "Bearer " + g.token, "Origin": shopOrigin}
}

func (g *guest) do(method, path string, body any) (int, []byte) {
	g.node.t.Helper()
	return g.node.stranger().do(method, path, body, g.header())
}

func (g *guest) must(method, path string, body any, status int, out any) {
	g.node.t.Helper()
	got, data := g.do(method, path, body)
	if got != status {
		g.node.t.Fatalf("%s %s: %d %s, want %d", method, path, got, data, status)
	}
	if out != nil {
		if err := json.Unmarshal(data, out); err != nil {
			g.node.t.Fatalf("%s %s: %v in %s", method, path, err, data)
		}
	}
}

// opening is a request for contact in the node's department.
func (n *node) opening(clientID string) map[string]any {
	return map[string]any{
		"client_id": clientID, "department_id": n.department, "name": "Maria Souza", "email": "maria@example.com", "text": "Bom dia!",
	}
}

// open asks for contact and returns the conversation's identifier.
func (g *guest) open() string {
	g.node.t.Helper()
	var c struct {
		ID string `json:"id"`
	}
	g.must(http.MethodPost, "/v/conversations", g.node.opening("open-1"), http.StatusCreated, &c)
	return c.ID
}

// next attends who waits longest and returns the conversation's identifier.
func (p *person) next(key string) string {
	p.node.t.Helper()
	status, data := p.do(http.MethodPost, "/api/queue/next", nil, map[string]string{"Idempotency-Key": key})
	var c struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(data, &c); err != nil || status != http.StatusOK {
		p.node.t.Fatalf("next: %d %s", status, data)
	}
	return c.ID
}
