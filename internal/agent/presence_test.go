package agent_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
)

// observed is a presence with everything it told.
type observed struct {
	*agent.Presence
	told []string
}

func newObserved() *observed {
	o := &observed{}
	o.Presence = agent.NewPresence(agent.Observer{
		Agent: func(s agent.State) {
			o.told = append(o.told, fmt.Sprintf("%s %s present=%v awake=%v sound=%v", s.AgentID, s.Status, s.Present, s.Awake, s.Sound))
		},
		Department: func(account, department string, online bool) {
			o.told = append(o.told, fmt.Sprintf("%s/%s online=%v", account, department, online))
		},
	})
	return o
}

// take returns what was told since the last take.
func (o *observed) take() []string {
	told := o.told
	o.told = nil
	return told
}

func (o *observed) hear(t interface{ Fatal(args ...any) }, account string, e eventlog.Event) {
	payload, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	o.Heard(eventlog.Record{AccountID: account, Kind: e.Kind(), Subject: e.Subject(), Payload: payload})
}

func (o *observed) saved(t interface{ Fatal(args ...any) }, id string, status agent.Status, departments ...string) {
	o.hear(t, "acc", agent.Saved{Agent: agent.Agent{ID: id, Name: id, Active: true, Status: status, DepartmentIDs: departments}})
}

func socket(agentID, session, id string) agent.Connection {
	return agent.Connection{AccountID: "acc", AgentID: agentID, SessionID: session, ID: id}
}

// pass lets d go by in the test's own time, and whatever was due by then happen.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func wantTold(t *testing.T, o *observed, want ...string) {
	t.Helper()
	if got := o.take(); !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
}

func TestPresence_IsTheWishAndALiveConnection(t *testing.T) {
	for _, tt := range []struct {
		status    agent.Status
		active    bool
		connected bool
		present   bool
		online    bool
	}{
		{agent.Online, true, true, true, true},
		{agent.Busy, true, true, true, false},
		{agent.Offline, true, true, false, false},
		{agent.Online, true, false, false, false},
		{agent.Busy, true, false, false, false},
		{agent.Online, false, true, false, false},
	} {
		t.Run(fmt.Sprintf("%s active=%v connected=%v", tt.status, tt.active, tt.connected), func(t *testing.T) {
			o := newObserved()
			defer o.Close()
			o.hear(t, "acc", agent.Saved{Agent: agent.Agent{ID: "ana", Active: tt.active, Status: tt.status, DepartmentIDs: []string{"sales"}}})
			if tt.connected {
				o.Connected(socket("ana", "s1", "c1"))
			}
			if got := o.Present("ana"); got != tt.present {
				t.Errorf("present %v, want %v", got, tt.present)
			}
			if got := o.DepartmentOnline("sales"); got != tt.online {
				t.Errorf("department online %v, want %v", got, tt.online)
			}
			if got := len(o.Able("sales")) == 1; got != tt.online {
				t.Errorf("able %v", o.Able("sales"))
			}
			if a, ok := o.Agent("acc", "ana"); !ok || a.Present != tt.present || a.AccountID != "acc" {
				t.Errorf("agent %+v, %v", a, ok)
			}
		})
	}
}

func TestPresence_OutlivesAShortLoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newObserved()
		defer o.Close()
		o.saved(t, "ana", agent.Online, "sales")
		o.Connected(socket("ana", "s1", "c1"))
		wantTold(t, o, "ana online present=false awake=false sound=false", "ana online present=true awake=false sound=false", "acc/sales online=true")

		o.Disconnected(socket("ana", "s1", "c1"))
		pass(agent.Grace - time.Millisecond)
		o.Connected(socket("ana", "s1", "c2"))
		pass(2 * agent.Grace)
		wantTold(t, o, "ana online present=true awake=false sound=false", "ana online present=true awake=false sound=false") // only the connection

		o.Disconnected(socket("ana", "s1", "c2"))
		pass(agent.Grace - time.Millisecond)
		if !o.Present("ana") || !o.Live("ana") {
			t.Error("absent before the grace time is over")
		}
		pass(time.Millisecond)
		wantTold(t, o, "ana online present=true awake=false sound=false", "ana online present=false awake=false sound=false", "acc/sales online=false")
		if o.Present("ana") || o.Live("ana") || o.DepartmentOnline("sales") {
			t.Error("present after the grace time")
		}
	})
}

