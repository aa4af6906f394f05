package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alecthomas/kong"

	"github.com/aceno-chat/aceno/internal/visitor"
)

func TestSample_Percentile(t *testing.T) {
	var s sample
	if s.percentile(99) != 0 {
		t.Error("a percentile of nothing")
	}
	for n := 100; n >= 1; n-- {
		s.add(time.Duration(n))
	}
	for p, want := range map[float64]time.Duration{0: 1, 1: 1, 50: 50, 99: 99, 99.5: 100, 100: 100} {
		if got := s.percentile(p); got != want {
			t.Errorf("p%g: got %d, want %d", p, got, want)
		}
	}
	s.add(1000)
	if got := s.percentile(100); got != 1000 {
		t.Errorf("after another one: %d", got)
	}
	if got := median([]float64{5, 1, 3}); got != 3 {
		t.Errorf("median %g", got)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 7: "7", 1.234: "1.23", 12.34: "12.3", 123.4: "123", 1234: "1,234", 1234567: "1,234,567", -5: "-5", -1234.5: "-1,234", 0.05: "0.05",
	} {
		if got := number(v); got != want {
			t.Errorf("%g: got %s, want %s", v, got, want)
		}
	}
}

func TestReport_Table(t *testing.T) {
	r := &Report{Machine: Machine{System: "linux/amd64", Cores: 2, Processor: "P", MemoryGiB: 24, FilesLimit: 20000, Go: "go1"}, Version: "v1"}
	r.add(Figure{Scenario: "a", Name: "fast", Value: 5, Unit: "ms", Target: atMost(6), How: "so"})
	r.add(Figure{Scenario: "a", Name: "many", Value: 5000, Unit: "/s", Target: atLeast(8000)})
	r.add(Figure{Scenario: "b", Name: "only told", Value: 1.5, Unit: "MB"})
	r.Failures = []string{"c: it broke"}
	var table strings.Builder
	if err := r.writeTable(&table); err != nil {
		t.Fatal(err)
	}
	want := `
linux/amd64, 2 cores (P), 24.0 GiB of memory, 20000 open files per process, go1; server and clients on it together
version v1

scenario  figure     measured  to reach           how
a         fast       5 ms      ≤ 6       reached  so
          many       5,000 /s  ≥ 8,000   missed
b         only told  1.50 MB
FAILED    c: it broke
`
	if table.String() != want {
		t.Errorf("got\n%s\nwant\n%s", table.String(), want)
	}
	if err := r.writeJSON(t.TempDir() + "/none/r.json"); err == nil {
		t.Error("wrote into a folder that is not there")
	}
}

func TestReport_Ratios(t *testing.T) {
	r := &Report{Machine: Machine{System: "linux/amd64", Cores: 2, Processor: "P", MemoryGiB: 24, FilesLimit: 20000, Go: "go1"}, Version: "v1"}
	measure := func(size int, values ...float64) {
		first := len(r.Figures)
		for k, v := range values {
			r.add(Figure{Scenario: "a", Name: []string{"fast", "twice", "twice", "new"}[k], Value: v, Unit: "ms", Target: map[bool]*Target{true: atMost(6)}[k == 0]})
		}
		r.compare(first, size, 0)
	}
	measure(0, 5, 2, 4)
	measure(1000, 7.5, 3, 10, 1)
	r.Unmeasured = []string{"a: GET /x: nobody knows one"}
	var table strings.Builder
	if err := r.writeTable(&table); err != nil {
		t.Fatal(err)
	}
	want := `
linux/amd64, 2 cores (P), 24.0 GiB of memory, 20000 open files per process, go1; server and clients on it together
version v1

scenario      figure  past   measured  ratio   to reach           how
a             fast    0      5 ms              ≤ 6       reached
              twice   0      2 ms
              twice   0      4 ms
              fast    1,000  7.50 ms   × 1.50  ≤ 6       missed
              twice   1,000  3 ms      × 1.50
              twice   1,000  10 ms     × 2.50
              new     1,000  1 ms
NOT MEASURED  a: GET /x: nobody knows one
`
	if table.String() != want {
		t.Errorf("got\n%s\nwant\n%s", table.String(), want)
	}
	data, err := json.Marshal(r.Figures[3])
	if err != nil || !strings.Contains(string(data), `"history":1000,"ratio":1.5`) {
		t.Errorf("%s, %v", data, err)
	}
	if data, err = json.Marshal(r.Figures[0]); err != nil || strings.Contains(string(data), "ratio") {
		t.Errorf("%s, %v", data, err)
	}
}

