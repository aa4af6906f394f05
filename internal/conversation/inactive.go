package conversation

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Times are a department's times of an active conversation; zero is never.
type Times struct {
	// Warn is how long a visitor may owe an answer before being asked, End how long before the conversation ends.
	Warn time.Duration
	End  time.Duration
	// Gone is how long a visitor may be away; zero means GoneAfter.
	Gone time.Duration
	// Promises are what the department promises its visitors.
	Promises Promises
}

// Heard keeps the board true to the log, and the alarms. Register it with the log's Tail.
func (s *Service) Heard(r eventlog.Record) {
	s.board.Heard(r)
	switch r.Kind {
	case KindQueued, KindReturned:
		s.watchPromise(r.Subject)
	case KindClaimed, KindTransferred, KindNoted:
		s.alarms.set(alarm{kind: ofConversation, accountID: r.AccountID, id: r.Subject}, s.clock.Now())
	case KindTransfer:
		var e TransferEvent
		if err := json.Unmarshal(r.Payload, &e); err == nil && e.Transfer.State == TransferPending {
			s.alarms.set(alarm{kind: ofTransfer, accountID: r.AccountID, id: e.Transfer.ID}, time.UnixMilli(e.Transfer.DueAt))
		}
	}
}

// TimesChanged says that a department's times are others now.
func (s *Service) TimesChanged(ctx context.Context) error { return s.findAlarms(ctx) }

// findAlarms enters everything that has a time, of every account: after a start, and when the times change.
func (s *Service) findAlarms(ctx context.Context) error {
	now := s.clock.Now()
	for kind, query := range map[alarmKind]string{ofConversation: openOnes, ofTransfer: pendingTransfers} {
		found, err := collect(ctx, s.store.Read(), func(row scanner) (alarm, error) {
			a := alarm{kind: kind}
			if err := row.Scan(&a.id, &a.accountID); err != nil {
				return a, fmt.Errorf("conversation: alarms: %w", err)
			}
			return a, nil
		}, query)
		if err != nil {
			return err
		}
		for _, a := range found {
			s.alarms.set(a, now)
		}
	}
	return nil
}

// ring looks at what an alarm is for and does what is due; it returns when to look again, zero for never.
func (s *Service) ring(ctx context.Context, a alarm) (time.Time, error) {
	switch a.kind {
	case ofTransfer:
		return s.expire(ctx, a.accountID, a.id)
	case ofDeparture:
		return s.departures.ring(ctx, visitorKey{a.accountID, a.id})
	case ofAllTimes:
		return time.Time{}, s.findAlarms(ctx)
	case ofAllGone:
		return time.Time{}, s.findGone(ctx)
	case ofConversation:
	}
	c, ok, err := found(s.store.Read().QueryRow(ctx, selectByID, a.id, a.accountID))
	if err != nil || !ok || !c.State.Open() {
		return time.Time{}, err
	}
	breach, err := s.lookForBreach(ctx, c)
	if err != nil || c.State == Waiting {
		return breach, err
	}
	next, err := s.lookAtActive(ctx, c)
	return sooner(next, breach), err
}

// lookAtActive is ring for a conversation that an agent has.
func (s *Service) lookAtActive(ctx context.Context, c Conversation) (time.Time, error) {
	if c.HoldUntil != nil {
		if due := time.UnixMilli(*c.HoldUntil); due.After(s.clock.Now()) {
			return due, nil
		}
		// The event of the reminder has this looked at again.
		return time.Time{}, s.remind(ctx, c)
	}
	return s.lookForInactivity(ctx, c)
}

func (s *Service) timesOf(c Conversation) Times {
	if s.times == nil {
		return Times{}
	}
	return s.times(c.accountID, c.DepartmentID)
}

// lookForInactivity warns a visitor who owes an answer for too long, and ends the conversation of one who was warned in vain.
func (s *Service) lookForInactivity(ctx context.Context, c Conversation) (next time.Time, err error) {
	times := s.timesOf(c)
	shortest := times.Warn
	if shortest <= 0 {
		shortest = times.End
	}
	if shortest <= 0 {
		return time.Time{}, nil
	}
	now := s.clock.Now()
	if c.UnansweredSince != nil {
		return now.Add(shortest), nil // the agent owes the answer
	}
	since := time.UnixMilli(c.quietSince())
	due, act := since.Add(times.End), s.endForInactivity
	switch warned := c.warnedAt != nil && *c.warnedAt > c.quietSince(); {
	case times.Warn > 0 && !warned:
		due, act = since.Add(times.Warn), s.warnOf
	case times.End <= 0:
		return now.Add(shortest), nil
	case warned:
		// A warning that came late, after a crash, gives its time all the same.
		due = time.UnixMilli(*c.warnedAt).Add(max(times.End-times.Warn, time.Second))
	}
	if due.After(now) {
		return due, nil
	}
	// What is done, or was prevented by somebody who wrote, is looked at again.
	return now.Add(time.Second), act(ctx, c, times)
}

// quietSince is when the last message was written, or the conversation began.
func (c Conversation) quietSince() int64 {
	since := c.QueueEnteredAt
	if c.JoinedAt != nil {
		since = *c.JoinedAt
	}
	if c.LastMessage != nil {
		if last, err := c.LastMessage.Value(); err == nil {
			since = max(since, last.At)
		}
	}
	return since
}

// warnOf tells the visitor, unless somebody wrote since the conversation was seen.
func (s *Service) warnOf(ctx context.Context, seen Conversation, times Times) error {
	return s.write(ctx, seen.accountID, func(ctx context.Context, tx *store.Tx) error {
		now := s.now()
		c, ok, err := found(tx.QueryRow(ctx, warn, now, seen.ID, seen.accountID, seen.LastVisitorSequence))
		if err != nil || !ok {
			return err
		}
		params := map[string]string{}
		if times.End > 0 {
			params["minutes"] = strconv.Itoa(max(1, int((times.End-times.Warn).Round(time.Minute)/time.Minute)))
		}
		m := s.systemMessage(c.ID, SystemWarned, params, now)
		return s.tell(ctx, tx, c, m, NotedEvent{Conversation: c})
	})
}

// endForInactivity ends the conversation, unless somebody wrote since it was seen.
func (s *Service) endForInactivity(ctx context.Context, seen Conversation, _ Times) error {
	return s.write(ctx, seen.accountID, func(ctx context.Context, tx *store.Tx) error {
		now := s.now()
		c, ok, err := found(tx.QueryRow(ctx, endInactive, now, seen.ID, seen.accountID, seen.LastVisitorSequence))
		if err != nil || !ok {
			return err
		}
		return s.tellEnded(ctx, tx, c, BySystem, now)
	})
}
