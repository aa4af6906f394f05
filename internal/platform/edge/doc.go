// Package edge holds the visitors' connections: it accepts them, hands their frames to a Handler and sends what it is given. It knows
// nothing of visits or conversations.
//
// One Conn type and one Handler stand over three carriers (docs/protocols.md, section 3):
//
//	epoll      Linux, plain TCP or a Unix socket: the connection is taken from net/http as a bare descriptor. No goroutine, timer or
//	           buffer belongs to a connection: one loop watches all descriptors, a few workers read those that have something to say.
//	portable   other systems, TLS ended in this process, or Options.Portable: one reading goroutine each.
//	poll       long polling over HTTP, for networks that refuse WebSocket.
//
// Life of a connection:
//
//	Admit ──refused──▶ problem+json, or bye + close 4003 where a browser could not read the status
//	  │
//	  ▼
//	open ──Close, peer's close, protocol error, too slow──▶ finishing ──peer gone, or Linger──▶ gone
//	  └────────────peer vanished, no answer to a ping, end of Shutdown──────────────────────────▶ gone
//
// Frame is called only while open; Closed exactly once on leaving open, never at the same time as Frame of the same Conn. While finishing,
// the last words (close code, bye) are flushed, the write side is shut, and what still arrives is thrown away (RFC 6455, 7.1.1).
//
// Bounds, per connection: one inbound message of at most MaxFrame bytes, and buffers for it only while it is incomplete; SendQueue bytes
// outbound, then it is cut with CodeSlow; FrameRate inbound frames a second, then it is cut with CodeBusy. Per address: MaxPerAddress connections; IPv6 addresses count by their /64.
package edge
