// Package guard stands between the listener and the handlers: it bounds what connections and requests of strangers may hold, and for how
// long. It knows nothing of what is asked.
//
// A connection of the HTTP server, from its accept:
//
//	waiting ──request──▶ serving ──handler returned──▶ flushing ──answer is gone──▶ waiting
//	   │                    │                             └──────no progress──────▶ closed
//	   │                    ├──taken over (a socket)──▶ not ours any more
//	   │                    └──no progress──▶ body ended with an error, then closed
//	   └──room is needed, oldest first──▶ closed
//
// Deadlines move with progress: while a handler waits for a body, or for its answer to be taken, Options.Least bytes must move in each
// Options.Window. What the peer has acknowledged counts (on Linux; else what the kernel took), not what lies in buffers. A handler that
// thinks, a long poll and a socket are not under it.
//
// Counts are by network: an IPv4 address, or the /64 of an IPv6 one. Loopback addresses and trusted proxies are not counted.
//
// Descriptors: the process keeps a share for its own files, and a reserve for agents. When the rest is used, waiting connections are closed,
// the oldest first; when none waits, newer connections live from the reserve, and only requests that Options.Class lets are answered on
// them. Whatever bound bites is counted, and said in the log once a minute.
package guard
