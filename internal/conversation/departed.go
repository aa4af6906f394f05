package conversation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// How long visitors who left are waited for. The grace time of page changes, 15 s, has passed before they count as departed.
const (
	// GoneAfter ends an active conversation (spec section 6), unless its department says otherwise.
	GoneAfter = 90 * time.Second
	// sweepAfter is when, after a start, visitors who have not come back count as departed.
	sweepAfter = time.Minute
)

// Departed says that a visitor has been gone for longer than the grace time: what waits is abandoned at once (T067), what is
// active ends after GoneAfter unless Returned comes before. It does not wait for the database.
func (s *Service) Departed(ctx context.Context, accountID, visitorID string) {
	open, err := s.board.hasOpen(ctx, accountID, visitorID)
	if err != nil {
		s.logger.Error("the board could not be read", "account", accountID, "error", err)
	}
	if open || err != nil {
		s.departures.add(visitorKey{accountID, visitorID}, s.clock.Now())
	}
}

// Talking says whether the visitor has an open conversation on any site; true when that can't be known. It answers from memory.
func (s *Service) Talking(ctx context.Context, accountID, visitorID string) bool {
	open, err := s.board.hasOpen(ctx, accountID, visitorID)
	return open || err != nil
}

// VisitorReturned says that a visitor is back.
func (s *Service) VisitorReturned(accountID, visitorID string) {
	s.departures.remove(visitorKey{accountID, visitorID})
}

// leave ends what a visitor left behind, as far as the time for it has come; next is when to look again, zero for never.
func (s *Service) leave(ctx context.Context, who visitorKey, left time.Time) (next time.Time, err error) {
	if s.visits.VisitorOnline(who.accountID, who.visitorID) {
		return time.Time{}, nil
	}
	open, err := list(ctx, s.store.Read(), openOfVisitor, who.visitorID, who.accountID)
	if err != nil {
		return time.Time{}, err
	}
	for _, c := range open {
		if due := left.Add(s.goneAfter(c)); c.State == Active && due.After(s.clock.Now()) {
			if next.IsZero() || due.Before(next) {
				next = due
			}
			continue
		}
		err := s.write(ctx, who.accountID, func(ctx context.Context, tx *store.Tx) error {
			return s.leaveAs(ctx, tx, c)
		})
		if errors.Is(err, errMoved) {
			next = s.clock.Now().Add(retryAfter)
			continue
		}
		if err != nil {
			return time.Time{}, fmt.Errorf("conversation: visitor gone: %w", err)
		}
	}
	return next, nil
}

// goneAfter is how long the visitor of an active conversation may be away.
func (s *Service) goneAfter(c Conversation) time.Duration {
	if gone := s.timesOf(c).Gone; gone > 0 {
		return gone
	}
	return GoneAfter
}

// errMoved undoes nothing: the conversation is no longer in the state it was seen in.
var errMoved = errors.New("conversation: moved meanwhile")

// leaveAs ends a conversation only from the state it was seen in: one that was claimed a moment ago gets its whole time.
func (s *Service) leaveAs(ctx context.Context, tx *store.Tx, seen Conversation) error {
	now, reason := s.now(), ReasonGone
	if seen.State == Waiting {
		ok, err := s.abandonIn(ctx, tx, seen, reason, now)
		if err != nil || ok {
			return err
		}
		return errMoved
	}
	ok, err := s.endIn(ctx, tx, seen, &reason, now)
	if err != nil || ok {
		return err
	}
	return errMoved
}

// findGone notes the departures that an earlier process knew of: visitors with an open conversation who are not here. They left, at the
// latest, when this process began.
func (s *Service) findGone(ctx context.Context) error {
	keys, err := collect(ctx, s.store.Read(), func(row scanner) (visitorKey, error) {
		var k visitorKey
		if err := row.Scan(&k.accountID, &k.visitorID); err != nil {
			return visitorKey{}, fmt.Errorf("conversation: scan: %w", err)
		}
		return k, nil
	}, allOpen)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if !s.visits.VisitorOnline(k.accountID, k.visitorID) {
			s.departures.add(k, s.began)
		}
	}
	return nil
}
