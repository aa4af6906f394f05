package api

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
)

// Forwarded tells where requests come from that proxies pass on. It is safe for concurrent use.
type Forwarded struct {
	trusted []netip.Prefix
	unread  atomic.Int64
}

// NewForwarded believes the proxies in these networks.
func NewForwarded(trusted []netip.Prefix) *Forwarded { return &Forwarded{trusted: trusted} }

// Unread counts the requests of trusted proxies whose X-Forwarded-For could not be read: they count as the proxy's own.
func (f *Forwarded) Unread() int64 { return f.unread.Load() }

// Addr believes X-Forwarded-For as far as the hops named in it, from the right, and the peer are trusted proxies. A hop may have a port,
// brackets and quotes, as load balancers write them.
func (f *Forwarded) Addr(r *http.Request) netip.Addr {
	addr := PeerAddr(r)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && f.trusts(addr); i-- {
		hop := strings.TrimSpace(hops[i])
		if hop == "" {
			continue
		}
		passed, ok := hopAddr(hop)
		if !ok {
			f.unread.Add(1)
			break
		}
		addr = passed
	}
	return addr
}

func (f *Forwarded) trusts(addr netip.Addr) bool {
	return slices.ContainsFunc(f.trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// hopAddr reads one hop: an address, maybe with a port, in brackets or quotes (RFC 7239, section 6, which X-Forwarded-For borrows from).
func hopAddr(text string) (netip.Addr, bool) {
	text = strings.Trim(text, `"`)
	addr, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	if err != nil {
		var withPort netip.AddrPort
		withPort, err = netip.ParseAddrPort(text)
		addr = withPort.Addr()
	}
	return addr.Unmap().WithZone(""), err == nil
}
