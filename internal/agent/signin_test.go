package agent_test

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/agent"
)

// at returns another browser on the same surface, without cookies, at an address.
func (b *browser) at(address string) *browser { return &browser{handler: b.handler, from: address} }

func (b *browser) try(t *testing.T, login, password string) string {
	t.Helper()
	_, refusal, _ := b.call(t, "POST", "/api/session", fmt.Sprintf(`{"login":%q,"password":%q}`, login, password))
	return refusal
}

// tryUntilPaced tries wrong passwords until one has to wait, and returns how many were judged.
func (b *browser) tryUntilPaced(t *testing.T, login string) int {
	t.Helper()
	for n := range 1000 {
		switch refusal := b.try(t, login, "wrong"); refusal {
		case "invalid_credentials":
		case "rate_limited":
			return n
		default:
			t.Fatalf("try %d: %s", n, refusal)
		}
	}
	t.Fatal("a thousand wrong passwords were judged")
	return 0
}

// Whoever tries wrong passwords for a login makes neither the device nor the network wait from which it was used before.
func TestSignIn_StrangersMakeNobodyKnownWait(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		office := f.browser().at("203.0.113.7")
		if refusal := office.try(t, "ana", password); refusal != "" {
			t.Fatal(refusal)
		}
		for i := range 20 { // many strangers, so that the login as a whole is paced
			office.at(fmt.Sprintf("198.51.100.%d", i)).tryUntilPaced(t, "ana")
		}
		if refusal := office.at("192.0.2.99").try(t, "ana", password); refusal != "rate_limited" {
			t.Errorf("a stranger from nowhere: %q, want to wait", refusal)
		}
		if refusal := office.at("203.0.113.7").try(t, "ana", password); refusal != "" {
			t.Errorf("another device in the known network: %s", refusal)
		}
		elsewhere := office.at("192.0.2.99")
		elsewhere.device = office.device
		if refusal := elsewhere.try(t, "ana", password); refusal != "" {
			t.Errorf("the known device in another network: %s", refusal)
		}
	})
}

// After a start, whoever is at work teaches the node the network again.
func TestSignIn_OpenSessionsTeachTheNetwork(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		b := f.browser().at("203.0.113.7")
		b.try(t, "ana", password)
		node := newNode(t, f.store, f.clock)
		b.handler = node.browser().handler
		f.clock.Advance(5 * time.Minute)
		if status, refusal, _ := b.call(t, "GET", "/api/session", ""); status != http.StatusOK {
			t.Fatal(refusal)
		}
		for i := range 10 {
			b.at(fmt.Sprintf("198.51.100.%d", i)).tryUntilPaced(t, "ana")
		}
		if refusal := b.at("192.0.2.99").try(t, "ana", password); refusal != "rate_limited" {
			t.Errorf("from nowhere: %q", refusal)
		}
		if refusal := b.at("203.0.113.7").try(t, "ana", password); refusal != "" {
			t.Errorf("from where a session is in use: %s", refusal)
		}
		f.clock.Advance(30 * 24 * time.Hour)
		for i := range 10 {
			b.at(fmt.Sprintf("198.51.100.%d", i)).tryUntilPaced(t, "ana")
		}
		if refusal := b.at("203.0.113.7").try(t, "ana", password); refusal != "rate_limited" {
			t.Errorf("a month later: %q", refusal)
		}
	})
}

// Somebody in the same network, behind the same proxy for one, can keep strangers there from signing in for a while, not a known device.
func TestSignIn_NeighboursDoNotLockAKnownDevice(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		f.create(t, boss())
		b := f.browser()
		if refusal := b.try(t, "ana", password); refusal != "" {
			t.Fatal(refusal)
		}
		neighbour := b.at(b.from)
		neighbour.tryUntilPaced(t, "ana")
		for i := range 120 { // the network as a whole
			neighbour.try(t, fmt.Sprintf("somebody%d", i), "wrong")
		}
		if refusal := neighbour.try(t, "chefe", password); refusal != "rate_limited" {
			t.Errorf("a stranger in the network: %q", refusal)
		}
		if refusal := b.try(t, "ana", password); refusal != "" {
			t.Errorf("the known device: %s", refusal)
		}
		// The device is known by who signed in on it, and by nobody else.
		if refusal := b.try(t, "chefe", password); refusal != "rate_limited" {
			t.Errorf("another login on the known device: %q", refusal)
		}
	})
}

