package site

import (
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// Anywhere is the domain that allows every origin, also pages without one. It has to be written out to be meant.
const Anywhere = "*"

// label is one part of a host name (RFC 1123; underscores are seen in the wild and browsers take them).
var label = regexp.MustCompile(`^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$`)

// ParseDomain returns the canonical form of an allowed domain, or false when it is none. It accepts a host (`loja.com.br`),
// a host and everything below (`*.loja.com.br`, which is not `loja.com.br` itself), `localhost`, an IP address (IPv6 in
// brackets), each with an optional port, and Anywhere. International names become their ASCII form, as browsers send them.
func ParseDomain(text string) (string, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == Anywhere {
		return text, true
	}
	rest, wild := strings.CutPrefix(text, "*.")
	host, port, ok := splitPort(rest)
	if !ok {
		return "", false
	}
	if strings.HasPrefix(host, "[") {
		address, err := netip.ParseAddr(strings.Trim(host, "[]"))
		if err != nil || !address.Is6() || address.Zone() != "" || wild {
			return "", false
		}
		return "[" + address.String() + "]" + port, true
	}
	host, ok = hostName(host)
	if _, err := netip.ParseAddr(host); !ok || (err == nil && wild) {
		return "", false
	}
	if wild {
		host = "*." + host
	}
	return host + port, true
}

// splitPort cuts `:port` off; port keeps its colon and is empty when there is none.
func splitPort(text string) (host, port string, ok bool) {
	at := strings.LastIndexByte(text, ':')
	if at < 0 || strings.HasSuffix(text, "]") {
		return text, "", true
	}
	n, err := strconv.ParseUint(text[at+1:], 10, 16)
	if err != nil || n == 0 || text[at+1] == '+' {
		return "", "", false
	}
	return text[:at], ":" + strconv.FormatUint(n, 10), true
}

// hostName returns the ASCII form of a host name or IPv4 address. A name needs a dot, unless it is localhost.
func hostName(host string) (string, bool) {
	host = strings.TrimSuffix(host, ".")
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		// Lookup refuses underscores; what remains is judged label by label.
		ascii = host
	}
	if ascii == "" || len(ascii) > 253 || (ascii != "localhost" && !strings.Contains(ascii, ".")) {
		return "", false
	}
	labels := strings.Split(ascii, ".")
	for _, part := range labels {
		if !label.MatchString(part) {
			return "", false
		}
	}
	// A last label of digits is an IPv4 address to a browser, or nothing.
	if _, err := strconv.Atoi(labels[len(labels)-1]); err == nil {
		if _, err := netip.ParseAddr(ascii); err != nil {
			return "", false
		}
	}
	return ascii, true
}

// DomainsFor returns the domains to allow for what a person typed as "my site": a host, or an address copied from the
// browser. A name with www. comes with the one without, and the other way round. False when it is no site's address.
func DomainsFor(typed string) ([]string, bool) {
	typed = strings.TrimSpace(typed)
	if strings.Contains(typed, "://") {
		u, err := url.Parse(typed)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") {
			return nil, false
		}
		typed = u.Host
	} else {
		typed, _, _ = strings.Cut(typed, "/")
	}
	domain, ok := ParseDomain(typed)
	if !ok || domain == Anywhere {
		return nil, false
	}
	host, _, _ := splitPort(domain)
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	switch bare, hasWWW := strings.CutPrefix(domain, "www."); {
	case err == nil || host == "localhost" || strings.HasPrefix(domain, "*."):
		return []string{domain}, true
	case hasWWW && strings.Contains(bare, "."):
		return []string{bare, domain}, true
	default:
		return []string{domain, "www." + domain}, true
	}
}

// AllowsOrigin says whether a page of origin, as browsers send it in the Origin header, may use the site's script.
// An allowed domain without a port allows every port, one with a port only that.
func AllowsOrigin(s Site, origin string) bool {
	host, port, ok := originHost(origin)
	for _, domain := range s.AllowedDomains {
		if domain == Anywhere {
			return true
		}
		if !ok {
			continue
		}
		allowed, allowedPort, _ := splitPort(domain)
		if allowedPort != "" && allowedPort != port {
			continue
		}
		if parent, wild := strings.CutPrefix(allowed, "*"); wild && strings.HasSuffix(host, parent) && len(host) > len(parent) {
			return true
		}
		if allowed == host {
			return true
		}
	}
	return false
}

// originHost returns the host and `:port` of an http or https origin (RFC 6454, section 6.1); the port is always there.
func originHost(origin string) (host, port string, ok bool) {
	scheme, rest, found := strings.Cut(origin, "://")
	if !found || strings.ContainsAny(rest, "/?#@\\ ") {
		return "", "", false
	}
	switch scheme {
	case "http":
		port = ":80"
	case "https":
		port = ":443"
	default:
		return "", "", false
	}
	host, given, ok := splitPort(strings.ToLower(rest))
	if given != "" {
		port = given
	}
	return host, port, ok && host != ""
}

// IsOwnOrigin says whether an Origin header is of the host itself that the request came to: the chat's own page.
func IsOwnOrigin(origin, host string) bool {
	scheme, rest, found := strings.Cut(origin, "://")
	return found && (scheme == "http" || scheme == "https") && host != "" && strings.EqualFold(rest, host)
}
