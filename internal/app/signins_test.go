package app

import (
	"net/http"
	"slices"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// outcomesOf returns how many sign-ins ended so, as the metrics say.
func (n *node) outcomesOf(outcome string) float64 {
	n.t.Helper()
	families, err := n.app.metrics.Gather()
	if err != nil {
		n.t.Fatal(err)
	}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			if family.GetName() == "aceno_sign_ins_total" && m.GetLabel()[0].GetValue() == outcome {
				return m.GetCounter().GetValue()
			}
		}
	}
	n.t.Fatalf("no sign-ins are counted as %s", outcome)
	return 0
}

// A wrong password is in the audit log of the account and in the metrics; it is written down at the end of the program at the latest.
func TestSignIns_FailuresAreAudited(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		n := newNode(t, url)
		n.agent("ana", nil)
		try := func(login string) {
			t.Helper()
			status, answer := n.stranger().do(http.MethodPost, "/api/session", map[string]any{"login": login, "password": "wrong"}, nil)
			if status != http.StatusUnauthorized {
				t.Errorf("%s: %d %s", login, status, answer)
			}
		}
		try("ana")
		try("nobody")
		if err := n.app.agents.TellFailures(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		if got, want := n.audited(), []string{" sign_in.failed"}; !slices.Equal(got, want) {
			t.Errorf("audited %q, want %q", got, want)
		}
		if got := n.outcomesOf("wrong"); got != 2 {
			t.Errorf("%v wrong sign-ins were counted, want 2", got)
		}
		if n.outcomesOf("right") == 0 || n.outcomesOf("crowded") != 0 {
			t.Error("the right ones are not counted, or some that never were")
		}
		for range 3 {
			try("ana")
		}
		n.stop()
		n.start()
		if got, want := n.audited(), []string{" sign_in.failed", " sign_in.failed"}; !slices.Equal(got, want) {
			t.Errorf("after a stop audited %q, want %q", got, want)
		}
	})
}
