package agent_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

func TestSignIn(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		for _, login := range []string{"ana", " ANA ", "Ana"} {
			s := f.signIn(t, login)
			if s.AgentID != a.ID || s.AccountID != acc || len(s.Token) < 43 {
				t.Errorf("%q: %+v", login, s)
			}
		}
		s := f.signIn(t, "ana")
		actor := f.actor(t, s)
		if actor.AgentID != a.ID || actor.AccountID != acc || actor.SessionID != s.ID || actor.Name != "Ana Souza" || actor.Role != "agent" ||
			!actor.DepartmentIDs[sales] || len(actor.DepartmentIDs) != 1 || actor.All || !actor.Can("queue.take") || actor.Can("agent.manage") {
			t.Errorf("actor %+v", actor)
		}
		var hash string
		if err := f.store.Read().QueryRow(t.Context(), "SELECT token_hash FROM sessions WHERE id = ?", s.ID).Scan(&hash); err != nil ||
			hash != secret.Hash(s.Token) {
			t.Errorf("stored %q, %v; want only the hash", hash, err)
		}
	})
}

func TestSignIn_Refuses(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, boss())
		a := f.create(t, ana())
		off := false
		if _, err := f.Update(t.Context(), acc, "", a.ID, agent.Changes{Active: &off}); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			login, password string
			code            fault.Code
		}{
			{"nobody", password, fault.InvalidCredentials},
			{"", "", fault.InvalidCredentials},
			{"ana", "wrong", fault.InvalidCredentials}, // whether the agent is inactive is not a stranger's business
			{"ana", password, fault.AgentInactive},
			{"chefe", password + " ", fault.InvalidCredentials},
		} {
			if _, err := f.SignIn(t.Context(), tt.login, tt.password); !fault.Is(err, tt.code) {
				t.Errorf("%q %q: %v, want %s", tt.login, tt.password, err, tt.code)
			}
		}
		f.closed[acc] = true
		if _, err := f.SignIn(t.Context(), "chefe", password); !fault.Is(err, fault.AccountInactive) {
			t.Errorf("inactive account: %v", err)
		}
		if got := f.ended(t); len(got) != 0 {
			t.Errorf("refused sign-ins ended %v", got)
		}
	})
}

func TestSignIn_EndsTheOtherSession(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		first := f.signIn(t, "ana")
		f.actor(t, first)
		second := f.signIn(t, "ana")
		if _, err := f.Actor(t.Context(), first.Token); !fault.Is(err, fault.SessionReplaced) {
			t.Errorf("the first session: %v", err)
		}
		f.actor(t, second)
		want := []agent.SessionEnded{{AgentID: a.ID, SessionID: first.ID, Reason: agent.Replaced, Conversations: agent.Keep}}
		if got := f.ended(t); !slices.Equal(got, want) {
			t.Errorf("told %v, want %v", got, want)
		}
	})
}

func TestSignIn_OneSessionHoweverManyAtOnce(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		sessions := make([]agent.Session, 8)
		var wg sync.WaitGroup
		for i := range sessions {
			wg.Go(func() {
				var err error
				// A lane each on PostgreSQL, as on several nodes.
				ctx := store.InLane(t.Context(), fmt.Sprint(i))
				if sessions[i], err = f.Open(ctx, acc, a.ID); err != nil {
					t.Errorf("sign-in %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		open := 0
		for _, s := range sessions {
			if _, err := f.Actor(t.Context(), s.Token); err == nil {
				open++
			} else if !fault.Is(err, fault.SessionReplaced) {
				t.Error(err)
			}
		}
		if open != 1 {
			t.Errorf("%d sessions are open, want 1", open)
		}
		if got := f.ended(t); len(got) != len(sessions)-1 {
			t.Errorf("%d ends were told, want %d", len(got), len(sessions)-1)
		}
	})
}

func TestActor_Refuses(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, boss())
		a := f.create(t, ana())
		for _, token := range []string{"", "forged", "00000000-0000-7000-8000-00000000aaaa"} {
			if _, err := f.Actor(t.Context(), token); !fault.Is(err, fault.NotAuthenticated) {
				t.Errorf("%q: %v", token, err)
			}
		}
		s := f.signIn(t, "ana")
		f.actor(t, s)
		off, on := false, true
		if _, err := f.Update(t.Context(), acc, "", a.ID, agent.Changes{Active: &off}); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Actor(t.Context(), s.Token); !fault.Is(err, fault.SessionEnded) {
			t.Errorf("inactivated: %v", err)
		}
		if _, err := f.Update(t.Context(), acc, "", a.ID, agent.Changes{Active: &on}); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Actor(t.Context(), s.Token); !fault.Is(err, fault.SessionEnded) {
			t.Errorf("active again, the old session: %v", err)
		}
		s = f.signIn(t, "ana")
		f.actor(t, s)
		f.closed[acc] = true
		f.clock.Advance(30 * time.Second)
		if _, err := f.Actor(t.Context(), s.Token); !fault.Is(err, fault.AccountInactive) {
			t.Errorf("inactive account: %v", err)
		}
	})
}

