package conversation_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/file"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// png is a picture of one point.
var png = func() []byte {
	b, err := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
	if err != nil {
		panic(err)
	}
	return b
}()

func picture() file.Upload {
	return file.Upload{Name: "foto.png", ContentType: "image/png", Content: bytes.NewReader(png)}
}

func TestPostFile_OnceHoweverOften(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana := conversationtest.Agent(conversationtest.Ana)
		id := h.Active(t, "maria", ana.ID).ID
		var mu sync.Mutex
		ids := map[string]bool{}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				m, err := h.Service.PostFileByAgent(t.Context(), ana, id, "f", conversation.ToVisitor, picture())
				mu.Lock()
				defer mu.Unlock()
				if err != nil || m.File == nil {
					t.Errorf("%+v, %v", m, err)
					return
				}
				ids[m.ID+m.File.ID] = true
			})
		}
		wg.Wait()
		if len(ids) != 1 {
			t.Fatalf("%d messages", len(ids))
		}
		if left := blobs(t, h.Folder); len(left) != 1 {
			t.Fatalf("%d blobs for one file", len(left))
		}
		gapless(t, h, id, 3)
		c, err := h.Service.Get(t.Context(), ana, id)
		if err != nil {
			t.Fatal(err)
		}
		if last, err := c.LastMessage.Value(); err != nil || last.Text != "foto.png" {
			t.Fatalf("last message %+v, %v", last, err)
		}
	})
}

// broken fails to write the row of a file.
type broken struct{ *file.Service }

func (broken) Insert(context.Context, *store.Tx, file.File) error {
	return errors.New("the disk is full")
}

func TestPostFile_LeavesNothingOfAFailure(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st, func(c *conversation.Config) {
			files, ok := c.Files.(*file.Service)
			if !ok {
				t.Fatal("not the service")
			}
			c.Files = broken{files}
		})
		ana := conversationtest.Agent(conversationtest.Ana)
		id := h.Active(t, "maria", ana.ID).ID
		if _, err := h.Service.PostFileByAgent(t.Context(), ana, id, "f", conversation.ToVisitor, picture()); err == nil {
			t.Fatal("no error")
		}
		if left := blobs(t, h.Folder); len(left) != 0 {
			t.Fatalf("orphans: %v", left)
		}
		gapless(t, h, id, 2)
	})
}

func TestPostFile_InternalFilesHaveNoAddressForVisitors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		d := newDoor(t, st)
		ana := conversationtest.Agent(conversationtest.Ana)
		id := d.Active(t, "maria", ana.ID).ID
		internal, err := d.Service.PostFileByAgent(t.Context(), ana, id, "f", conversation.ToAgents, picture())
		if err != nil || internal.VisitorSequence != nil {
			t.Fatalf("%+v, %v", internal, err)
		}
		if link := d.Files.VisitorURL(internal.File.ID, file.ForAgents); link != "" {
			t.Fatalf("it has the address %s", link)
		}
		// Even a signature for it opens nothing.
		if got := d.ask(t, "", "GET", d.Files.VisitorURL(internal.File.ID, file.ForVisitor), nil); got.Code != http.StatusNotFound {
			t.Fatalf("signed: %d", got.Code)
		}
		if got := d.ask(t, "agent:ana", "GET", internal.File.URL, nil); got.Code != http.StatusOK {
			t.Fatalf("the agent: %d", got.Code)
		}
		if got := d.ask(t, "agent:stranger", "GET", internal.File.URL, nil); got.Code != http.StatusNotFound {
			t.Fatalf("another account: %d", got.Code)
		}
		foreign := d.Claim(t, d.Open(t, "rita", conversationtest.Support).ID, conversationtest.Bruno)
		theirs, err := d.Service.PostFileByAgent(t.Context(), conversationtest.Agent(conversationtest.Bruno), foreign.ID, "f", conversation.ToVisitor, picture())
		if err != nil {
			t.Fatal(err)
		}
		if got := d.ask(t, "agent:ana", "GET", theirs.File.URL, nil); got.Code != http.StatusNotFound {
			t.Fatalf("a department that is not served: %d", got.Code)
		}
	})
}

func TestVisitorURL_ExpiresAndCannotBeForged(t *testing.T) {
	d := newDoor(t, storetest.SQLite(t))
	maria := conversationtest.Visitor("maria")
	id := d.Active(t, "maria", conversationtest.Ana).ID
	first, err := d.Service.PostFileByVisitor(t.Context(), maria, id, "f1", picture())
	if err != nil {
		t.Fatal(err)
	}
	second, err := d.Service.PostFileByVisitor(t.Context(), maria, id, "f2", picture())
	if err != nil {
		t.Fatal(err)
	}
	status := func(link string) int { return d.ask(t, "", "GET", link, nil).Code }
	path, query, _ := strings.Cut(first.File.URL, "?")
	otherPath, _, _ := strings.Cut(second.File.URL, "?")
	for link, want := range map[string]int{
		first.File.URL:          200,
		otherPath + "?" + query: 404, // bound to its file
		path + "?" + strings.Replace(query, "e=1", "e=2", 1): 404,
		path + "?" + query + "x":                             404,
		path:                                                 422,
	} {
		if got := status(link); got != want {
			t.Errorf("%s: %d, want %d", link, got, want)
		}
	}
	d.Clock.Advance(file.LinkLife - time.Millisecond)
	if got := status(first.File.URL); got != 200 {
		t.Errorf("just before the end: %d", got)
	}
	d.Clock.Advance(time.Millisecond)
	w := d.ask(t, "", "GET", first.File.URL, nil)
	if w.Code != 410 || code(t, w) != string(fault.FileLinkExpired) {
		t.Errorf("after a day: %d %s", w.Code, w.Body)
	}
	page, err := d.Service.CatchUp(t.Context(), maria, id, 2)
	if err != nil || status(page.Messages[0].File.URL) != 200 {
		t.Errorf("a fresh address: %+v, %v", page, err)
	}
}
