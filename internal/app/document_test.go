package app

import (
	"compress/gzip"
	"crypto/sha256"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// nothing takes an answer and keeps only how much of it there was.
type nothing struct {
	header http.Header
	bytes  int
}

func (n *nothing) Header() http.Header         { return n.header }
func (n *nothing) WriteHeader(int)             {}
func (n *nothing) Write(p []byte) (int, error) { n.bytes += len(p); return len(p), nil }

// The document is public and large: whoever asks for it again costs no more than the sending.
func TestDocument_BuiltOnce(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		n := newNode(t, url)
		get := func(header, value string) *http.Response {
			t.Helper()
			request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/openapi.json", nil)
			request.Header.Set(header, value)
			recorder := httptest.NewRecorder()
			n.app.server.Handler.ServeHTTP(recorder, request)
			return recorder.Result()
		}
		read := func(r io.Reader) [sha256.Size]byte {
			t.Helper()
			data, err := io.ReadAll(r)
			if err != nil || len(data) < 1000 {
				t.Fatalf("%d bytes, %v", len(data), err)
			}
			return sha256.Sum256(data)
		}

		whole := get("Accept-Encoding", "identity")
		want, tag := read(whole.Body), whole.Header.Get("ETag")
		if whole.StatusCode != http.StatusOK || tag == "" || whole.Header.Get("Content-Type") != "application/json" {
			t.Fatalf("%d, tag %q, %q", whole.StatusCode, tag, whole.Header.Get("Content-Type"))
		}
		packed := get("Accept-Encoding", "gzip")
		if packed.Header.Get("Content-Encoding") != "gzip" {
			t.Fatal("sent whole to who takes it compressed")
		}
		unpacked, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatal(err)
		}
		if read(unpacked) != want {
			t.Error("compressed, it is another document")
		}
		for _, known := range []string{tag, "W/" + tag, `"other", ` + tag} {
			if got := get("If-None-Match", known); got.StatusCode != http.StatusNotModified {
				t.Errorf("If-None-Match %s: %d", known, got.StatusCode)
			}
		}
		if got := get("If-None-Match", `"other"`); got.StatusCode != http.StatusOK {
			t.Errorf("another tag: %d", got.StatusCode)
		}

		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/openapi.json", nil)
		sent := &nothing{header: http.Header{}}
		most := testing.AllocsPerRun(10, func() { n.app.serveDocument(sent, request) })
		if most > 50 {
			t.Errorf("a request makes %.0f objects: the document is built anew", most)
		}
	})
}
