package quickreply_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/quickreply"
)

var (
	boss  = quickreply.Actor{AccountID: "a", AgentID: "boss", All: true, Manages: true}
	ana   = quickreply.Actor{AccountID: "a", AgentID: "ana", DepartmentIDs: map[string]bool{"sales": true}}
	bruno = quickreply.Actor{AccountID: "a", AgentID: "bruno", DepartmentIDs: map[string]bool{"support": true}}
	zoe   = quickreply.Actor{AccountID: "b", AgentID: "zoe", All: true, Manages: true}
)

type house struct {
	*quickreply.Service
	t      *testing.T
	events *eventlogtest.Recorder
}

func furnish(t *testing.T, st *store.Store) house {
	t.Helper()
	h := house{t: t, events: &eventlogtest.Recorder{}}
	for _, account := range []string{"a", "b"} {
		eventlogtest.Account(t, st, account)
	}
	err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO departments (id, account_id, name, display_name, description, position, active, created_at)
			VALUES ('sales', 'a', 'Sales', 'Sales', '', 1, TRUE, 0), ('support', 'a', 'Support', 'Support', '', 2, TRUE, 0)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	now := clock.NewFake(time.UnixMilli(1_000_000))
	log := eventlogtest.New(t, st, now, h.events.Take)
	h.Service = quickreply.NewService(st, log, now, ident.V7{}, func(account, id string) bool {
		return account == "a" && (id == "sales" || id == "support")
	})
	return h
}

// write creates a reply: the agent's own when own, else the account's.
func (h house) write(a quickreply.Actor, own bool, title string, share quickreply.Share, department string) quickreply.Reply {
	h.t.Helper()
	r := quickreply.Reply{Title: title, Shortcut: title, Text: "text of " + title, Share: share}
	if own {
		r.AgentID = &a.AgentID
	}
	if department != "" {
		r.DepartmentID = &department
	}
	made, err := h.Create(h.t.Context(), a, r)
	if err != nil {
		h.t.Fatal(err)
	}
	return made
}

func (h house) titles(a quickreply.Actor) (titles []string) {
	h.t.Helper()
	list, err := h.List(h.t.Context(), a)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, r := range list {
		titles = append(titles, r.Title)
	}
	return titles
}

func TestReplies_AreSeenByThoseTheyAreSharedWith(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := furnish(t, st)
		h.write(boss, false, "all", quickreply.Everybody, "")
		h.write(boss, false, "sales", quickreply.Department, "sales")
		h.write(ana, true, "ana", quickreply.Private, "")
		h.write(ana, true, "ana-support", quickreply.Department, "support")
		h.write(bruno, true, "bruno-all", quickreply.Everybody, "")
		for actor, want := range map[string]string{
			"ana": "all ana ana-support bruno-all sales", "bruno": "all ana-support bruno-all", "boss": "all ana-support bruno-all sales", "zoe": "",
		} {
			a := map[string]quickreply.Actor{"ana": ana, "bruno": bruno, "boss": boss, "zoe": zoe}[actor]
			if got := strings.Join(h.titles(a), " "); got != want {
				t.Errorf("%s sees %q, want %q", actor, got, want)
			}
		}
	})
}

func TestSave_TellsOfANarrowerAudience(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := furnish(t, st)
		r := h.write(ana, true, "tip", quickreply.Everybody, "")
		for _, refused := range []struct {
			name  string
			actor quickreply.Actor
			code  fault.Code
		}{{"another agent", bruno, fault.Forbidden}, {"an administrator", boss, fault.Forbidden}, {"another account", zoe, fault.NotFound}} {
			if _, err := h.Save(t.Context(), refused.actor, r); !fault.Is(err, refused.code) {
				t.Errorf("%s saves: %v", refused.name, err)
			}
			if err := h.Remove(t.Context(), refused.actor, r.ID); !fault.Is(err, refused.code) {
				t.Errorf("%s removes: %v", refused.name, err)
			}
		}
		change := r
		change.Share, change.Text = quickreply.Private, "another"
		saved, err := h.Save(t.Context(), ana, change)
		if err != nil || saved.Version != 2 || saved.Text != "another" {
			t.Fatalf("saved %+v, %v", saved, err)
		}
		if _, err := h.Save(t.Context(), ana, change); !fault.Is(err, fault.StaleWrite) {
			t.Errorf("the old version again: %v", err)
		}
		if slices.Contains(h.titles(bruno), "tip") {
			t.Error("Bruno still sees it")
		}
		if err := h.Used(t.Context(), bruno, r.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("Bruno uses it: %v", err)
		}
		if err := h.Used(t.Context(), ana, r.ID); err != nil {
			t.Fatal(err)
		}
		if list, _ := h.List(t.Context(), ana); list[0].Uses != 1 {
			t.Errorf("counted %d uses", list[0].Uses)
		}
		if err := h.Remove(t.Context(), ana, r.ID); err != nil || len(h.titles(ana)) != 0 {
			t.Errorf("removed: %v", err)
		}
	})
}

