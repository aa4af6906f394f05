package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// png is the smallest picture there is.
var png = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82")

func message(text string) func(anyFrame) bool {
	return func(f anyFrame) bool {
		m, ok := f["message"].(map[string]any)
		if payload, isEvent := f["payload"].(map[string]any); isEvent {
			m, ok = payload["message"].(map[string]any)
		}
		return ok && m["text"] == text
	}
}

// TestMainJob goes the whole way: a visitor appears in the grid, asks for contact, waits, the agent takes the next one, both talk,
// exchange a file, the agent ends it and closes the tab.
func TestMainJob(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		n := newNode(t, url)
		ana := n.agent("ana", nil)
		panel := ana.live()
		panel.say(anyFrame{"t": "presence", "awake": true, "sound": true})
		panel.say(anyFrame{"t": "grid", "id": 1, "view": anyFrame{}, "offset": 0, "length": 50})

		maria := n.guest("")
		panel.until("the visitor in the grid", func(f anyFrame) bool {
			rows, _ := f["rows"].([]any)
			return f["t"] == "grid" && len(rows) == 1 && rows[0].(map[string]any)["page_url"] == shopOrigin+"/cart"
		})
		panel.say(anyFrame{"t": "visit", "id": maria.visit})
		panel.until("the visit's details", func(f anyFrame) bool {
			visit, ok := f["visit"].(map[string]any)
			return f["t"] == "visit" && ok && len(visit["trail"].([]any)) == 1
		})

		id := maria.open()
		panel.until("queued", event("conversation.queued"))
		panel.until("the red number", func(f anyFrame) bool {
			c, ok := f["counters"].(map[string]any)
			return ok && c["waiting"] == 1.0 && c["browsing"] == 1.0
		})
		if taken := ana.next("press-1"); taken != id {
			t.Fatalf("took %s, want %s", taken, id)
		}
		if again := ana.next("press-1"); again != id {
			t.Fatalf("the same press took %s, want %s", again, id)
		}
		maria.socket.until("the agent joined", func(f anyFrame) bool {
			c, ok := f["conversation"].(map[string]any)
			return f["t"] == "conversation" && ok && c["state"] == "active" && c["agent"].(map[string]any)["name"] == "Ana"
		})

		talk(t, n, ana, panel, maria, id)
		exchangeFiles(t, n, ana, panel, maria, id)

		ana.refused(http.MethodPost, "/api/conversations/"+id+"/close", nil, "conversation_not_ended")
		ana.must(http.MethodPost, "/api/conversations/"+id+"/end", nil, http.StatusOK, nil)
		maria.socket.until("the end", func(f anyFrame) bool {
			c, ok := f["conversation"].(map[string]any)
			return f["t"] == "conversation" && ok && c["state"] == "ended"
		})
		if status, data := maria.do(http.MethodPost, "/v/conversations/"+id+"/messages", map[string]string{"client_id": "late", "text": "hello?"}); codeIn(data) != "conversation_ended" {
			t.Fatalf("a message after the end: %d %s", status, data)
		}
		ana.must(http.MethodPost, "/api/conversations/"+id+"/close", nil, http.StatusOK, nil)
		panel.until("the counters of the day", func(f anyFrame) bool {
			c, ok := f["counters"].(map[string]any)
			return ok && c["finished"] == 1.0 && c["active"] == 0.0
		})
	})
}

