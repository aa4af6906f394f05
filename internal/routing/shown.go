package routing

import "sync"

// shown keeps two moments of the open offers that the database does not know, so that nobody loses an offer for our being late: when
// the agents were told, and which acknowledgements have come and wait to be written. It knows of this node alone; what another node, or
// an earlier process, has made is judged by its row.
type shown struct {
	mu     sync.Mutex
	offers map[string]*shownOffer
	// onCame is told of the next acknowledgement, once; nil for nobody.
	onCame func()
}

type shownOffer struct {
	// told is when the offer was committed and its agent told, cameAt when the first acknowledgement came; milliseconds, 0 for not yet.
	told, cameAt int64
	// waiting acknowledgements are not written yet.
	waiting int
}

func newShown() *shown { return &shown{offers: make(map[string]*shownOffer)} }

// of returns what is kept of an offer; the caller holds the lock.
func (s *shown) of(offerID string) *shownOffer {
	o, ok := s.offers[offerID]
	if !ok {
		o = &shownOffer{}
		s.offers[offerID] = o
	}
	return o
}

// told notes that an offer's agent is told now.
func (s *shown) told(offerID string, now int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.of(offerID).told = now
}

// came notes an acknowledgement that waits to be written until done, and returns when the first one came.
func (s *shown) came(offerID string, now int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.of(offerID)
	o.waiting++
	if o.cameAt == 0 {
		o.cameAt = now
	}
	if s.onCame != nil {
		s.onCame()
		s.onCame = nil
	}
	return o.cameAt
}

// done notes that an acknowledgement was written, or refused.
func (s *shown) done(offerID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.offers[offerID]
	if !ok {
		return
	}
	if o.waiting--; o.waiting > 0 {
		return
	}
	o.cameAt = 0
	if o.told == 0 {
		delete(s.offers, offerID)
	}
}

// ended forgets an offer that is open no more.
func (s *shown) ended(offerID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o, ok := s.offers[offerID]; ok {
		if o.told = 0; o.waiting == 0 {
			delete(s.offers, offerID)
		}
	}
}

// deadline is until when an open offer may be acknowledged: its agent has the whole time from being told.
func (s *shown) deadline(o Offer) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.offers[o.ID]; ok && known.told > o.OfferedAt {
		return o.DeadlineAt + known.told - o.OfferedAt
	}
	return o.DeadlineAt
}

// over says whether the time of an open offer has passed without an acknowledgement having come in it.
func (s *shown) over(o Offer, now int64) bool {
	due := s.deadline(o)
	s.mu.Lock()
	defer s.mu.Unlock()
	known, ok := s.offers[o.ID]
	return due <= now && (!ok || known.waiting == 0 || known.cameAt >= due)
}
