package outreach

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func TestOfTriggers_CountersSayWhatAnAggregateWould(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		random := rand.New(rand.NewPCG(3, 4))
		invite, promotion := w.invite(nil), w.template(Promotion, nil)
		for i := range 120 {
			visitorID := fmt.Sprint("v", i)
			r := SendRequest{AccountID: "a", VisitID: w.arrive(visitorID), By: ByTrigger, TriggerID: fmt.Sprint("rule ", random.IntN(3))}
			switch random.IntN(4) {
			case 0:
				r.Kind, r.TemplateID = Promotion, promotion.ID
			case 1:
				r.Kind, r.Text = TeamMessage, "Olá"
			case 2: // what agents send is not counted
				r.Kind, r.TemplateID, r.By, r.AgentID = Invite, invite.ID, ByAgent, "ana"
			default:
				r.Kind, r.TemplateID = Invite, invite.ID
			}
			d, err := w.Send(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			w.settle()
			for range random.IntN(4) {
				w.say(visitorID, d.ID, States()[1+random.IntN(len(States())-1)])
			}
			switch random.IntN(5) {
			case 0, 1:
				for range 1 + random.IntN(2) {
					if err := w.Asked(t.Context(), "a", visitorID, d.ID, ident.V7{}.New()); err != nil {
						t.Fatal(err)
					}
				}
			case 2:
				w.leave(visitorID)
			case 3:
				w.clock.Advance(2 * time.Minute)
				w.sweep(t.Context())
			}
			w.settle()
		}
		rows, err := w.store.Read().Query(t.Context(), "SELECT trigger_id, count(shown_at), count(CASE WHEN state IN ('accepted', 'clicked') THEN 1 END) "+
			"FROM outreach_deliveries WHERE account_id = 'a' AND trigger_id IS NOT NULL GROUP BY trigger_id")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		want := map[string]Sent{}
		for rows.Next() {
			var id string
			var one Sent
			if err := rows.Scan(&id, &one.Shown, &one.Accepted); err != nil {
				t.Fatal(err)
			}
			want[id] = one
		}
		got, err := w.OfTriggers(t.Context(), "a")
		if err != nil || !maps.Equal(got, want) || len(got) != 3 {
			t.Errorf("counted %v, %v; want %v", got, err, want)
		}
		// What is over has an end, what is not has none: the list of the pending relies on it.
		var wrong int
		err = w.store.Read().QueryRow(t.Context(), "SELECT count(*) FROM outreach_deliveries WHERE (ended_at IS NULL) <> (state IN "+pendingStates+")").Scan(&wrong)
		if err != nil || wrong != 0 {
			t.Errorf("%d deliveries whose end and state differ, %v", wrong, err)
		}
	})
}

func TestInvited_NamesThoseWhoWereEver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		invite, promotion := w.invite(nil), w.template(Promotion, nil)
		w.mustSend(w.arrive("maria"), invite)
		w.mustSend(w.arrive("joão"), promotion)
		w.leave("maria")
		w.mustSend(w.arrive("maria"), invite)
		asked := []string{"maria", "joão", "it's ?"}
		for i := range idsAtOnce {
			asked = append(asked, fmt.Sprint("nobody ", i))
		}
		invited, err := w.Invited(t.Context(), "a", asked)
		if err != nil || !slices.Equal(invited, []string{"maria"}) {
			t.Errorf("invited %v, %v", invited, err)
		}
		if invited, err := w.Invited(t.Context(), "b", asked); err != nil || len(invited) != 0 {
			t.Errorf("another account: %v, %v", invited, err)
		}
	})
}

func TestLoad_ReadsWhatIsPendingAndTheLastHour(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		invite := w.invite(nil)
		long := w.mustSend(w.arrive("long"), invite)
		over := w.mustSend(w.arrive("over"), invite)
		w.settle()
		w.say("long", long.ID, Delivered)
		w.say("over", over.ID, Refused)
		w.clock.Advance(remembered + time.Minute)
		recent := w.mustSend(w.arrive("recent"), invite)
		w.settle()
		w.say("recent", recent.ID, Refused)
		w.open(w.store)
		for visitorID, want := range map[string]bool{"long": true, "over": false, "recent": true} {
			if _, ok := w.Latest(visitorID); ok != want {
				t.Errorf("%s: known %v", visitorID, ok)
			}
		}
		if !w.HasPending("long") || w.HasPending("recent") {
			t.Error("what is pending is not what was")
		}
	})
}
