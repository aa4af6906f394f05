package edge

import "sync/atomic"

// Stats are counts since New, but Open, which is the present number.
type Stats struct {
	Open           int    // open connections, polled ones included
	Accepted       uint64 // connections made
	Refused        uint64 // connections not made, for whatever reason
	Slow           uint64 // cut with CodeSlow
	Flooding       uint64 // cut for sending more than Options.FrameRate
	Dead           uint64 // dropped for not answering a ping
	ProtocolErrors uint64 // closed with CodeProtocol or CodeTooLarge
	FramesIn       uint64 // messages given to the handler
	FramesOut      uint64 // frames sent or queued
	BytesIn        uint64 // read from sockets, framing included; polls are not counted here
	BytesOut       uint64 // written to sockets, framing included; polls are not counted here
}

type counters struct {
	open                                    atomic.Int64
	accepted, refused, slow, flooding, dead atomic.Uint64
	protocolErrors                          atomic.Uint64
	framesIn, framesOut, bytesIn, bytesOut  atomic.Uint64
}

// Stats returns the counters; each is exact, but they are not taken at one instant.
func (s *Server) Stats() Stats {
	return Stats{
		Open:           int(s.stats.open.Load()),
		Accepted:       s.stats.accepted.Load(),
		Refused:        s.stats.refused.Load(),
		Slow:           s.stats.slow.Load(),
		Flooding:       s.stats.flooding.Load(),
		Dead:           s.stats.dead.Load(),
		ProtocolErrors: s.stats.protocolErrors.Load(),
		FramesIn:       s.stats.framesIn.Load(),
		FramesOut:      s.stats.framesOut.Load(),
		BytesIn:        s.stats.bytesIn.Load(),
		BytesOut:       s.stats.bytesOut.Load(),
	}
}
