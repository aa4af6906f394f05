package outreach

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func TestSend_TellsThePageAndEverybody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		visit := w.arrive("maria")
		d := w.mustSend(visit, w.invite(func(c *Changes) { c.DepartmentID, c.Seconds = new("sales"), new(30) }))
		if len(w.pushed) != 1 {
			t.Fatalf("%d pushes", len(w.pushed))
		}
		f := w.pushed[0]
		if f.ID != d.ID || f.Kind != Invite || f.Title != "Hola" || f.Agent == nil || f.Agent.Name != "Ana" || f.Seconds != 30 || *f.Department != "sales" {
			t.Errorf("frame %+v", f) // in the visitor's language
		}
		if d.State != Queued || d.PerVisit != 1 || d.ExpiresAt-d.QueuedAt != 60_000 || *d.AgentID != "ana" || d.TriggerID != nil {
			t.Errorf("delivery %+v", d)
		}
		w.say("maria", d.ID, Delivered, Shown, Accepted)
		w.wantStates(Queued, Delivered, Shown, Accepted)
		past, err := w.Past(t.Context(), "a", "maria", 10)
		if err != nil || len(past) != 1 || past[0].State != Accepted || past[0].DeliveredAt == nil || past[0].ShownAt == nil || past[0].EndedAt == nil {
			t.Errorf("past %+v, %v", past, err)
		}
		if past, err := w.Past(t.Context(), "b", "maria", 10); err != nil || len(past) != 0 {
			t.Errorf("another account sees %v, %v", past, err)
		}
	})
}

func TestSend_IsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		invite := w.invite(nil)
		visit := w.arrive("maria")
		_, err := w.send("visit of nobody", invite)
		wantCode(t, "who left", err, fault.VisitorGone)
		_, err = w.Send(t.Context(), SendRequest{AccountID: "b", VisitID: visit, Kind: Invite, TemplateID: invite.ID, AgentID: "ana"})
		wantCode(t, "another account's visitor", err, fault.VisitorGone)
		_, err = w.Send(t.Context(), SendRequest{AccountID: "a", VisitID: visit, Kind: Promotion, TemplateID: invite.ID, AgentID: "ana"})
		wantCode(t, "an invite as a promotion", err, fault.NotFound)
		_, err = w.Send(t.Context(), SendRequest{AccountID: "a", VisitID: visit, Kind: "else", AgentID: "ana"})
		wantCode(t, "another kind", err, fault.Validation)
		_, err = w.Send(t.Context(), SendRequest{AccountID: "a", VisitID: visit, Kind: Redirect, URL: "javascript:alert(1)", AgentID: "ana"})
		wantCode(t, "a script for an address", err, fault.Validation)
		_, err = w.send(visit, w.invite(func(c *Changes) { c.Active = new(false) }))
		wantCode(t, "switched off", err, fault.TemplateInactive)

		w.talking["maria"] = ""
		_, err = w.send(visit, invite)
		wantCode(t, "who waits", err, fault.VisitorInConversation)
		w.talking["maria"] = "bruno"
		_, err = w.send(visit, invite)
		wantCode(t, "who is in conversation", err, fault.VisitorInConversation)
		redirect := SendRequest{AccountID: "a", VisitID: visit, Kind: Redirect, URL: "https://loja.example.com/x", AgentID: "ana"}
		_, err = w.Send(t.Context(), redirect)
		wantCode(t, "another agent's visitor", err, fault.VisitorInConversation)
		redirect.AgentID = "bruno"
		d, err := w.Send(t.Context(), redirect)
		if err != nil || d.URL != "https://loja.example.com/x" {
			t.Errorf("the agent in charge: %+v, %v", d, err)
		}
		delete(w.talking, "maria")

		w.blocked = true
		_, err = w.send(w.arrive("blocked"), invite)
		wantCode(t, "who is blocked", err, fault.OutreachBlocked)
	})
}

func TestSend_OneAtATimeAndAFewPerVisit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		if _, err := w.SetSettings(t.Context(), "a", Settings{PerVisit: 3, Redirect: Anywhere}); err != nil {
			t.Fatal(err)
		}
		invite, visit := w.invite(nil), w.arrive("maria")
		first := w.mustSend(visit, invite)
		_, err := w.send(visit, w.template(Promotion, nil))
		wantCode(t, "while one is pending", err, fault.OutreachPending)
		w.say("maria", first.ID, Refused)
		second := w.mustSend(visit, invite) // a refusal allows another one
		w.say("maria", second.ID, Shown)

		r := SendRequest{AccountID: "a", VisitID: visit, Kind: Redirect, URL: "https://loja.example.com/", By: ByAgent, AgentID: "ana"}
		redirect, err := w.Send(t.Context(), r)
		if err != nil || redirect.PerVisit != 2 {
			t.Fatalf("a redirect takes the place of what is pending: %+v, %v", redirect, err)
		}
		w.say("maria", redirect.ID, Accepted)
		third := w.mustSend(visit, invite)
		w.say("maria", third.ID, Refused)
		if third.PerVisit != 3 {
			t.Errorf("the third is %d", third.PerVisit)
		}
		_, err = w.send(visit, invite)
		wantCode(t, "enough for one visit", err, fault.OutreachLimit)
		w.mustSend(w.arrive("joão"), invite)
	})
}