func TestOffer_IsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		luck := rand.New(rand.NewPCG(1, 1))
		begin := time.Now()
		var late atomic.Int32
		var busy, most atomic.Int32
		begun := offer(t.Context(), luck, 100, 10*time.Second, func(from time.Time) {
			if from.Before(begin) || time.Since(from) > latenessAllowed {
				late.Add(1)
			}
			most.Store(max(most.Load(), busy.Add(1)))
			time.Sleep(3 * time.Second) // a server that does not answer
			busy.Add(-1)
		})
		if begun < 900 || begun > 1100 {
			t.Errorf("%d requests in 10 s at 100/s", begun)
		}
		if most.Load() < 200 {
			t.Errorf("at most %d at the same time: slow answers held up the questions", most.Load())
		}
		if late.Load() > 0 {
			t.Errorf("%d began late", late.Load())
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if n := offer(ended, luck, 100, time.Hour, func(time.Time) {}); n > 1 {
			t.Errorf("%d requests after the end", n)
		}
	})
}

func TestSeveral(t *testing.T) {
	var mu sync.Mutex
	seen := map[int]int{}
	err := several(t.Context(), 50, 7, func(_ context.Context, i int) error {
		mu.Lock()
		defer mu.Unlock()
		seen[i]++
		return nil
	})
	if err != nil || len(seen) != 50 {
		t.Errorf("%v, %d of 50", err, len(seen))
	}
	broken := errors.New("broken")
	err = several(t.Context(), 50, 3, func(_ context.Context, i int) error {
		if i == 5 {
			return broken
		}
		return nil
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestLedger(t *testing.T) {
	l := newLedger("run", 3)
	now := time.Now()
	one, e1 := l.write(fromVisitor, now)
	two, e2 := l.write(fromAgent, now)
	three, e3 := l.write(fromAgent, now)
	_, refused := l.write(fromVisitor, now)
	_ = refused
	for _, e := range []*entry{e1, e2, e3} {
		e.acked.Store(true)
	}
	l.arrived(one, fromVisitor)
	l.arrived(one, fromAgent) // its own, come back to the writer
	l.arrived(two, fromAgent)
	l.arrived(two, fromAgent)
	for _, strange := range []string{"", "other", "run.2.v.0", "run.3.v.99", "run.3.v.x", "run.3.v"} {
		l.arrived(strange, fromVisitor)
	}
	if n := l.pending(); n != 1 {
		t.Errorf("%d pending, want %s", n, three)
	}
	a := l.close(0)
	if a.begun != 4 || a.acked != 3 || a.lost != 1 || a.doubled != 1 || a.toAgent.count() != 1 || a.toVisitor.count() != 1 {
		t.Errorf("%+v", a)
	}
}

func TestFrames_AreReadWithoutParsing(t *testing.T) {
	frame := []byte(`{"t":"event","position":4711,"kind":"conversation.message","payload":{"message":{"text":"#r.1.v.2 words","at":1}}}`)
	if kindOf(frame) != "event" || numberAfter(frame, `"position":`) != 4711 || idIn(frame) != "r.1.v.2" {
		t.Errorf("%s %d %s", kindOf(frame), numberAfter(frame, `"position":`), idIn(frame))
	}
	if textAfter(frame, "missing") != "" || numberAfter(frame, `"kind":`) != -1 || numberAfter(frame, "missing") != -1 {
		t.Error("found what is not there")
	}
}

func TestAddresses_AreDifferent(t *testing.T) {
	seen := map[netip.Addr]bool{}
	for _, n := range []int{0, 1, 255, 256, 65536, 63 << 17, agentNumber} {
		a := addressOf(n)
		if seen[a] || !a.IsPrivate() {
			t.Errorf("%d: %s", n, a)
		}
		seen[a] = true
	}
}

func TestViews_AreDifferent(t *testing.T) {
	seen := map[string]bool{}
	for k := range 50 {
		v := viewOf(k)
		seen[fmt.Sprint(v.frame(), v.offset)] = true
	}
	if len(seen) != 50 {
		t.Errorf("%d different views of 50", len(seen))
	}
}

func TestFaults_OfWriters(t *testing.T) {
	var r received
	for _, text := range []string{"#w.1 a", "#w.2 a", "#w.2 a", "#w.5 a", "#w.4 a", "other", "#none", "#x.y z"} {
		r.take(text)
	}
	var f faults
	f.add(&r, "w", 5)
	if f != (faults{lost: 1, doubled: 1, disorder: 1}) {
		t.Errorf("%+v", f)
	}
	if r.count("w") != 5 {
		t.Errorf("counted %d", r.count("w"))
	}
	if (verdict{}).err() != nil || (verdict{stored: f}).err() == nil {
		t.Error("a verdict without its faults")
	}
}

// sink collects what a feeder tells.
type sink struct {
	mu            sync.Mutex
	present       map[string]*visitor.Visit
	changes, left int
}

func (s *sink) VisitChanged(v *visitor.Visit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes++
	s.present[v.ID] = v
}

func (s *sink) VisitLeft(v *visitor.Visit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left++
	delete(s.present, v.ID)
}

func TestFeeder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sink{present: map[string]*visitor.Visit{}}
		f := &feeder{sink: s, luck: rand.New(rand.NewPCG(1, 1)), now: time.Now}
		orders := make(chan string)
		var answers strings.Builder
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { f.obey(ctx, orders, &answers); close(done) }()
		for _, order := range []string{"feed account site 100", "", "dance", "sing 3", "change 200"} {
			orders <- order
		}
		time.Sleep(10 * time.Second)
		orders <- "change 0"
		time.Sleep(time.Second)
		s.mu.Lock()
		changes := s.changes
		s.mu.Unlock()
		time.Sleep(5 * time.Second)
		cancel()
		<-done
		if s.changes != changes {
			t.Error("changes after they were ended")
		}
		if n := s.changes - 100; n < 1900 || n > 2100 {
			t.Errorf("%d changes in 10 s at 200/s", n)
		}
		if len(s.present) != 100 || s.left == 0 {
			t.Errorf("%d are there, %d left", len(s.present), s.left)
		}
		want := "fed\nnot understood: \"dance\"\nnot understood: \"sing 3\"\n"
		if answers.String() != want {
			t.Errorf("answered %q", answers.String())
		}
		for _, v := range s.present {
			_, digits, _ := strings.Cut(v.PageTitle.String(), stamp)
			at, err := strconv.ParseInt(digits, 10, 64)
			if err != nil || time.Since(time.UnixMicro(at)) > time.Minute || v.AccountID != "account" || v.SiteID != "site" || v.Number <= firstNumber {
				t.Errorf("%+v", v)
			}
		}
	})
}

