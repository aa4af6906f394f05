package conversation_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func TestHTTP_Changes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		d := newDoor(t, st)
		c := d.Active(t, "maria", conversationtest.Ana) // queued 1, joined 2
		at := "/api/conversations/" + c.ID + "/messages"
		for _, step := range []struct {
			who, method, path, body string
			status                  int
			holds                   string
		}{
			{"visitor:maria", "POST", "/v/conversations/" + c.ID + "/messages", `{"client_id":"v","text":"Tem azul? 4111 1111 1111 1111"}`, 200, `"text":"Tem azul? •••• •••• •••• 1111"`},
			{"agent:ana", "POST", at, `{"client_id":"a","text":"Tem","audience":"visitor","reply_to":3}`, 200, `"reply_to":{"sequence":3,"visitor_sequence":3}`},
			{"agent:ana", "POST", at, `{"client_id":"a2","text":"Tem","audience":"visitor","reply_to":0}`, 422, `"field":"reply_to"`},
			{"agent:ana", "PATCH", at + "/4", `{"text":"Temos"}`, 200, `"text":"Temos"`},
			{"agent:bruno", "PATCH", at + "/4", `{"text":"x"}`, 403, `"message_not_yours"`},
			{"agent:stranger", "PATCH", at + "/4", `{"text":"x"}`, 404, `"not_found"`},
			{"agent:ana", "PATCH", at + "/1", `{"text":"x"}`, 409, `"message_fixed"`},
			{"agent:ana", "PUT", at + "/3/reaction", `{"emoji":"👍"}`, 200, `"emoji":"👍"`},
			{"agent:ana", "PUT", at + "/3/reaction", `{"emoji":"🦄"}`, 422, `"validation"`},
			{"visitor:maria", "POST", "/v/conversations/" + c.ID + "/messages/4/reaction", `{"emoji":"❤️"}`, 200, `"by":"visitor"`},
			{"visitor:rui", "POST", "/v/conversations/" + c.ID + "/messages/4/reaction", `{"emoji":"❤️"}`, 404, `"not_found"`},
			{"agent:ana", "GET", at + "/4/revisions", "", 200, `"text":"Tem"`},
			{"agent:ana", "DELETE", at + "/4", "", 200, `"deleted_at"`},
			{"agent:ana", "GET", at + "?after=4", "", 200, `"changed":[`},
			{"visitor:maria", "GET", "/v/conversations/" + c.ID + "?after=4", "", 200, `"deleted":true`},
		} {
			var body any
			if step.body != "" {
				body = step.body
			}
			name := fmt.Sprint(step.who, " ", step.method, " ", step.path)
			answer := d.ask(t, step.who, step.method, step.path, body)
			if answer.Code != step.status || !strings.Contains(answer.Body.String(), step.holds) {
				t.Errorf("%s: %d %s, want %d with %s", name, answer.Code, answer.Body, step.status, step.holds)
			}
		}
		last := d.ask(t, "visitor:maria", http.MethodGet, "/v/conversations/"+c.ID+"?after=0", nil)
		if strings.Contains(last.Body.String(), "Temos") {
			t.Errorf("the visitor still gets what was deleted: %s", last.Body)
		}
	})
}
