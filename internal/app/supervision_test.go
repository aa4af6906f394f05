package app

import (
	"fmt"
	"net/http"
	"slices"
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