// A known device is no way to guess either, and one that was made up is none.
func TestSignIn_AKnownDeviceIsPacedByItself(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		b := f.browser()
		b.try(t, "ana", password)
		if n := b.tryUntilPaced(t, "ana"); n != 10 {
			t.Errorf("%d wrong passwords were judged, want 10", n)
		}
		f.clock.Advance(time.Second)
		if refusal := b.try(t, "ana", password); refusal != "" {
			t.Errorf("after a second: %s", refusal)
		}
		if n := b.tryUntilPaced(t, "ana"); n != 10 {
			t.Errorf("after the right one %d were judged, want 10 again", n)
		}
		forger := b.at("198.51.100.1")
		forger.tryUntilPaced(t, "ana")
		forger.device = &http.Cookie{Name: agent.DeviceCookie, Value: strings.ToUpper(b.device.Value)}
		if refusal := forger.try(t, "ana", password); refusal != "rate_limited" {
			t.Errorf("with a forged device: %q", refusal)
		}
	})
}

func TestSignIn_WaitsGrowAndAreShort(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		for _, login := range []string{"ana", "nobody"} { // the pace tells nothing of who exists
			b := f.browser()
			b.tryUntilPaced(t, login)
			for _, seconds := range []int{1, 2, 4, 8, 16, 32} {
				f.clock.Advance(time.Duration(seconds)*time.Second - time.Millisecond)
				if refusal := b.try(t, login, "wrong"); refusal != "rate_limited" {
					t.Errorf("%s, before %d s: %s", login, seconds, refusal)
				}
				f.clock.Advance(time.Millisecond)
				if refusal := b.try(t, login, "wrong"); refusal != "invalid_credentials" {
					t.Errorf("%s, after %d s: %s", login, seconds, refusal)
				}
			}
			judged := 0
			for range 60 * 60 { // one who tries each second for an hour
				f.clock.Advance(time.Second)
				if b.try(t, login, "wrong") == "invalid_credentials" {
					judged++
				}
			}
			if judged < 60 || judged > 70 {
				t.Errorf("%s: %d were judged in an hour, want one in a minute", login, judged)
			}
			f.clock.Advance(time.Minute)
		}
		if refusal := f.browser().try(t, "ana", password); refusal != "" {
			t.Errorf("the right one after the wait: %s", refusal)
		}
	})
}

// Addresses of one /64 are one caller: a household or a server has all of them.
func TestSignIn_CountsIPv6ByNetwork(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		b := f.browser()
		last := ""
		for i := range 11 {
			last = b.at(fmt.Sprintf("2001:db8:1:2::%x", i+1)).try(t, "ana", "wrong")
		}
		if last != "rate_limited" {
			t.Errorf("the 11th address of a /64: %s", last)
		}
		if refusal := b.at("2001:db8:1:3::1").try(t, "ana", password); refusal != "" {
			t.Errorf("the next /64: %s", refusal)
		}
	})
}

// One network cannot try many logins: the pace is by network too.
func TestSignIn_PacesANetworkThatTriesManyLogins(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		b := f.browser()
		judged := 0
		for i := range 300 {
			if b.try(t, fmt.Sprintf("login%d", i), "wrong") == "invalid_credentials" {
				judged++
			}
		}
		if judged != 100 {
			t.Errorf("%d were judged, want 100", judged)
		}
		if got := f.outcomes.of(agent.Paced); got != 200 {
			t.Errorf("%d were counted as paced", got)
		}
	})
}