func TestSend_TheSameClientIDSendsOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		r := SendRequest{AccountID: "a", VisitID: w.arrive("maria"), Kind: Invite, TemplateID: w.invite(nil).ID, By: ByAgent, AgentID: "ana", ClientID: "c-1"}
		first, err := w.Send(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		again, err := w.Send(t.Context(), r)
		if err != nil || again.ID != first.ID || len(w.pushed) != 1 {
			t.Errorf("again: %s, %v, %d pushes, want %s once", again.ID, err, len(w.pushed), first.ID)
		}
	})
}

func TestSend_RacesLeaveOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		invite, visit := w.invite(nil), w.arrive("maria")
		var group sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			group.Go(func() { _, errs[i] = w.send(visit, invite) })
		}
		group.Wait()
		sent := 0
		for _, err := range errs {
			if err == nil {
				sent++
			} else {
				wantCode(t, "a loser", err, fault.OutreachPending)
			}
		}
		if sent != 1 {
			t.Errorf("%d were sent", sent)
		}
	})
}

func TestSend_ByATrigger(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		r := SendRequest{AccountID: "a", VisitID: w.arrive("maria"), Kind: TeamMessage, Text: " Frete grátis hoje ", By: ByTrigger, TriggerID: "rule"}
		d, err := w.Send(t.Context(), r)
		if err != nil || d.AgentID != nil || *d.TriggerID != "rule" || w.pushed[0].Agent != nil || w.pushed[0].Text != "Frete grátis hoje" {
			t.Fatalf("%+v, %v", d, err)
		}
		w.say("maria", d.ID, Accepted)
		r.Kind, r.Text = OpenChat, ""
		if _, err = w.Send(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		r.Kind = TeamMessage
		r.VisitID = w.arrive("joão")
		_, err = w.Send(t.Context(), r)
		wantCode(t, "an empty message", err, fault.Validation)
	})
}

func TestSendByAgent_SeveralVisits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		forSales := w.invite(func(c *Changes) { c.UsableBy = &Usable{DepartmentIDs: []string{"sales"}} })
		forNobody := w.invite(func(c *Changes) { c.UsableBy = &Usable{} })
		one, two := w.arrive("one"), w.arrive("two")
		w.talking["two"] = "bruno"
		results, err := w.SendByAgent(t.Context(), actor("ana"), SendRequest{TemplateID: forSales.ID, ClientID: "c"}, []string{one, two, "gone", one})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, r := range results {
			if r.Delivery != nil {
				got += fmt.Sprintf("%s %s; ", r.VisitID, r.Delivery.State)
			} else {
				got += fmt.Sprintf("%s %s %v; ", r.VisitID, *r.Refused, r.Detail != "")
			}
		}
		if want := "visit of one queued; visit of two visitor_in_conversation true; gone visitor_gone true; "; got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
		_, err = w.SendByAgent(t.Context(), actor("ana"), SendRequest{TemplateID: forNobody.ID, ClientID: "d"}, []string{one})
		wantCode(t, "a template of others", err, fault.NotFound)
	})
}

func TestAcknowledge_OnlyForward(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		invite, promotion := w.invite(nil), w.template(Promotion, nil)
		for name, row := range map[string]struct {
			template Template
			said     []State
			want     []State
		}{
			"in order":                   {invite, []State{Delivered, Shown, Accepted}, []State{Queued, Delivered, Shown, Accepted}},
			"twice":                      {invite, []State{Delivered, Delivered, Shown, Shown, Refused, Refused}, []State{Queued, Delivered, Shown, Refused}},
			"out of order":               {invite, []State{Shown, Delivered, Accepted, Shown}, []State{Queued, Shown, Accepted}},
			"the answer only":            {promotion, []State{Clicked}, []State{Queued, Clicked}},
			"two answers":                {invite, []State{Refused, Accepted}, []State{Queued, Refused}},
			"an answer the kind has not": {invite, []State{Clicked, Shown}, []State{Queued, Shown}},
			"another kind's answer":      {promotion, []State{Accepted, Refused}, []State{Queued, Refused}},
			"never again queued":         {invite, []State{Delivered, Queued}, []State{Queued, Delivered}},
			"the page could not show it": {invite, []State{Delivered, Failed}, []State{Queued, Delivered, Failed}},
			"its seconds were over":      {promotion, []State{Shown, Expired, Clicked}, []State{Queued, Shown, Expired}},
			"what is no state":           {invite, []State{"nonsense"}, []State{Queued}},
		} {
			before := len(w.states())
			visitor := "visitor " + name
			d := w.mustSend(w.arrive(visitor), row.template)
			w.say("somebody else", d.ID, Shown)
			w.say(visitor, d.ID, row.said...)
			got := w.states()[before:]
			if fmt.Sprint(got) != fmt.Sprint(row.want) {
				t.Errorf("%s: %v, want %v", name, got, row.want)
			}
		}
	})
}

