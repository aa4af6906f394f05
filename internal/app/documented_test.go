package app

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// schema is as much of a JSON schema as the answers are held against.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"`
	Items      *schema           `json:"items"`
	Properties map[string]schema `json:"properties"`
}

// TestDocument_ListsAreLists: an account with nothing in it gets empty lists wherever the document promises lists, never null: panels stop
// at that. And what is no text in an address is refused, on both engines.
func TestDocument_ListsAreLists(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		n := newNode(t, url)
		ana := n.admin
		var document struct {
			Paths      map[string]map[string]json.RawMessage `json:"paths"`
			Components components                            `json:"components"`
		}
		ana.must(http.MethodGet, "/api/openapi.json", nil, http.StatusOK, &document)
		asked := 0
		for path, operations := range document.Paths {
			text, ok := operations["get"]
			if !ok || !strings.HasPrefix(path, "/api/") || strings.Contains(path, "{") {
				continue
			}
			var operation struct {
				Responses map[string]struct {
					Content map[string]struct{ Schema schema }
				}
			}
			if err := json.Unmarshal(text, &operation); err != nil {
				t.Fatal(err)
			}
			status, answer := ana.do(http.MethodGet, path, nil, nil)
			if status == http.StatusUnprocessableEntity {
				continue // it needs parameters
			}
			if status != http.StatusOK {
				t.Errorf("GET %s: %d %s", path, status, answer)
				continue
			}
			var value any
			if json.Unmarshal(answer, &value) != nil {
				continue // no JSON: a download
			}
			asked++
			for _, where := range document.Components.nulls(operation.Responses["200"].Content["application/json"].Schema, value, "") {
				t.Errorf("GET %s: %s is null", path, where)
			}
		}
		if asked < 15 {
			t.Errorf("only %d routes were asked", asked)
		}
		for _, address := range []string{
			"/api/contacts?before=%00", "/api/leads?site_id=%FF", "/api/audit?action=%00", "/api/routing/decisions?conversation=%ED%A0%80",
			// A cursor that is none would be taken for the newest page, or for the end of the list.
			"/api/contacts?before=next", "/api/leads?before=-1", "/api/routing/decisions?conversation=c1&before=9",
			"/api/contacts?before=01A225AC-5648-72BC-8000-34C52124F447",
		} {
			if status, answer := ana.do(http.MethodGet, address, nil, nil); status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d %s", address, status, answer)
			}
		}
		for _, address := range []string{"/api/conversations/%00/messages", "/api/contacts/%FF"} {
			if status, answer := ana.do(http.MethodGet, address, nil, nil); status != http.StatusNotFound {
				t.Errorf("%s: %d %s", address, status, answer)
			}
		}
	})
}

// components are the schemas that others refer to.
type components struct {
	Schemas map[string]schema `json:"schemas"`
}

// nulls returns where a value has null in place of a list.
func (c components) nulls(s schema, value any, at string) (found []string) {
	if s.Ref != "" {
		s = c.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	switch value := value.(type) {
	case nil:
		if s.Type == "array" {
			return []string{at}
		}
	case []any:
		for _, one := range value {
			if s.Items != nil {
				found = append(found, c.nulls(*s.Items, one, at+"[]")...)
			}
		}
	case map[string]any:
		for name, property := range s.Properties {
			if one, ok := value[name]; ok {
				found = append(found, c.nulls(property, one, at+"."+name)...)
			}
		}
	}
	return found
}
