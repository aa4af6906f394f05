package app

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// audited returns what the audit log says was done, oldest first.
func (n *node) audited() []string {
	n.t.Helper()
	var page struct {
		Entries []struct {
			AgentName string `json:"agent_name"`
			Action    string `json:"action"`
			Address   string `json:"address"`
		} `json:"entries"`
	}
	n.admin.must(http.MethodGet, "/api/audit", nil, http.StatusOK, &page)
	said := []string{}
	for _, e := range page.Entries {
		if e.Address != "127.0.0.1" {
			n.t.Errorf("%s came from %q", e.Action, e.Address)
		}
		said = append(said, e.AgentName+" "+e.Action)
	}
	slices.Reverse(said)
	var v struct {
		Entries int       `json:"entries"`
		Fault   *anyFrame `json:"fault"`
	}
	n.admin.must(http.MethodGet, "/api/audit/verification", nil, http.StatusOK, &v)
	if v.Fault != nil || v.Entries != len(said) {
		n.t.Errorf("the log of %d entries verifies as %+v", len(said), v)
	}
	return said
}

// attended makes a conversation that the agent has.
func (n *node) attended(p *person) (*guest, string) {
	n.t.Helper()
	p.must(http.MethodPut, "/api/session/status", anyFrame{"status": "online"}, http.StatusOK, nil)
	g := n.guest("")
	id := g.open()
	if got := p.next("next-" + id); got != id {
		n.t.Fatalf("attended %s, want %s", got, id)
	}
	return g, id
}

// TestSupervision_ReachesAsFarAsItIsGranted: T133, T134, T135, T140, T143.
func TestSupervision_ReachesAsFarAsItIsGranted(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		n := newNode(t, url)
		ana := n.agent("ana", nil)
		carla := n.agent("carla", map[string]any{"role": "supervisor", "department_ids": []string{}})
		grant := func(g anyFrame) {
			t.Helper()
			n.admin.must(http.MethodPut, "/api/agents/"+carla.id+"/supervision", g, http.StatusOK, nil)
		}
		nothing := []string{}
		anas := ana.live()
		anas.say(anyFrame{"t": "presence", "awake": true, "sound": true})
		guest, id := n.attended(ana)
		path := "/api/conversations/" + id
		say := func(text string) {
			t.Helper()
			guest.must(http.MethodPost, "/v/conversations/"+id+"/messages", anyFrame{"client_id": text, "text": text}, http.StatusOK, nil)
		}

		// Nothing granted: nothing is there.
		grant(anyFrame{"all": false, "department_ids": nothing, "agent_ids": nothing})
		var desk struct {
			Conversations []anyFrame `json:"conversations"`
			AgentIDs      []string   `json:"agent_ids"`
		}
		carla.must(http.MethodGet, "/api/supervision", nil, http.StatusOK, &desk)
		if len(desk.Conversations)+len(desk.AgentIDs) > 0 {
			t.Errorf("without a grant: %+v", desk)
		}
		whisper := func(client string) anyFrame {
			return anyFrame{"client_id": client, "text": "psst", "audience": "agents"}
		}
		for _, refused := range []string{
			"POST " + path + "/watch", "GET " + path, "GET " + path + "/messages", "POST " + path + "/messages", "POST /api/agents/" + ana.id + "/end-session",
		} {
			var method, where string
			if _, err := fmt.Sscan(refused, &method, &where); err != nil {
				t.Fatal(err)
			}
			var body any
			if where == path+"/messages" && method == http.MethodPost {
				body = whisper("w-0")
			}
			if status, data := carla.do(method, where, body, nil); status != http.StatusNotFound {
				t.Errorf("%s without a grant: %d %s", refused, status, data)
			}
		}
		var me struct {
			Permissions   []string `json:"permissions"`
			SupervisesAll bool     `json:"supervises_all"`
		}
		carla.must(http.MethodGet, "/api/session", nil, http.StatusOK, &me)
		if me.SupervisesAll || slices.Contains(me.Permissions, "supervision.all") || !slices.Contains(me.Permissions, "supervision.use") {
			t.Errorf("without a grant: %+v", me)
		}

		// Ana is granted by name: what she does is there, and a socket that was open comes back to see it.
		socket := carla.live()
		grant(anyFrame{"all": false, "department_ids": nothing, "agent_ids": []string{ana.id}})
		socket.until("the end of the old scope", kind("bye"))
		socket = carla.live()
		carla.must(http.MethodGet, "/api/supervision", nil, http.StatusOK, &desk)
		if len(desk.Conversations) != 1 || desk.Conversations[0]["id"] != id || !slices.Equal(desk.AgentIDs, []string{ana.id}) {
			t.Errorf("with ana granted: %+v", desk)
		}

		// What is said comes only while it is watched.
		say("before")
		carla.must(http.MethodPost, path+"/watch", nil, http.StatusOK, nil)
		carla.must(http.MethodPost, path+"/watch", nil, http.StatusOK, nil)
		say("during")
		seen := socket.until("a message", event("conversation.message"))
		if text := seen["payload"].(map[string]any)["message"].(map[string]any)["text"]; text != "during" {
			t.Errorf("the first message seen is %q", text)
		}
		carla.must(http.MethodPost, path+"/messages", whisper("w-1"), http.StatusOK, nil)
		anas.until("the whisper", event("conversation.internal"))
		carla.must(http.MethodDelete, path+"/watch", nil, http.StatusNoContent, nil)
		say("after")
		carla.must(http.MethodPost, "/api/agents/"+ana.id+"/end-session", nil, http.StatusNoContent, nil)
		anas.until("the end of her session", kind("bye"))
		socket.until("the end of the watch", func(f anyFrame) bool {
			if event("conversation.message")(f) {
				t.Errorf("seen without watching: %v", f["payload"])
			}
			return event("supervision.watch_ended")(f)
		})
		want := []string{"Rita supervision.granted", "Rita supervision.granted", "Carla conversation.watched", "Carla conversation.whispered", "Carla session.ended"}
		if got := n.audited(); !slices.Equal(got, want) {
			t.Errorf("written down:\n%q, want\n%q", got, want)
		}
	})
}

