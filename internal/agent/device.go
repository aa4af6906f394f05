package agent

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/secret"
)

const (
	// DeviceCookie carries which logins a browser has signed in as. It opens nothing: it only keeps strangers' wrong passwords from
	// making who is known wait.
	DeviceCookie = "aceno_device"

	deviceLife    = 180 * 24 * time.Hour // since the login signed in on the device
	deviceLogins  = 8                    // of people who share a browser, the latest
	devicePurpose = "agent-device"
	deviceBytes   = 12 // of randomness in a device's name

	networkLife = 30 * 24 * time.Hour // since the login was seen in the network
	networksOf  = 8                   // of one login, the latest
)

// device is what the cookie says. Logins are sealed: the cookie tells nobody who signs in there.
type device struct {
	Name   string        `json:"n"`
	Logins []deviceLogin `json:"l"`
}

type deviceLogin struct {
	Sealed string `json:"s"`
	At     int64  `json:"at"`
}

// devices reads and writes the cookie with the installation's key.
type devices struct{ box *secret.Box }

// read returns the device of a token, the zero device for one that is not ours. Logins from too long ago are gone.
func (d devices) read(token string, now time.Time) (known device) {
	payload, ok := d.box.Verify(devicePurpose, token)
	if !ok || json.Unmarshal(payload, &known) != nil {
		return device{}
	}
	known.Logins = slices.DeleteFunc(known.Logins, func(l deviceLogin) bool { return now.Sub(time.UnixMilli(l.At)) >= deviceLife })
	return known
}

// knows says whether login has signed in on the device.
func (d devices) knows(known device, login string) bool {
	sealed := d.seal(login)
	return slices.ContainsFunc(known.Logins, func(l deviceLogin) bool { return l.Sealed == sealed })
}

// meet returns the token of the device after login signed in on it.
func (d devices) meet(known device, login string, now time.Time) (string, error) {
	if known.Name == "" {
		known.Name = ident.Secret(deviceBytes)
	}
	sealed := d.seal(login)
	rest := slices.DeleteFunc(slices.Clone(known.Logins), func(l deviceLogin) bool { return l.Sealed == sealed })
	known.Logins = append([]deviceLogin{{Sealed: sealed, At: now.UnixMilli()}}, rest[:min(len(rest), deviceLogins-1)]...)
	payload, err := json.Marshal(known)
	return d.box.Sign(devicePurpose, payload), err
}

func (d devices) seal(login string) string {
	const enough = 32
	return d.box.Seal(devicePurpose, []byte(login))[:enough]
}

// deviceCookieOf returns the cookie of a token. Only sign-ins are sent it.
func deviceCookieOf(token string, secure bool) http.Cookie {
	return http.Cookie{ //nolint:gosec // Secure follows the transport: a first try without TLS has to work
		Name: DeviceCookie, Value: token, Path: "/api/session", MaxAge: int(deviceLife / time.Second), HttpOnly: true, Secure: secure,
		SameSite: http.SameSiteStrictMode,
	}
}

// networks remembers from where each login was at work lately. It is memory only: after a start, open sessions teach it again.
type networks struct {
	mu      sync.Mutex
	byLogin map[string][]seenNetwork
}

type seenNetwork struct {
	network netip.Prefix
	at      time.Time
}

func newNetworks() *networks { return &networks{byLogin: make(map[string][]seenNetwork)} }

// meet remembers that login proved who it is from network.
func (n *networks) meet(login string, network netip.Prefix, now time.Time) {
	if !network.IsValid() {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	rest := slices.DeleteFunc(n.byLogin[login], func(s seenNetwork) bool { return s.network == network })
	n.byLogin[login] = append([]seenNetwork{{network, now}}, rest[:min(len(rest), networksOf-1)]...)
}

// knows says whether login was at work from network lately.
func (n *networks) knows(login string, network netip.Prefix, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.ContainsFunc(n.byLogin[login], func(s seenNetwork) bool { return s.network == network && now.Sub(s.at) < networkLife })
}
