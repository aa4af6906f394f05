package supervision_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/supervision"
)

// carla and dora supervise; ana serves sales, bruno sales and support.
type world struct {
	*supervision.Service
	house  *conversationtest.House
	agents map[string]agent.Agent

	mu      sync.Mutex
	deeds   []string
	granted []string
}

func (w *world) Agent(accountID, agentID string) (agent.Agent, bool) {
	a, ok := w.agents[agentID]
	return a, ok && accountID == conversationtest.Account
}

func (w *world) Agents(string) []agent.Agent {
	return []agent.Agent{w.agents["ana"], w.agents["bruno"], w.agents["carla"], w.agents["dora"], w.agents["zeca"]}
}

func (w *world) InAccount(_ context.Context, _ *store.Tx, _ string, ids []string) (bool, error) {
	return !slices.ContainsFunc(ids, func(id string) bool {
		return id != conversationtest.Sales && id != conversationtest.Support && id != known
	}), nil
}

// known is a department with an identifier of the right shape.
var known = ident.V7{}.New()

func (w *world) scope(_, agentID string) eventlog.Scope {
	over := w.Supervised(conversationtest.Account, agentID)
	s := eventlog.Scope{AgentID: agentID, All: over.All, DepartmentIDs: map[string]bool{}, SupervisedDepartmentIDs: map[string]bool{}, SupervisedAgentIDs: map[string]bool{}}
	for _, id := range over.DepartmentIDs {
		s.DepartmentIDs[id], s.SupervisedDepartmentIDs[id] = true, true
	}
	for _, id := range over.AgentIDs {
		s.SupervisedAgentIDs[id] = true
	}
	return s
}

func (w *world) as(agentID string) conversation.AgentActor {
	return conversation.AgentActor{AccountID: conversationtest.Account, ID: agentID, Scope: w.scope("", agentID), Supervises: true}
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := &world{house: conversationtest.New(t, st), agents: map[string]agent.Agent{}}
		for id, departments := range map[string][]string{
			"ana": {conversationtest.Sales}, "bruno": {conversationtest.Sales, conversationtest.Support}, "carla": nil, "dora": nil, "zeca": {conversationtest.Sales},
		} {
			w.agents[id] = agent.Agent{ID: id, Name: strings.ToUpper(id), Active: id != "zeca", Role: access.Supervisor, DepartmentIDs: departments}
		}
		w.Service = supervision.NewService(supervision.Config{
			Store: st, Log: w.house.Log, Agents: w, Departments: w, Conversations: w.house.Service, Scope: w.scope,
			Record: func(_ context.Context, tx *store.Tx, _ string, d supervision.Deed) error {
				tx.AfterCommit(func() {
					w.mu.Lock()
					defer w.mu.Unlock()
					w.deeds = append(w.deeds, d.AgentID+" "+d.Action+" "+d.SubjectName)
				})
				return nil
			},
			Granted: func(_, agentID string) { w.granted = append(w.granted, agentID) },
		})
		w.house.Heard(w.Heard)
		for _, id := range []string{"carla", "dora"} {
			w.insertAgent(t, id)
		}
		fn(t, w)
	})
}

