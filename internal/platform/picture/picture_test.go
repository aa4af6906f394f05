package picture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/picture"
)

var (
	red, green, blue, white = color.RGBA{R: 255, A: 255}, color.RGBA{G: 255, A: 255}, color.RGBA{B: 255, A: 255}, color.RGBA{255, 255, 255, 255}
	portrait, square        = image.Pt(30, 40), image.Pt(20, 20)
)

// corners paints a picture whose quarters are red, green, blue and white, in reading order.
func corners(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, []color.RGBA{red, green, blue, white}[min(1, x*2/w)+2*min(1, y*2/h)])
		}
	}
	return m
}

func encodeJPEG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodePNG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// held puts an EXIF segment with the orientation into a JPEG.
func held(photo []byte, orientation uint16, order binary.AppendByteOrder) []byte {
	tiff := []byte("MM\x00*")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		tiff = []byte("II*\x00")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	tiff = append(tiff, make([]byte, 12)...)
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, orientation)
	tiff = append(tiff, 0, 0)
	body := append([]byte("Exif\x00\x00"), tiff...)
	segment := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(body)+2))
	made := append([]byte{}, photo[:2]...)
	made = append(append(made, segment...), body...)
	return append(made, photo[2:]...)
}

func decode(t *testing.T, p picture.Picture, size image.Point) image.Image {
	t.Helper()
	m, format, err := image.Decode(bytes.NewReader(p.Data))
	if err != nil || "image/"+format != p.ContentType || m.Bounds().Size() != size {
		t.Fatalf("%v, %s as %s, %v", err, format, p.ContentType, m.Bounds())
	}
	return m
}

// near says whether the colour is the one meant: JPEG is not exact.
func near(c color.Color, want color.RGBA) bool {
	r, g, b, _ := c.RGBA()
	off := func(a uint32, b uint8) bool { return a>>8 > uint32(b)+60 || a>>8+60 < uint32(b) }
	return !off(r, want.R) && !off(g, want.G) && !off(b, want.B)
}

func TestFill_MakesEachSize(t *testing.T) {
	for name, data := range map[string][]byte{
		"wide": encodeJPEG(t, corners(400, 100)), "tall": encodeJPEG(t, corners(90, 700)), "small": encodeJPEG(t, corners(8, 8)), "png": encodePNG(t, corners(64, 64)),
		"thin": encodePNG(t, corners(1, 900)),
	} {
		made, err := picture.Fill(data, portrait, square)
		if err != nil || len(made) != 2 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		decode(t, made[0], portrait)
		decode(t, made[1], square)
	}
}

func TestFill_KeepsTransparency(t *testing.T) {
	m := corners(64, 64)
	m.Set(3, 3, color.RGBA{})
	made, err := picture.Fill(encodePNG(t, m), square)
	if err != nil || made[0].ContentType != "image/png" {
		t.Errorf("%v", err)
	}
	if opaque, err := picture.Fill(encodePNG(t, corners(64, 64)), square); err != nil || opaque[0].ContentType != "image/jpeg" {
		t.Errorf("%v", err)
	}
}

// TestFill_IsUpright: whichever way the camera was held, the picture is seen as it was meant.
func TestFill_IsUpright(t *testing.T) {
	// What is seen in reading order when red, green, blue and white are stored so.
	for o, seen := range map[uint16][4]color.RGBA{
		0: {red, green, blue, white}, 1: {red, green, blue, white}, 2: {green, red, white, blue}, 3: {white, blue, green, red},
		4: {blue, white, red, green}, 5: {red, blue, green, white}, 6: {blue, red, white, green}, 7: {white, green, blue, red},
		8: {green, white, red, blue}, 9: {red, green, blue, white},
	} {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			made, err := picture.Fill(held(encodeJPEG(t, corners(90, 120)), o, order), portrait)
			if err != nil {
				t.Fatal(err)
			}
			m := decode(t, made[0], portrait)
			// Sideways the quarters move with the cut, which is less below: look near the corners.
			for i, at := range []image.Point{{2, 2}, {27, 2}, {2, 37}, {27, 37}} {
				if !near(m.At(at.X, at.Y), seen[i]) {
					t.Errorf("orientation %d: corner %d is %v, want %v", o, i, m.At(at.X, at.Y), seen[i])
				}
			}
		}
	}
}

// TestFill_CutsBelow: of a tall picture more is cut at the foot than at the head.
func TestFill_CutsBelow(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 100, 300))
	for y := range 300 {
		for x := range 100 {
			m.Set(x, y, color.RGBA{R: uint8(y * 255 / 300), A: 255})
		}
	}
	made, err := picture.Fill(encodePNG(t, m), square)
	if err != nil {
		t.Fatal(err)
	}
	got := decode(t, made[0], square)
	if r, _, _, _ := got.At(10, 0).RGBA(); r>>8 > 60 { // row 50 of 300 is 42
		t.Errorf("the first row is %d of 255", r>>8)
	}
	if r, _, _, _ := got.At(10, 19).RGBA(); r>>8 > 140 { // row 150 of 300 is 127
		t.Errorf("the last row is %d of 255", r>>8)
	}
}

func TestFill_Refuses(t *testing.T) {
	var g bytes.Buffer
	if err := gif.Encode(&g, corners(10, 10), nil); err != nil {
		t.Fatal(err)
	}
	whole := encodeJPEG(t, corners(200, 200))
	for name, tt := range map[string]struct {
		data []byte
		code fault.Code
	}{
		"nothing": {nil, fault.ImageRefused},
		"text":    {[]byte("<svg onload=alert(1)>"), fault.ImageRefused},
		"gif":     {g.Bytes(), fault.ImageRefused},
		"half":    {whole[:len(whole)/2], fault.ImageRefused},
		"wide":    {encodePNG(t, image.NewGray(image.Rect(0, 0, picture.MaxSide+1, 1))), fault.ImageTooLarge},
	} {
		_, err := picture.Fill(tt.data, square)
		if f, ok := errors.AsType[*fault.Error](err); !ok || f.Code != tt.code {
			t.Errorf("%s: %v, want %s", name, err, tt.code)
		}
	}
}

func TestRead(t *testing.T) {
	for name, tt := range map[string]struct {
		length int
		code   fault.Code
	}{"nothing": {0, fault.FileEmpty}, "most": {picture.MaxBytes, ""}, "more": {picture.MaxBytes + 1, fault.ImageTooLarge}} {
		data, err := picture.Read(strings.NewReader(strings.Repeat("x", tt.length)))
		f, refused := errors.AsType[*fault.Error](err)
		if (tt.code == "" && (err != nil || len(data) != tt.length)) || (tt.code != "" && (!refused || f.Code != tt.code)) {
			t.Errorf("%s: %d bytes, %v", name, len(data), err)
		}
	}
}

func FuzzFill(f *testing.F) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, corners(12, 9), nil); err != nil {
		f.Fatal(err)
	}
	for o := range uint16(10) {
		f.Add(held(b.Bytes(), o, binary.BigEndian))
	}
	f.Add([]byte{0xFF, 0xD8, 0xFF, 0xE1, 0, 2, 0xFF})
	f.Fuzz(func(t *testing.T, data []byte) {
		if config, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil && config.Width*config.Height > 1<<16 {
			return // slow, and nothing new
		}
		made, err := picture.Fill(data, square)
		if err == nil {
			decode(t, made[0], square)
		}
	})
}
