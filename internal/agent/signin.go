package agent

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"
	"unicode"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/network"
)

// Outcome is what came of a sign-in, for the metrics.
type Outcome string

// The outcomes.
const (
	Right   Outcome = "right"
	Wrong   Outcome = "wrong"   // the login or the password
	Refused Outcome = "refused" // the password was right, agent or account are inactive
	Paced   Outcome = "paced"   // too many wrong ones before
	Crowded Outcome = "crowded" // too many at once
)

// Outcomes returns every outcome.
func Outcomes() []Outcome { return []Outcome{Right, Wrong, Refused, Paced, Crowded} }

// door is how an attempt is paced: by what is known of who tries.
type door struct {
	caller Caller
	// own is of who tries alone: a right password forgets it.
	own bound
	// shared are with others who are not known either.
	shared []bound
}

func (d door) bounds() []bound { return append([]bound{d.own}, d.shared...) }

// doorOf tells the known from strangers. A device that login signed in on is paced by itself, a network it was at work in by the two
// together: what others try elsewhere makes neither of them wait.
func (s *Service) doorOf(login string, from device, origin netip.Prefix, now time.Time) door {
	if s.devices.knows(from, login) {
		return door{caller: Caller{Known: true, Network: origin}, own: bound{"device " + from.Name + " " + login, freeOfDevice}}
	}
	d := door{
		caller: Caller{Known: s.networks.knows(login, origin, now), Network: origin},
		own:    bound{"pair " + origin.String() + " " + login, freeOfPair},
	}
	if !d.caller.Known {
		d.shared = []bound{{"login " + login, freeOfLogin}}
		if origin.IsValid() {
			d.shared = append(d.shared, bound{"network " + origin.String(), freeOfNetwork})
		}
	}
	return d
}

// SignIn is SignInOn for who shows no device.
func (s *Service) SignIn(ctx context.Context, login, password string) (Session, error) {
	return s.SignInOn(ctx, "", login, password)
}

// SignInOn opens a session (T001) and ends the agent's other one (T005). token is what the browser keeps as DeviceCookie.
//
// InvalidCredentials for an unknown login or a wrong password, which take the same time; AgentInactive and AccountInactive (T003)
// only after the right password; RateLimited after too many wrong ones, counted apart for each known device, for each network and for all
// who are not known, or when too many strangers sign in at once; Unavailable when too many of the known do.
func (s *Service) SignInOn(ctx context.Context, token, login, password string) (Session, error) {
	login = foldLogin(login)
	now, origin := s.config.Clock.Now(), api.ClientNetwork(ctx)
	from := s.devices.read(token, now)
	entry := s.doorOf(login, from, origin, now)
	if wait := s.paces.take(entry.bounds()); wait > 0 {
		s.config.Outcome(Paced)
		return Session{}, waitFor(wait)
	}
	c, right, err := s.judge(ctx, entry.caller, login, password)
	if err != nil {
		s.paces.back(entry.bounds())
		if fault.Is(err, fault.RateLimited) || fault.Is(err, fault.Unavailable) {
			s.config.Outcome(Crowded)
		}
		return Session{}, err
	}
	if !right {
		s.config.Outcome(Wrong)
		s.failed(ctx, login, c, origin)
		return Session{}, fault.New(fault.InvalidCredentials)
	}
	s.paces.forget(entry.own)
	s.paces.back(entry.shared)
	session, err := s.admit(ctx, c)
	if err != nil {
		s.config.Outcome(Refused)
		s.config.Logger.WarnContext(ctx, "a sign-in with the right password was refused", "login", login, "network", network.Name(origin), "error", err)
		return Session{}, err
	}
	s.config.Outcome(Right)
	s.networks.meet(login, origin, now)
	session.from = from
	return session, nil
}

func (s *Service) judge(ctx context.Context, caller Caller, login, password string) (credentials, bool, error) {
	c, err := selectCredentials(ctx, s.config.Store.Read(), login)
	if err != nil {
		return credentials{}, false, fmt.Errorf("agent: sign in: %w", err)
	}
	right, err := s.config.Hasher.Matches(ctx, caller, password, c.passwordHash)
	return c, right, err
}

func (s *Service) admit(ctx context.Context, c credentials) (Session, error) {
	if !c.active {
		return Session{}, fault.New(fault.AgentInactive)
	}
	return s.Open(ctx, c.accountID, c.agentID)
}

// failed tells the operator of a wrong password now, and the account by TellFailures: a write here would tell strangers which logins
// there are by how long it takes.
func (s *Service) failed(ctx context.Context, login string, c credentials, origin netip.Prefix) {
	reason := "password"
	if c.agentID == "" {
		reason = "login"
	} else {
		s.failures.note(Failures{AccountID: c.accountID, AgentID: c.agentID, Network: origin, Count: 1})
	}
	s.config.Logger.WarnContext(ctx, "a sign-in failed", "login", shown(login, c.agentID != ""), "network", network.Name(origin), "wrong", reason)
}

// shown is a login as logs may hold it: of one that does not exist only how it begins, since people type passwords there by mistake.
func shown(login string, exists bool) string {
	const begins = 3
	clean := []rune(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, login))
	if exists || len(clean) <= begins {
		return string(clean[:min(len(clean), LoginMax)])
	}
	return string(clean[:begins]) + "…"
}

func waitFor(wait time.Duration) error {
	return fault.New(fault.RateLimited).With("seconds", int((wait+time.Second-1)/time.Second))
}