func TestPresence_TellsWhenAnOfflineAgentIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var last agent.State
		p := agent.NewPresence(agent.Observer{Agent: func(s agent.State) { last = s }})
		o := &observed{Presence: p}
		defer o.Close()
		o.saved(t, "ana", agent.Offline)
		o.Connected(socket("ana", "s1", "c1"))
		if !last.Live || last.Present {
			t.Errorf("connected: %+v", last)
		}
		o.Disconnected(socket("ana", "s1", "c1"))
		pass(agent.Grace)
		if last.Live {
			t.Error("nobody was told that the agent is gone, who may hold conversations")
		}
	})
}

func TestPresence_CountsSockets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newObserved()
		defer o.Close()
		o.saved(t, "ana", agent.Busy)
		o.Connected(socket("ana", "s1", "old"))
		o.Beat(socket("ana", "s1", "old"), agent.Signs{Awake: true, Sound: true})
		o.Connected(socket("ana", "s1", "new"))
		o.take()
		o.Disconnected(socket("ana", "s1", "old"))
		wantTold(t, o, "ana busy present=true awake=false sound=false")
		o.Disconnected(socket("ana", "s1", "old")) // told twice
		o.Beat(socket("ana", "s1", "old"), agent.Signs{Awake: true, Sound: true})
		o.Beat(socket("ana", "s1", "new"), agent.Signs{Awake: true, Sound: false})
		pass(agent.AwakeFor - time.Millisecond)
		wantTold(t, o, "ana busy present=true awake=true sound=false")
		if s, ok := o.State("ana"); !ok || !s.Present || !s.Awake || s.Sound {
			t.Errorf("%+v, %v", s, ok)
		}
	})
}

func TestPresence_ASilentPanelSleeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newObserved()
		defer o.Close()
		o.saved(t, "ana", agent.Online)
		o.Connected(socket("ana", "s1", "c1"))
		for range 4 {
			o.Beat(socket("ana", "s1", "c1"), agent.Signs{Awake: true, Sound: true})
			pass(agent.AwakeFor - time.Millisecond)
		}
		if !o.Ready("ana") {
			t.Error("not ready although it answers in time")
		}
		pass(time.Millisecond)
		if s, _ := o.State("ana"); s.Awake || s.Ready || !s.Connected || !s.Present || !s.Sound {
			t.Errorf("silent for %v: %+v", agent.AwakeFor, s)
		}
		o.Beat(socket("ana", "s1", "c1"), agent.Signs{Awake: true, Sound: true})
		if !o.Ready("ana") {
			t.Error("not ready although it answers again")
		}
		o.Beat(socket("ana", "s1", "c1"), agent.Signs{Awake: true, Sound: true})
		o.Disconnected(socket("ana", "s1", "c1"))
		if s, _ := o.State("ana"); s.Connected || s.Ready || !s.Present {
			t.Errorf("just disconnected: %+v", s)
		}
	})
}

// TestPresence_ReadyIsAllOfIt: an agent is offered conversations only when nothing stands against it (B08).
func TestPresence_ReadyIsAllOfIt(t *testing.T) {
	all := []bool{false, true}
	for _, status := range agent.Statuses() {
		for bits := range 1 << 5 {
			active, connected, awake, sound, quiet := all[bits&1], all[bits>>1&1], all[bits>>2&1], all[bits>>3&1], all[bits>>4&1]
			o := newObserved()
			o.hear(t, "acc", agent.Saved{Agent: agent.Agent{ID: "ana", Active: active, Status: status}})
			if connected {
				o.Connected(socket("ana", "s1", "c1"))
			}
			o.Beat(socket("ana", "s1", "c1"), agent.Signs{Awake: awake, Sound: sound, Quiet: quiet})
			want := status == agent.Online && active && connected && awake && (sound || quiet)
			if o.Ready("ana") != want {
				s, _ := o.State("ana")
				t.Errorf("active=%v %+v: want ready=%v", active, s, want)
			}
			o.Close()
		}
	}
}

