package agent_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// face is a PNG of w by h in one colour.
func face(t *testing.T, w, h int, c color.Color) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// kept returns how many photos the bucket holds.
func (f *fixture) kept(t *testing.T) (n int) {
	t.Helper()
	err := filepath.WalkDir(f.folder, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(d.Name(), ".attrs") {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSetPhoto_ReplacesWhatWasThere(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		set := func(shape agent.Shape, c color.Color) agent.Agent {
			changed, err := f.SetPhoto(t.Context(), acc, a.ID, shape, bytes.NewReader(face(t, 400, 300, c)))
			if err != nil {
				t.Fatal(err)
			}
			return changed
		}
		both := set(agent.EveryShape, color.White)
		if both.PhotoURL == "" || both.PortraitURL == "" || both.PhotoURL == both.PortraitURL || f.kept(t) != 2 {
			t.Fatalf("%+v, %d kept", both, f.kept(t))
		}
		if known, _ := f.presence.Agent(acc, a.ID); known.PhotoURL != both.PhotoURL {
			t.Errorf("in memory %+v", known)
		}
		square := set(agent.Square, color.Black)
		if square.PhotoURL == both.PhotoURL || square.PortraitURL != both.PortraitURL || f.kept(t) != 2 {
			t.Errorf("%+v, %d kept", square, f.kept(t))
		}
		b := f.browser()
		if status, _, _ := b.call(t, "GET", both.PhotoURL, ""); status != http.StatusNotFound {
			t.Errorf("the former photo is served: %d", status)
		}
		for url, size := range map[string]image.Point{square.PhotoURL: {122, 122}, square.PortraitURL: {300, 400}} {
			status, _, body := b.call(t, "GET", url, "")
			config, _, err := image.DecodeConfig(bytes.NewReader(body))
			if status != http.StatusOK || err != nil || config.Width != size.X || config.Height != size.Y {
				t.Errorf("%s: %d, %+v, %v", url, status, config, err)
			}
		}
		gone, err := f.RemovePhoto(t.Context(), acc, a.ID, agent.EveryShape)
		if err != nil || gone.PhotoURL != "" || gone.PortraitURL != "" || f.kept(t) != 0 {
			t.Errorf("%+v, %v, %d kept", gone, err, f.kept(t))
		}
	})
}

func TestSetPhoto_LeavesNothingBehindWhenRefused(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		for name, tt := range map[string]struct {
			account, id string
			data        []byte
			code        fault.Code
		}{
			"other account": {other, a.ID, face(t, 9, 9, color.White), fault.NotFound},
			"unknown":       {acc, alien, face(t, 9, 9, color.White), fault.NotFound},
			"no picture":    {acc, a.ID, []byte("<svg/>"), fault.ImageRefused},
			"nothing":       {acc, a.ID, nil, fault.FileEmpty},
			"too much":      {acc, a.ID, make([]byte, 2<<20), fault.ImageTooLarge},
		} {
			if _, err := f.SetPhoto(t.Context(), tt.account, tt.id, agent.EveryShape, bytes.NewReader(tt.data)); !fault.Is(err, tt.code) {
				t.Errorf("%s: %v, want %s", name, err, tt.code)
			}
		}
		if n := f.kept(t); n != 0 {
			t.Errorf("%d are kept", n)
		}
		if _, err := f.RemovePhoto(t.Context(), other, a.ID, agent.Square); !fault.Is(err, fault.NotFound) {
			t.Errorf("removed by another account: %v", err)
		}
	})
}

// TestSetPhoto_AtTheSameTime: the photo the agent ends up with is there, and no other.
func TestSetPhoto_AtTheSameTime(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		data := face(t, 50, 50, color.White)
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				if _, err := f.SetPhoto(t.Context(), acc, a.ID, agent.Square, bytes.NewReader(data)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		now, err := f.Get(t.Context(), acc, a.ID)
		if err != nil || f.kept(t) != 1 {
			t.Fatalf("%v, %d kept", err, f.kept(t))
		}
		if status, _, _ := f.browser().call(t, "GET", now.PhotoURL, ""); status != http.StatusOK {
			t.Errorf("the photo is not there: %d", status)
		}
	})
}

// upload posts a file as browsers do.
func (b *browser) upload(t *testing.T, path string, data []byte) (int, []byte) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "face.png")
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.AddCookie(b.cookie)
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}

func TestPhotoRoutes(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a := f.create(t, ana())
		chief := ana()
		chief.Login, chief.Role = "chief", access.Administrator
		f.create(t, chief)
		own := f.as(t, "ana")
		status, body := own.upload(t, "/api/session/photo?shape=square", face(t, 80, 80, color.White))
		if me := decode[agent.Me](t, body); status != http.StatusOK || me.Agent.PhotoURL == "" || me.Agent.PortraitURL != "" {
			t.Errorf("own: %d %s", status, body)
		}
		if status, _ := own.upload(t, "/api/agents/"+a.ID+"/photo", face(t, 80, 80, color.White)); status != http.StatusForbidden {
			t.Errorf("an agent's photo by an agent: %d", status)
		}
		if status, _ := own.upload(t, "/api/session/photo?shape=round", face(t, 80, 80, color.White)); status != http.StatusUnprocessableEntity {
			t.Errorf("an unknown shape: %d", status)
		}
		admin := f.as(t, "chief")
		status, body = admin.upload(t, "/api/agents/"+a.ID+"/photo", face(t, 80, 80, color.White))
		if changed := decode[agent.Agent](t, body); status != http.StatusOK || changed.PortraitURL == "" {
			t.Errorf("by an administrator: %d %s", status, body)
		}
		status, _, body = admin.call(t, "DELETE", "/api/agents/"+a.ID+"/photo?shape=upright", "")
		if changed := decode[agent.Agent](t, body); status != http.StatusOK || changed.PortraitURL != "" || changed.PhotoURL == "" {
			t.Errorf("removed: %d %s", status, body)
		}
		status, _, body = own.call(t, "DELETE", "/api/session/photo", "")
		if me := decode[agent.Me](t, body); status != http.StatusOK || me.Agent.PhotoURL != "" {
			t.Errorf("own removed: %d %s", status, body)
		}
	})
}
