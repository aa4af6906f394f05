package outreach

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/site"
)

// URLMax is the longest address, in bytes.
const URLMax = 2048

// domains are those of an account's sites, but for "everywhere".
type domains []string

func domainsOf(sites []site.Site) domains {
	var all domains
	for _, s := range sites {
		for _, domain := range s.AllowedDomains {
			if s.Active && domain != site.Anywhere {
				all = append(all, domain)
			}
		}
	}
	return all
}

func (d domains) include(u *url.URL) bool {
	return site.AllowsOrigin(site.Site{AllowedDomains: d}, u.Scheme+"://"+u.Host)
}

// checkAddress returns an address a visitor may be sent to in its canonical form (T084): http or https, without a name and
// password in it, not to a network that is only the visitor's own (a router, a printer) unless the account names that host among
// its sites' domains, and only to those domains when limited.
func checkAddress(c *field.Check, name, value string, own domains, limited bool) string {
	value = strings.TrimSpace(value)
	switch {
	case value == "":
		c.Refuse(name, fault.FieldRequired, nil)
		return value
	case len(value) > URLMax:
		c.Refuse(name, fault.FieldTooLong, URLMax)
		return value
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Opaque != "" || u.User != nil || u.Hostname() == "" ||
		strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }) {
		c.Refuse(name, fault.FieldInvalid, nil)
		return value
	}
	host, err := asciiHost(u.Hostname())
	if err != nil {
		c.Refuse(name, fault.FieldInvalid, nil)
		return value
	}
	u.Host = withPort(host, u.Port())
	switch {
	case own.include(u):
	case limited:
		c.Refuse(name, fault.FieldNotAllowed, strings.Join(own, ", "))
		return value
	case isPrivate(host):
		c.Refuse(name, fault.FieldPrivate, nil)
		return value
	}
	if canonical := u.String(); len(canonical) <= URLMax {
		return canonical
	}
	c.Refuse(name, fault.FieldTooLong, URLMax)
	return value
}

// asciiHost returns the host as browsers ask for it.
func asciiHost(host string) (string, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.WithZone("").String(), nil
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return idna.Lookup.ToASCII(host)
}

func withPort(host, port string) string {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" {
		host += ":" + port
	}
	return host
}

// carrierGrade is the address space shared by providers' customers (RFC 6598).
var carrierGrade = netip.MustParsePrefix("100.64.0.0/10")

// isPrivate says whether a host means something else, or nothing, on every network: addresses of private networks, and names
// without a public suffix. A last label of digits is an address in a form only some understand (0x7f.1, 2130706433).
func isPrivate(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		addr = addr.Unmap()
		return !addr.IsGlobalUnicast() || addr.IsPrivate() || carrierGrade.Contains(addr)
	}
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	switch {
	case len(labels) == 1, last == "local", last == "localhost", last == "internal", last == "lan", last == "home", last == "arpa":
		return true
	}
	return last != "" && last[0] >= '0' && last[0] <= '9'
}