func TestPresence_EndsWithTheSession(t *testing.T) {
	for _, tt := range []struct {
		reason  agent.EndReason
		present bool
	}{{agent.SignedOut, false}, {agent.Inactive, false}, {agent.Replaced, true}} {
		for _, connected := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s connected=%v", tt.reason, connected), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					o := newObserved()
					defer o.Close()
					o.saved(t, "ana", agent.Online, "sales")
					o.Connected(socket("ana", "s1", "c1"))
					if !connected {
						o.Disconnected(socket("ana", "s1", "c1"))
					}
					o.hear(t, "acc", agent.SessionEnded{AgentID: "ana", SessionID: "s1", Reason: tt.reason})
					if got := o.Present("ana"); got != tt.present {
						t.Errorf("present %v, want %v", got, tt.present)
					}
					o.Disconnected(socket("ana", "s1", "c1")) // the socket is cut afterwards
					pass(agent.Grace)
					if o.Present("ana") {
						t.Error("present after the grace time")
					}
				})
			})
		}
	}
}

func TestPresence_TheNextSessionIsNotTheOneThatEnded(t *testing.T) {
	o := newObserved()
	defer o.Close()
	o.saved(t, "ana", agent.Online)
	o.Connected(socket("ana", "s1", "c1"))
	o.Connected(socket("ana", "s2", "c2"))
	// The log tells late of the first session's end.
	o.hear(t, "acc", agent.SessionEnded{AgentID: "ana", SessionID: "s1", Reason: agent.SignedOut})
	if !o.Present("ana") {
		t.Error("the second session was thrown out with the first")
	}
}

func TestPresence_FollowsTheLog(t *testing.T) {
	o := newObserved()
	defer o.Close()
	o.Connected(socket("ana", "s1", "c1")) // before anybody told who she is
	wantTold(t, o)
	if _, ok := o.State("ana"); ok || o.Present("ana") || len(o.States("acc")) != 0 || len(o.Agents("acc")) != 0 {
		t.Error("an agent nobody told of is known")
	}
	o.saved(t, "ana", agent.Offline, "sales", "support")
	wantTold(t, o, "ana offline present=false awake=false sound=false")
	o.hear(t, "acc", agent.StatusChanged{AgentID: "ana", Status: agent.Online})
	wantTold(t, o, "ana online present=true awake=false sound=false", "acc/sales online=true", "acc/support online=true")
	o.saved(t, "bia", agent.Online, "sales")
	o.Connected(socket("bia", "s2", "c2"))
	wantTold(t, o, "bia online present=false awake=false sound=false", "bia online present=true awake=false sound=false")
	o.saved(t, "ana", agent.Online, "support", "mail")
	wantTold(t, o, "acc/mail online=true")
	o.hear(t, "acc", agent.StatusChanged{AgentID: "bia", Status: agent.Busy})
	wantTold(t, o, "bia busy present=true awake=false sound=false", "acc/sales online=false")
	o.hear(t, "acc", agent.StatusChanged{AgentID: "ghost", Status: agent.Online})
	wantTold(t, o)

	var names []string
	for _, a := range o.Agents("acc") {
		names = append(names, a.Name)
	}
	if !slices.Equal(names, []string{"ana", "bia"}) || len(o.Agents("other")) != 0 {
		t.Errorf("agents %v", names)
	}
	if _, ok := o.Agent("other", "ana"); ok {
		t.Error("another account sees the agent")
	}
}