func talk(t *testing.T, n *node, ana *person, panel *socket, maria *guest, id string) {
	t.Helper()
	maria.socket.say(anyFrame{"t": "typing", "conversation": id, "text": "O frete"})
	panel.until("the sneak peek", func(f anyFrame) bool { return f["t"] == "typing" && f["text"] == "O frete" })
	hello := map[string]string{"client_id": "v-1", "text": "O frete é grátis?"}
	var first, second map[string]any
	maria.must(http.MethodPost, "/v/conversations/"+id+"/messages", hello, http.StatusOK, &first)
	maria.must(http.MethodPost, "/v/conversations/"+id+"/messages", hello, http.StatusOK, &second)
	if fmt.Sprint(first) != fmt.Sprint(second) {
		t.Fatalf("the same client id made %v and %v", first, second)
	}
	panel.until("the question", message("O frete é grátis?"))

	path := "/api/conversations/" + id + "/messages"
	ana.must(http.MethodPost, path, map[string]string{"client_id": "a-1", "text": "segredo entre nós", "audience": "agents"}, http.StatusOK, nil)
	ana.must(http.MethodPost, path, map[string]string{"client_id": "a-2", "text": "Acima de R$ 199 é.", "audience": "visitor"}, http.StatusOK, nil)
	maria.socket.until("the answer, and nothing internal before it", func(f anyFrame) bool {
		if strings.Contains(fmt.Sprint(f), "segredo") {
			t.Errorf("the visitor was sent an internal message: %v", f)
		}
		return message("Acima de R$ 199 é.")(f)
	})
	status, data := maria.do(http.MethodGet, "/v/conversations/"+id+"?after=0", nil)
	if status != http.StatusOK || bytes.Contains(data, []byte("segredo")) {
		t.Fatalf("the visitor's history: %d %s", status, data)
	}
	noGaps(t, data)

	for _, bad := range []struct{ text, field, code string }{
		{strings.Repeat("á", 5001), "text", "too_long"}, {" \n ", "text", "required"}, {"a\x00b", "text", "control_characters"},
	} {
		_, data := maria.do(http.MethodPost, "/v/conversations/"+id+"/messages", map[string]string{"client_id": "bad", "text": bad.text})
		if !strings.Contains(string(data), fmt.Sprintf(`"field":%q,"code":%q`, bad.field, bad.code)) {
			t.Errorf("text %.10q: %s, want %s", bad.text, data, bad.code)
		}
	}
	stranger := n.guest("")
	if _, data := stranger.do(http.MethodGet, "/v/conversations/"+id, nil); codeIn(data) != "not_found" {
		t.Errorf("another visitor reads the conversation: %s", data)
	}
	if _, data := stranger.do(http.MethodPost, "/v/conversations/"+id+"/messages", hello); codeIn(data) != "not_found" {
		t.Errorf("another visitor writes into the conversation: %s", data)
	}
}

// noGaps checks that a visitor's messages are numbered 1, 2, 3…
func noGaps(t *testing.T, data []byte) []string {
	t.Helper()
	var page struct {
		Messages []struct {
			Sequence int64  `json:"sequence"`
			Text     string `json:"text"`
		} `json:"messages"`
	}
	if err := json.Unmarshal(data, &page); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for i, m := range page.Messages {
		if m.Sequence != int64(i+1) {
			t.Fatalf("message %d has the sequence %d: %s", i+1, m.Sequence, data)
		}
		texts = append(texts, m.Text)
	}
	return texts
}

func exchangeFiles(t *testing.T, n *node, ana *person, panel *socket, maria *guest, id string) {
	t.Helper()
	visitorPath, agentPath := "/v/conversations/"+id+"/files", "/api/conversations/"+id+"/files"
	status, data := n.upload(http.DefaultClient, visitorPath, "foto ção.png", "image/png", png, maria.header(), map[string]string{"client_id": "f-1"})
	if status != http.StatusOK {
		t.Fatalf("the visitor's file: %d %s", status, data)
	}
	file := panel.until("the visitor's file", func(f anyFrame) bool {
		payload, ok := f["payload"].(map[string]any)
		m, isMessage := payload["message"].(map[string]any)
		return ok && isMessage && m["file"] != nil
	})
	url := file["payload"].(map[string]any)["message"].(map[string]any)["file"].(map[string]any)["url"].(string)
	if status, got := ana.do(http.MethodGet, url, nil, nil); status != http.StatusOK || !bytes.Equal(got, png) {
		t.Fatalf("the agent's download: %d, %d bytes", status, len(got))
	}
	if status, _ := n.stranger().do(http.MethodGet, url, nil, nil); status != http.StatusUnauthorized {
		t.Fatalf("a stranger's download: %d", status)
	}

	status, data = n.upload(ana.client, agentPath, "tabela.txt", "text/plain", []byte("frete: 0\n"), nil, map[string]string{"client_id": "f-2", "audience": "visitor"})
	if status != http.StatusOK {
		t.Fatalf("the agent's file: %d %s", status, data)
	}
	pushed := maria.socket.until("the agent's file", func(f anyFrame) bool {
		m, ok := f["message"].(map[string]any)
		return ok && m["file"] != nil && m["author"].(map[string]any)["kind"] == "agent"
	})
	signed := pushed["message"].(map[string]any)["file"].(map[string]any)["url"].(string)
	if status, got := n.stranger().do(http.MethodGet, signed, nil, nil); status != http.StatusOK || string(got) != "frete: 0\n" {
		t.Fatalf("the visitor's download from %s: %d %s", signed, status, got)
	}
	if status, data := n.stranger().do(http.MethodGet, signed[:len(signed)-3]+"AAA", nil, nil); status == http.StatusOK {
		t.Fatalf("a forged link gave %s", data)
	}

	for name, bad := range map[string]struct {
		file, kind string
		content    []byte
		code       string
	}{
		"too large": {"big.png", "image/png", append(bytes.Clone(png), make([]byte, 2<<20)...), "file_too_large"},
		"empty":     {"empty.txt", "text/plain", nil, "file_empty"},
		"refused":   {"evil.html", "text/html", []byte("<script>alert(1)</script>"), "file_type_refused"},
		"lying":     {"photo.png", "image/png", []byte("%PDF-1.4\n%âãÏÓ\n1 0 obj\n"), "file_type_mismatch"},
	} {
		_, data := n.upload(http.DefaultClient, visitorPath, bad.file, bad.kind, bad.content, maria.header(), map[string]string{"client_id": "bad-" + name[:3]})
		if codeIn(data) != bad.code {
			t.Errorf("a file that is %s: %s, want %s", name, data, bad.code)
		}
	}
}

