package agent_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

func TestOwnProfile(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		b := f.as(t, "ana")
		status, _, body := b.call(t, "PATCH", "/api/session/profile",
			`{"name":"Ana S.","email":"ana.s@loja.example","phone":"+55 11 5555-0100","languages":["es-AR","pt-BR"]}`)
		me := decode[agent.Me](t, body).Agent
		if status != 200 || me.Name != "Ana S." || me.Email != "ana.s@loja.example" || me.Phone != "+55 11 5555-0100" || !slices.Equal(me.Languages, []string{"es", "pt"}) {
			t.Errorf("%d %s", status, body)
		}
		if status, refusal, _ := b.call(t, "PATCH", "/api/session/profile", `{"email":"nowhere","languages":["??"]}`); status != 422 ||
			refusal != "validation email:invalid languages:invalid" {
			t.Errorf("%d %s", status, refusal)
		}
		// What only an administrator may give is no part of it.
		if status, _, _ := b.call(t, "PATCH", "/api/session/profile", `{"skills":["fiscal"]}`); status != 422 {
			t.Errorf("skills of one's own: %d", status)
		}
		if status, _, _ := b.call(t, "PATCH", "/api/session/profile", `{"role":"administrator"}`); status != 422 {
			t.Errorf("a role of one's own: %d", status)
		}
	})
}

func TestChangeOwnPassword(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		b := f.as(t, "ana")
		change := func(current, to string) (int, string) {
			status, refusal, _ := b.call(t, "PUT", "/api/session/password", fmt.Sprintf(`{"current":%q,"password":%q}`, current, to))
			return status, refusal
		}
		if status, refusal := change("wrong-password", "next-password"); status != 422 || refusal != "validation current:invalid" {
			t.Errorf("%d %s", status, refusal)
		}
		if status, _ := change(password, "short"); status != 422 {
			t.Errorf("a short one: %d", status)
		}
		if status, refusal := change(password, "next-password"); status != 204 {
			t.Fatalf("%d %s", status, refusal)
		}
		if status, _, _ := b.call(t, "GET", "/api/session", ""); status != 200 {
			t.Errorf("the session ended: %d", status)
		}
		if _, err := f.SignIn(t.Context(), "ana", password); !fault.Is(err, fault.InvalidCredentials) {
			t.Errorf("the old password: %v", err)
		}
		if _, err := f.SignIn(t.Context(), "ana", "next-password"); err != nil {
			t.Errorf("the new password: %v", err)
		}
	})
}

// TestChangeOwnPassword_IsNoWayToGuess: whoever sits at an open session has no more tries than at the door.
func TestChangeOwnPassword_IsNoWayToGuess(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		b := f.as(t, "ana")
		refused := ""
		for range 12 {
			_, refused, _ = b.call(t, "PUT", "/api/session/password", `{"current":"wrong-password","password":"next-password"}`)
		}
		if refused != "rate_limited" {
			t.Errorf("after 12 tries: %s", refused)
		}
	})
}

func TestEndSessionOf(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		chief := ana()
		chief.Login, chief.Role = "chief", access.Supervisor
		f.create(t, chief)
		own, supervisor := f.as(t, "ana"), f.as(t, "chief")
		if status, _, _ := own.call(t, "POST", "/api/agents/"+a.ID+"/end-session", ""); status != 403 {
			t.Errorf("by an agent: %d", status)
		}
		if status, _, _ := supervisor.call(t, "POST", "/api/agents/"+alien+"/end-session", ""); status != 404 {
			t.Errorf("of an unknown agent: %d", status)
		}
		for range 2 { // the second finds nothing to do
			if status, refusal, _ := supervisor.call(t, "POST", "/api/agents/"+a.ID+"/end-session", ""); status != 204 {
				t.Errorf("%d %s", status, refusal)
			}
		}
		if status, refusal, _ := own.call(t, "GET", "/api/session", ""); status != 401 || refusal != "session_ended" {
			t.Errorf("the agent's next request: %d %s", status, refusal)
		}
		ended := f.ended(t)
		if len(ended) != 1 || ended[0].Reason != agent.BySupervisor || ended[0].Conversations != agent.Keep {
			t.Errorf("%+v", ended)
		}
	})
}

func TestReturned_IsToldOnce(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		note := func(reason string, count int) {
			if err := f.NoteReturned(t.Context(), acc, a.ID, reason, count); err != nil {
				t.Fatal(err)
			}
		}
		b := f.as(t, "ana")
		returned := func() *agent.Returned {
			_, _, body := b.call(t, "GET", "/api/session", "")
			return decode[agent.Me](t, body).Returned
		}
		note("connection_lost", 0)
		if got := returned(); got != nil {
			t.Errorf("nothing was returned: %+v", got)
		}
		note("connection_lost", 2)
		f.clock.Advance(1)
		note("session_ended", 1)
		got := returned()
		if got == nil || got.Count != 3 || got.Reason != "session_ended" {
			t.Fatalf("%+v", got)
		}
		if status, _, _ := b.call(t, "DELETE", fmt.Sprintf("/api/session/returned?up_to=%d", got.At-1), ""); status != 204 || returned() == nil {
			t.Errorf("what came later is forgotten: %d", status)
		}
		if status, _, _ := b.call(t, "DELETE", fmt.Sprintf("/api/session/returned?up_to=%d", got.At), ""); status != 204 || returned() != nil {
			t.Errorf("told again: %d", status)
		}
	})
}

// TestChangeOwnPassword_IsNotHeldUpByStrangers: their wrong passwords at the door are counted apart, and those at the session do not close
// the door.
func TestChangeOwnPassword_IsNotHeldUpByStrangers(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		b := f.as(t, "ana")
		b.at("198.51.100.1").tryUntilPaced(t, "ana")
		for i := range 10 {
			want := "validation current:invalid"
			if _, refusal, _ := b.call(t, "PUT", "/api/session/password", `{"current":"wrong-password","password":"next-password"}`); refusal != want {
				t.Errorf("try %d: %s", i, refusal)
			}
		}
		if refusal := b.try(t, "ana", password); refusal != "" {
			t.Errorf("signing in again: %s", refusal)
		}
	})
}
