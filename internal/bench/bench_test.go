package bench

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func names(r *Report) []string {
	var list []string
	for _, f := range r.Figures {
		list = append(list, f.Scenario+": "+f.Name)
	}
	return list
}

func TestScenarios_AgainstAServerElsewhere(t *testing.T) {
	for name, row := range map[string]struct {
		measure func(b *bench) func(ctx context.Context) error
		want    []string
	}{
		"idle": {func(b *bench) func(context.Context) error { return b.measureIdle }, []string{"idle: sockets held"}},
		"connect": {func(b *bench) func(context.Context) error { return b.measureConnect }, []string{
			"connect: new visitors connect with page view", "connect: until the welcome, p99",
			"connect: known visitors change the page", "connect: until the welcome, p99",
		}},
		"messages": {func(b *bench) func(context.Context) error { return b.measureMessages }, []string{
			"messages, as installed: visitor → agent at 100/s, p50", "messages, as installed: visitor → agent at 100/s, p99",
			"messages, as installed: agent → visitor at 100/s, p50", "messages, as installed: agent → visitor at 100/s, p99",
			"messages, as installed: lost=0 doubled=0 refused=0 at", "messages, as installed: highest sustained rate",
		}},
		"sustained": {func(b *bench) func(context.Context) error { return b.measureSustained }, []string{
			"sustained: visitor → agent at 20/s, p50", "sustained: visitor → agent at 20/s, p99",
			"sustained: agent → visitor at 20/s, p50", "sustained: agent → visitor at 20/s, p99", "sustained: lost=0 doubled=0 refused=0 at",
		}},
		"queue": {func(b *bench) func(context.Context) error { return b.measureQueue }, []string{
			"queue: queue entry → agents' sockets, p50", "queue: queue entry → agents' sockets, p99",
		}},
		"offers": {func(b *bench) func(context.Context) error { return b.measureOffers }, []string{
			"offers: queue entry → offer on the agent's socket, p50", "offers: queue entry → offer on the agent's socket, p99",
			"offers: lost=0 doubled=0 refused=0 at",
		}},
		"reads": {func(b *bench) func(context.Context) error { return b.measureReads }, []string{
			"reads: GET /api/openapi.json, p95", "reads: GET /api/routing/decisions?conversation={conversation}, p95", "reads: GET /api/snapshot, p95",
			"reads: slowest GET, p95",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			_, c := newFakeServer(t)
			b := benchOf(c)
			if err := row.measure(b)(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := names(b.report); !slices.Equal(got, row.want) {
				t.Errorf("got %q", got)
			}
			for _, f := range b.report.Figures {
				if f.Value <= 0 {
					t.Errorf("%s: %g", f.Name, f.Value)
				}
			}
		})
	}
}

func TestReads_LeaveNothingOutSilently(t *testing.T) {
	s, c := newFakeServer(t)
	s.broken = true
	b := benchOf(c)
	err := b.measureReads(t.Context())
	if err == nil || !strings.Contains(err.Error(), "GET /api/snapshot: refused with 500") {
		t.Errorf("got %v", err)
	}
	want := []string{"reads: GET /api/things?of={of}: no of: nobody knows one", "reads: GET /api/things/{id}: no /api/things/{id}: nobody knows one"}
	if !slices.Equal(b.report.Unmeasured, want) {
		t.Errorf("not measured: %q", b.report.Unmeasured)
	}
}

func TestMessages_FaultsAreFound(t *testing.T) {
	for name, row := range map[string]struct {
		fault func(s *fakeServer)
		want  string
	}{
		"lost":    {func(s *fakeServer) { s.lose = 10 }, "lost="},
		"doubled": {func(s *fakeServer) { s.double = 10 }, "lost=0 doubled="},
		"refused": {func(s *fakeServer) { s.refuse = true }, "were refused: refused with 409"},
	} {
		t.Run(name, func(t *testing.T) {
			s, c := newFakeServer(t)
			row.fault(s)
			b := benchOf(c)
			err := b.measureMessages(t.Context())
			if err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "lost=0 doubled=0") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestOffers_FaultsAreFound(t *testing.T) {
	for name, row := range map[string]struct {
		fault func(s *fakeServer)
		want  string
	}{
		"lost":    {func(s *fakeServer) { s.lose = 30 }, "lost="},
		"doubled": {func(s *fakeServer) { s.double = 10 }, "lost=0 doubled="},
		"refused": {func(s *fakeServer) { s.refuse = true }, "refused with 409"},
	} {
		t.Run(name, func(t *testing.T) {
			s, c := newFakeServer(t)
			row.fault(s)
			b := benchOf(c)
			b.ladder.drain = 200 * time.Millisecond
			err := b.measureOffers(t.Context())
			if err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "lost=0 doubled=0 refused=0") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestRun_WritesTheReportAndTellsFailures(t *testing.T) {
	_, c := newFakeServer(t)
	c.Only = []string{"idle"}
	c.JSON = filepath.Join(t.TempDir(), "report.json")
	var table strings.Builder
	c.Output, c.Progress = &table, io.Discard
	if err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(c.JSON)
	if err != nil {
		t.Fatal(err)
	}
	var r Report
	if err := json.Unmarshal(data, &r); err != nil || len(r.Figures) != 1 || r.Machine.Cores == 0 {
		t.Errorf("%v, %+v", err, r)
	}
	if !strings.Contains(table.String(), "sockets held") {
		t.Errorf("table: %s", &table)
	}

	c.Key = "another"
	table.Reset()
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "idle: visitor") {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(table.String(), "FAILED") {
		t.Errorf("table: %s", &table)
	}
}

func TestStaff_NeedsAnAdministrator(t *testing.T) {
	_, c := newFakeServer(t)
	c.Login = ""
	if err := benchOf(c).measureQueue(t.Context()); err == nil || !strings.Contains(err.Error(), "--login") {
		t.Errorf("got %v", err)
	}
}

func TestCommand_Check(t *testing.T) {
	good := Command{Visitors: 1, Seconds: 1, Rates: []int{1}, Agents: 1, Conversations: 50, Open: 1, QueueAgents: 1, GridVisitors: 100, GridChanges: 1, Panels: 1, Triggers: 1}
	if err := good.check(); err != nil {
		t.Errorf("refused: %v", err)
	}
	for want, spoil := range map[string]func(c *Command){
		"--visitors":      func(c *Command) { c.Visitors = 0 },
		"open files":      func(c *Command) { c.Visitors = 1 << 40 },
		"--rates":         func(c *Command) { c.Rates = []int{0} },
		"--history":       func(c *Command) { c.History = []int{0, -1} },
		"at most 50":      func(c *Command) { c.Conversations = 51 },
		"--url needs":     func(c *Command) { c.URL = "http://localhost" },
		"leave out --url": func(c *Command) { c.URL, c.Key, c.Chaos = "http://localhost", "k", true },
		"fills":           func(c *Command) { c.URL, c.Key, c.History = "http://localhost", "k", []int{0, 5} },
	} {
		bad := good
		spoil(&bad)
		if err := bad.check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
}

func TestScenarios_Chosen(t *testing.T) {
	chosen := func(c Command) (list []string) {
		for _, s := range (&bench{Command: &c}).scenarios() {
			list = append(list, s.name)
		}
		return list
	}
	if got := chosen(Command{}); !slices.Equal(got, []string{"start", "idle", "connect", "messages", "sustained", "queue", "offers", "grid", "triggers", "reads"}) {
		t.Errorf("all: %v", got)
	}
	if got := chosen(Command{URL: "http://x"}); !slices.Equal(got, []string{"idle", "connect", "messages", "sustained", "queue", "offers", "reads"}) {
		t.Errorf("elsewhere: %v", got)
	}
	if got := chosen(Command{Only: []string{"grid", "start"}}); !slices.Equal(got, []string{"start", "grid"}) {
		t.Errorf("only some: %v", got)
	}
}

func TestCaller(t *testing.T) {
	s, c := newFakeServer(t)
	s.mux.HandleFunc("GET /hang", func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	})
	calls, err := newCaller(c.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer calls.close()
	get := func(path string) error { return calls.call(t.Context(), "", http.MethodGet, path, nil, nil) }
	if err := get("/api/snapshot"); err != nil {
		t.Fatal(err)
	}
	if len(calls.idle) != 1 {
		t.Fatalf("%d connections are kept", len(calls.idle))
	}
	_ = calls.idle[0].conn.Close() // as a server does with an old one
	if err := get("/api/snapshot"); err != nil {
		t.Errorf("on a connection that was closed meanwhile: %v", err)
	}
	if no, ok := errors.AsType[*refused](get("/nowhere")); !ok || no.Status != http.StatusNotFound {
		t.Errorf("got %v", no)
	}
	if err := get("/hang"); err == nil {
		t.Error("no answer, and no error")
	}
	if _, err := newCaller("nothing"); err == nil {
		t.Error("took an address that is none")
	}
}