func TestExpiry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		invite := w.invite(nil)
		late := w.mustSend(w.arrive("late"), invite)
		shown := w.mustSend(w.arrive("shown"), invite)
		w.say("shown", shown.ID, Shown)
		w.clock.Advance(59 * time.Second)
		w.sweep(t.Context())
		if _, ok := w.ForPage("late"); !ok {
			t.Error("a page that opens within the time gets it")
		}
		w.clock.Advance(time.Second)
		if _, ok := w.ForPage("late"); ok {
			t.Error("it never appears after its time")
		}
		w.sweep(t.Context())
		w.sweep(t.Context())
		w.say("late", late.ID, Delivered, Shown, Accepted) // too late
		w.wantStates(Queued, Queued, Shown, Expired)
		if f, ok := w.ForPage("shown"); !ok || f.ID != shown.ID {
			t.Error("the next page shows it again until it is answered")
		}
		w.leave("shown")
		w.wantStates(Queued, Queued, Shown, Expired, Expired)
		if w.HasPending("shown") || len(w.pending) != 0 {
			t.Errorf("pending %v", w.pending)
		}
		again := w.mustSend(w.arrive("late"), invite)
		w.leave("late") // left before it arrived
		w.say("late", again.ID, Delivered)
		w.wantStates(Queued, Queued, Shown, Expired, Expired, Queued, Expired)
	})
}

func TestLoad_AfterARestart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		invite := w.invite(nil)
		back, lost := w.mustSend(w.arrive("back"), invite), w.mustSend(w.arrive("lost"), invite)
		w.say("back", back.ID, Shown)
		w.say("lost", lost.ID, Shown)
		w.clock.Advance(time.Second)
		w.open(st)
		if got := w.Service.List("a"); len(got) != 1 || got[0].ID != invite.ID {
			t.Errorf("templates %v", got)
		}
		if d, ok := w.Latest("back"); !ok || d.State != Shown {
			t.Errorf("latest %+v", d)
		}
		delete(w.visits, "visit of lost")
		w.clock.Advance(returning - time.Second)
		w.sweep(t.Context())
		w.settle()
		if !w.HasPending("lost") {
			t.Error("there was time left to come back")
		}
		w.clock.Advance(2 * time.Second)
		w.sweep(t.Context())
		w.settle()
		w.sweep(t.Context())
		if w.HasPending("lost") || !w.HasPending("back") {
			t.Error("who did not come back is gone, who did is not")
		}
		if _, ok := w.Latest("lost"); ok {
			t.Error("nobody needs it any more")
		}
	})
}

func TestAsked_AcceptsTheInviteOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		d := w.mustSend(w.arrive("maria"), w.invite(nil))
		w.say("maria", d.ID, Shown)
		inviter := func(visitorID, id string) string {
			agentID, ok, err := w.Inviter(t.Context(), "a", visitorID, id)
			return fmt.Sprint(agentID, ok, err)
		}
		if got := inviter("maria", d.ID); got != "anatrue <nil>" {
			t.Errorf("inviter %s", got)
		}
		if got := inviter("somebody else", d.ID); got != "false <nil>" {
			t.Errorf("inviter %s", got)
		}
		for range 2 {
			if err := w.Asked(t.Context(), "a", "maria", d.ID, "conversation"); err != nil {
				t.Fatal(err)
			}
		}
		w.wantStates(Queued, Shown, Accepted)
		if got := inviter("maria", d.ID); got != "false <nil>" { // it led to one already
			t.Errorf("inviter %s", got)
		}
		other := w.mustSend(w.arrive("joão"), w.invite(nil))
		w.say("joão", other.ID, Accepted)
		if err := w.Asked(t.Context(), "a", "joão", other.ID, "another"); err != nil { // the page was quicker
			t.Fatal(err)
		}
		past, err := w.Past(t.Context(), "a", "joão", 1)
		if err != nil || past[0].ConversationID == nil || *past[0].ConversationID != "another" {
			t.Errorf("past %+v, %v", past, err)
		}
		third := w.mustSend(w.arrive("rui"), w.invite(nil))
		if err := w.Asked(t.Context(), "a", "rui", "", "by the launcher"); err != nil {
			t.Fatal(err)
		}
		w.say("rui", third.ID, Accepted)
		states := w.states()
		if last := states[len(states)-1]; last != Expired {
			t.Errorf("the last is %s", last)
		}
	})
}

func TestStartAndStop(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		w.Start(context.Background()) //nolint:usetesting // as the process does
		w.Stop()
	})
}
