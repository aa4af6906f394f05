package visitor

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/site"
)

func TestIdentify_Signed(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enter(page("/"))
	signature := site.IdentitySignature(site.IdentitySecret(w.live.options.Box, shop), "42", "maria@example.com")
	proven := func() string { return tab.Visit().Proven() }
	for _, step := range []struct{ told, refused, want string }{
		{`{"email":"maria@example.com","fields":{"a":1,"z":2}}`, "", ""},
		{`{"fields":{"verified_id":"42"}}`, "fields", ""},
		{`{"email":"maria@example.com","user_id":"42","signature":"` + strings.Repeat("0", 64) + `"}`, "signature", ""},
		{`{"email":"other@example.com","user_id":"42","signature":"` + signature + `"}`, "signature", ""},
		{`{"email":"maria@example.com","user_id":"43","signature":"` + signature + `"}`, "signature", ""},
		{`{"email":"maria@example.com","signature":"` + signature + `"}`, "user_id", ""},
		{`{"email":"maria@example.com","user_id":"42","signature":"` + strings.ToUpper(signature) + `"}`, "", "42"},
		{`{"name":"Maria","fields":{"b":3}}`, "", "42"},
		{`{"fields":{"verified_id":null}}`, "fields", "42"},
		{`{"email":"other@example.com"}`, "", ""},
	} {
		var told Told
		if err := json.Unmarshal([]byte(step.told), &told); err != nil {
			t.Fatal(err)
		}
		_, err := tab.Identify(told)
		refused := ""
		if fields := fault.FieldsOf(err); len(fields) > 0 {
			refused = fields[0].Name
		}
		if refused != step.refused || proven() != step.want {
			t.Errorf("%s: refused %q, proven %q; want %q, %q", step.told, refused, proven(), step.refused, step.want)
		}
	}
	var keys []string
	for _, f := range tab.Visit().Fields() {
		keys = append(keys, f.Key)
	}
	if strings.Join(keys, " ") != "a b z" {
		t.Errorf("fields %v", keys)
	}
}

// disguises are what a stranger puts around, between and in place of the letters of a reserved name.
var disguises = []string{
	" ", "\t", "\n", "\r", "\x00", "\x01", "\x1b", "\x7f", "\u0085", "\u00a0", "\u00ad", "\u034f", "\u061c", "\u180e", "\u200b", "\u200c", "\u200d",
	"\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\u3000", "\ufe0f", "\ufeff", "\U000e0020", "\u0301",
	".", "-", "_", "__", ":", "\"", "'",
}

// disguised returns a name in each disguise.
func disguised(name string) []string {
	all := []string{
		name, strings.ToUpper(name), strings.ToTitle(name[:1]) + name[1:], strings.ReplaceAll(name, "_", ""), strings.ReplaceAll(name, "_", " "),
		strings.ReplaceAll(name, "_", "-"), strings.ReplaceAll(name, "_", "\u203f"), strings.ReplaceAll(name, "_", "\uff3f"),
		strings.Map(func(r rune) rune {
			if r > ' ' && r < 0x7f {
				return r + 0xfee0 // in full width
			}
			return r
		}, name),
		strings.ReplaceAll(name, "e", "e\u0301"), strings.ReplaceAll(name, "e", "\u00e9"), strings.ReplaceAll(name, "fi", "\ufb01"),
	}
	for _, sign := range disguises {
		for at := range len(name) + 1 {
			all = append(all, name[:at]+sign+name[at:])
		}
		all = append(all, sign+name+sign, sign+sign+name)
	}
	return all
}

// TestIdentify_Forged tells the reserved name in every disguise, at the hello and later: nothing proves anything but a signature.
func TestIdentify_Forged(t *testing.T) {
	names := disguised(ProvenName)
	for _, name := range names {
		if !ReadsAsProven(name) {
			t.Errorf("%q does not read as %q", name, ProvenName)
		}
		fields := map[string]json.RawMessage{name: json.RawMessage(`"42"`)}
		var identity *Identity
		var err error
		for _, old := range []*Identity{nil, {Name: "Maria", Email: "maria@example.com"}, {Proven: "7"}} {
			identity, err = (Told{Fields: fields}).apply(old)
			if before := (&Visit{Identity: old}); (&Visit{Identity: identity}).Proven() != before.Proven() {
				t.Errorf("%q: proves %v", name, identity)
			}
			if !fault.Is(err, fault.Validation) {
				t.Errorf("%q: %v, want a refusal", name, err)
			}
		}
		w := newWorld(t, nil)
		tab := w.enter(page("/"))
		if _, err := tab.Identify(Told{Fields: fields}); err == nil || tab.Visit().Proven() != "" || len(tab.Visit().Fields()) > 0 {
			t.Errorf("%q: told, it is %v (%v)", name, tab.Visit().Identity, err)
		}
		if err := w.live.SetIdentity(tab.Visit().VisitorID, "", "", map[string]string{name: "42"}); err == nil || tab.Visit().Proven() != "" {
			t.Errorf("%q: answered, it is %v (%v)", name, tab.Visit().Identity, err)
		}
		hello := page("/")
		hello.Fields = fields
		if _, err := hello.apply(nil); err == nil {
			t.Errorf("%q: a hello may tell it", name)
		}
	}
	if len(names) < 500 {
		t.Errorf("only %d disguises", len(names))
	}
	for _, name := range []string{"id", "verified", "verified_ids", "customer_id", "verified_id2", "unverified_id"} {
		if ReadsAsProven(name) {
			t.Errorf("%q reads as the proof", name)
		}
	}
}