func TestPresence_CloseTellsNothingMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newObserved()
		o.saved(t, "ana", agent.Online, "sales")
		o.Connected(socket("ana", "s1", "c1"))
		o.Disconnected(socket("ana", "s1", "c1"))
		o.take()
		o.Close()
		pass(2 * agent.Grace)
		o.Connected(socket("ana", "s1", "c2"))
		wantTold(t, o)
	})
}

// TestPresence_TellsWhatIs: whatever happens in whatever order, the observer's picture is that of the questions, and departments are
// online exactly when somebody present and online serves them.
func TestPresence_TellsWhatIs(t *testing.T) {
	agents := []string{"ana", "bia", "caio"}
	departments := []string{"sales", "support", "mail"}
	rapid.Check(t, func(t *rapid.T) {
		states := map[string]agent.State{}
		online := map[string]bool{}
		o := &observed{}
		o.Presence = agent.NewPresence(agent.Observer{
			Agent: func(s agent.State) { states[s.AgentID] = s },
			Department: func(_, id string, on bool) {
				if online[id] == on {
					t.Fatalf("told twice that %s is online=%v", id, on)
				}
				online[id] = on
			},
		})
		defer o.Close()
		id := func(t *rapid.T) string { return rapid.SampledFrom(agents).Draw(t, "agent") }
		session := func(t *rapid.T) string { return rapid.SampledFrom([]string{"s1", "s2"}).Draw(t, "session") }
		connection := func(t *rapid.T) agent.Connection {
			return socket(id(t), session(t), rapid.SampledFrom([]string{"c1", "c2", "c3"}).Draw(t, "socket"))
		}
		status := rapid.SampledFrom(agent.Statuses())
		t.Repeat(map[string]func(*rapid.T){
			"connect":    func(t *rapid.T) { o.Connected(connection(t)) },
			"disconnect": func(t *rapid.T) { o.Disconnected(connection(t)) },
			"beat": func(t *rapid.T) {
				o.Beat(connection(t), agent.Signs{
					Awake: rapid.Bool().Draw(t, "awake"), Sound: rapid.Bool().Draw(t, "sound"), Quiet: rapid.Bool().Draw(t, "quiet"),
				})
			},
			"status": func(t *rapid.T) {
				o.hear(t, "acc", agent.StatusChanged{AgentID: id(t), Status: status.Draw(t, "status")})
			},
			"save": func(t *rapid.T) {
				o.hear(t, "acc", agent.Saved{Agent: agent.Agent{
					ID: id(t), Active: rapid.Bool().Draw(t, "active"), Status: status.Draw(t, "status"),
					DepartmentIDs: rapid.SliceOfDistinct(rapid.SampledFrom(departments), rapid.ID).Draw(t, "departments"),
				}})
			},
			"end": func(t *rapid.T) {
				reason := rapid.SampledFrom([]agent.EndReason{agent.Replaced, agent.SignedOut, agent.Inactive}).Draw(t, "reason")
				o.hear(t, "acc", agent.SessionEnded{AgentID: id(t), SessionID: session(t), Reason: reason})
			},
			"": func(t *rapid.T) {
				able := map[string][]string{}
				for _, a := range o.Agents("acc") {
					s, _ := o.State(a.ID)
					if states[a.ID] != s {
						t.Fatalf("told %+v, is %+v", states[a.ID], s)
					}
					if s.Present && s.Status == agent.Online {
						for _, d := range a.DepartmentIDs {
							able[d] = append(able[d], a.ID)
						}
					}
				}
				for _, d := range departments {
					slices.Sort(able[d])
					if !slices.Equal(o.Able(d), able[d]) || o.DepartmentOnline(d) != (len(able[d]) > 0) || online[d] != (len(able[d]) > 0) {
						t.Fatalf("%s: able %v, online %v, told %v; want %v", d, o.Able(d), o.DepartmentOnline(d), online[d], able[d])
					}
				}
			},
		})
	})
}
