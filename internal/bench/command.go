package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"time"
)

// Command is `aceno bench`: flags, and Run.
type Command struct {
	URL      string `help:"Address of the installation to measure, as http://localhost:8080; empty to start one for the purpose. Use one made for tests: agents and conversations are left behind."`
	Key      string `help:"Key of a site of that installation."`
	Origin   string `help:"Where the visitors' pages are, as https://shop.example; the site must allow it." default:"https://bench.example"`
	Login    string `help:"Login of an administrator there, for everything but idle and connect."`
	Password string `help:"The administrator's password." env:"ACENO_BENCH_PASSWORD"`

	DatabaseURL string `help:"postgres://… of a server where an empty database is made for the run; empty for SQLite." env:"ACENO_BENCH_DATABASE_URL"`
	PostgresURL string `help:"Measure the messages on this PostgreSQL server too." env:"ACENO_BENCH_POSTGRES_URL"`

	Only          []string      `help:"Only these scenarios: start, idle, connect, messages, sustained, queue, offers, grid, triggers, reads." enum:"start,idle,connect,messages,sustained,queue,offers,grid,triggers,reads" placeholder:"SCENARIO"`
	History       []int         `help:"Past conversations that each installation begins with: a list of sizes, each scenario runs with each of them, and the figures are held against those of the first." default:"0"`
	Chaos         bool          `help:"Instead: cut sockets and kill the server under load, then look for lost and doubled messages."`
	Visitors      int           `help:"Idle visitors." default:"15000"`
	Seconds       int           `help:"How long each rate is held." default:"10"`
	Rates         []int         `help:"Messages per second, both ways together, to take the latencies at." default:"150,1000"`
	Agents        int           `help:"Agents in the scenarios messages and sustained." default:"50"`
	Conversations int           `help:"Conversations of those agents, at most 50 each. A visitor may write three messages a second in the long run, so a few hundred bound the rate." default:"2000"`
	Open          int           `help:"Open conversations in the scenario sustained, of the same agents; each gets a message a second." default:"500"`
	QueueAgents   int           `help:"Agents who are told of the queue, or to whom the roulette offers it." default:"200"`
	GridVisitors  int           `help:"Visitors in the grid, fed to the presence interface of the server's process." default:"50000"`
	GridChanges   int           `help:"Their page changes per second." default:"2000"`
	GridSockets   int           `help:"Real visitors' sockets beside them." default:"500"`
	Panels        int           `help:"Panels that watch the grid, each with an order and filter of its own." default:"50"`
	Triggers      int           `help:"Active triggers that each page view is held against." default:"200"`
	Settle        time.Duration `help:"Longest wait for the server's memory to settle." default:"150s"`
	JSON          string        `name:"json" help:"Write the report to this file too." type:"path" placeholder:"FILE"`
	Seed          uint64        `help:"Seed of everything random." default:"1"`

	// Version is printed with the report to Output, what is being done to Progress: standard output and error when nil.
	Version  string    `kong:"-"`
	Output   io.Writer `kong:"-"`
	Progress io.Writer `kong:"-"`
}

// check says what is wrong with the flags.
func (c *Command) check() error {
	var problems []error
	atLeast := func(name string, value, least int) {
		if value < least {
			problems = append(problems, fmt.Errorf("--%s: at least %d", name, least))
		}
	}
	atLeast("visitors", c.Visitors, 1)
	atLeast("seconds", c.Seconds, 1)
	atLeast("agents", c.Agents, 1)
	atLeast("conversations", c.Conversations, 1)
	atLeast("open", c.Open, 1)
	atLeast("queue-agents", c.QueueAgents, 1)
	atLeast("grid-visitors", c.GridVisitors, 100)
	atLeast("grid-changes", c.GridChanges, 1)
	atLeast("grid-sockets", c.GridSockets, 0)
	atLeast("panels", c.Panels, 1)
	atLeast("triggers", c.Triggers, 1)
	for _, size := range c.History {
		if size > historyMost {
			problems = append(problems, fmt.Errorf("--history: at most %d", historyMost))
		}
	}
	for _, rate := range c.Rates {
		atLeast("rates", rate, 1)
	}
	for _, n := range c.History {
		atLeast("history", n, 0)
	}
	if limit := filesLimit(); limit > 0 && uint64(max(c.Visitors, 0))+reservedFiles > limit {
		problems = append(problems, fmt.Errorf("--visitors: this process may hold %d open files: at most %d visitors", limit, limit-min(limit, reservedFiles)))
	}
	if max(c.Conversations, c.Open) > 50*c.Agents {
		problems = append(problems, errors.New("--conversations and --open: at most 50 for each agent"))
	}
	switch {
	case c.URL != "" && c.Key == "":
		problems = append(problems, errors.New("--url needs --key"))
	case c.URL != "" && (c.Chaos || slices.Contains(c.Only, "start") || slices.Contains(c.Only, "grid") || slices.Contains(c.Only, "triggers") || c.PostgresURL != ""):
		problems = append(problems, errors.New("--chaos, start, grid, triggers and --postgres-url need a server of the bench's own: leave out --url"))
	case c.URL != "" && slices.Max(c.sizes()) > 0:
		problems = append(problems, errors.New("--history fills installations that the bench starts itself: leave out --url"))
	}
	return errors.Join(problems...)
}

