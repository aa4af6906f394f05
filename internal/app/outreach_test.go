package app

import (
	"net/http"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// invite makes an invite and returns its identifier.
func (n *node) invite() string {
	n.t.Helper()
	var made struct {
		ID string `json:"id"`
	}
	words := anyFrame{"title": "Olá!", "text": "Posso ajudar?", "button": "Conversar"}
	none := anyFrame{"title": "", "text": "", "button": ""}
	n.admin.must(http.MethodPost, "/api/outreach/templates", anyFrame{
		"kind": "invite", "name": "Boas-vindas", "texts": anyFrame{"pt": words, "en": none, "es": none}, "department_id": n.department,
	}, http.StatusCreated, &made)
	return made.ID
}

// sent returns the state of a delivery in an event.
func sent(state string) func(anyFrame) bool {
	return func(f anyFrame) bool {
		payload, _ := f["payload"].(map[string]any)
		d, ok := payload["delivery"].(map[string]any)
		return f["kind"] == "outreach.changed" && ok && d["state"] == state
	}
}

// inGrid waits for a row's patch or a whole row with the value.
func inGrid(name string, value any) func(anyFrame) bool {
	return func(f anyFrame) bool {
		for _, list := range []string{"rows", "patch"} {
			rows, _ := f[list].([]any)
			for _, r := range rows {
				if r.(map[string]any)[name] == value {
					return true
				}
			}
		}
		return false
	}
}

// inBoth waits until each was met, in any order.
func inBoth(first, second func(anyFrame) bool) func(anyFrame) bool {
	var one, two bool
	return func(f anyFrame) bool {
		one, two = one || first(f), two || second(f)
		return one && two
	}
}

// TestOutreach goes the whole way: an agent invites, the page acknowledges each step, the visitor accepts, and the inviting agent
// attends before another one.
func TestOutreach(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		n := newNode(t, url)
		template := n.invite()
		ana, bruno := n.agent("ana", nil), n.agent("bruno", nil)
		panel, other := ana.live(), bruno.live()
		for _, p := range []*socket{panel, other} {
			p.say(anyFrame{"t": "presence", "awake": true, "sound": true})
		}
		panel.say(anyFrame{"t": "grid", "id": 1, "view": anyFrame{}, "offset": 0, "length": 50})
		maria := n.guest("")
		panel.until("the visitor in the grid", inGrid("page_url", shopOrigin+"/cart"))

		var answer struct {
			Results []struct {
				Delivery struct {
					ID string `json:"id"`
				} `json:"delivery"`
			} `json:"results"`
		}
		send := anyFrame{"client_id": "1", "visit_ids": []string{maria.visit}, "template_id": template}
		ana.must(http.MethodPost, "/api/outreach/deliveries", send, http.StatusOK, &answer)
		id := answer.Results[0].Delivery.ID
		frame := maria.socket.until("the invite", kind("outreach"))
		if frame["id"] != id || frame["title"] != "Olá!" || frame["agent"].(map[string]any)["name"] != "Ana" || frame["department"] != n.department {
			t.Fatalf("frame %v", frame)
		}
		panel.until("queued", sent("queued"))
		for _, state := range []string{"delivered", "shown"} {
			maria.socket.say(anyFrame{"t": "outreach", "id": id, "state": state})
			panel.until(state, inBoth(sent(state), inGrid("outreach_state", state)))
		}
		maria.socket.say(anyFrame{"t": "outreach", "id": id, "state": "accepted"})
		panel.until("accepted", sent("accepted"))

		opening := n.opening("open-1")
		opening["outreach_id"] = id
		var c struct {
			ID string `json:"id"`
		}
		maria.must(http.MethodPost, "/v/conversations", opening, http.StatusCreated, &c)
		panel.until("queued for the inviting agent", func(f anyFrame) bool {
			payload, _ := f["payload"].(map[string]any)
			of, ok := payload["conversation"].(map[string]any)
			return f["kind"] == "conversation.queued" && ok && of["preferred_agent_id"] == ana.id && of["outreach_id"] == id
		})
		if status, data := bruno.do(http.MethodPost, "/api/queue/next", nil, map[string]string{"Idempotency-Key": "b"}); codeIn(data) != "queue_empty" {
			t.Fatalf("another agent got it: %d %s", status, data)
		}
		if got := ana.next("a"); got != c.ID {
			t.Fatalf("the inviting agent got %s, want %s", got, c.ID)
		}
	})
}

// TestOutreach_ThePageThatOpensNext is told what the page before did not answer, and a visitor who left is not approached.
func TestOutreach_ThePageThatOpensNext(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		n := newNode(t, url)
		template := n.invite()
		ana := n.agent("ana", nil)
		panel := ana.live()
		maria := n.guest("")
		send := anyFrame{"client_id": "1", "visit_ids": []string{maria.visit}, "template_id": template}
		ana.must(http.MethodPost, "/api/outreach/deliveries", send, http.StatusOK, nil)
		first := maria.socket.until("the invite", kind("outreach"))
		_ = maria.socket.conn.CloseNow()
		again := n.guest(maria.token)
		if second := again.socket.until("the invite again", kind("outreach")); second["id"] != first["id"] || again.visit != maria.visit {
			t.Fatalf("the next page got %v", second)
		}
		again.open() // by the launcher: what is pending has lost its sense
		panel.until("expired", sent("expired"))

		var answer struct {
			Results []struct {
				Refused string `json:"refused"`
			} `json:"results"`
		}
		send["client_id"], send["visit_ids"] = "2", []string{maria.visit, "gone"}
		ana.must(http.MethodPost, "/api/outreach/deliveries", send, http.StatusOK, &answer)
		if answer.Results[0].Refused != "visitor_in_conversation" || answer.Results[1].Refused != "visitor_gone" {
			t.Errorf("results %+v", answer)
		}
	})
}