// TestRestart_LosesNothing stops the server in the middle of a conversation: everybody comes back with what they held and goes on.
func TestRestart_LosesNothing(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		n := newNode(t, url)
		ana := n.agent("ana", nil)
		panel := ana.live()
		maria := n.guest("")
		id := maria.open()
		ana.next("press-1")
		last := panel.until("joined", event("conversation.claimed"))
		send := func(i int) {
			maria.must(http.MethodPost, "/v/conversations/"+id+"/messages", map[string]string{"client_id": fmt.Sprint("v-", i), "text": fmt.Sprint("m", i)}, http.StatusOK, nil)
		}
		send(1)

		farewell := make(chan anyFrame, 1)
		go func() { farewell <- maria.socket.until("the farewell", kind("bye")) }()
		n.stop()
		if bye := <-farewell; bye["code"] != 1012.0 || bye["retry"] == nil {
			t.Fatalf("bye = %v", bye)
		}
		n.start()

		// The panel did not see message 1: it resumes from the last event it has, and gets what followed exactly once.
		again := n.dial("/api/live", n.base, ana.client)
		again.say(anyFrame{"t": "start", "position": last["position"]})
		var seen []any
		again.until("ready after what was missed", func(f anyFrame) bool {
			if f["t"] == "event" {
				seen = append(seen, f["position"])
			}
			return f["t"] == "ready"
		})
		if len(seen) == 0 || seen[0] != last["position"].(float64)+1 {
			t.Fatalf("resumed with the positions %v after %v", seen, last["position"])
		}
		back := n.guest(maria.token)
		if back.visit != maria.visit {
			t.Errorf("the visit did not go on: %s, was %s", back.visit, maria.visit)
		}
		maria = back
		send(1) // the answer to the first try could have been lost: sent again, it is not doubled
		send(2)
		again.until("the message after the restart", message("m2"))
		_, data := maria.do(http.MethodGet, "/v/conversations/"+id+"?after=0", nil)
		if texts := strings.Join(noGaps(t, data), ","); texts != ",Bom dia!,,m1,m2" && texts != "Bom dia!,,,m1,m2" && texts != ",,Bom dia!,m1,m2" {
			t.Fatalf("the conversation holds %q", texts)
		}
	})
}

// TestNext_NeverGivesTheSameVisitorTwice has agents press at the same time, each with a limit.
func TestNext_NeverGivesTheSameVisitorTwice(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		n := newNode(t, url)
		agents := []*person{n.agent("ana", map[string]any{"conversation_limit": 3}), n.agent("bruno", map[string]any{"conversation_limit": 2})}
		for _, a := range agents {
			a.live()
		}
		const visitors = 7
		for range visitors {
			n.guest("").open()
		}
		var mu sync.Mutex
		taken, codes := map[string]int{}, map[string]int{}
		var wg sync.WaitGroup
		for i, a := range agents {
			for press := range 6 {
				wg.Go(func() {
					status, data := a.do(http.MethodPost, "/api/queue/next", nil, map[string]string{"Idempotency-Key": fmt.Sprintf("p-%d-%d", i, press)})
					var c struct {
						ID string `json:"id"`
					}
					_ = json.Unmarshal(data, &c) // a refusal has no id
					mu.Lock()
					defer mu.Unlock()
					if status == http.StatusOK {
						taken[c.ID]++
					} else {
						codes[codeIn(data)]++
					}
				})
			}
		}
		wg.Wait()
		if len(taken) != 5 || codes["conversation_limit_reached"] != 7 || len(codes) != 1 {
			t.Fatalf("took %v, refused %v; want 5 conversations once each and 7 times the limit", taken, codes)
		}
		for id, times := range taken {
			if times != 1 {
				t.Errorf("%s was given %d times", id, times)
			}
		}
	})
}

