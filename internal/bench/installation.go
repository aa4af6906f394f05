package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/ident"
)

// signInsAtOnce is how many sign-ins are made at a time: each costs the server tens of milliseconds and megabytes on purpose.
const signInsAtOnce = 4

// ownOrigin is where the visitors of an installation started for the purpose come from.
const ownOrigin = "https://bench.example"

// The administrator of such an installation; its agents have the same password.
const (
	adminLogin = "bench"
	password   = "bench-bench-bench"
)

// installation is what is measured.
type installation struct {
	url    string
	calls  *caller
	origin string
	key    string
	admin  identity
	// process is nil for an installation elsewhere: then its memory and processor time are not known.
	process *process
	// run tells this run's agents and messages from those of others.
	run          string
	departmentID string
	agents       int // made so far
	remove       func()
}

// close ends what was started for the run.
func (i *installation) close() error {
	i.calls.close()
	var err error
	if i.process != nil {
		err = i.process.stop()
	}
	if i.remove != nil {
		i.remove()
	}
	return err
}

// own starts an installation of the bench's own: on an empty folder and database, one account is made; where the options say so, they
// hold one already.
func own(ctx context.Context, o startOptions) (*installation, error) {
	if o.data == "" {
		var err error
		if o.data, err = os.MkdirTemp("", "aceno-bench-"); err != nil {
			return nil, fmt.Errorf("bench: %w", err)
		}
	}
	remove := func() { _ = os.RemoveAll(o.data) } // a folder for temporary files
	p, err := start(ctx, o)
	if err != nil {
		remove()
		return nil, err
	}
	i := &installation{url: p.url, origin: ownOrigin, process: p, run: ident.Secret(3), remove: remove}
	if i.calls, err = newCaller(p.url); err == nil {
		if o.filled {
			err = i.enter(ctx)
		} else {
			err = i.setUp(ctx)
		}
	}
	if err != nil {
		p.kill()
		remove()
		return nil, fmt.Errorf("%w\n%s", err, p.output)
	}
	return i, nil
}

// restart starts the server again after it was killed: same folder, same address.
func (i *installation) restart(ctx context.Context) error {
	o := i.process.options
	o.address = strings.TrimPrefix(i.process.url, "http://")
	p, err := start(ctx, o)
	if err != nil {
		return err
	}
	i.process = p
	return nil
}

var setUpToken = regexp.MustCompile(`/setup#token=([\w-]+)`)

// setUp makes the account by the one-time token that the server prints.
func (i *installation) setUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	var token []string
	for token == nil {
		if token = setUpToken.FindStringSubmatch(i.process.output.String()); token != nil {
			break
		}
		select {
		case <-ctx.Done():
			return errors.New("bench: the server printed no address for the set-up")
		case <-time.After(5 * time.Millisecond): // a pipe cannot be waited for with its writer still there
		}
	}
	answer, err := i.signed(ctx, "/api/setup", map[string]string{
		"token": token[1], "account_name": "Bench", "name": "Bench", "login": adminLogin, "email": "bench@example.com", "password": password,
		"time_zone": "America/Sao_Paulo", "language": "pt", "domain": "bench.example",
	}, netip.MustParseAddr("127.0.0.1"))
	if err != nil {
		return err
	}
	i.admin = answer
	return i.findSite(ctx)
}

// enter signs the administrator in whom setUp has made.
func (i *installation) enter(ctx context.Context) (err error) {
	i.admin, err = i.signed(ctx, "/api/session", map[string]string{"login": adminLogin, "password": password}, netip.MustParseAddr("127.0.0.1"))
	if err != nil {
		return err
	}
	return i.findSite(ctx)
}

func (i *installation) findSite(ctx context.Context) error {
	var sites struct {
		Sites []struct {
			Key string `json:"key"`
		} `json:"sites"`
	}
	if err := i.calls.call(ctx, i.admin, http.MethodGet, "/api/sites", nil, &sites); err != nil {
		return err
	}
	if len(sites.Sites) == 0 {
		return errors.New("bench: the set-up made no site")
	}
	i.key = sites.Sites[0].Key
	return nil
}