func TestCreate_Refuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := furnish(t, st)
		elsewhere := "elsewhere"
		h.write(ana, true, "tip", quickreply.Private, "")
		h.write(bruno, true, "tip", quickreply.Private, "") // another owner's shortcut is another one
		good := quickreply.Reply{AgentID: &ana.AgentID, Title: "x", Text: "x", Share: quickreply.Private}
		for want, change := range map[string]func(*quickreply.Reply){
			"title:required":          func(r *quickreply.Reply) { r.Title = " " },
			"title:too_long":          func(r *quickreply.Reply) { r.Title = strings.Repeat("é", quickreply.TitleMax+1) },
			"text:too_long":           func(r *quickreply.Reply) { r.Text = strings.Repeat("é", quickreply.TextMax+1) },
			"text:control_characters": func(r *quickreply.Reply) { r.Text = "a\x00b" },
			"folder:too_long":         func(r *quickreply.Reply) { r.Folder = strings.Repeat("f", quickreply.FolderMax+1) },
			"shortcut:invalid":        func(r *quickreply.Reply) { r.Shortcut = "two words" },
			"shortcut:too_long":       func(r *quickreply.Reply) { r.Shortcut = strings.Repeat("a", quickreply.ShortcutMax+1) },
			"shortcut:taken":          func(r *quickreply.Reply) { r.Shortcut = "/TIP" },
			"share:not_allowed":       func(r *quickreply.Reply) { r.Share = "friends" },
			"department_id:unknown":   func(r *quickreply.Reply) { r.Share, r.DepartmentID = quickreply.Department, &elsewhere },
			"department_id:required": func(r *quickreply.Reply) {
				r.Share = quickreply.Department
			},
		} {
			r := good
			change(&r)
			_, err := h.Create(t.Context(), ana, r)
			f, ok := errors.AsType[*fault.Error](err)
			if !ok || len(f.Fields) != 1 || f.Fields[0].Name+":"+f.Fields[0].Code != want {
				t.Errorf("got %v, want %s", err, want)
			}
		}
		if _, err := h.Create(t.Context(), ana, quickreply.Reply{Title: "x", Text: "x", Share: quickreply.Everybody}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an agent writes one of the account's: %v", err)
		}
		if _, err := h.Create(t.Context(), boss, quickreply.Reply{Title: "x", Text: "x", Share: quickreply.Private}); !fault.Is(err, fault.Validation) {
			t.Errorf("one of the account's for nobody: %v", err)
		}
		for i := range quickreply.AgentMax - 1 {
			h.write(ana, true, fmt.Sprint("t", i), quickreply.Private, "")
		}
		if _, err := h.Create(t.Context(), ana, good); !fault.Is(err, fault.Validation) {
			t.Errorf("more than the limit: %v", err)
		}
	})
}

func TestSeed_GivesEveryLanguageTheSameReplies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := furnish(t, st)
		for account, language := range map[string]string{"a": "pt", "b": "es"} {
			err := st.Write(store.InLane(t.Context(), account), func(ctx context.Context, tx *store.Tx) error {
				return h.Seed(ctx, tx, account, language)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := h.SeedAccount(t.Context(), "a", "pt"); err != nil {
			t.Fatal(err)
		}
		if len(h.titles(ana)) != 5 || len(h.titles(zoe)) != 5 {
			t.Errorf("%v, %v", h.titles(ana), h.titles(zoe))
		}
	})
}
