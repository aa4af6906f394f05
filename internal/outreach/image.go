package outreach

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // decodes
	_ "image/jpeg" // decodes
	_ "image/png"  // decodes
	"io"

	_ "golang.org/x/image/webp" // decodes

	"github.com/aceno-chat/aceno/internal/platform/blob"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Limits of a picture.
const (
	// ImageMaxBytes is 1 MiB: it goes to phones.
	ImageMaxBytes = 1 << 20
	// ImageMaxSide is the greatest width and height, in pixels.
	ImageMaxSide = 4096
)

// imageTypes are the formats that are accepted, by the name of their decoder. SVG is none: it can hold a script.
var imageTypes = map[string]string{"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}

// picture is a stored image.
type picture struct {
	Image

	contentType, blobKey string
	size                 int64
}

func imageURL(id string) string { return "/v/images/" + id }

// AddImage checks a picture and keeps it: PNG, JPEG, GIF or WebP by its bytes, whatever it is called, decoded to its end.
// Errors: FileEmpty, ImageTooLarge, ImageRefused.
func (s *Service) AddImage(ctx context.Context, accountID string, content io.Reader) (Image, error) {
	data, err := io.ReadAll(io.LimitReader(content, ImageMaxBytes+1))
	switch {
	case err != nil:
		return Image{}, fmt.Errorf("outreach: read the picture: %w", err)
	case len(data) == 0:
		return Image{}, fault.New(fault.FileEmpty)
	case len(data) > ImageMaxBytes:
		return Image{}, fault.New(fault.ImageTooLarge)
	}
	p, err := s.inspect(data)
	if err != nil {
		return Image{}, err
	}
	now := s.clock.Now()
	p.ID = s.idents.New()
	p.URL, p.size = imageURL(p.ID), int64(len(data))
	p.blobKey = fmt.Sprintf("%s/outreach/%s", accountID, p.ID)
	if err := s.bucket.Put(ctx, p.blobKey, p.contentType, bytes.NewReader(data)); err != nil {
		return Image{}, fmt.Errorf("outreach: keep the picture: %w", err)
	}
	err = s.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return insertImage(ctx, tx, accountID, p, clock.Millis(now))
	})
	if err != nil {
		return Image{}, errors.Join(err, s.bucket.Delete(context.WithoutCancel(ctx), p.blobKey))
	}
	return p.Image, nil
}

// inspect decodes the picture. One at a time: at the greatest size each takes a hundred megabytes while it is looked at.
func (s *Service) inspect(data []byte) (picture, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	contentType := imageTypes[format]
	if err != nil || contentType == "" || config.Width == 0 || config.Height == 0 {
		return picture{}, fault.Wrap(fault.ImageRefused, err)
	}
	if config.Width > ImageMaxSide || config.Height > ImageMaxSide {
		return picture{}, fault.New(fault.ImageTooLarge)
	}
	s.decoding.Lock()
	defer s.decoding.Unlock()
	if _, _, err := image.Decode(bytes.NewReader(data)); err != nil {
		return picture{}, fault.Wrap(fault.ImageRefused, err)
	}
	return picture{Image: Image{Width: config.Width, Height: config.Height}, contentType: contentType}, nil
}

// openImage returns a picture and its bytes, which the caller closes. Pictures are public: they stand on web pages.
// Error: NotFound.
func (s *Service) openImage(ctx context.Context, id string) (picture, io.ReadCloser, error) {
	p, err := selectImage(ctx, s.store.Read(), id)
	if err != nil {
		return picture{}, nil, err
	}
	r, _, err := s.bucket.Get(ctx, p.blobKey)
	if errors.Is(err, blob.ErrNotFound) {
		return picture{}, nil, fault.Wrap(fault.NotFound, err)
	}
	if err != nil {
		return picture{}, nil, fmt.Errorf("outreach: open the picture: %w", err)
	}
	return p, r, nil
}
