package site_test

import (
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/site"
)

type fixture struct {
	*site.Service
	log      *eventlog.Log
	recorder eventlogtest.Recorder
}

func newFixture(t *testing.T, st *store.Store) *fixture {
	t.Helper()
	return newFixtureAt(t, st, "https://chat.example/")
}

// newFixtureAt is newFixture with another public address, which may be empty.
func newFixtureAt(t *testing.T, st *store.Store, publicURL string) *fixture {
	t.Helper()
	f := &fixture{}
	var heard func(eventlog.Record)
	f.log = eventlogtest.New(t, st, clock.System{}, f.recorder.Take, func(r eventlog.Record) { heard(r) })
	f.Service = site.NewService(site.Config{
		Store: st, Log: f.log, Clock: clock.NewFake(time.UnixMilli(1)), IDs: ident.V7{}, PublicURL: publicURL,
		Box: secret.New(make([]byte, 32)),
	})
	heard = f.Heard
	if err := f.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f
}

func shop() site.New {
	return site.New{Name: "Loja", AllowedDomains: []string{" LOJA.com.br", "loja.com.br", "*.loja.com.br"}, Language: "pt"}
}

func fields(err error) string {
	var refused *fault.Error
	if !errors.As(err, &refused) {
		return ""
	}
	out := make([]string, len(refused.Fields))
	for i, f := range refused.Fields {
		out[i] = f.Name + ":" + f.Code
	}
	return strings.Join(out, " ")
}

func TestCreate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		account, other := eventlogtest.Account(t, st, "a"), eventlogtest.Account(t, st, "b")
		made, err := f.Create(t.Context(), account, shop())
		if err != nil {
			t.Fatal(err)
		}
		want := site.Site{
			ID: made.ID, AccountID: account, Name: "Loja", Key: made.Key, AllowedDomains: []string{"loja.com.br", "*.loja.com.br"},
			Language: "pt", Active: true, Settings: site.DefaultSettings(), InstallCode: site.InstallCode("https://chat.example", made.Key),
		}
		if !reflect.DeepEqual(made, want) {
			t.Errorf("got %+v, want %+v", made, want)
		}
		if got, ok := f.ByKey(t.Context(), made.Key); !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("by key: %+v, %v", got, ok)
		}
		if got, ok := f.ByID(made.ID); !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("by id: %+v, %v", got, ok)
		}
		if _, ok := f.ByKey(t.Context(), "abcd-abcd-abcd"); ok {
			t.Error("an unknown key was found")
		}
		if len(f.List(account)) != 1 || len(f.List(other)) != 0 {
			t.Errorf("lists: %v, %v", f.List(account), f.List(other))
		}
		if got := newFixture(t, st).List(account); len(got) != 1 || !reflect.DeepEqual(got[0], want) {
			t.Errorf("after a restart: %+v", got)
		}
		if kinds := f.recorder.Kinds(t, f.log, account); !slices.Equal(kinds, []string{site.SavedKind}) {
			t.Errorf("events %v", kinds)
		}
	})
}

func TestUpdate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		account, other := eventlogtest.Account(t, st, "a"), eventlogtest.Account(t, st, "b")
		made, err := f.Create(t.Context(), account, shop())
		if err != nil {
			t.Fatal(err)
		}
		off, spanish := false, "es"
		got, err := f.Update(t.Context(), account, made.ID, site.Changes{
			AllowedDomains: []string{"localhost:8081"}, Active: &off, Language: &spanish,
		})
		if err != nil || got.Active || got.Language != "es" || got.Name != "Loja" || got.Key != made.Key ||
			!slices.Equal(got.AllowedDomains, []string{"localhost:8081"}) {
			t.Fatalf("got %+v, %v", got, err)
		}
		if held, _ := f.ByKey(t.Context(), made.Key); !reflect.DeepEqual(held, got) {
			t.Errorf("held in memory: %+v", held)
		}
		french, empty := "fr", ""
		for want, changes := range map[string]site.Changes{
			"allowed_domains:required":           {AllowedDomains: []string{}},
			"allowed_domains[1]:invalid":         {AllowedDomains: []string{"fine.com", "https://x.com"}},
			"name:required language:not_allowed": {Name: &empty, Language: &french},
		} {
			if _, err := f.Update(t.Context(), account, made.ID, changes); fields(err) != want {
				t.Errorf("got %v, want %s", err, want)
			}
		}
		if _, err := f.Update(t.Context(), other, made.ID, site.Changes{Active: &off}); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account's site: %v", err)
		}
		if kinds := f.recorder.Kinds(t, f.log, account); len(kinds) != 2 {
			t.Errorf("events %v", kinds)
		}
	})
}

