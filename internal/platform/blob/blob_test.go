package blob_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/aceno-chat/aceno/internal/platform/blob"
)

func open(t *testing.T) (*blob.Bucket, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "with space", "files")
	b, err := blob.Open(t.Context(), "file:"+folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b, folder
}

func files(t *testing.T, folder string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestBucket_GivesBackWhatWasPut(t *testing.T) {
	b, folder := open(t)
	if err := b.Put(t.Context(), "account/2026/file", "text/plain", strings.NewReader("olá")); err != nil {
		t.Fatal(err)
	}
	r, size, err := b.Get(t.Context(), "account/2026/file")
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if string(got) != "olá" || size != int64(len("olá")) {
		t.Fatalf("got %q of %d bytes", got, size)
	}
	if found := files(t, folder); len(found) != 1 {
		t.Fatalf("the folder holds %v, want the one file", found)
	}
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Fatalf("the folder's mode: %v %v, want 0700", info.Mode(), err)
	}
	if err := b.Delete(t.Context(), "account/2026/file"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.Get(t.Context(), "account/2026/file"); !errors.Is(err, blob.ErrNotFound) {
		t.Fatalf("err = %v, want ErrNotFound", err)
	}
	if err := b.Delete(t.Context(), "account/2026/file"); !errors.Is(err, blob.ErrNotFound) {
		t.Fatalf("err = %v, want ErrNotFound", err)
	}
}

func TestPut_LeavesNothingOfAHalf(t *testing.T) {
	b, folder := open(t)
	broken := errors.New("the line was cut")
	source := io.MultiReader(strings.NewReader(strings.Repeat("x", 100_000)), iotest.ErrReader(broken))
	if err := b.Put(t.Context(), "half", "text/plain", source); !errors.Is(err, broken) {
		t.Fatalf("err = %v, want the reader's", err)
	}
	if _, _, err := b.Get(t.Context(), "half"); !errors.Is(err, blob.ErrNotFound) {
		t.Fatalf("err = %v, want ErrNotFound", err)
	}
	if found := files(t, folder); len(found) != 0 {
		t.Fatalf("the folder holds %v, want nothing", found)
	}
}

func TestGet_StaysInItsFolder(t *testing.T) {
	b, folder := open(t)
	if err := os.WriteFile(filepath.Join(filepath.Dir(folder), "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.Get(t.Context(), "../secret"); !errors.Is(err, blob.ErrNotFound) {
		t.Fatalf("err = %v, want ErrNotFound", err)
	}
}

func TestOpen_RefusesWhatItCannotUse(t *testing.T) {
	for _, address := range []string{"file:", "", "nothing://here"} {
		if b, err := blob.Open(t.Context(), address); err == nil {
			t.Errorf("opened %q: %v", address, b)
		}
	}
}

// What Put stored is on the disk when it returns: the bytes, and every folder by whose name they are found.
func TestBucket_PutWaitsForTheDisk(t *testing.T) {
	b, folder := open(t)
	var synced []string
	b.Sync(func(path string) error {
		if content, err := os.ReadFile(path); len(synced) == 0 && (err != nil || string(content) != "olá") {
			t.Errorf("synced before it was whole: %q, %v", content, err)
		}
		synced = append(synced, path)
		return nil
	})
	if err := b.Put(t.Context(), "account/2026/file", "text/plain", strings.NewReader("olá")); err != nil {
		t.Fatal(err)
	}
	want := []string{
		filepath.Join(folder, "account", "2026", "file"), filepath.Join(folder, "account", "2026"), filepath.Join(folder, "account"), folder,
	}
	if !slices.Equal(synced, want) {
		t.Errorf("synced %q, want %q", synced, want)
	}
	b.Sync(func(string) error { return errors.New("the disk is gone") })
	if err := b.Put(t.Context(), "account/2026/other", "text/plain", strings.NewReader("olá")); err == nil {
		t.Error("what the disk does not have is said to be stored")
	}
	if left := files(t, folder); len(left) != 1 {
		t.Errorf("left %q", left)
	}
}

func TestOpen_KeepsThePassword(t *testing.T) {
	for _, address := range []string{
		"s3://KEY:S3gredo#x@bucket", "s3://KEY:S3gredo@bucket", "s3://bucket?region=x&secret=S3gredo", "gs://KEY:S3gredo@bucket", "S3gredo",
	} {
		if _, err := blob.Open(t.Context(), address); err == nil || strings.Contains(err.Error(), "S3g") {
			t.Errorf("%v", err)
		}
	}
}
