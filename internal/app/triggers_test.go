package app

import (
	"net/http"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// trigger makes an active rule.
func (n *node) trigger(name string, conditions []anyFrame, action anyFrame) string {
	n.t.Helper()
	body := anyFrame{"name": name, "active": true, "once": "visitor", "match": "all", "conditions": conditions, "action": action}
	var made struct {
		ID string `json:"id"`
	}
	n.admin.must(http.MethodPost, "/api/triggers", body, http.StatusCreated, &made)
	return made.ID
}

func condition(field, operator string, values ...string) anyFrame {
	return anyFrame{"field": field, "operator": operator, "values": values}
}

func ofKind(what string) func(anyFrame) bool {
	return func(f anyFrame) bool { return f["t"] == "outreach" && f["kind"] == what }
}

// tagged waits for a row with the tag.
func tagged(tag string) func(anyFrame) bool {
	return func(f anyFrame) bool {
		for _, list := range []string{"rows", "patch"} {
			rows, _ := f[list].([]any)
			for _, r := range rows {
				if fields, ok := r.(map[string]any)["fields"].(map[string]any); ok && fields["tags"] == tag {
					return true
				}
			}
		}
		return false
	}
}

// TestTriggers goes the whole way: rules see page views, what the page says, and agents who come; what they send is outreach.
func TestTriggers(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		n := newNode(t, url)
		template := n.invite()
		cart := n.trigger("cart", []anyFrame{condition("page_url", "is", "/cart")}, anyFrame{"kind": "invite", "template_id": template})
		read := n.trigger("read", []anyFrame{condition("page_url", "is", "/help"), condition("scroll", "at_least", "50")},
			anyFrame{"kind": "message", "text": "Posso ajudar?"})
		n.trigger("staffed", []anyFrame{condition("page_url", "is", "/cart"), condition("agents_online", "is", "yes")},
			anyFrame{"kind": "tag", "tag": "atendível"})
		n.trigger("sales", []anyFrame{condition("page_url", "is", "/cart")}, anyFrame{"kind": "department", "department_id": n.department})
		n.trigger("hot", []anyFrame{condition("page_url", "is", "/cart")}, anyFrame{"kind": "lead"})

		maria := n.guest("")
		var frame anyFrame
		maria.socket.until("the invite and the department", inBoth(func(f anyFrame) bool {
			if ofKind("invite")(f) {
				frame = f
			}
			return frame != nil
		}, func(f anyFrame) bool { return f["t"] == "department" && f["id"] == n.department }))
		if frame["agent"] != nil {
			t.Errorf("an invite of a rule speaks for an agent: %v", frame)
		}
		for _, state := range []string{"delivered", "shown", "refused"} {
			maria.socket.say(anyFrame{"t": "outreach", "id": frame["id"], "state": state})
		}

		ana := n.agent("ana", nil)
		panel := ana.live()
		panel.say(anyFrame{"t": "grid", "id": 1, "view": anyFrame{}, "offset": 0, "length": 50})
		panel.say(anyFrame{"t": "presence", "awake": true, "sound": true})
		panel.until("which rule invited, and the tag of those who can be attended", inBoth(inGrid("trigger_id", cart), tagged("atendível")))
		panel.say(anyFrame{"t": "grid", "id": 2, "view": anyFrame{"leads": true}, "offset": 0, "length": 50})
		panel.until("the lead", func(f anyFrame) bool { return f["t"] == "grid" && f["id"] == 2.0 && f["total"] == 1.0 })
		var leads struct {
			Leads []map[string]any `json:"leads"`
		}
		n.admin.must(http.MethodGet, "/api/leads", nil, http.StatusOK, &leads)
		if len(leads.Leads) != 1 || leads.Leads[0]["trigger_name"] != "hot" {
			t.Fatalf("leads %v", leads.Leads)
		}
		ana.refused(http.MethodDelete, "/api/leads/"+leads.Leads[0]["id"].(string), nil, "forbidden")

		maria.socket.say(anyFrame{"t": "page", "url": shopOrigin + "/help", "title": "Help", "referrer": ""})
		watch := maria.socket.until("what the page is to watch for", func(f anyFrame) bool {
			list, _ := f["watches"].([]any)
			return f["t"] == "watch" && len(list) == 1
		})
		maria.socket.say(anyFrame{"t": "met", "id": read, "page": watch["id"]})
		maria.socket.until("the team's message", ofKind("message"))
		maria.socket.say(anyFrame{"t": "met", "id": "nonsense", "page": 1})
		maria.socket.until("the refusal", kind("error"))

		var list struct {
			Triggers []struct {
				ID       string           `json:"id"`
				Counters map[string]int64 `json:"counters"`
			} `json:"triggers"`
		}
		n.admin.must(http.MethodGet, "/api/triggers", nil, http.StatusOK, &list)
		for _, one := range list.Triggers {
			if c := one.Counters; one.ID == cart && (c["evaluated"] != 2 || c["fired"] != 1 || c["shown"] != 1 || c["accepted"] != 0) {
				t.Errorf("counters %v", c)
			}
		}
		var trial map[string]any
		n.admin.must(http.MethodPost, "/api/triggers/try", anyFrame{
			"name": "x", "once": "visitor", "match": "all", "action": anyFrame{"kind": "open"},
			"conditions": []anyFrame{condition("invited", "is", "yes"), condition("previous_url", "is", "/cart")},
		}, http.StatusOK, &trial)
		if trial["reached"] != 1.0 || trial["of"] != 1.0 {
			t.Errorf("trial %v", trial)
		}
	})
}
