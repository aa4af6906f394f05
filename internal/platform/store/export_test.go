package store

import (
	"context"
	"time"
)

// AgePlans makes the plans of a lane old, as a minute does.
func (s *Store) AgePlans(ctx context.Context) error {
	l, _ := s.laneOf(ctx)
	return s.Write(ctx, func(context.Context, *Tx) error { // in the lane's goroutine, whose plans they are
		l.plans.since = time.Time{}
		return nil
	})
}

// MigrateTo brings the schema to a step.
func (s *Store) MigrateTo(ctx context.Context, version int64) error { return s.migrate(ctx, version) }