func TestNew_Check(t *testing.T) {
	many := make([]string, 51)
	for i := range many {
		many[i] = "loja.com.br"
	}
	for _, tt := range []struct {
		in     site.New
		fields string
	}{
		{site.New{}, "name:required allowed_domains:required language:not_allowed"},
		{site.New{Name: strings.Repeat("a", 61), AllowedDomains: many, Language: "en"}, "name:too_long allowed_domains:too_many"},
		{site.New{Name: "x", AllowedDomains: many[:50], Language: "en"}, ""},
		{site.New{Name: "x", AllowedDomains: []string{"*"}, Language: "en"}, ""},
		{site.New{Name: "x", AllowedDomains: []string{"a b.com", ""}, Language: "en"}, "allowed_domains[0]:invalid allowed_domains[1]:invalid"},
	} {
		if _, err := tt.in.Check(); fields(err) != tt.fields {
			t.Errorf("got %q, want %q", fields(err), tt.fields)
		}
	}
}

func TestNewKey(t *testing.T) {
	shape := regexp.MustCompile(`^[2-9a-hjkmnp-z]{4}-[2-9a-hjkmnp-z]{4}-[2-9a-hjkmnp-z]{4}$`)
	seen := map[string]bool{}
	for range 1000 {
		key := site.NewKey()
		if !shape.MatchString(key) {
			t.Fatalf("%q has not the shape of a key", key)
		}
		if seen[key] {
			t.Fatalf("%q came twice", key)
		}
		seen[key] = true
	}
}

func TestInstallCode(t *testing.T) {
	got := site.InstallCode("https://chat.example/", "abcd-efgh-jkmn")
	for _, want := range []string{
		`<script async src="https://chat.example/v/aceno.js" data-key="abcd-efgh-jkmn"></script>`,
		`<script>window.aceno=window.aceno||function(){(aceno.q=aceno.q||[]).push(arguments)}</script>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	if got := site.InstallCode(`https://x"><script>`, "k"); strings.Contains(got, `"><script>`) {
		t.Errorf("the address was not escaped: %q", got)
	}
}

func BenchmarkByKeyAndOrigin(b *testing.B) {
	s := site.Site{AllowedDomains: []string{"loja.com.br", "*.loja.com.br", "localhost:8081"}}
	b.ReportAllocs()
	for b.Loop() {
		site.AllowsOrigin(s, "http://localhost:8081")
	}
}

func TestUpdate_Settings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		account := eventlogtest.Account(t, st, "a")
		made, err := f.Create(t.Context(), account, shop())
		if err != nil {
			t.Fatal(err)
		}
		settings := site.DefaultSettings()
		settings.ChatMode, settings.CallMode, settings.HideWhenOffline = "popup", 0, true
		settings.Theme = site.Theme{
			Brand: "#AB12cd", Corner: 0, Size: "large", Scheme: "dark",
			LauncherOnline: " https://cdn.example/on.png ", LauncherOffline: "/v/images/1",
		}
		settings.Texts.PT = site.Words{Label: "Fale conosco", Greeting: "Oi!\r\nComo vai?"}
		key := "10a72d115d78fd54c1ce87ce8bf6f07e"
		got, err := f.Update(t.Context(), account, made.ID, site.Changes{Settings: &settings, LegacyKey: &key})
		if err != nil {
			t.Fatal(err)
		}
		want := settings
		want.Theme.Brand, want.Theme.LauncherOnline, want.Texts.PT.Greeting = "#ab12cd", "https://cdn.example/on.png", "Oi!\nComo vai?"
		if got.Settings != want || got.LegacyKey != key {
			t.Errorf("got %+v", got)
		}
		look := got.Settings.Look()
		if look.CallMode != 0 || look.Theme != (site.LookTheme{Theme: want.Theme, Ink: "#ffffff"}) || len(look.Labels) != 1 || look.Labels["pt"] != "Fale conosco" {
			t.Errorf("look %+v", look)
		}
		for name, sites := range map[string]*fixture{"now": f, "after a restart": newFixture(t, st)} {
			held, ok := sites.ByKey(t.Context(), key)
			if !ok || !reflect.DeepEqual(held, got) {
				t.Errorf("%s, by the legacy key: %+v, %v", name, held, ok)
			}
		}

		second, err := f.Create(t.Context(), account, shop())
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.Update(t.Context(), account, second.ID, site.Changes{LegacyKey: &key})
		if got := fields(err); got != "legacy_key:taken" {
			t.Errorf("another site's key: %v", err)
		}
		none := ""
		if _, err := f.Update(t.Context(), account, made.ID, site.Changes{LegacyKey: &none}); err != nil {
			t.Fatal(err)
		}
		if _, ok := f.ByKey(t.Context(), key); ok {
			t.Error("a legacy key that was taken away is still known")
		}
		if _, ok := f.ByKey(t.Context(), made.Key); !ok {
			t.Error("the site's own key is gone")
		}
	})
}