func TestActor_AnswersFromMemory(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		s := f.signIn(t, "ana")
		f.actor(t, s)
		before := f.reads.Load()
		for range 100 {
			f.actor(t, s)
		}
		if got := f.reads.Load(); got != before {
			t.Errorf("100 requests read the session %d times", got-before)
		}
		f.clock.Advance(30 * time.Second)
		f.actor(t, s)
		if got := f.reads.Load(); got != before+1 {
			t.Errorf("after half a minute it was read %d times, want once", got-before)
		}
	})
}

func TestActor_HearsOfAnotherNode(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		s := f.signIn(t, "ana")
		f.actor(t, s)
		node := newNode(t, f.store, f.clock)
		if err := node.EndSession(t.Context(), acc, a.ID, agent.SignedOut); err != nil {
			t.Fatal(err)
		}
		if err := f.log.Settle(t.Context(), acc); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Actor(t.Context(), s.Token); !fault.Is(err, fault.SessionEnded) {
			t.Errorf("ended on the other node: %v", err)
		}
	})
}

func TestActor_ChangesWithTheRole(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		s := f.signIn(t, "ana")
		f.actor(t, s)
		supervisor := agent.Changes{DepartmentIDs: []string{mail}}
		role := boss().Role
		supervisor.Role = &role
		if _, err := f.Update(t.Context(), acc, "", a.ID, supervisor); err != nil {
			t.Fatal(err)
		}
		if actor := f.actor(t, s); !actor.Can("agent.manage") || !actor.All || !actor.DepartmentIDs[mail] || actor.DepartmentIDs[sales] {
			t.Errorf("actor %+v", actor)
		}
	})
}

func expiresAt(t *testing.T, f *fixture, sessionID string) time.Time {
	t.Helper()
	var at int64
	if err := f.store.Read().QueryRow(t.Context(), "SELECT expires_at FROM sessions WHERE id = ?", sessionID).Scan(&at); err != nil {
		t.Fatal(err)
	}
	return time.UnixMilli(at)
}

func TestSession_SlidesWhileUsed(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		s := f.signIn(t, "ana")
		began := f.clock.Now()
		f.clock.Advance(5*time.Minute - time.Second)
		f.actor(t, s)
		if got := expiresAt(t, f, s.ID); !got.Equal(began.Add(agent.SessionLife)) {
			t.Errorf("moved after less than five minutes, to %s", got)
		}
		f.clock.Advance(time.Second)
		f.actor(t, s)
		if got, want := expiresAt(t, f, s.ID), f.clock.Now().Add(agent.SessionLife); !got.Equal(want) {
			t.Errorf("ends %s, want %s", got, want)
		}
		for range 30 { // six days of a panel that only holds its socket
			f.clock.Advance(agent.SessionLife / 2)
			f.Used(t.Context(), acc, s.AgentID, s.ID)
		}
		f.actor(t, s)
		f.clock.Advance(agent.SessionLife)
		if _, err := f.Actor(t.Context(), s.Token); !fault.Is(err, fault.SessionEnded) {
			t.Errorf("unused for its whole life: %v", err)
		}
		f.Used(t.Context(), acc, s.AgentID, s.ID)
		if _, err := f.Actor(t.Context(), s.Token); !fault.Is(err, fault.SessionEnded) {
			t.Errorf("an expired session came back: %v", err)
		}
		f.signIn(t, "ana")
		if got := f.ended(t); len(got) != 0 {
			t.Errorf("an expired session was told to end: %v", got)
		}
	})
}