func (w *world) insertAgent(t *testing.T, id string) {
	t.Helper()
	err := w.house.Store.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO agents (id, account_id, login, password_hash, name, email, role, active, status, method, conversation_limit, preferences, created_at)
			VALUES (?, 'account', ?, '', '', '', 'supervisor', TRUE, 'online', 'manual', 5, '{}', 0)`, id, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) grant(t *testing.T, g supervision.Grant) {
	t.Helper()
	if _, err := w.SetGrant(t.Context(), api.ActorInfo{AccountID: conversationtest.Account, AgentID: "admin"}, g); err != nil {
		t.Fatal(err)
	}
}

// grantDirectly keeps a grant of the house's short identifiers, which SetGrant refuses.
func (w *world) grantDirectly(t *testing.T, g supervision.Grant) {
	t.Helper()
	err := w.house.Store.Write(store.InLane(t.Context(), conversationtest.Account), func(ctx context.Context, tx *store.Tx) error {
		return w.house.Log.Append(ctx, tx, conversationtest.Account, supervision.GrantedEvent{Grant: g})
	})
	if err == nil {
		err = w.house.Log.Settle(t.Context(), conversationtest.Account)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) settle(t *testing.T) {
	t.Helper()
	if err := w.house.Log.Settle(t.Context(), conversationtest.Account); err != nil {
		t.Fatal(err)
	}
}

func TestSetGrant_IsKeptCheckedAndWrittenDown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if g, err := w.Grant(conversationtest.Account, "carla"); err != nil || !g.All {
			t.Errorf("who was never given another grant has %+v, %v", g, err)
		}
		w.grant(t, supervision.Grant{AgentID: "carla", DepartmentIDs: []string{known, known}})
		if g, _ := w.Grant(conversationtest.Account, "carla"); g.All || len(g.DepartmentIDs) != 1 || g.AgentIDs == nil {
			t.Errorf("kept %+v", g)
		}
		again := supervision.NewService(supervision.Config{Store: w.house.Store, Agents: w})
		if err := again.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		if g, _ := again.Grant(conversationtest.Account, "carla"); g.All || !slices.Equal(g.DepartmentIDs, []string{known}) {
			t.Errorf("after a restart %+v", g)
		}
		w.grant(t, supervision.Grant{AgentID: "carla", All: true, DepartmentIDs: []string{known}})
		if g, _ := w.Grant(conversationtest.Account, "carla"); !g.All || len(g.DepartmentIDs) != 0 {
			t.Errorf("everything is kept as %+v", g)
		}
		for want, g := range map[string]supervision.Grant{
			"department_ids:unknown": {AgentID: "carla", DepartmentIDs: []string{ident.V7{}.New()}}, "agent_ids:unknown": {AgentID: "carla", AgentIDs: []string{ident.V7{}.New()}},
			"department_ids:too_many": {AgentID: "carla", DepartmentIDs: make([]string, 201)}, "agent_ids:too_many": {AgentID: "carla", AgentIDs: make([]string, 201)},
		} {
			_, err := w.SetGrant(t.Context(), api.ActorInfo{AccountID: conversationtest.Account}, g)
			if f := fault.FieldsOf(err); len(f) != 1 || f[0].Name+":"+f[0].Code != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if _, err := w.SetGrant(t.Context(), api.ActorInfo{AccountID: "other"}, supervision.Grant{AgentID: "carla"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account's agent: %v", err)
		}
		if want := []string{"admin supervision.granted CARLA", "admin supervision.granted CARLA"}; !slices.Equal(w.deeds, want) {
			t.Errorf("written down: %q", w.deeds)
		}
		if !slices.Equal(w.granted, []string{"carla", "carla"}) {
			t.Errorf("told of %q", w.granted)
		}
	})
}

func TestDesk_HoldsWhatIsInScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		h := w.house
		sales := h.Open(t, "maria", conversationtest.Sales)
		support := h.Open(t, "joao", conversationtest.Support)
		waiting := h.Open(t, "rita", conversationtest.Support)
		h.Claim(t, sales.ID, conversationtest.Ana)
		h.Claim(t, support.ID, conversationtest.Bruno)
		for name, c := range map[string]struct {
			grant  supervision.Grant
			want   []string
			agents string
		}{
			"everything":   {supervision.Grant{AgentID: "carla", All: true}, []string{sales.ID, support.ID, waiting.ID}, "[ana bruno carla dora]"},
			"a department": {supervision.Grant{AgentID: "carla", DepartmentIDs: []string{conversationtest.Support}}, []string{support.ID, waiting.ID}, "[bruno]"},
			"an agent":     {supervision.Grant{AgentID: "carla", AgentIDs: []string{"bruno"}}, []string{support.ID}, "[bruno]"},
			"both":         {supervision.Grant{AgentID: "carla", AgentIDs: []string{"ana"}, DepartmentIDs: []string{conversationtest.Support}}, []string{sales.ID, support.ID, waiting.ID}, "[ana bruno]"},
			"nothing":      {supervision.Grant{AgentID: "carla"}, []string{}, "[]"},
		} {
			w.grantDirectly(t, c.grant)
			desk, err := w.Desk(t.Context(), w.as("carla"))
			if err != nil {
				t.Fatal(err)
			}
			ids := []string{}
			for _, each := range desk.Conversations {
				ids = append(ids, each.ID)
			}
			if !slices.Equal(ids, c.want) || fmt.Sprint(desk.AgentIDs) != c.agents || desk.More {
				t.Errorf("%s: %v %v, want %v %s", name, ids, desk.AgentIDs, c.want, c.agents)
			}
		}
	})
}

func TestWatch_LastsAsLongAsItMay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		h := w.house
		opened := func(visitor string) string {
			t.Helper()
			c := h.Open(t, visitor, conversationtest.Sales)
			h.Claim(t, c.ID, conversationtest.Ana)
			return c.ID
		}
		watch := func(who, id string) {
			t.Helper()
			if _, err := w.Watch(t.Context(), w.as(who), id); err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(w.Watchers(id), who) {
				t.Fatalf("%s does not watch", who)
			}
		}
		first := opened("maria")
		watch("carla", first)
		watch("carla", first)
		watch("dora", first)
		if len(w.deeds) != 2 || !strings.HasPrefix(w.deeds[0], "carla conversation.watched #2026") {
			t.Errorf("written down: %q", w.deeds)
		}
		if err := w.Unwatch(t.Context(), w.as("dora"), first); err != nil || slices.Contains(w.Watchers(first), "dora") {
			t.Errorf("unwatched: %v, %v", w.Watchers(first), err)
		}
		second := opened("joao")
		watch("carla", second)

		// A narrower scope ends what is outside of it, at once.
		w.grantDirectly(t, supervision.Grant{AgentID: "carla", AgentIDs: []string{"bruno"}})
		if len(w.Watchers(first))+len(w.Watchers(second)) > 0 {
			t.Errorf("out of scope: %v %v", w.Watchers(first), w.Watchers(second))
		}
		if _, err := w.Watch(t.Context(), w.as("carla"), first); !fault.Is(err, fault.NotFound) {
			t.Errorf("watching what is out of scope: %v", err)
		}

		// A conversation that leaves the scope is not watched any more.
		w.grantDirectly(t, supervision.Grant{AgentID: "carla", AgentIDs: []string{"ana"}})
		watch("carla", first)
		watch("dora", first)
		if _, err := h.Service.ReturnAll(t.Context(), conversationtest.Account, conversationtest.Ana, conversation.ReasonSignedOut); err != nil {
			t.Fatal(err)
		}
		w.settle(t)
		if got := w.Watchers(first); !slices.Equal(got, []string{"dora"}) {
			t.Errorf("after its agent left, %v watch", got)
		}
		w.Gone("dora")
		if got := w.Watchers(first); len(got) > 0 {
			t.Errorf("after the supervisor is gone, %v watch", got)
		}

		h.Claim(t, first, conversationtest.Ana)
		watch("dora", first)
		if _, err := h.Service.EndByAgent(t.Context(), conversationtest.Agent(conversationtest.Ana), first); err != nil {
			t.Fatal(err)
		}
		w.settle(t)
		if got := w.Watchers(first); len(got) > 0 {
			t.Errorf("after the end, %v watch", got)
		}
		if _, err := w.Watch(t.Context(), w.as("dora"), first); !fault.Is(err, fault.ConversationEnded) {
			t.Errorf("watching what is over: %v", err)
		}
		if _, err := w.Watch(t.Context(), w.as("dora"), ident.V7{}.New()); !fault.Is(err, fault.NotFound) {
			t.Errorf("watching nothing: %v", err)
		}
	})
}
