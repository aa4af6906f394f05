package app

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/config"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// serverEnv has this test binary be a server that can be killed; its value is the configuration.
const serverEnv = "ACENO_APP_TEST_SERVER"

// serveAsProcess tells its address and set-up token on standard output and serves until it is killed.
func serveAsProcess() {
	var c config.Server
	err := json.Unmarshal([]byte(os.Getenv(serverEnv)), &c)
	var a *App
	if err == nil {
		a, err = New(context.Background(), c, Options{Version: "test", Logger: slog.New(slog.DiscardHandler)})
	}
	if err == nil {
		err = a.Start(context.Background())
	}
	var token string
	if err == nil {
		token, err = a.PrepareSetup(context.Background())
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stdout, "failed:", err)
		os.Exit(1)
	}
	_, _ = fmt.Fprintln(os.Stdout, a.Addr(), token)
	select {}
}

// victim is a node in a process of its own.
type victim struct {
	*node
	process *exec.Cmd
}

func newVictim(t *testing.T, url string) *victim {
	t.Helper()
	v := &victim{node: &node{t: t, config: config.Server{
		Addr: "127.0.0.1:0", Data: t.TempDir(), DatabaseURL: url, MaxVisitors: 1000, KeepEvents: 1, LogLevel: "error", LogFormat: "text",
	}}}
	token := v.run()
	t.Cleanup(v.kill)
	v.setUp(token)
	return v
}

// run starts the process and returns the set-up's token, if it still needs one.
func (v *victim) run() (token string) {
	v.t.Helper()
	settings, err := json.Marshal(v.config)
	if err != nil {
		v.t.Fatal(err)
	}
	v.process = exec.Command(os.Args[0])
	v.process.Env = append(os.Environ(), serverEnv+"="+string(settings))
	out, err := v.process.StdoutPipe()
	if err == nil {
		err = v.process.Start()
	}
	if err != nil {
		v.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	address, token, _ := strings.Cut(strings.TrimSpace(line), " ")
	if err != nil || address == "failed:" {
		v.t.Fatalf("the server did not start: %q, %v", line, err)
	}
	v.base, v.config.Addr = "http://"+address, address // it comes back at the same place
	return token
}

// kill ends the process as a power cut does.
func (v *victim) kill() {
	_ = v.process.Process.Kill()
	_ = v.process.Wait()
}

// awake opens the panel of an agent: seen and heard.
func (p *person) awake() *socket {
	s := p.live()
	s.say(anyFrame{"t": "presence", "awake": true, "sound": true})
	return s
}

// offerOf waits for the offer of a conversation and returns its identifier.
func (s *socket) offerOf(conversationID string) (id string) {
	s.node.t.Helper()
	s.until("an offer", func(f anyFrame) bool {
		if !event("offer.made")(f) {
			return false
		}
		var made struct {
			Offer struct {
				ID             string `json:"id"`
				ConversationID string `json:"conversation_id"`
			} `json:"offer"`
		}
		data, err := json.Marshal(f["payload"])
		if err == nil {
			err = json.Unmarshal(data, &made)
		}
		if err != nil {
			s.node.t.Fatal(err)
		}
		id = made.Offer.ID
		return made.Offer.ConversationID == conversationID
	})
	return id
}

// story returns the keys of a conversation's system messages.
func (p *person) story(conversationID string) string {
	p.node.t.Helper()
	var list struct {
		Messages []struct {
			System *struct {
				Key string `json:"key"`
			} `json:"system"`
		} `json:"messages"`
	}
	p.must(http.MethodGet, "/api/conversations/"+conversationID+"/messages", nil, http.StatusOK, &list)
	var keys []string
	for _, m := range list.Messages {
		if m.System != nil {
			keys = append(keys, m.System.Key)
		}
	}
	return strings.Join(keys, " ")
}

// TestKilled_BetweenOfferAndAcknowledgement kills the server when an agent's panel has been told of an offer and has not yet answered,
// and while it answers: afterwards the conversation is offered again, or was the agent's already; it is nobody else's, and never lost.
func TestKilled_BetweenOfferAndAcknowledgement(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		v := newVictim(t, url)
		ana := v.agent("ana", map[string]any{"method": "roulette"})
		panel := ana.awake()
		maria := v.guest("")
		first := maria.open()
		offer := panel.offerOf(first)
		v.kill()
		v.run()

		// What is too late now is refused; before the first look of the roulette it still counts.
		status, data := ana.do(http.MethodPost, "/api/offers/"+offer+"/shown", nil, nil)
		if status != http.StatusOK {
			if code := codeIn(data); code != "offer_over" {
				t.Fatalf("%d %s", status, data)
			}
			panel = ana.awake()
			ana.must(http.MethodPost, "/api/offers/"+panel.offerOf(first)+"/shown", nil, http.StatusOK, nil)
		} else {
			panel = ana.awake()
		}
		if story := ana.story(first); story != "queued joined" {
			t.Errorf("the first one's story is %q", story)
		}

		joao := v.guest("")
		second := joao.open()
		offer = panel.offerOf(second)
		answered := make(chan struct{})
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.base+"/api/offers/"+offer+"/shown", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			defer close(answered)
			if response, err := ana.client.Do(r); err == nil { // it may get its answer, or not
				_ = response.Body.Close()
			}
		}()
		v.kill()
		<-answered
		v.run()

		var snapshot struct {
			Conversations []struct {
				ID string `json:"id"`
			} `json:"conversations"`
		}
		panel = ana.awake()
		ana.must(http.MethodGet, "/api/snapshot", nil, http.StatusOK, &snapshot)
		has := 0
		for _, c := range snapshot.Conversations {
			if c.ID == second {
				has++
			}
		}
		if has == 0 {
			ana.must(http.MethodPost, "/api/offers/"+panel.offerOf(second)+"/shown", nil, http.StatusOK, nil)
		}
		if story := ana.story(second); story != "queued joined" {
			t.Errorf("the second one's story is %q", story)
		}
	})
}
