package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"sync"

	"golang.org/x/image/draw"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// Limits of a picture.
const (
	// MaxBytes is 1 MiB: panels make photos smaller before they send them.
	MaxBytes = 1 << 20
	// MaxSide is the greatest width and height, in pixels.
	MaxSide = 4096
	quality = 88
)

// decoding lets one picture at a time be decoded: at the greatest size each takes a hundred megabytes meanwhile.
var decoding sync.Mutex

// Picture is a PNG or JPEG that we wrote ourselves: nothing of the sender's file but its pixels is in it.
type Picture struct {
	Data        []byte
	ContentType string
}

// Read returns the sender's bytes. Errors: FileEmpty, ImageTooLarge.
func Read(content io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(content, MaxBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("picture: read: %w", err)
	case len(data) == 0:
		return nil, fault.New(fault.FileEmpty)
	case len(data) > MaxBytes:
		return nil, fault.New(fault.ImageTooLarge)
	}
	return data, nil
}

// Fill returns the PNG or JPEG in data as a picture of each size asked for: scaled to fill it, upright as the camera was held, cut at the
// sides evenly, and below rather than above, where heads are. Errors: ImageRefused, ImageTooLarge.
func Fill(data []byte, sizes ...image.Point) ([]Picture, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || (format != "png" && format != "jpeg") || config.Width == 0 || config.Height == 0 {
		return nil, fault.Wrap(fault.ImageRefused, err)
	}
	if config.Width > MaxSide || config.Height > MaxSide {
		return nil, fault.New(fault.ImageTooLarge)
	}
	decoding.Lock()
	defer decoding.Unlock()
	source, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fault.Wrap(fault.ImageRefused, err)
	}
	turned := orientation(data)
	pictures := make([]Picture, 0, len(sizes))
	for _, size := range sizes {
		p, err := encode(turn(fill(source, turned, size), turned))
		if err != nil {
			return nil, err
		}
		pictures = append(pictures, p)
	}
	return pictures, nil
}

// fill scales the part of source that has the shape of size, which is seen after turning.
func fill(source image.Image, o exif, size image.Point) *image.RGBA {
	if o.sideways() {
		size = image.Pt(size.Y, size.X)
	}
	made := image.NewRGBA(image.Rectangle{Max: size})
	draw.CatmullRom.Scale(made, made.Bounds(), source, cut(source.Bounds(), o, size), draw.Src, nil)
	return made
}

// cut returns the greatest part of a picture that has the shape of size.
func cut(b image.Rectangle, o exif, size image.Point) image.Rectangle {
	w, h := b.Dx(), b.Dy()
	if w*size.Y > h*size.X {
		w = max(1, h*size.X/size.Y)
	} else {
		h = max(1, w*size.Y/size.X)
	}
	spare := image.Pt(b.Dx()-w, b.Dy()-h)
	at := image.Pt(spare.X/2, spare.Y/2)
	// Where the top is seen, a quarter of what is left over is cut, three quarters at the foot.
	switch o.top() {
	case top:
		at.Y = spare.Y / 4
	case bottom:
		at.Y = spare.Y - spare.Y/4
	case left:
		at.X = spare.X / 4
	case right:
		at.X = spare.X - spare.X/4
	}
	return image.Rectangle{Min: b.Min.Add(at), Max: b.Min.Add(at).Add(image.Pt(w, h))}
}

// turn puts a picture upright.
func turn(p *image.RGBA, o exif) *image.RGBA {
	if o <= 1 {
		return p
	}
	w, h := p.Bounds().Dx(), p.Bounds().Dy()
	made := image.NewRGBA(image.Rect(0, 0, w, h))
	if o.sideways() {
		made = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			to := o.place(x, y, w, h)
			made.SetRGBA(to.X, to.Y, p.RGBAAt(x, y))
		}
	}
	return made
}

// encode writes PNG where something is transparent, JPEG otherwise.
func encode(p *image.RGBA) (Picture, error) {
	var b bytes.Buffer
	if !p.Opaque() {
		if err := png.Encode(&b, p); err != nil {
			return Picture{}, fmt.Errorf("picture: encode: %w", err)
		}
		return Picture{Data: b.Bytes(), ContentType: "image/png"}, nil
	}
	if err := jpeg.Encode(&b, p, &jpeg.Options{Quality: quality}); err != nil {
		return Picture{}, fmt.Errorf("picture: encode: %w", err)
	}
	return Picture{Data: b.Bytes(), ContentType: "image/jpeg"}, nil
}
