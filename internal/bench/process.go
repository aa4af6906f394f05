package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// readyWithin is how long a server may take to become ready before the run gives up.
const readyWithin = 60 * time.Second

// ownMetricsToken is shown to servers that the bench has started.
const ownMetricsToken = "the bench measures itself"

// process is a server that the bench has started.
type process struct {
	command *exec.Cmd
	url     string
	options startOptions
	begun   time.Time
	// readyAfter is the time from the start of the process to its first 200 on /readyz.
	readyAfter time.Duration
	// atReady is VmRSS in bytes then.
	atReady float64
	output  *tail
	ended   chan struct{}
	err     error // of the end; valid after ended
}

// startOptions say which server to start.
type startOptions struct {
	binary string
	// command are the words before the flags: serve, or bench-node.
	command []string
	// data is the folder; it outlives the process.
	data        string
	databaseURL string
	// filled says that they hold an account already.
	filled bool
	// address to listen on; a free port of the loopback interface when empty.
	address string
	input   io.Reader
}

// start starts a server and waits until it is ready. The process's environment has no
// ACENO_ variables: a figure must not depend on the shell.
func start(ctx context.Context, o startOptions) (*process, error) {
	if o.address == "" {
		var err error
		if o.address, err = freeAddress(); err != nil {
			return nil, err
		}
	}
	args := append(append([]string(nil), o.command...), "--addr", o.address, "--data", o.data, "--trusted-proxies", "127.0.0.0/8", "--log-level", "warn",
		"--metrics-addr=", "--metrics-token", ownMetricsToken)
	if o.databaseURL != "" {
		args = append(args, "--database-url", o.databaseURL)
	}
	p := &process{url: "http://" + o.address, options: o, output: &tail{}, ended: make(chan struct{})}
	p.command = exec.CommandContext(context.WithoutCancel(ctx), o.binary, args...) //nolint:gosec // it is this program
	p.command.Env = slicesWithout(os.Environ(), "ACENO_")
	p.command.Stdin, p.command.Stdout, p.command.Stderr = o.input, p.output, p.output
	p.begun = time.Now()
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("bench: start the server: %w", err)
	}
	go func() {
		p.err = p.command.Wait()
		close(p.ended)
	}()
	if err := p.awaitReady(ctx); err != nil {
		p.kill()
		return nil, err
	}
	p.readyAfter, p.atReady = time.Since(p.begun), p.resident()
	return p, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it does not wait
	if err != nil {
		return "", fmt.Errorf("bench: a free port: %w", err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		return "", fmt.Errorf("bench: a free port: %w", err)
	}
	return address, nil
}

func slicesWithout(list []string, prefix string) []string {
	var kept []string
	for _, item := range list {
		if !strings.HasPrefix(item, prefix) {
			kept = append(kept, item)
		}
	}
	return kept
}

// awaitReady asks every two milliseconds.
func (p *process) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/readyz", http.NoBody)
		if err != nil {
			return fmt.Errorf("bench: %w", err)
		}
		if answer, err := client.Do(r); err == nil {
			_ = answer.Body.Close() // nothing was read
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ticker.C:
		case <-p.ended:
			return fmt.Errorf("bench: the server ended before it was ready: %w\n%s", p.err, p.output)
		case <-ctx.Done():
			return fmt.Errorf("bench: the server was not ready: %w\n%s", ctx.Err(), p.output)
		}
	}
}

// stop ends the server in order; kill ends it at once.
func (p *process) stop() error {
	if err := p.command.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.kill()
		return nil
	}
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		p.kill()
		return errors.New("bench: the server did not stop within 30 s")
	}
	return nil
}

func (p *process) kill() {
	_ = p.command.Process.Kill() // it may be gone already
	<-p.ended
}

// resident returns VmRSS in bytes, 0 where /proc does not tell.
func (p *process) resident() float64 { return p.memory("VmRSS") }

// anonymous returns the part of it that is the process's own: the rest are pages of the binary's file, which the machine may take back.
func (p *process) anonymous() float64 { return p.memory("RssAnon") }

func (p *process) memory(field string) float64 {
	var kib float64
	if _, err := fmt.Sscan(procField(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid), field), &kib); err != nil {
		return 0
	}
	return kib * 1024
}

// clockTicks per second of /proc/PID/stat: 100 on every Linux that Go runs on.
const clockTicks = 100

// processor returns the processor time used so far, user and system.
func (p *process) processor() time.Duration {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.command.Process.Pid), "stat"))
	if err != nil {
		return 0
	}
	// The name in parentheses may contain spaces; fields 14 and 15 of proc_pid_stat(5) are the twelfth and thirteenth behind it.
	_, behind, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(behind)
	if len(fields) < 13 {
		return 0
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	if err1 != nil || err2 != nil {
		return 0
	}
	return time.Duration(user+system) * time.Second / clockTicks
}

// tail keeps the last words of a process.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailBytes = 8 << 10

// Write keeps the end of what is written.
func (t *tail) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, data...)
	if extra := len(t.text) - tailBytes; extra > 0 {
		t.text = append(t.text[:0], t.text[extra:]...)
	}
	return len(data), nil
}

// String returns what was kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