// TestSession_ANewSignInEndsTheOld cuts the first panel with a reason it can show (T005).
func TestSession_ANewSignInEndsTheOld(t *testing.T) {
	n := newNode(t, "")
	ana := n.agent("ana", nil)
	panel := ana.live()
	n.signIn("ana")
	bye := panel.until("the farewell", kind("bye"))
	if bye["code"] != 4001.0 || bye["reason"] != "replaced" || bye["retry"] != nil {
		t.Fatalf("bye = %v", bye)
	}
	ana.refused(http.MethodGet, "/api/snapshot", nil, "session_replaced")
}

// TestVisitor_IsRefusedWhereTheSiteIsNot closes with a code that says not to come back.
func TestVisitor_IsRefusedWhereTheSiteIsNot(t *testing.T) {
	n := newNode(t, "")
	for name, row := range map[string]struct{ key, origin string }{
		"unknown key":  {"nokey", shopOrigin},
		"other origin": {n.site.Key, "https://evil.example"},
		"no origin":    {n.site.Key, "null"},
		"lookalike":    {n.site.Key, "https://shop.example.evil.example"},
		"missing key":  {"", shopOrigin},
	} {
		s := n.dial("/v/socket?k="+row.key, row.origin, nil)
		if bye := s.until("the refusal", kind("bye")); bye["code"] != 4003.0 || bye["retry"] != nil {
			t.Errorf("%s: %v", name, bye)
		}
	}
	g := n.guest("forged.token")
	for _, token := range []string{"", "forged.token", g.token[:len(g.token)-2] + "xx"} {
		g.token = token
		if _, data := g.do(http.MethodPost, "/v/conversations", n.opening("o")); codeIn(data) != "visitor_unknown" {
			t.Errorf("token %.12q: %s", token, data)
		}
	}
	g = n.guest("")
	if _, data := n.stranger().do(http.MethodPost, "/v/conversations", n.opening("o"), map[string]string{
		"Authorization": "Bearer " + g.token, "Origin": "https://evil.example",
	}); codeIn(data) != "origin_refused" {
		t.Errorf("a token carried to another site: %s", data)
	}
	if _, data := g.do(http.MethodPost, "/v/conversations", n.opening("o")); codeIn(data) != "department_unattended" {
		t.Errorf("nobody is there: %s", data)
	}
}

// TestLive_IsForOurOwnPageOnly keeps other sites' scripts from an agent's socket and commands.
func TestLive_IsForOurOwnPageOnly(t *testing.T) {
	n := newNode(t, "")
	ana := n.agent("ana", nil)
	_, response, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(n.base, "http")+"/api/live", &websocket.DialOptions{
		HTTPClient: ana.client, HTTPHeader: http.Header{"Origin": {"https://evil.example"}},
	})
	if err == nil || response == nil || response.StatusCode != http.StatusForbidden {
		t.Fatalf("a foreign page opened an agent's socket: %v", err)
	}
	_, data := ana.do(http.MethodPut, "/api/session/status", map[string]string{"status": "busy"}, map[string]string{"Sec-Fetch-Site": "cross-site"})
	if codeIn(data) != "cross_site" {
		t.Fatalf("a cross-site command: %s", data)
	}
	panel := ana.live()
	for _, bad := range []anyFrame{
		{"t": "grid", "id": 1, "view": anyFrame{}, "offset": -1, "length": 10},
		{"t": "grid", "id": 1, "view": anyFrame{}, "offset": 0, "length": 201},
		{"t": "grid", "id": 1, "view": anyFrame{"sort": []anyFrame{{"by": "password", "dir": "asc"}}}, "offset": 0, "length": 10},
		{"t": "nonsense"},
	} {
		panel.say(bad)
		refusal := panel.until("a coded refusal", kind("error"))
		if problem := refusal["problem"].(map[string]any); problem["code"] != "validation" || problem["fields"] == nil || refusal["ref"] != bad["t"] {
			t.Errorf("%v: %v", bad, refusal)
		}
	}
	panel.say(anyFrame{"t": "grid", "id": 1, "view": anyFrame{}, "offset": 100000, "length": 10})
	panel.until("an empty window behind the end", func(f anyFrame) bool { return f["t"] == "grid" && f["total"] == 0.0 })
}
