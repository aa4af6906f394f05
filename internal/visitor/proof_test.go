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
	proven := func() string {
		for _, f := range tab.Visit().Fields() {
			if f.Key == ProvenField {
				return f.Value
			}
		}
		return ""
	}
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
