package integration

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Limits of integrations.
const (
	NameMax = 40
	URLMax  = 1000
	// Max is how many an account may have.
	Max = 10
)

// Integration is a page of the account's own.
type Integration struct {
	ID     string `json:"id" format:"uuid"`
	Name   string `json:"name" maxLength:"40"`
	URL    string `json:"url" maxLength:"1000"`
	Active bool   `json:"active"`
	// Version grows with every change.
	Version   int64 `json:"version"`
	UpdatedAt int64 `json:"updated_at"`
}

// Draft is what an administrator says of one.
type Draft struct {
	Name   string
	URL    string
	Active bool
}

// check returns the draft as it will be stored. here are the hosts under which this installation is reached: a page of its own would
// stand in the panel's origin, where a sandbox holds nothing.
func (d Draft) check(here ...string) (Draft, error) {
	var c field.Check
	d.Name = c.Line("name", d.Name, 1, NameMax)
	d.URL = strings.TrimSpace(d.URL)
	switch u, ok := pageURL(d.URL); {
	case d.URL == "":
		c.Refuse("url", fault.FieldRequired, nil)
	case len(d.URL) > URLMax:
		c.Refuse("url", fault.FieldTooLong, URLMax)
	case !ok:
		c.Refuse("url", fault.FieldInvalid, nil)
	default:
		for _, host := range here {
			if host != "" && strings.EqualFold(u.Host, host) {
				c.Refuse("url", fault.FieldNotAllowed, "https://…")
			}
		}
		d.URL = u.String()
	}
	return d, c.Err()
}

// pageURL reads an https address without a name and password in it. http is for pages on the agent's own machine, where a developer
// tries things: browsers trust those as they trust https.
func pageURL(text string) (*url.URL, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Opaque != "" || u.User != nil || u.Hostname() == "" ||
		strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }) {
		return nil, false
	}
	return u, u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname())
}

func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback() && addr.Is4()
}
