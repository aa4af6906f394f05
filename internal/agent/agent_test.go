package agent_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/blob"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

const (
	acc   = "00000000-0000-7000-8000-00000000aaaa"
	other = "00000000-0000-7000-8000-00000000bbbb"
	sales = "00000000-0000-7000-8000-0000000000d1"
	mail  = "00000000-0000-7000-8000-0000000000d2"
	alien = "00000000-0000-7000-8000-0000000000d9" // a department of the other account
)

const password = "uma boa senha"

// fixture is a service over two accounts, as app builds it, with everything it told.
type fixture struct {
	*agent.Service
	store    *store.Store
	log      *eventlog.Log
	clock    *clock.Fake
	presence *agent.Presence
	hasher   *agent.Hasher
	logged   *bytes.Buffer
	outcomes outcomes
	failures []agent.Failures
	recorder eventlogtest.Recorder
	folder   string          // of the photos
	closed   map[string]bool // inactive accounts
	active   map[string]int
	reads    atomic.Int64 // how often the account was asked for
}

func newFixture(t *testing.T, st *store.Store) *fixture {
	t.Helper()
	eventlogtest.Account(t, st, acc)
	eventlogtest.Account(t, st, other)
	for id, account := range map[string]string{sales: acc, mail: acc, alien: other} {
		insertDepartment(t, st, account, id)
	}
	return newNode(t, st, clock.NewFake(time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)))
}

// newNode returns one more process on the same database.
func newNode(t *testing.T, st *store.Store, c *clock.Fake) *fixture {
	t.Helper()
	f := &fixture{
		store: st, clock: c, closed: map[string]bool{}, active: map[string]int{}, hasher: agent.NewHasher(cheap), logged: &bytes.Buffer{},
	}
	var heard func(eventlog.Record)
	f.log = eventlogtest.New(t, st, f.clock, f.recorder.Take, func(r eventlog.Record) { heard(r) })
	f.presence = agent.NewPresence(agent.Observer{})
	t.Cleanup(f.presence.Close)
	f.folder = t.TempDir()
	bucket, err := blob.Open(t.Context(), "file:"+f.folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bucket.Close() })
	f.Service = agent.NewService(agent.Config{
		Store: st, Log: f.log, Clock: f.clock, IDs: ident.V7{}, Logger: slog.New(slog.NewTextHandler(f.logged, nil)),
		Hasher: f.hasher, Presence: f.presence, Departments: departments{},
		Account: func(_ context.Context, id string, now time.Time) (agent.Account, error) {
			f.reads.Add(1)
			zone := time.FixedZone("-03", -3*60*60)
			return agent.Account{
				ID: id, Name: "Loja", TimeZone: "America/Sao_Paulo", Language: "pt", Active: !f.closed[id],
				Today: now.In(zone).Format(time.DateOnly),
			}, nil
		},
		Active: func(string) map[string]int { return f.active }, Bucket: bucket,
		Box: secret.New([]byte("0123456789abcdef0123456789abcdef")), Outcome: f.outcomes.count,
		Failed: func(_ context.Context, _ *store.Tx, failed agent.Failures) error {
			f.failures = append(f.failures, failed)
			return nil
		},
	})
	heard = f.Heard
	if err := f.presence.Load(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	return f
}

// outcomes counts what came of sign-ins.
type outcomes struct{ sync.Map }

func (o *outcomes) count(one agent.Outcome) {
	n, _ := o.LoadOrStore(one, new(atomic.Int64))
	n.(*atomic.Int64).Add(1)
}

func (o *outcomes) of(one agent.Outcome) int64 {
	n, ok := o.Load(one)
	if !ok {
		return 0
	}
	return n.(*atomic.Int64).Load()
}

func insertDepartment(t *testing.T, st *store.Store, account, id string) {
	t.Helper()
	err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO departments (id, account_id, name, display_name, description, position, active, created_at)
			VALUES (?, ?, ?, '', '', 0, TRUE, 0)`, id, account, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// departments knows those of the fixture.
type departments struct{}

func (departments) InAccount(_ context.Context, _ *store.Tx, accountID string, ids []string) (bool, error) {
	for _, id := range ids {
		if (accountID == acc) != (id == sales || id == mail) {
			return false, nil
		}
	}
	return true, nil
}

// ana is an agent of the first account.
func ana() agent.New {
	return agent.New{
		Login: "Ana", Name: " Ana Souza ", Email: "ana@loja.example", Password: password, Role: access.Agent, DepartmentIDs: []string{sales},
	}
}

func boss() agent.New {
	return agent.New{Login: "chefe", Name: "Chefe", Email: "chefe@loja.example", Password: password, Role: access.Administrator}
}

func (f *fixture) create(t *testing.T, n agent.New) agent.Agent {
	t.Helper()
	a, err := f.Create(t.Context(), acc, n)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (f *fixture) signIn(t *testing.T, login string) agent.Session {
	t.Helper()
	s, err := f.SignIn(t.Context(), login, password)
	if err != nil {
		t.Fatalf("%s: %v", login, err)
	}
	return s
}

func (f *fixture) actor(t *testing.T, s agent.Session) api.ActorInfo {
	t.Helper()
	actor, err := f.Actor(t.Context(), s.Token)
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

// ended returns the SessionEnded events of the account so far.
func (f *fixture) ended(t *testing.T) []agent.SessionEnded {
	t.Helper()
	f.recorder.Kinds(t, f.log, acc)
	var list []agent.SessionEnded
	for _, r := range f.recorder.Records() {
		if r.Kind == agent.SessionEndedKind {
			event, err := eventlog.Decode(r)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, event.(agent.SessionEnded))
		}
	}
	return list
}

func fields(err error) string {
	var refused *fault.Error
	if !errors.As(err, &refused) {
		return ""
	}
	names := make([]string, len(refused.Fields))
	for i, f := range refused.Fields {
		names[i] = f.Name + ":" + f.Code
	}
	return strings.Join(names, " ")
}

func each(t *testing.T, test func(t *testing.T, f *fixture)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, st *store.Store) { test(t, newFixture(t, st)) })
}
