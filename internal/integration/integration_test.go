package integration_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/integration"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

const here = "https://chat.example.com"

func furnish(t *testing.T, st *store.Store) (*conversationtest.House, *integration.Service) {
	t.Helper()
	h := conversationtest.New(t, st)
	return h, integration.NewService(integration.Config{
		Store: st, Log: h.Log, Clock: h.Clock, IDs: h.Idents, Box: h.Box, Conversations: h.Service, Names: h.World,
		PublicURL: "https://public.example.com",
	})
}

func draft(name string) integration.Draft {
	return integration.Draft{Name: name, URL: "https://crm.example.com/customer?tab=1#top", Active: true}
}

func TestIntegrations_AreManaged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, s := furnish(t, st)
		made, err := s.Create(t.Context(), conversationtest.Account, draft(" CRM "), here)
		if err != nil || made.Name != "CRM" || made.Version != 1 {
			t.Fatalf("%+v, %v", made, err)
		}
		_, err = s.Create(t.Context(), conversationtest.Account, draft("CRM"), here)
		refuses(t, err, "name", fault.FieldTaken)

		off := draft("Orders")
		off.Active = false
		saved, err := s.Save(t.Context(), conversationtest.Account, made.ID, 1, off, here)
		if err != nil || saved.Version != 2 || saved.Active || saved.Name != "Orders" {
			t.Errorf("%+v, %v", saved, err)
		}
		for account, code := range map[string]fault.Code{conversationtest.Account: fault.StaleWrite, "another": fault.NotFound} {
			if _, err = s.Save(t.Context(), account, made.ID, 1, off, here); !fault.Is(err, code) {
				t.Errorf("an older version in %s: %v", account, err)
			}
		}
		if _, err = s.SecretOf(t.Context(), "another", made.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account's secret: %v", err)
		}
		if err = s.Remove(t.Context(), "another", made.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("removed by another account: %v", err)
		}
		if err = s.Remove(t.Context(), conversationtest.Account, made.ID); err != nil {
			t.Error(err)
		}
		for i := range integration.Max {
			if _, err := s.Create(t.Context(), conversationtest.Account, draft(fmt.Sprint(i)), here); err != nil {
				t.Fatal(err)
			}
		}
		_, err = s.Create(t.Context(), conversationtest.Account, draft("one more"), here)
		refuses(t, err, "name", fault.FieldTooMany)
		h.Settle(t)
		if kinds := h.Kinds(t); !strings.HasPrefix(kinds, "integration.saved > integration.saved > integration.removed > ") {
			t.Errorf("events %s", kinds)
		}
	})
}

func refuses(t *testing.T, err error, name, code string) {
	t.Helper()
	fields := fault.FieldsOf(err)
	if len(fields) != 1 || fields[0].Name != name || fields[0].Code != code {
		t.Errorf("%v, want %s:%s", err, name, code)
	}
}

func TestAddresses(t *testing.T) {
	_, s := furnish(t, storetest.SQLite(t))
	for address, code := range map[string]string{
		"":                                fault.FieldRequired,
		"http://crm.example.com":          fault.FieldInvalid,
		"javascript:alert(1)":             fault.FieldInvalid,
		"https://ana:secret@example.com/": fault.FieldInvalid,
		"https:///nowhere":                fault.FieldInvalid,
		"//crm.example.com":               fault.FieldInvalid,
		"https://crm.example.com/\nx":     fault.FieldInvalid,
		"http://localhost.example.com":    fault.FieldInvalid,
		here + "/admin":                   fault.FieldNotAllowed,
		"https://PUBLIC.example.com/":     fault.FieldNotAllowed,
		"https://x/" + strings.Repeat("a", integration.URLMax): fault.FieldTooLong,
	} {
		_, err := s.Create(t.Context(), conversationtest.Account, integration.Draft{Name: "n", URL: address}, here)
		refuses(t, err, "url", code)
	}
	for i, address := range []string{"https://10.0.0.7:8443/crm", "http://localhost:3000/", "http://127.0.0.1/"} {
		if _, err := s.Create(t.Context(), conversationtest.Account, integration.Draft{Name: fmt.Sprint(i), URL: address}, here); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestFrames verifies the context as a page's own server would.
func TestFrames(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, s := furnish(t, st)
		made, err := s.Create(t.Context(), conversationtest.Account, draft("CRM"), here)
		if err != nil {
			t.Fatal(err)
		}
		off := draft("Off")
		off.Active = false
		if _, err := s.Create(t.Context(), conversationtest.Account, off, here); err != nil {
			t.Fatal(err)
		}
		fields := map[string]any{
			"order": "TR-1", "Verified ID": "forged", "essay": strings.Repeat("x", 201),
		}
		for i := range 25 {
			fields[fmt.Sprintf("field%02d", i)] = strings.Repeat("é", 190)
		}
		h.World.SetVisit("visit of maria", conversation.Details{Email: "maria@example.com", VerifiedID: "customer-7", Fields: fields})
		c := h.Active(t, "maria", conversationtest.Ana)
		ana := conversationtest.Agent(conversationtest.Ana)
		frames, err := s.Frames(t.Context(), ana, c.ID)
		if err != nil || len(frames) != 1 || frames[0].ID != made.ID {
			t.Fatalf("%+v, %v", frames, err)
		}
		u, err := url.Parse(frames[0].URL)
		if err != nil || u.Host != "crm.example.com" || u.Query().Get("tab") != "1" || u.Fragment != "top" || len(frames[0].URL) > 6500 {
			t.Fatalf("%d bytes: %s, %v", len(frames[0].URL), frames[0].URL, err)
		}
		secret, err := s.SecretOf(t.Context(), conversationtest.Account, made.ID)
		if err != nil {
			t.Fatal(err)
		}
		got := verified(t, u.Query().Get(integration.Parameter), secret)
		if got.Audience != "https://crm.example.com" || got.Expires-got.IssuedAt != 300 || got.IssuedAt != h.Clock.Now().Unix() {
			t.Errorf("%+v", got)
		}
		if got.Conversation.ID != c.ID || got.Conversation.Department != "Vendas" || got.Agent.Name != "Ana" {
			t.Errorf("%+v", got)
		}
		v := got.Visitor
		if v.Email != "maria@example.com" || v.VerifiedID != "customer-7" || v.Fields["field00"] == nil || v.Fields["essay"] != nil || v.Fields["Verified ID"] != nil {
			t.Errorf("%+v", v)
		}
		stranger := conversationtest.Agent("nobody")
		if _, err := s.Frames(t.Context(), stranger, c.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a stranger: %v", err)
		}
	})
}

func verified(t *testing.T, token, secret string) integration.Context {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("token %q", token)
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(parts[0] + "." + parts[1]))
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || !hmac.Equal(signature, mac.Sum(nil)) {
		t.Fatalf("the signature is wrong, %v", err)
	}
	header, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil || string(header) != `{"alg":"HS256","typ":"JWT"}` {
		t.Errorf("header %s, %v", header, err)
	}
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var c integration.Context
	if err := json.Unmarshal(claims, &c); err != nil {
		t.Fatal(err)
	}
	return c
}
