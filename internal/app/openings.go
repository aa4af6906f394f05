package app

import "time"

// lookAtHours is how long the program trusts a timer for the departments' hours: a machine's clock may be set, or have slept.
const lookAtHours = time.Minute

// hoursChanged follows a change of a department's or an account's settings.
func (a *App) hoursChanged(accountID string) {
	a.pushes.presenceChanged(accountID)
	select {
	case a.hoursMoved <- struct{}{}:
	default: // it is already known
	}
}

// followHours tells panels and pages when departments open and close by their hours (T184).
func (a *App) followHours() {
	for {
		accounts, next := a.departments.Turned()
		for _, accountID := range accounts {
			a.pushes.presenceChanged(accountID)
		}
		wait := lookAtHours
		if !next.IsZero() {
			wait = max(min(wait, next.Sub(a.clock.Now())), time.Millisecond)
		}
		timer := time.NewTimer(wait)
		select {
		case <-a.background.Done():
			timer.Stop()
			return
		case <-a.hoursMoved:
			timer.Stop()
		case <-timer.C:
		}
	}
}
