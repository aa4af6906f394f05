package agent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"

	"github.com/aceno-chat/aceno/internal/platform/blob"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/picture"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Shape is one of an agent's two photos.
type Shape string

// The shapes. Both are kept at twice the size they are shown at, for screens with small pixels.
const (
	// Square is shown at 61 by 61 in the widget (T190) and in the panel.
	Square Shape = "square"
	// Upright is shown at 150 by 200 in the pop-up (T189).
	Upright Shape = "upright"
	// EveryShape is both, made from one picture.
	EveryShape Shape = "both"
)

var photoSizes = map[Shape]image.Point{Square: {X: 2 * 61, Y: 2 * 61}, Upright: {X: 2 * 150, Y: 2 * 200}}

func (s Shape) each() []Shape {
	if s == EveryShape {
		return []Shape{Square, Upright}
	}
	return []Shape{s}
}

// photo is a stored picture.
type photo struct {
	id, accountID, agentID string
	shape                  Shape
	contentType, blobKey   string
	size                   int64
}

// photoPath is where photos are served.
const photoPath = "/v/photos/"

// photoURL reads the column that names a photo as the address visitors' browsers fetch it from; empty when there is none.
type photoURL string

// Scan reads the column.
func (p *photoURL) Scan(value any) error {
	switch value := value.(type) {
	case nil:
		*p = ""
	case string:
		*p = photoURL(photoPath + value)
	case []byte:
		*p = photoURL(photoPath + string(value))
	default:
		return fmt.Errorf("agent: a photo is %T", value)
	}
	return nil
}

// SetPhoto gives an agent of the account a photo of the shape, or of both, made from a PNG or JPEG (T019, T189, T190); what was there
// before is gone. Errors: NotFound, FileEmpty, ImageTooLarge, ImageRefused.
func (s *Service) SetPhoto(ctx context.Context, accountID, agentID string, shape Shape, content io.Reader) (Agent, error) {
	data, err := picture.Read(content)
	if err != nil {
		return Agent{}, err
	}
	shapes := shape.each()
	sizes := make([]image.Point, len(shapes))
	for i, each := range shapes {
		sizes[i] = photoSizes[each]
	}
	made, err := picture.Fill(data, sizes...)
	if err != nil {
		return Agent{}, err
	}
	photos := make([]photo, len(shapes))
	for i, each := range shapes {
		p := photo{
			id: s.config.IDs.New(), accountID: accountID, agentID: agentID, shape: each,
			contentType: made[i].ContentType, size: int64(len(made[i].Data)),
		}
		p.blobKey = fmt.Sprintf("%s/agents/%s", accountID, p.id)
		if err := s.config.Bucket.Put(ctx, p.blobKey, p.contentType, bytes.NewReader(made[i].Data)); err != nil {
			return Agent{}, errors.Join(fmt.Errorf("agent: keep a photo: %w", err), s.dropPhotos(ctx, photos))
		}
		photos[i] = p
	}
	a, err := s.replacePhotos(ctx, accountID, agentID, shapes, photos)
	if err != nil {
		return Agent{}, errors.Join(err, s.dropPhotos(ctx, photos))
	}
	return a, nil
}

// RemovePhoto takes the photos of a shape, or all, from an agent of the account. NotFound for an unknown agent.
func (s *Service) RemovePhoto(ctx context.Context, accountID, agentID string, shape Shape) (Agent, error) {
	return s.replacePhotos(ctx, accountID, agentID, shape.each(), nil)
}

// replacePhotos puts photos in the place of the agent's photos of the shapes.
func (s *Service) replacePhotos(ctx context.Context, accountID, agentID string, shapes []Shape, photos []photo) (Agent, error) {
	now := s.config.Clock.Now()
	account, err := s.config.Account(ctx, accountID, now)
	if err != nil {
		return Agent{}, err
	}
	var a Agent
	var former []photo
	err = s.config.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		former = nil
		for i, shape := range shapes {
			var id *string
			if photos != nil {
				id = &photos[i].id
			}
			// First the agent's row: of two at the same time, the second sees the photos of the first.
			found, err := updatePhoto(ctx, tx, accountID, agentID, shape, id)
			if err != nil {
				return err
			}
			if !found {
				return fault.New(fault.NotFound)
			}
			gone, err := deletePhotos(ctx, tx, agentID, shape)
			if err != nil {
				return err
			}
			former = append(former, gone...)
		}
		for _, p := range photos {
			if err := insertPhoto(ctx, tx, p, clock.Millis(now)); err != nil {
				return err
			}
		}
		if a, err = s.get(ctx, tx, account, agentID); err != nil {
			return err
		}
		return s.config.Log.Append(ctx, tx, accountID, Saved{Agent: a})
	})
	if err != nil {
		return Agent{}, err
	}
	if err := s.dropPhotos(ctx, former); err != nil {
		// The agent has the new ones; what is left of the old nobody can ask for.
		s.config.Logger.WarnContext(ctx, "the bytes of a former photo could not be deleted", "agent", agentID, "error", err)
	}
	return a, s.config.Log.Settle(ctx, accountID)
}

// dropPhotos deletes the bytes.
func (s *Service) dropPhotos(ctx context.Context, photos []photo) error {
	var errs []error
	for _, p := range photos {
		if p.blobKey == "" {
			continue // it was never kept
		}
		if err := s.config.Bucket.Delete(context.WithoutCancel(ctx), p.blobKey); err != nil && !errors.Is(err, blob.ErrNotFound) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// openPhoto returns a photo and its bytes, which the caller closes. Photos are public: visitors see them. Error: NotFound.
func (s *Service) openPhoto(ctx context.Context, id string) (photo, io.ReadCloser, error) {
	p, err := selectPhoto(ctx, s.config.Store.Read(), id)
	if errors.Is(err, store.ErrNoRows) {
		return photo{}, nil, fault.New(fault.NotFound)
	}
	if err != nil {
		return photo{}, nil, err
	}
	r, _, err := s.config.Bucket.Get(ctx, p.blobKey)
	if errors.Is(err, blob.ErrNotFound) {
		return photo{}, nil, fault.Wrap(fault.NotFound, err)
	}
	if err != nil {
		return photo{}, nil, fmt.Errorf("agent: open a photo: %w", err)
	}
	return p, r, nil
}