// atOnce sends the same request of both at the same time and returns the codes of the refusals, the empty one of who was let through first.
func atOnce(a, b *person, method, path string, body any) []string {
	a.node.t.Helper()
	codes := make([]string, 2)
	var wg sync.WaitGroup
	for i, p := range []*person{a, b} {
		wg.Go(func() {
			status, data := p.do(method, path, body, nil)
			if codes[i] = codeIn(data); status < http.StatusBadRequest {
				codes[i] = ""
			}
		})
	}
	wg.Wait()
	slices.Sort(codes)
	return codes
}

// TestSupervision_TwoActAtOnce: of two supervisors who do the same at once, one does it, the other is told, and the log has it once.
func TestSupervision_TwoActAtOnce(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		n := newNode(t, url)
		ana := n.agent("ana", nil)
		supervisor := map[string]any{"role": "supervisor"}
		carla, diego := n.agent("carla", supervisor), n.agent("diego", supervisor)
		ana.live().say(anyFrame{"t": "presence", "awake": true, "sound": true})
		_, taken := n.attended(ana)
		waiting := []string{n.guest("").open(), n.guest("").open()}
		for _, one := range []struct {
			what, method, path string
			body               any
			refusal            string
		}{
			{"order the queue", http.MethodPut, "/api/queue/order", anyFrame{
				"department_id": n.department, "version": 0, "conversation_ids": []string{waiting[1], waiting[0]},
			}, "stale"},
			{"skip an agent", http.MethodPut, "/api/roulette", anyFrame{
				"version": 0, "agents": []anyFrame{{"agent_id": ana.id, "skipped": true}},
			}, "stale"},
			{"send into a queue", http.MethodPost, "/api/conversations/" + taken + "/requeue", anyFrame{"department_id": n.department, "note": ""}, "conversation_not_yours"},
		} {
			if codes := atOnce(carla, diego, one.method, one.path, one.body); !slices.Equal(codes, []string{"", one.refusal}) {
				t.Errorf("%s: %q", one.what, codes)
			}
		}
		var queue struct {
			Waiting []struct {
				ID       string `json:"conversation_id"`
				Position int    `json:"position"`
			} `json:"waiting"`
			Agents []struct {
				ID         string `json:"agent_id"`
				Skipped    bool   `json:"skipped"`
				Supervised bool   `json:"supervised"`
			} `json:"agents"`
		}
		carla.must(http.MethodGet, "/api/queue", nil, http.StatusOK, &queue)
		order := []string{}
		for i, w := range queue.Waiting {
			order = append(order, w.ID)
			if w.Position != i+1 {
				t.Errorf("%+v is at place %d", w, i+1)
			}
		}
		if want := []string{taken, waiting[1], waiting[0]}; !slices.Equal(order, want) {
			t.Errorf("waiting %q, want %q", order, want)
		}
		for _, a := range queue.Agents {
			if a.Skipped != (a.ID == ana.id) || !a.Supervised {
				t.Errorf("%+v", a)
			}
		}
		for _, one := range []struct {
			what    string
			body    any
			refusal string
		}{{"take-over", anyFrame{"agent_id": ana.id}, "conversation_stale"}, {"stop", nil, "conversation_ended"}} {
			path := "/api/conversations/" + ana.next(one.what) + "/" + one.what
			if codes := atOnce(carla, diego, http.MethodPost, path, one.body); !slices.Equal(codes, []string{"", one.refusal}) {
				t.Errorf("%s: %q", one.what, codes)
			}
		}
		said := n.audited()
		for i, action := range []string{"queue.reordered", "roulette.changed", "conversation.transferred", "conversation.taken_over", "conversation.ended"} {
			if i >= len(said) || !strings.HasSuffix(said[i], action) {
				t.Fatalf("written down: %q, want %s at %d", said, action, i)
			}
		}
		if len(said) != 5 {
			t.Errorf("written down: %q", said)
		}
	})
}