func TestSession_RecordsAccessAndFirstConnection(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		if a.LastAccessAt != nil || a.FirstConnectionAt != nil {
			t.Errorf("before any access: %+v", a)
		}
		check := func(access, first time.Time) {
			t.Helper()
			list, err := f.List(t.Context(), acc)
			if err != nil || len(list) != 1 {
				t.Fatalf("%v, %v", list, err)
			}
			one, err := f.Get(t.Context(), acc, a.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, got := range []agent.Agent{list[0], one} {
				if got.LastAccessAt == nil || *got.LastAccessAt != access.UnixMilli() {
					t.Errorf("last access %v, want %s", got.LastAccessAt, access)
				}
				if first.IsZero() != (got.FirstConnectionAt == nil) || (got.FirstConnectionAt != nil && *got.FirstConnectionAt != first.UnixMilli()) {
					t.Errorf("first connection %v, want %s", got.FirstConnectionAt, first)
				}
			}
		}
		morning := f.clock.Now()
		s := f.signIn(t, "ana")
		check(morning, morning)
		f.clock.Advance(time.Hour)
		f.actor(t, s)
		check(morning.Add(time.Hour), morning)
		s = f.signIn(t, "ana")
		check(f.clock.Now(), morning)

		// Past midnight in São Paulo, which is 3:00 UTC; the session goes on.
		f.clock.Set(time.Date(2026, 3, 11, 0, 30, 0, 0, time.UTC))
		f.actor(t, s)
		check(f.clock.Now(), morning)
		before := f.clock.Now()
		f.clock.Set(time.Date(2026, 3, 11, 3, 0, 0, 0, time.UTC))
		check(before, time.Time{})
		f.actor(t, s)
		check(f.clock.Now(), f.clock.Now())
	})
}

func TestSignOut(t *testing.T) {
	for _, choice := range []agent.Conversations{agent.Return, agent.Keep} {
		t.Run(string(choice), func(t *testing.T) {
			each(t, func(t *testing.T, f *fixture) {
				f.create(t, ana())
				s := f.signIn(t, "ana")
				actor := f.actor(t, s)
				for range 2 { // the second time nothing is left to do
					if err := f.SignOut(t.Context(), actor, choice); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := f.Actor(t.Context(), s.Token); !fault.Is(err, fault.SessionEnded) {
					t.Errorf("after signing out: %v", err)
				}
				want := []agent.SessionEnded{{AgentID: actor.AgentID, SessionID: s.ID, Reason: agent.SignedOut, Conversations: choice}}
				if got := f.ended(t); !slices.Equal(got, want) {
					t.Errorf("told %v, want %v", got, want)
				}
			})
		})
	}
}

func TestSignOut_OfAReplacedSessionLeavesTheNewOne(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		old := f.actor(t, f.signIn(t, "ana"))
		fresh := f.signIn(t, "ana")
		if err := f.SignOut(t.Context(), old, agent.Return); err != nil {
			t.Fatal(err)
		}
		f.actor(t, fresh)
		if got := f.ended(t); len(got) != 1 || got[0].Reason != agent.Replaced {
			t.Errorf("told %v", got)
		}
	})
}

func TestOpen_KnowsAnAgentOfAnotherProcess(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		deaf := agent.NewPresence(agent.Observer{}) // a node whose log has not told yet
		defer deaf.Close()
		config := agent.Config{
			Store: f.store, Log: f.log, Clock: f.clock, IDs: seq{}, Hasher: agent.NewHasher(cheap), Presence: deaf, Departments: departments{},
			Account: func(_ context.Context, id string, _ time.Time) (agent.Account, error) {
				return agent.Account{ID: id, Active: true, Today: "2026-03-10"}, nil
			},
		}
		a := f.create(t, ana())
		if _, err := agent.NewService(config).SignIn(t.Context(), "ana", password); err != nil {
			t.Fatal(err)
		}
		if known, ok := deaf.Agent(acc, a.ID); !ok || known.Name != "Ana Souza" || !known.Serves(sales) {
			t.Errorf("%+v, %v", known, ok)
		}
		if _, err := agent.NewService(config).Open(t.Context(), acc, "nobody"); !fault.Is(err, fault.NotFound) {
			t.Errorf("unknown agent: %v", err)
		}
	})
}

type seq struct{}

func (seq) New() string { return "00000000-0000-7000-8000-000000005e55" }

var _ api.Sessions = (*agent.Service)(nil)
