package app

import (
	"bytes"
	"encoding/json"
	"image"
	imagepng "image/png"
	"net/http"
	"strings"
	"testing"
)

// TestSiteImage_IsKeptAndShownInThePage goes the whole way of an image for the call (T223): sent, checked by its bytes, chosen in the
// site's settings, told to the page, fetched by anybody.
func TestSiteImage_IsKeptAndShownInThePage(t *testing.T) {
	n := newNode(t, "")
	var picture bytes.Buffer
	if err := imagepng.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 120, 40))); err != nil {
		t.Fatal(err)
	}
	send := func(p *person, content []byte) (int, []byte) {
		t.Helper()
		return n.upload(p.client, "/api/sites/images", "call.png", "image/png", content, nil, nil)
	}
	if status, data := send(n.agent("ana", nil), picture.Bytes()); status != http.StatusForbidden {
		t.Errorf("an agent: %d %s", status, data)
	}
	for code, content := range map[string]string{
		"image_refused":   `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`,
		"image_too_large": strings.Repeat("x", 1<<20+1),
		"file_empty":      "",
	} {
		if _, data := send(n.admin, []byte(content)); codeIn(data) != code {
			t.Errorf("want %s: %s", code, data)
		}
	}
	var kept struct {
		URL    string `json:"url"`
		Width  int    `json:"width"`
		Height int    `json:"height"`
	}
	status, data := send(n.admin, picture.Bytes())
	if err := json.Unmarshal(data, &kept); err != nil || status != http.StatusCreated || kept.Width != 120 || kept.Height != 40 {
		t.Fatalf("%d %s, %v", status, data, err)
	}
	n.presence("full")
	var sites struct {
		Sites []struct {
			Settings map[string]any `json:"settings"`
		} `json:"sites"`
	}
	n.admin.must(http.MethodGet, "/api/sites", nil, http.StatusOK, &sites)
	settings := sites.Sites[0].Settings
	settings["theme"].(map[string]any)["launcher_online"] = kept.URL
	n.admin.must(http.MethodPatch, "/api/sites/"+n.site.ID, anyFrame{"settings": settings}, http.StatusOK, nil)
	maria := n.dial("/v/socket?k="+n.site.Key, shopOrigin, nil)
	maria.say(anyFrame{"t": "hello", "token": "", "tab": "tab-1", "url": shopOrigin + "/", "title": "", "referrer": "", "language": "pt", "screen": "", "time_zone": "", "hidden": false, "monitoring": true, "resumed": false})
	maria.until("the look with the image", func(f anyFrame) bool {
		look, _ := f["widget"].(map[string]any)
		theme, _ := look["theme"].(map[string]any)
		return f["t"] == "welcome" && theme["launcher_online"] == kept.URL
	})
	if status, data := n.stranger().do(http.MethodGet, kept.URL, nil, nil); status != http.StatusOK || !bytes.Equal(data, picture.Bytes()) {
		t.Errorf("the image itself: %d, %d bytes", status, len(data))
	}
}
