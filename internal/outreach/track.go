package outreach

import (
	"context"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Acknowledge takes what a page says of a delivery. What comes late, twice, in the wrong order, for another visitor, or for a
// delivery that is over changes nothing.
func (s *Service) Acknowledge(ctx context.Context, accountID, visitorID, deliveryID string, to State) error {
	s.mu.RLock()
	known, ok := s.pending[deliveryID]
	s.mu.RUnlock()
	if !ok || known.accountID != accountID || known.VisitorID != visitorID || !Allowed(known.Kind, known.State, to) {
		return nil
	}
	return s.step(ctx, accountID, func(ctx context.Context, tx *store.Tx) (Delivery, bool, error) {
		now := s.now()
		switch to {
		case Delivered:
			return found(tx.QueryRow(ctx, toDelivered, now, deliveryID, accountID))
		case Shown:
			d, ok, err := found(tx.QueryRow(ctx, toShown, now, now, deliveryID, accountID))
			if err != nil || !ok {
				return d, ok, err
			}
			return d, true, d.count(ctx, tx, Sent{Shown: 1})
		case Expired, Failed:
			return found(tx.QueryRow(ctx, toEnded, string(to), now, deliveryID, accountID))
		default:
			return seenOrNot(ctx, tx, func(unseen bool) store.Row {
				return tx.QueryRow(ctx, toAnswered, string(to), now, now, now, deliveryID, accountID, unseen)
			})
		}
	})
}

// step writes one conditional change and tells of it; nothing happens when its condition was not met.
func (s *Service) step(ctx context.Context, accountID string, change func(context.Context, *store.Tx) (Delivery, bool, error)) error {
	return s.store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		d, ok, err := change(ctx, tx)
		if err != nil || !ok {
			return err
		}
		return s.tell(ctx, tx, d)
	})
}

// Inviter returns the agent whose invite a visitor accepted, for whom the conversation is kept for a short time (T076); empty when
// a trigger sent it. False for what does not lead to a conversation, was not this visitor's, led to one already, or ended otherwise.
func (s *Service) Inviter(ctx context.Context, accountID, visitorID, deliveryID string) (agentID string, ok bool, err error) {
	d, ok, err := found(s.store.Read().QueryRow(ctx, selectOne, deliveryID, accountID))
	if err != nil || !ok || d.Kind == Redirect || d.Kind == Promotion || d.VisitorID != visitorID || d.ConversationID != nil ||
		!d.State.Pending() && d.State != Accepted {
		return "", false, err
	}
	if d.AgentID != nil {
		agentID = *d.AgentID
	}
	return agentID, true, nil
}

// Asked takes note that a visitor asked for contact: by the delivery named, which is accepted with it, or otherwise, and then what
// is still pending has lost its sense.
func (s *Service) Asked(ctx context.Context, accountID, visitorID, deliveryID, conversationID string) error {
	now := s.now()
	return s.store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		if deliveryID != "" {
			d, ok, err := seenOrNot(ctx, tx, func(unseen bool) store.Row {
				return tx.QueryRow(ctx, acceptByConversation, now, now, now, conversationID, deliveryID, accountID, visitorID, unseen)
			})
			if err == nil && !ok {
				d, ok, err = found(tx.QueryRow(ctx, leadToConversation, conversationID, deliveryID, accountID, visitorID))
			}
			if err != nil {
				return err
			}
			if ok {
				if err := s.tell(ctx, tx, d); err != nil {
					return err
				}
			}
		}
		return s.expireAll(ctx, tx, accountID, visitorID)
	})
}

// HasPending says whether something sent to the visitor waits for its answer. It answers from memory.
func (s *Service) HasPending(visitorID string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	d, ok := s.latest[visitorID]
	if !ok {
		return false
	}
	_, ok = s.pending[d.ID]
	return ok
}

// ForPage returns what a page that has just opened must be told: what was sent to its visitor and has no answer, false when there is
// none. A redirect that reached a page has done its work there.
func (s *Service) ForPage(visitorID string) (Frame, bool) {
	now := s.now()
	s.mu.RLock()
	defer s.mu.RUnlock()
	d, ok := s.latest[visitorID]
	if !ok {
		return Frame{}, false
	}
	if d, ok = s.pending[d.ID]; !ok || d.State == Queued && d.ExpiresAt <= now || d.Kind == Redirect && d.State != Queued {
		return Frame{}, false
	}
	return d.frame(), true
}

// Departed ends what was sent to a visitor whose visit is over.
func (s *Service) Departed(ctx context.Context, accountID, visitorID string) error {
	pending := s.HasPending(visitorID)
	s.mu.Lock()
	delete(s.latest, visitorID)
	s.mu.Unlock()
	if !pending {
		return nil
	}
	return s.store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		return s.expireAll(ctx, tx, accountID, visitorID)
	})
}

func (s *Service) expireAll(ctx context.Context, tx *store.Tx, accountID, visitorID string) error {
	expired, err := deliveries(ctx, tx, expireOfVisitor, s.now(), accountID, visitorID)
	if err != nil {
		return err
	}
	for _, d := range expired {
		if err := s.tell(ctx, tx, d); err != nil {
			return err
		}
	}
	return nil
}

const (
	sweepEvery = time.Second
	// returning is how long after a start visitors may take to come back before they count as gone.
	returning = 2 * time.Minute
)

// Start begins to watch the deadlines.
func (s *Service) Start(ctx context.Context) {
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.working.Go(func() {
		tick := time.NewTicker(sweepEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				s.sweep(ctx)
			}
		}
	})
}

// Stop ends what Start began.
func (s *Service) Stop() {
	s.stop()
	s.working.Wait()
}

// sweep expires what no page took in time, and what was sent to visitors who never came back after our restart.
func (s *Service) sweep(ctx context.Context) {
	now := s.now()
	back := now >= s.startedAt+returning.Milliseconds()
	var late, lost []Delivery
	s.mu.RLock()
	for _, d := range s.pending {
		switch {
		case d.State == Queued && d.ExpiresAt <= now:
			late = append(late, d)
		case back && d.QueuedAt < s.startedAt && !s.visits.Online(d.VisitorID):
			lost = append(lost, d)
		}
	}
	s.mu.RUnlock()
	for _, d := range late {
		s.report(s.step(ctx, d.accountID, func(ctx context.Context, tx *store.Tx) (Delivery, bool, error) {
			return found(tx.QueryRow(ctx, toExpired, now, d.ID, d.accountID, now))
		}))
	}
	for _, d := range lost {
		s.report(s.step(ctx, d.accountID, func(ctx context.Context, tx *store.Tx) (Delivery, bool, error) {
			return found(tx.QueryRow(ctx, toEnded, string(Expired), now, d.ID, d.accountID))
		}))
	}
	if back {
		s.forget()
	}
}

// forget drops the deliveries of visitors who are not there: those of before our start.
func (s *Service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for visitorID, d := range s.latest {
		if _, pending := s.pending[d.ID]; !pending && d.QueuedAt < s.startedAt && !s.visits.Online(visitorID) {
			delete(s.latest, visitorID)
		}
	}
}

func (s *Service) report(err error) {
	if err != nil {
		s.logger.Error("a delivery could not be ended", "error", err)
	}
}
