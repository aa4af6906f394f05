package guard

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/network"
)

// conn is a connection of the HTTP server. Gate.mu guards it, but raw and network.
type conn struct {
	key     net.Conn // as the server knows it
	raw     net.Conn // without TLS: closing that waits for nobody
	network netip.Prefix
	place   *place    // in the queue of those that wait; nil while a request is in work
	spare   bool      // it lives from the agents' reserve
	gone    bool      // closed or taken over
	last    *exchange // over HTTP/1, until the answer is gone
}

// share is what one network holds.
type share struct {
	conns, requests, large int
	waiting                queue
}

func (g *Gate) shareOf(n netip.Prefix) *share {
	s := g.networks[n]
	if s == nil {
		s = &share{}
		g.networks[n] = s
	}
	return s
}

func (g *Gate) forgetEmpty(n netip.Prefix) {
	if s := g.networks[n]; s != nil && s.conns == 0 && s.requests == 0 {
		delete(g.networks, n)
	}
}

func (g *Gate) connContext(ctx context.Context, key net.Conn) context.Context {
	c := &conn{key: key, raw: key}
	if wrapped, ok := key.(interface{ NetConn() net.Conn }); ok {
		c.raw = wrapped.NetConn()
	}
	boundUnsent(c.raw)
	if peer, err := netip.ParseAddrPort(key.RemoteAddr().String()); err == nil {
		address := peer.Addr().Unmap()
		if !slices.ContainsFunc(g.options.Trusted, func(p netip.Prefix) bool { return p.Contains(address) }) {
			c.network = network.Counted(address)
		}
	}
	g.mu.Lock()
	g.conns[key] = c
	g.shareOf(c.network).conns++
	g.mu.Unlock()
	return context.WithValue(ctx, contextKey{}, c)
}

func (g *Gate) connState(key net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		sockets := g.options.Sockets()
		g.mu.Lock()
		c := g.conns[key]
		limit := g.admitLocked(c, sockets)
		g.mu.Unlock()
		if limit != "" {
			g.tallies.hit(limit, c.network, g.now())
		}
	case http.StateIdle:
		g.mu.Lock()
		defer g.mu.Unlock()
		if c := g.conns[key]; c != nil {
			g.settleLocked(c)
			g.waitLocked(c)
		}
	case http.StateHijacked, http.StateClosed:
		g.mu.Lock()
		defer g.mu.Unlock()
		if c := g.conns[key]; c != nil {
			g.settleLocked(c)
			g.removeLocked(c)
		}
	case http.StateActive: // its request has yet to come
	}
}

// admitLocked finds room for a new connection, or closes it. It returns the bound that bit.
func (g *Gate) admitLocked(c *conn, sockets int) (bitten Limit) {
	if g.draining {
		g.dropLocked(c)
		return ""
	}
	s := g.shareOf(c.network)
	if most := g.options.PerNetwork; most > 0 && c.network != (netip.Prefix{}) && s.conns > most {
		oldest := s.waiting.oldest()
		if oldest == nil {
			g.dropLocked(c)
			return LimitConnections
		}
		g.dropLocked(oldest)
		bitten = LimitConnections
	}
	if g.budget > 0 {
		open := g.budget - g.reserve
		for len(g.conns)+sockets > open {
			oldest := g.waiting.oldest()
			if oldest == nil {
				break
			}
			g.dropLocked(oldest)
			bitten = LimitWaiting
		}
		if len(g.conns)+sockets > g.budget {
			g.dropLocked(c)
			return LimitDescriptors
		}
		c.spare = len(g.conns)+sockets > open
	}
	g.waitLocked(c)
	return bitten
}

// mayServeLocked says whether a connection from the reserve may ask this.
func (g *Gate) mayServeLocked(c *conn, class Class, sockets int) bool {
	if !c.spare {
		return true
	}
	used, open := len(g.conns)+sockets, g.budget-g.reserve
	switch {
	case used <= open:
		c.spare = false // others have left
		return true
	case class == Panel:
		return used <= open+g.reserve/2
	}
	return class == Agent
}

func (g *Gate) waitLocked(c *conn) {
	if c.place == nil && !c.gone {
		c.place = &place{conn: c, own: &g.shareOf(c.network).waiting}
		c.place.push(&g.waiting)
	}
}

// dropLocked closes the connection; the server finds out by itself.
func (g *Gate) dropLocked(c *conn) {
	g.removeLocked(c)
	_ = c.raw.Close() // nobody is told: the peer sees it
}

func (g *Gate) removeLocked(c *conn) {
	if c.gone {
		return
	}
	c.gone = true
	g.leaveLocked(c)
	delete(g.conns, c.key)
	g.shareOf(c.network).conns--
	g.forgetEmpty(c.network)
}

// leaveLocked takes the connection out of those that wait.
func (g *Gate) leaveLocked(c *conn) {
	if c.place != nil {
		c.place.remove(&g.waiting)
		c.place = nil
	}
}