// sizes are the pasts to measure with.
func (c *Command) sizes() []int {
	if len(c.History) == 0 {
		return []int{0}
	}
	return c.History
}

// historyMost is the longest past, which takes some 50 GB.
const historyMost = 5_000_000

// reservedFiles are those a process needs beside visitors' sockets.
const reservedFiles = 1000

// bench is one run.
type bench struct {
	*Command
	binary string
	report *Report
	luck   *rand.Rand
	log    io.Writer
	ladder ladder
	// history is how many past conversations the installations have now, pasts those that were filled so far.
	history int
	pasts   []*past
}

// scenarios in the order they are run. Those of an installation elsewhere are fewer.
func (b *bench) scenarios() []scenario {
	all := []scenario{
		{"start", true, b.measureStart},
		{"idle", false, b.measureIdle},
		{"connect", false, b.measureConnect},
		{"messages", false, b.measureMessages},
		{"sustained", false, b.measureSustained},
		{"queue", false, b.measureQueue},
		{"offers", false, b.measureOffers},
		{"grid", true, b.measureGrid},
		{"triggers", true, b.measureTriggers},
		{"reads", false, b.measureReads},
	}
	return slices.DeleteFunc(all, func(s scenario) bool {
		return len(b.Only) > 0 && !slices.Contains(b.Only, s.name) || b.URL != "" && s.ownOnly
	})
}

type scenario struct {
	name    string
	ownOnly bool
	measure func(ctx context.Context) error
}

// Run measures and prints. An error is a scenario that could not be measured, or lost or doubled messages; a figure that misses what is to
// be reached is none.
func (c *Command) Run(ctx context.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	binary, err := os.Executable()
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	b := &bench{
		Command: c, binary: binary, luck: newLuck(c.Seed), ladder: usualLadder,
		report: &Report{Machine: thisMachine(), Version: c.Version, StartedAt: time.Now(), Figures: []Figure{}, Failures: []string{}, Unmeasured: []string{}},
	}
	if c.Output == nil {
		c.Output = os.Stdout
	}
	if b.log = c.Progress; b.log == nil {
		b.log = os.Stderr
	}
	return b.run(ctx)
}

func (b *bench) run(ctx context.Context) error {
	scenarios := b.scenarios()
	if b.Chaos {
		scenarios = []scenario{{"chaos", true, b.measureChaos}}
	}
	defer b.forgetPasts()
	var errs []error
	for _, s := range scenarios {
		for _, b.history = range b.sizes() {
			name := s.name
			if b.history > 0 {
				name = fmt.Sprintf("%s with %d past conversations", s.name, b.history)
			}
			tellf(b.log, "%s …\n", name)
			measured := len(b.report.Figures)
			err := s.measure(ctx)
			b.report.compare(measured, b.history, b.sizes()[0])
			if err == nil {
				continue
			}
			if ctx.Err() != nil {
				return ctx.Err() //nolint:wrapcheck // it was interrupted
			}
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
			b.report.Failures = append(b.report.Failures, fmt.Sprintf("%s: %v", name, err))
		}
	}
	b.report.Seconds = time.Since(b.report.StartedAt).Seconds()
	errs = append(errs, b.report.writeTable(b.Output))
	if b.JSON != "" {
		errs = append(errs, b.report.writeJSON(b.JSON))
	}
	return errors.Join(errs...)
}

// progressf says what is being done.
func (b *bench) progressf(format string, args ...any) {
	tellf(b.log, "  "+format+"\n", args...)
}

// tellf writes for somebody who may have stopped listening.
func tellf(w io.Writer, format string, args ...any) {
	_, _ = fmt.Fprintf(w, format, args...)
}

// with gives fn an installation: the one elsewhere, or a fresh one on databaseURL ("" for SQLite), which is ended afterwards.
func (b *bench) with(ctx context.Context, databaseURL string, fn func(ctx context.Context, i *installation) error) (err error) {
	var i *installation
	if b.URL != "" {
		i, err = elsewhere(ctx, b.Command)
	} else {
		i, err = b.own(ctx, startOptions{command: []string{"serve"}}, databaseURL)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	return fn(ctx, i)
}

// own starts an installation: a fresh one, or one with as much of a past as is being measured. On PostgreSQL it gets a database of its
// own, which is dropped in the end.
func (b *bench) own(ctx context.Context, o startOptions, databaseURL string) (*installation, error) {
	o.binary = b.binary
	model := ""
	if b.history > 0 {
		p, err := b.pastOn(ctx, databaseURL)
		if err != nil {
			return nil, err
		}
		if o.data, err = p.copy(); err != nil {
			return nil, err
		}
		o.filled, model = true, p.databaseURL
	}
	drop := func() {}
	if databaseURL != "" {
		var err error
		if o.databaseURL, drop, err = freshDatabase(ctx, databaseURL, model); err != nil {
			return nil, err
		}
	}
	i, err := own(ctx, o)
	if err != nil {
		drop()
		return nil, err
	}
	folder := i.remove
	i.remove = func() { folder(); drop() }
	return i, nil
}
