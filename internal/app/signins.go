package app

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/audit"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

const (
	tellFailuresEvery = 5 * time.Second
	lastFailures      = 5 * time.Second // how long the last ones may take at the end
)

// buildSignIns makes the counter of sign-ins. Every outcome is there from the start, so that an alarm can tell none from not measured.
func (a *App) buildSignIns() {
	a.signIns = prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: "aceno", Name: "sign_ins_total",
		Help: "Agents' sign-ins: right, wrong, refused (inactive), paced (too many wrong before), crowded (too many at once).",
	}, []string{"outcome"})
	for _, o := range agent.Outcomes() {
		a.signIns.WithLabelValues(string(o))
	}
}

// tellFailures has wrong passwords written into the audit log: not by the request, whose time would tell strangers which logins there are.
func (a *App) tellFailures() {
	next := time.NewTicker(tellFailuresEvery)
	defer next.Stop()
	for {
		select {
		case <-a.background.Done():
			a.tellLastFailures()
			return
		case <-next.C:
			if err := a.agents.TellFailures(a.background, false); a.background.Err() == nil {
				a.toldFailures(err)
			}
		}
	}
}

func (a *App) tellLastFailures() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(a.background), lastFailures)
	defer cancel()
	a.toldFailures(a.agents.TellFailures(ctx, true))
}

func (a *App) toldFailures(err error) {
	if err != nil {
		a.log.Error("failed sign-ins could not be written down", "error", err)
	}
}

func (a *App) recordFailedSignIns(ctx context.Context, tx *store.Tx, f agent.Failures) error {
	found, _ := a.presence.Agent(f.AccountID, f.AgentID)
	return a.audits.Record(ctx, tx, f.AccountID, audit.Entry{
		Action: audit.SignInFailed, Subject: audit.Subject{Kind: "agent", ID: f.AgentID, Name: found.Name}, Address: f.Address(),
		Details: map[string]string{"count": strconv.Itoa(f.Count)},
	})
}
