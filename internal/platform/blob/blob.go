// Package blob keeps the bytes of files: in a folder by default, in an S3-compatible bucket by address.
//
// It knows nothing of what is stored. A key is written once and never changed; what a key means stands in the database,
// so no metadata is kept beside the bytes.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // the scheme file
	_ "gocloud.dev/blob/s3blob"   // the scheme s3
	"gocloud.dev/gcerrors"

	"github.com/aceno-chat/aceno/internal/platform/address"
)

// ErrNotFound is returned when a key holds nothing.
var ErrNotFound = errors.New("blob: not found")

// Bucket is an open place for bytes. It is safe for concurrent use.
type Bucket struct {
	bucket *blob.Bucket
	// folder is where the bytes lie on this machine, empty for a bucket elsewhere. sync has the disk keep a file or a folder.
	folder string
	sync   func(path string) error
}

// Open opens a bucket. address is `file:` and a folder, absolute or relative to the working folder and made when missing
// (readable by its owner only), or a bucket's as CheckURL takes it. No error holds a piece of a bucket's address.
func Open(ctx context.Context, place string) (*Bucket, error) {
	if err := CheckURL(place); err != nil {
		return nil, err
	}
	folder, local := strings.CutPrefix(place, "file:")
	if local {
		var err error
		if folder, err = makeFolder(folder); err != nil {
			return nil, err
		}
		place = folderAddress(folder)
	} else {
		folder = ""
	}
	b, err := blob.OpenBucket(ctx, place)
	if err != nil && !local {
		return nil, errors.New("blob: open: the bucket's address has a parameter or a value that is not known") // the cause would show it
	}
	if err != nil {
		return nil, fmt.Errorf("blob: open: %w", err)
	}
	return &Bucket{bucket: b, folder: folder, sync: syncPath}, nil
}

// CheckURL says what is wrong with the address of a place for bytes, without showing it: `file:FOLDER`, or `s3://name?region=…&endpoint=…`,
// whose user and password S3 takes from elsewhere.
func CheckURL(text string) error {
	if strings.HasPrefix(text, "file:") {
		return nil
	}
	u, err := address.Parse(text, "s3")
	switch {
	case err != nil:
	case u.User != nil:
		err = errors.New("holds a user or a password: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment")
	case u.Host == "":
		err = errors.New("names no bucket")
	}
	if err != nil {
		return fmt.Errorf("blob: the address %w; it is written as file:FOLDER or s3://bucket?region=…", err)
	}
	return nil
}

func makeFolder(folder string) (string, error) {
	folder = strings.TrimPrefix(folder, "//")
	if folder == "" {
		return "", errors.New("blob: the address names no folder")
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return "", fmt.Errorf("blob: folder: %w", err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("blob: make the folder: %w", err)
	}
	return folder, nil
}

// folderAddress writes a folder's address. Half-written files lie beside their place and not in the system's
// temporary folder, which may be another disk: then the rename that makes a file appear at once would fail.
func folderAddress(folder string) string {
	options := url.Values{"metadata": {"skip"}, "no_tmp_dir": {"1"}, "dir_file_mode": {"0700"}}
	place := url.URL{Scheme: "file", Path: filepath.ToSlash(folder), RawQuery: options.Encode()}
	return place.String()
}

// Put stores r to its end under key. When it returned without an error, a power cut leaves the bytes where they are: the row that tells of
// them may be written. On any error, of r too, the key holds nothing.
func (b *Bucket) Put(ctx context.Context, key, contentType string, r io.Reader) error {
	// Cancelling the writer's context is how a half-written blob is dropped.
	ctx, drop := context.WithCancel(ctx)
	defer drop()
	w, err := b.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: contentType})
	if err != nil {
		return fmt.Errorf("blob: put: %w", err)
	}
	if _, err := io.Copy(w, r); err != nil {
		drop()
		return errors.Join(fmt.Errorf("blob: put: %w", err), ignoreCancelled(w.Close()))
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("blob: put: %w", err)
	}
	if err := b.settle(key); err != nil {
		return errors.Join(err, b.Delete(context.WithoutCancel(ctx), key))
	}
	return nil
}

// settle has the disk keep what was written under key: the bytes, and the names by which they are found. A bucket elsewhere has done so.
func (b *Bucket) settle(key string) error {
	if b.folder == "" {
		return nil
	}
	for path := filepath.Join(b.folder, filepath.FromSlash(key)); ; path = filepath.Dir(path) {
		if err := b.sync(path); err != nil {
			return fmt.Errorf("blob: put: %w", err)
		}
		if len(path) <= len(b.folder) {
			return nil
		}
	}
}

// syncPath waits until the disk has what was written to a file or a folder. Where folders can't be synced, as on Windows, their names are
// as safe as the system makes them.
func syncPath(path string) error {
	f, err := os.Open(path) //nolint:gosec // a key of ours, in the operator's folder
	if err != nil {
		return err
	}
	about, err := f.Stat()
	if err == nil {
		err = f.Sync()
	}
	if err != nil && about != nil && about.IsDir() && runtime.GOOS == "windows" {
		err = nil
	}
	return errors.Join(err, f.Close())
}

func ignoreCancelled(err error) error {
	if errors.Is(err, context.Canceled) || gcerrors.Code(err) == gcerrors.Canceled {
		return nil
	}
	return err
}

// Get opens what key holds; the caller closes it. size is in bytes. ErrNotFound when there is nothing.
func (b *Bucket) Get(ctx context.Context, key string) (content io.ReadCloser, size int64, err error) {
	r, err := b.bucket.NewReader(ctx, key, nil)
	if err != nil {
		return nil, 0, fmt.Errorf("blob: get: %w", known(err))
	}
	return r, r.Size(), nil
}

// Delete removes what key holds. ErrNotFound when there is nothing.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if err := b.bucket.Delete(ctx, key); err != nil {
		return fmt.Errorf("blob: delete: %w", known(err))
	}
	return nil
}

func known(err error) error {
	if gcerrors.Code(err) == gcerrors.NotFound {
		return ErrNotFound
	}
	return err
}

// Close releases the bucket's connections.
func (b *Bucket) Close() error {
	if err := b.bucket.Close(); err != nil {
		return fmt.Errorf("blob: close: %w", err)
	}
	return nil
}
