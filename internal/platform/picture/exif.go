package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// exif is how a camera was held, as EXIF numbers it: 1 upright, 2 mirrored, 3 upside down, 4 both, 5 to 8 the same lying on a side.
type exif int

// The edges of the stored picture.
type edge int

const (
	top edge = iota
	bottom
	left
	right
)

func (o exif) sideways() bool { return o >= 5 }

// top returns the edge of the stored picture that is seen at the top.
func (o exif) top() edge {
	switch o {
	case 3, 4:
		return bottom
	case 5, 6:
		return left
	case 7, 8:
		return right
	}
	return top
}

// place returns where a pixel of a stored picture of w by h is seen.
func (o exif) place(x, y, w, h int) image.Point {
	switch o {
	case 2:
		return image.Pt(w-1-x, y)
	case 3:
		return image.Pt(w-1-x, h-1-y)
	case 4:
		return image.Pt(x, h-1-y)
	case 5:
		return image.Pt(y, x)
	case 6:
		return image.Pt(h-1-y, x)
	case 7:
		return image.Pt(h-1-y, w-1-x)
	case 8:
		return image.Pt(y, w-1-x)
	}
	return image.Pt(x, y)
}

// The parts of a JPEG and of the TIFF in it that say how the camera was held (EXIF 2.32, sections 4.5 and 4.6.4).
const (
	marker         = 0xFF
	markerStart    = 0xD8
	markerApp1     = 0xE1
	markerScan     = 0xDA
	tagOrientation = 0x0112
	entrySize      = 12
	typeShort      = 3
)

// orientation returns how the camera was held that took a JPEG; 1 when that is not said.
func orientation(data []byte) exif {
	if len(data) < 4 || data[0] != marker || data[1] != markerStart {
		return 1
	}
	for at := 2; at+4 <= len(data) && data[at] == marker && data[at+1] != markerScan; {
		length := int(binary.BigEndian.Uint16(data[at+2:]))
		end := at + 2 + length
		if length < 2 || end > len(data) {
			return 1
		}
		if data[at+1] == markerApp1 {
			if tiff, ok := bytes.CutPrefix(data[at+4:end], []byte("Exif\x00\x00")); ok {
				return held(tiff)
			}
		}
		at = end
	}
	return 1
}

// held reads the first directory of a TIFF.
func held(tiff []byte) exif {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < entrySize {
			return 1
		}
		if order.Uint16(entries) == tagOrientation && order.Uint16(entries[2:]) == typeShort {
			if o := exif(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
		entries = entries[entrySize:]
	}
	return 1
}
