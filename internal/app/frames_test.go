package app

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/aceno-chat/aceno/internal/grid"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
)

// TestFrames_AreAsTheDocumentSays reads real frames strictly into the types that the API document describes.
func TestFrames_AreAsTheDocumentSays(t *testing.T) {
	n := newNode(t, "")
	ana := n.agent("ana", nil)
	panel := ana.live()
	maria := n.guest("")
	id := maria.open()
	ana.next("press-1")
	panel.say(anyFrame{"t": "grid", "id": 1, "view": anyFrame{}, "offset": 0, "length": 5})
	panel.say(anyFrame{"t": "visit", "id": maria.visit})
	described := map[string]any{
		"counters": &countersFrame{}, "agents": &presenceFrame{}, "departments": &departmentsFrame{}, "grid": &grid.Frame{}, "visit": &grid.VisitFrame{},
		"typing": &typingFrame{}, "error": &errorFrame{},
	}
	seen := map[string]bool{}
	read := func() (kind string) {
		t.Helper()
		kind, data := panel.raw()
		if kind == "event" {
			var r eventlog.Record
			if err := json.Unmarshal(data, &r); err != nil {
				t.Fatal(err)
			}
			event, err := eventlog.Decode(r)
			if err != nil {
				t.Fatalf("%v in %s", err, data)
			}
			strictly(t, r.Payload, event)
			kind = r.Kind
		}
		if into, ok := described[kind]; ok {
			strict(t, data, into)
		}
		seen[kind] = true
		return kind
	}
	// What a visitor types reaches only the agent who is known to attend.
	for read() != "conversation.claimed" {
	}
	maria.socket.say(anyFrame{"t": "typing", "conversation": id, "text": "…"})
	panel.say(anyFrame{"t": "grid", "id": 2, "view": anyFrame{}, "offset": -1, "length": 5})
	ana.must(http.MethodPost, "/api/conversations/"+id+"/messages", map[string]string{"client_id": "a", "text": "x", "audience": "agents"}, http.StatusOK, nil)
	for !all(described, seen) || !seen["conversation.internal"] {
		read()
	}
}

// all says whether every described frame was seen.
func all(described map[string]any, seen map[string]bool) bool {
	return !slices.ContainsFunc(sortedKeys(described), func(kind string) bool { return !seen[kind] })
}

// raw returns the next frame with its type.
func (s *socket) raw() (string, []byte) {
	s.node.t.Helper()
	kind, data, err := s.conn.Read(s.node.t.Context())
	if err != nil || kind != websocket.MessageText {
		s.node.t.Fatalf("read: %v", err)
	}
	var head struct {
		T string `json:"t"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		s.node.t.Fatalf("%v in %s", err, data)
	}
	return head.T, data
}

func strict(t *testing.T, data []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Errorf("%T does not describe %s: %v", into, data, err)
	}
}

// strictly checks that an event's JSON is what its type encodes to again.
func strictly(t *testing.T, payload []byte, event eventlog.Event) {
	t.Helper()
	again, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if json.Unmarshal(payload, &want) != nil || json.Unmarshal(again, &got) != nil {
		t.Fatalf("not JSON: %s", payload)
	}
	wantText, _ := json.Marshal(want) // decoded a line above
	gotText, _ := json.Marshal(got)
	if !bytes.Equal(wantText, gotText) {
		t.Errorf("%s is %s, decoded and encoded again %s", event.Kind(), wantText, gotText)
	}
}

// TestDocument_IsTheCommittedOne fails when a route or type changed and `make generate` was forgotten.
func TestDocument_IsTheCommittedOne(t *testing.T) {
	n := newNode(t, "")
	n.app.api.Huma.OpenAPI().Info.Version = "1"
	document, err := n.app.Document()
	if err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile("../../api/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(string(committed)) != strings.TrimSpace(string(document)) {
		t.Error("api/openapi.json is not what the routes say: run `make generate`")
	}
}
