package visitor

import (
	"context"
	"hash/maphash"
	"sync"
)

// signal is something that conversations are told, without any connection waiting for it. conversationID and text are the delivery and its
// state in an acknowledgement.
type signal struct {
	kind                                       signalKind
	accountID, visitorID, conversationID, text string
	sequence                                   int64
}

type signalKind uint8

const (
	signalDeparted signalKind = iota
	signalReturned
	signalTyping
	signalSeen
	signalOutreach
)

// signals tells conversations, in order for each visitor, a few visitors at a time.
type signals struct {
	seed  maphash.Seed
	lanes [signalLanes]lane
}

const (
	signalLanes = 8
	// crowdedLane is how many signals may wait before typing is left out: it is out of date by then.
	crowdedLane = 1024
)

type lane struct {
	mu      sync.Mutex
	waiting []signal
	wake    chan struct{}
}

func (s *signals) init() {
	s.seed = maphash.MakeSeed()
	for i := range s.lanes {
		s.lanes[i].wake = make(chan struct{}, 1)
	}
}

// put never waits. Departures and returns are bounded by the visits, marks by the pace of their connections.
func (s *signals) put(what signal) {
	l := &s.lanes[maphash.String(s.seed, what.visitorID)%signalLanes]
	l.mu.Lock()
	if what.kind != signalTyping || len(l.waiting) < crowdedLane {
		l.waiting = append(l.waiting, what)
	}
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (s *signals) start(ctx context.Context, group *sync.WaitGroup, to Conversations) {
	for i := range s.lanes {
		group.Go(func() { s.lanes[i].run(ctx, to) })
	}
}

func (l *lane) run(ctx context.Context, to Conversations) {
	calls := context.WithoutCancel(ctx) // what was put is told, also at the end
	for ended := false; !ended; {
		select {
		case <-ctx.Done():
			ended = true
		case <-l.wake:
		}
		l.mu.Lock()
		waiting := l.waiting
		l.waiting = nil
		l.mu.Unlock()
		for _, s := range waiting {
			s.tell(calls, to)
		}
	}
}

func (s signal) tell(ctx context.Context, to Conversations) {
	switch s.kind {
	case signalDeparted:
		to.Departed(ctx, s.accountID, s.visitorID)
	case signalReturned:
		to.Returned(ctx, s.accountID, s.visitorID)
	case signalOutreach:
		to.Acknowledged(ctx, s.accountID, s.visitorID, s.conversationID, s.text)
	case signalTyping:
		to.Typing(ctx, s.accountID, s.visitorID, s.conversationID, s.text)
	case signalSeen:
		to.Seen(ctx, s.accountID, s.visitorID, s.conversationID, s.sequence)
	}
}