func TestUpdate_RefusesSettings(t *testing.T) {
	st := storetest.SQLite(t)
	f := newFixture(t, st)
	account := eventlogtest.Account(t, st, "a")
	made, err := f.Create(t.Context(), account, shop())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		spoil func(*site.Settings)
		want  string
	}{
		{func(s *site.Settings) { s.ChatMode = "window" }, "settings.chat_mode:not_allowed"},
		{func(s *site.Settings) { s.Privacy.Presence = "some" }, "settings.privacy.presence:not_allowed"},
		{func(s *site.Settings) { s.Privacy.PolicyURL = "javascript:alert(1)" }, "settings.privacy.policy_url:invalid"},
		{func(s *site.Settings) { s.Privacy.PolicyURL = "https://u:p@shop.example/" }, "settings.privacy.policy_url:invalid"},
		{func(s *site.Settings) { s.Privacy.PolicyURL = "https://shop.example/" + strings.Repeat("x", 2048) }, "settings.privacy.policy_url:too_long"},
		{func(s *site.Settings) { s.CallMode = 8 }, "settings.call_mode:not_allowed"},
		{func(s *site.Settings) { s.CallMode = -1 }, "settings.call_mode:not_allowed"},
		{func(s *site.Settings) { s.Theme.Brand = "red;}" }, "settings.theme.brand:invalid"},
		{func(s *site.Settings) { s.Theme.Corner = 25 }, "settings.theme.corner:too_large"},
		{func(s *site.Settings) { s.Theme.Size = "huge" }, "settings.theme.size:not_allowed"},
		{func(s *site.Settings) { s.Theme.Scheme = "" }, "settings.theme.scheme:not_allowed"},
		{func(s *site.Settings) { s.Theme.LauncherOnline = "javascript:alert(1)" }, "settings.theme.launcher_online:invalid"},
		{func(s *site.Settings) { s.Theme.LauncherOnline = "//cdn.example/x.png" }, "settings.theme.launcher_online:invalid"},
		{func(s *site.Settings) { s.Theme.LauncherOnline = "https://a:b@cdn.example/x.png" }, "settings.theme.launcher_online:invalid"},
		{func(s *site.Settings) { s.Theme.LauncherOffline = "/api/agents" }, "settings.theme.launcher_offline:invalid"},
		{func(s *site.Settings) { s.Theme.LauncherOffline = "https://x/" + strings.Repeat("a", 2048) }, "settings.theme.launcher_offline:too_long"},
		{func(s *site.Settings) { s.Texts.EN.Label = strings.Repeat("é", 41) }, "settings.texts.en.label:too_long"},
		{func(s *site.Settings) { s.Texts.ES.Title = "a\nb" }, "settings.texts.es.title:control_characters"},
	} {
		settings := site.DefaultSettings()
		tt.spoil(&settings)
		_, err := f.Update(t.Context(), account, made.ID, site.Changes{Settings: &settings})
		if got := fields(err); got != tt.want {
			t.Errorf("%+v: got %q, want %q", settings, got, tt.want)
		}
	}
	for _, bad := range []string{"short", "has space in it", "<script>", strings.Repeat("a", 65)} {
		if _, err := f.Update(t.Context(), account, made.ID, site.Changes{LegacyKey: &bad}); fields(err) != "legacy_key:invalid" {
			t.Errorf("legacy key %q: %v", bad, err)
		}
	}
}
