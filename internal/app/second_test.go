package app

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// A second process on the same data is refused in words, and the first one's conversations stay where they are. A command beside the
// server works, and so does the next process once the first was killed.
func TestSecondProcess_IsRefused(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		v := newVictim(t, url)
		ana := v.agent("ana", nil)
		ana.awake()
		c := v.guest("").open()
		ana.next("press-1")

		second := v.config
		second.Addr = "127.0.0.1:0"
		quiet := slog.New(slog.DiscardHandler)
		_, err := New(t.Context(), second, Options{Logger: quiet, Patience: time.Millisecond})
		if !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), "another process works on this database: end it first") {
			t.Errorf("a second process: %v, want ErrInUse in words", err)
		}
		beside, err := New(t.Context(), second, Options{Logger: quiet, Beside: true})
		if err != nil {
			t.Fatalf("a command beside the server: %v", err)
		}
		if err := beside.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		if story := ana.story(c); strings.Contains(story, "returned") {
			t.Errorf("the first one's conversation: %s", story)
		}
		v.kill()
		third, err := New(t.Context(), second, Options{Logger: quiet, Patience: 30 * time.Second})
		if err != nil {
			t.Fatalf("after the first was killed: %v", err)
		}
		if err := third.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
