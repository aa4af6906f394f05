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

// LookOften has a reservation looked after without a wait worth the name.
func (s *Store) LookOften() { s.reservationLook = 10 * time.Millisecond }

// GiveUp ends a reservation.
func (s *Store) GiveUp() error {
	release := s.release
	s.release = nil
	return release()
}
