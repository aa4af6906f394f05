package app

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/aceno-chat/aceno/web"
)

// panelPolicy is what the panel's page may do. Mantine sets style attributes, hence 'unsafe-inline' for styles alone. Which pages an
// account frames changes while panels are open, so that any https origin may be framed; the panel frames none but those, sandboxed.
const panelPolicy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
	"font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; media-src 'self' blob:; frame-src https: http://localhost:* http://127.0.0.1:*; object-src 'none'; " +
	"frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// asset is a built file, ready to be sent as it is or compressed.
type asset struct {
	data, zipped []byte
	tag, kind    string
}

// assets serves the built files. Each is read and compressed once, when first asked for, so that the start stays quick.
type assets struct {
	files fs.FS
	mu    sync.Mutex
	known map[string]*asset
}

func newAssets(dir string) (*assets, error) {
	files, err := fs.Sub(web.Dist, "dist/"+dir)
	if err != nil {
		return nil, fmt.Errorf("app: the built files: %w", err)
	}
	return &assets{files: files, known: make(map[string]*asset)}, nil
}

// get returns the file of that name, nil when there is none.
func (a *assets) get(name string) *asset {
	a.mu.Lock()
	defer a.mu.Unlock()
	if known, ok := a.known[name]; ok {
		return known
	}
	data, err := fs.ReadFile(a.files, name)
	if err != nil {
		return nil // not remembered: names come from strangers
	}
	kind := mime.TypeByExtension(path.Ext(name))
	if strings.HasSuffix(name, ".d.ts") {
		kind = "text/plain; charset=utf-8" // the system may take .ts for a video
	}
	if strings.HasSuffix(name, ".js") {
		kind = "text/javascript; charset=utf-8"
	}
	f := newAsset(data, kind)
	a.known[name] = f
	return f
}

// newAsset tags and compresses what is sent many times.
func newAsset(data []byte, kind string) *asset {
	sum := sha256.Sum256(data)
	f := &asset{data: data, tag: `"` + hex.EncodeToString(sum[:12]) + `"`, kind: kind}
	if compressible(kind) {
		f.zipped = zip(data)
	}
	return f
}

func compressible(kind string) bool {
	return strings.HasPrefix(kind, "text/") || strings.Contains(kind, "json") || strings.Contains(kind, "svg")
}

// zip returns data compressed, or nil where that would not pay.
func zip(data []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(data); err != nil {
		return nil
	}
	if err := w.Close(); err != nil || b.Len() >= len(data) {
		return nil
	}
	return b.Bytes()
}

func (f *asset) serve(w http.ResponseWriter, r *http.Request, cache string) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", cache)
	h.Set("ETag", f.tag)
	h.Add("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	if f.known(r.Header.Get("If-None-Match")) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.data
	if f.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.zipped
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) //nolint:gosec // a file built into the program; and a client that is gone has nobody to tell
	}
}

// known says whether the caller has this very content, by its If-None-Match. Proxies that compress make a tag weak.
func (f *asset) known(tags string) bool {
	for tag := range strings.SplitSeq(tags, ",") {
		if strings.TrimPrefix(strings.TrimSpace(tag), "W/") == f.tag {
			return true
		}
	}
	return false
}

// panel serves the agents' application: its files, and its page for every address that is not a file.
func (a *assets) panel() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if f := a.get(name); f != nil && name != "index.html" {
			cache := "no-cache"
			if strings.HasPrefix(name, "assets/") {
				cache = "public, max-age=31536000, immutable" // the name carries the content's hash
			}
			f.serve(w, r, cache)
			return
		}
		if path.Ext(name) != "" && name != "index.html" {
			http.NotFound(w, r)
			return
		}
		page := a.get("index.html")
		if page == nil {
			http.Error(w, "The panel was not built into this program: run `make build`.", http.StatusServiceUnavailable)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", panelPolicy)
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		page.serve(w, r, "no-cache")
	})
}

// script serves one of the widget's files to any origin: which sites may use it is checked when it connects.
func (a *assets) script(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f := a.get(name)
		if f == nil {
			http.Error(w, "The widget was not built into this program: run `make build`.", http.StatusServiceUnavailable)
			return
		}
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		cache := "public, max-age=300, stale-while-revalidate=86400"
		if r.URL.Query().Get("v") != "" {
			cache = "public, max-age=31536000, immutable"
		}
		f.serve(w, r, cache)
	}
}