// serveAsProcess is what the test's own binary does when it is started as a server. It returns the exit code.
func serveAsProcess() (code int) {
	var address string
	for i, word := range os.Args {
		if word == "--addr" {
			address = os.Args[i+1]
		}
	}
	fmt.Println("words of the server")
	if os.Getenv("BENCH_TEST_SERVER") == "whole" {
		return serveWhole()
	}
	if os.Getenv("BENCH_TEST_SERVER") == "broken" {
		return 3
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		panic(err)
	}
	_ = http.Serve(l, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	return 0
}

func TestProcess(t *testing.T) {
	t.Setenv("BENCH_TEST_SERVER", "good")
	p, err := start(t.Context(), startOptions{binary: os.Args[0], command: []string{"serve"}, data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if p.readyAfter <= 0 || !strings.Contains(p.output.String(), "words of the server") {
		t.Errorf("ready after %s, said %q", p.readyAfter, p.output)
	}
	if _, err := os.Stat("/proc/self/status"); err == nil && p.resident() < 1e6 {
		t.Errorf("%g bytes resident", p.resident())
	}
	i := &installation{process: p}
	first := p.command.Process.Pid
	p.kill()
	if err := i.restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if i.process.url != p.url || i.process.command.Process.Pid == first {
		t.Errorf("came back on %s, was %s", i.process.url, p.url)
	}
	if err := i.process.stop(); err != nil {
		t.Error(err)
	}
	t.Setenv("BENCH_TEST_SERVER", "broken")
	if _, err := start(t.Context(), startOptions{binary: os.Args[0], data: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "words of the server") {
		t.Errorf("a server that ends at once: %v", err)
	}
}

func TestCores(t *testing.T) {
	now := time.Now()
	before := usage{at: now, used: time.Second, ok: true}
	after := usage{at: now.Add(2 * time.Second), used: 2 * time.Second, ok: true}
	if got := after.since(before); got != 0.5 || got.String() != "used 0.50 cores" {
		t.Errorf("got %s", got)
	}
	if got := (usage{at: now}).since(before); got.String() != "at an unknown load" {
		t.Errorf("got %s", got)
	}
}

func TestTail_KeepsTheEnd(t *testing.T) {
	var words tail
	_, _ = words.Write([]byte(strings.Repeat("x", tailBytes)))
	_, _ = words.Write([]byte("end"))
	if s := words.String(); len(s) != tailBytes || !strings.HasSuffix(s, "xend") {
		t.Errorf("%d bytes kept", len(s))
	}
}

// serveWhole is the product in the test's own binary.
func serveWhole() (code int) {
	var c NodeCommand
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	parser, err := kong.New(&c)
	if err == nil {
		_, err = parser.Parse(os.Args[2:])
	}
	if err = errors.Join(err, c.Run(ctx)); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}