// elsewhere is an installation that runs already.
func elsewhere(ctx context.Context, c *Command) (*installation, error) {
	calls, err := newCaller(c.URL)
	if err != nil {
		return nil, err
	}
	i := &installation{url: c.URL, calls: calls, origin: c.Origin, key: c.Key, run: ident.Secret(3)}
	if c.Login == "" {
		return i, nil
	}
	i.admin, err = i.signed(ctx, "/api/session", map[string]string{"login": c.Login, "password": c.Password}, netip.Addr{})
	return i, err
}

// signed makes a request that opens a session and returns in whose name the next ones are made.
func (i *installation) signed(ctx context.Context, path string, in any, from netip.Addr) (identity, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return "", fmt.Errorf("bench: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, i.url+path, bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("bench: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	if from.IsValid() {
		r.Header.Set("X-Forwarded-For", from.String())
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", fmt.Errorf("bench: %w", err)
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return "", fmt.Errorf("bench: %w", err)
	}
	if answer.StatusCode >= http.StatusMultipleChoices {
		return "", fmt.Errorf("bench: %s: %w", path, &refused{Status: answer.StatusCode, Body: string(text)})
	}
	for _, cookie := range answer.Cookies() {
		if cookie.Name == sessionCookie {
			return newIdentity("Cookie", cookie.Name+"="+cookie.Value, "X-Forwarded-For", from.String()), nil
		}
	}
	return "", fmt.Errorf("bench: %s: no session was opened", path)
}

// sessionCookie is the name of docs/protocols.md, section 2.
const sessionCookie = "aceno_session"

// addressOf gives every client an address of its own in 10.0.0.0/8; agents stand at its end.
func addressOf(number int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, byte(number >> 16), byte(number >> 8), byte(number)})
}

// How conversations come to an agent.
const (
	byHand     = "manual"
	byRoulette = "roulette"
)

// agentNumber is the first agent's number for addressOf.
const agentNumber = 0xff0000

// staff makes agents of a department of their own, signs them in and lets them wish to be online. method is how conversations come to them.
func (i *installation) staff(ctx context.Context, n int, method string) ([]identity, error) {
	if i.admin == "" {
		return nil, errors.New("bench: --login and --password of an administrator are needed for this")
	}
	if i.departmentID == "" {
		var made struct {
			ID string `json:"id"`
		}
		err := i.calls.call(ctx, i.admin, http.MethodPost, "/api/departments", map[string]string{"name": "Bench " + i.run}, &made)
		if err != nil {
			return nil, err
		}
		i.departmentID = made.ID
	}
	first := i.agents
	i.agents += n
	var mu sync.Mutex
	staff := make([]identity, n)
	err := several(ctx, n, signInsAtOnce, func(ctx context.Context, k int) error {
		login := fmt.Sprintf("bench-%s-%03d", i.run, first+k)
		err := i.calls.call(ctx, i.admin, http.MethodPost, "/api/agents", map[string]any{
			"login": login, "name": fmt.Sprintf("Bench %d", first+k), "email": login + "@example.com", "password": password,
			"role": "agent", "department_ids": []string{i.departmentID}, "method": method, "conversation_limit": 50,
		}, nil)
		if err != nil {
			return err
		}
		who, err := i.signed(ctx, "/api/session", map[string]string{"login": login, "password": password}, addressOf(agentNumber+first+k))
		if err != nil {
			return err
		}
		if err := i.calls.call(ctx, who, http.MethodPut, "/api/session/status", map[string]string{"status": "online"}, nil); err != nil {
			return err
		}
		mu.Lock()
		staff[k] = who
		mu.Unlock()
		return nil
	})
	return staff, err
}