// 200 wrong sign-ins at once turn no right one away: neither of who is known nor of who comes from elsewhere.
func TestSignIn_AFloodTurnsNoRightOneAway(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		f.create(t, boss())
		known := f.browser().at("203.0.113.7")
		if refusal := known.try(t, "ana", password); refusal != "" {
			t.Fatal(refusal)
		}
		release := f.hasher.Occupy()
		var flood, right sync.WaitGroup
		var turnedAway, answered atomic.Int64
		until := func(there func() bool) {
			for !there() && answered.Load() == 0 && t.Context().Err() == nil {
				runtime.Gosched()
			}
		}
		for i := range 200 {
			stranger := known.at(fmt.Sprintf("198.51.100.%d", i%4))
			flood.Go(func() {
				if stranger.try(t, fmt.Sprintf("nobody%d", i), "wrong") != "invalid_credentials" {
					turnedAway.Add(1)
				}
			})
		}
		comes := func(who string, b *browser, login string) {
			right.Go(func() {
				if refusal := b.try(t, login, password); refusal != "" {
					t.Errorf("%s: %s", who, refusal)
				}
				answered.Add(1)
			})
		}
		until(func() bool { return turnedAway.Load() == 200-128 })
		comes("who is known", known, "ana")
		until(func() bool { return f.hasher.Waiting() == 128+1 })
		comes("who comes from elsewhere", known.at("192.0.2.50"), "chefe")
		until(func() bool { return turnedAway.Load() == 200-128+1 }) // one made room
		release()
		right.Wait()
		flood.Wait()
		if crowded, wrong := f.outcomes.of(agent.Crowded), f.outcomes.of(agent.Wrong); crowded != 200-128+1 || crowded+wrong != 200 {
			t.Errorf("of the flood %d were told to come again and %d judged", crowded, wrong)
		}
	})
}

// Failures are told: to the operator each, without what might be a password; to the account summed, so that a flood does not fill the log.
func TestSignIn_TellsOfFailures(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		b := f.browser().at("203.0.113.7")
		b.try(t, "ana", "hunter2-wrong")
		b.try(t, "my-secret-password\nlevel=ERROR", "hunter2-wrong")
		lines := f.logged.String()
		for _, want := range []string{"login=ana network=203.0.113.7 wrong=password", "login=my-… network=203.0.113.7 wrong=login"} {
			if !strings.Contains(lines, want) {
				t.Errorf("the log lacks %q:\n%s", want, lines)
			}
		}
		if strings.Contains(lines, "hunter2") || strings.Contains(lines, "secret") {
			t.Errorf("the log has what was typed:\n%s", lines)
		}
		tell := func(last bool, counts ...int) {
			t.Helper()
			f.failures = nil
			if err := f.TellFailures(t.Context(), last); err != nil {
				t.Fatal(err)
			}
			if len(f.failures) != len(counts) {
				t.Fatalf("told %v, want %v", f.failures, counts)
			}
			for i, n := range counts {
				if got := f.failures[i]; got.Count != n || got.AgentID != a.ID || got.AccountID != acc || got.Address() != "203.0.113.7" {
					t.Errorf("told %+v, want %d", got, n)
				}
			}
		}
		tell(false, 1)
		for range 6 {
			b.try(t, "ana", "wrong")
		}
		tell(false)
		f.clock.Advance(10 * time.Minute)
		tell(false, 6)
		b.try(t, "ana", "wrong")
		tell(false)
		tell(true, 1)
		if got := f.outcomes.of(agent.Wrong); got != 9 {
			t.Errorf("%d were counted as wrong, want 9", got)
		}
		for i := range 100 { // many networks: the others are one together
			b.at(fmt.Sprintf("198.51.100.%d", i)).try(t, "ana", "wrong")
			f.clock.Advance(time.Minute)
		}
		f.failures = nil
		if err := f.TellFailures(t.Context(), true); err != nil {
			t.Fatal(err)
		}
		sum := 0
		for _, one := range f.failures {
			sum += one.Count
		}
		if sum != 100 || len(f.failures) > 9 {
			t.Errorf("100 wrong ones from 100 networks are %d in %d entries", sum, len(f.failures))
		}
	})
}

func TestSignInRoute_KeepsTheDeviceFromScripts(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.create(t, ana())
		b := f.browser()
		b.https = true
		b.try(t, "ana", password)
		if c := b.device; c == nil || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.MaxAge <= 0 || c.Path != "/api/session" {
			t.Errorf("device %+v", c)
		}
		first := len(b.device.Value)
		for range 20 { // it does not grow by the same people
			b.try(t, "ana", password)
		}
		if len(b.device.Value) != first {
			t.Errorf("it grew from %d to %d bytes", first, len(b.device.Value))
		}
	})
}
