package shop

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

const (
	testBase = "http://localhost:8080"
	testKey  = "k_demo"
)

var handler = Handler(testBase, testKey)

func get(t *testing.T, path string) (int, http.Header, string) {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, w.Header(), string(body)
}

func TestPaths_AllServedWithTitleAndInstallCode(t *testing.T) {
	paths := Paths()
	if len(paths) < 20 {
		t.Fatalf("%d pages: too few to browse", len(paths))
	}
	seen := map[string]bool{}
	for _, p := range paths {
		status, header, body := get(t, p.Path)
		if status != http.StatusOK {
			t.Errorf("%s: status %d", p.Path, status)
		}
		if seen[p.Path] || seen[p.Title] {
			t.Errorf("%s %q: twice", p.Path, p.Title)
		}
		seen[p.Path], seen[p.Title] = true, true
		for _, want := range []string{
			"<title>" + p.Title + "</title>",
			`<script async src="http://localhost:8080/v/aceno.js" data-key="k_demo"></script>`,
		} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %s", p.Path, want)
			}
		}
		if got := header.Get("Content-Type"); got != "text/html; charset=utf-8" {
			t.Errorf("%s: content type %q", p.Path, got)
		}
	}
}

// The policy forbids inline scripts and styles; a page that has some would break in silence.
func TestPages_NothingInlineAndNoDeadLinks(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<script>|<style|\sstyle=|\son[a-z]+=`)
	link := regexp.MustCompile(`(?:href|src)="(/[^"#]*)`)
	for _, p := range Paths() {
		_, header, body := get(t, p.Path)
		if found := inline.FindString(body); found != "" {
			t.Errorf("%s: inline %q", p.Path, found)
		}
		if policy := header.Get("Content-Security-Policy"); policy == "" || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", p.Path, policy)
		}
		for _, target := range link.FindAllStringSubmatch(body, -1) {
			if status, _, _ := get(t, target[1]); status != http.StatusOK {
				t.Errorf("%s links to %s: status %d", p.Path, target[1], status)
			}
		}
	}
}

func TestArt_EveryPictureExists(t *testing.T) {
	_, _, art := get(t, "/assets/art.svg")
	use := regexp.MustCompile(`/assets/art\.svg#([^"]+)`)
	for _, p := range Paths() {
		_, _, body := get(t, p.Path)
		for _, name := range use.FindAllStringSubmatch(body, -1) {
			if !strings.Contains(art, `<symbol id="`+name[1]+`"`) {
				t.Errorf("%s shows %q, which is not drawn", p.Path, name[1])
			}
		}
	}
}

func TestHandler_UnknownPageIs404WithTheWidget(t *testing.T) {
	for _, path := range []string{"/nada", "/p/nada", "/produtos/nada"} {
		status, _, body := get(t, path)
		if status != http.StatusNotFound || !strings.Contains(body, "/v/aceno.js") {
			t.Errorf("%s: status %d", path, status)
		}
	}
}

func TestPolicy_NamesTheInstallation(t *testing.T) {
	policy := Policy("https://chat.example.com")
	for _, want := range []string{
		"script-src 'self' https://chat.example.com;",
		"connect-src 'self' https://chat.example.com wss://chat.example.com;",
		"style-src 'self';",
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("no %q in %q", want, policy)
		}
	}
}

func TestMoney(t *testing.T) {
	for cents, want := range map[int]string{0: "R$ 0,00", 2490: "R$ 24,90", 119900: "R$ 1.199,00", 100000005: "R$ 1.000.000,05"} {
		if got := money(cents); got != want {
			t.Errorf("money(%d) = %q, want %q", cents, got, want)
		}
	}
}
