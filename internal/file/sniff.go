package file

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

// content is what bytes turned out to be, whatever they are called.
type content int

const (
	contentUnknown content = iota
	// contentForbidden is what a system or a browser would run: programs, scripts, HTML, SVG and other XML.
	contentForbidden
	contentPNG
	contentJPEG
	contentGIF
	contentWebP
	contentPDF
	contentText
	contentDOCX
	contentXLSX
	contentPPTX
	contentODT
	contentODS
	contentZIP
	contentMP3
	contentOGG
	contentMP4
)

// signatures at the beginning of a file; the first that fits wins.
var signatures = []struct {
	prefix string
	is     content
}{
	{"\x89PNG\r\n\x1a\n", contentPNG},
	{"\xff\xd8\xff", contentJPEG},
	{"GIF87a", contentGIF},
	{"GIF89a", contentGIF},
	{"%PDF-", contentPDF},
	{"OggS\x00", contentOGG},
	{"ID3", contentMP3},
	{"MZ", contentForbidden},               // Windows
	{"\x7fELF", contentForbidden},          // Linux
	{"\xfe\xed\xfa\xce", contentForbidden}, // macOS, 32 bits
	{"\xfe\xed\xfa\xcf", contentForbidden}, // macOS, 64 bits
	{"\xce\xfa\xed\xfe", contentForbidden},
	{"\xcf\xfa\xed\xfe", contentForbidden},
	{"\xca\xfe\xba\xbe", contentForbidden}, // macOS, several processors; Java
	{"\x00asm", contentForbidden},          // WebAssembly
	{"#!", contentForbidden},               // scripts
}

// sniff tells what the content is. It reads the beginning, the directory of an archive, and all of a text.
func sniff(r io.ReaderAt, size int64) (content, error) {
	head := make([]byte, min(size, 1024))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return contentUnknown, fmt.Errorf("file: read the beginning: %w", err)
	}
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.prefix)) {
			return s.is, nil
		}
	}
	switch {
	case len(head) >= 16 && string(head[:4]) == "RIFF" && string(head[8:15]) == "WEBPVP8":
		return contentWebP, nil
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		return mp4(string(head[8:12])), nil
	case isMP3Frame(head):
		return contentMP3, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return archive(r, size), nil
	case isMarkup(head):
		return contentForbidden, nil
	}
	return text(io.NewSectionReader(r, 0, size))
}

// mp4 looks at the brand of an ISO base media file (ISO/IEC 14496-12): the family also holds pictures and QuickTime.
func mp4(brand string) content {
	switch brand {
	case "isom", "iso2", "iso3", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "dash", "MSNV", "M4V ", "M4A ", "M4B ":
		return contentMP4
	default:
		return contentUnknown
	}
}

// isMP3Frame recognises an MPEG audio layer III frame header (ISO/IEC 11172-3): sync, layer, bit rate and sample rate.
// Demanding layer III keeps the byte order marks of UTF-16 out.
func isMP3Frame(b []byte) bool {
	return len(b) >= 4 && b[0] == 0xff && b[1]&0xe0 == 0xe0 &&
		b[1]>>3&3 != 1 && b[1]>>1&3 == 1 && b[2]>>4 != 15 && b[2]>>4 != 0 && b[2]>>2&3 != 3
}

// archive tells office documents from plain archives by what lies inside. Documents with macros are programs.
func archive(r io.ReaderAt, size int64) content {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return contentUnknown
	}
	found, typed := contentZIP, false
	for i, f := range z.File {
		switch name := f.Name; {
		case strings.HasSuffix(name, "/vbaProject.bin"):
			return contentForbidden
		case name == "[Content_Types].xml":
			typed = true
		case name == "word/document.xml":
			found = contentDOCX
		case name == "xl/workbook.xml":
			found = contentXLSX
		case name == "ppt/presentation.xml":
			found = contentPPTX
		case i == 0 && name == "mimetype":
			return openDocument(f)
		}
	}
	if !typed {
		return contentZIP
	}
	return found
}

// openDocument reads the type that an OpenDocument file carries uncompressed as its first entry (OpenDocument 1.2, part 3).
func openDocument(f *zip.File) content {
	r, err := f.Open()
	if err != nil {
		return contentUnknown
	}
	defer func() { _ = r.Close() }() // nothing was written
	name, err := io.ReadAll(io.LimitReader(r, 100))
	if err != nil {
		return contentUnknown
	}
	switch strings.TrimSpace(string(name)) {
	case odf + "text":
		return contentODT
	case odf + "spreadsheet":
		return contentODS
	default:
		return contentZIP
	}
}

// isMarkup says whether a browser would take the beginning for HTML, SVG or other XML.
func isMarkup(head []byte) bool {
	kind := http.DetectContentType(head)
	if strings.HasPrefix(kind, "text/html") || strings.HasPrefix(kind, "text/xml") {
		return true
	}
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n\f")
	start = bytes.ToLower(start[:min(len(start), 16)])
	for _, tag := range []string{"<?xml", "<svg", "<!doctype", "<!entity", "<math", "<?php", "<xsl"} {
		if bytes.HasPrefix(start, []byte(tag)) {
			return true
		}
	}
	return false
}

// text accepts text in UTF-8 or any one-byte encoding: no control characters but tab, line and page breaks.
func text(r io.Reader) (content, error) {
	buffer := make([]byte, 32<<10)
	kept := 0 // bytes of a character that the last read cut
	for {
		n, err := io.ReadFull(r, buffer[kept:])
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return contentUnknown, fmt.Errorf("file: read the text: %w", err)
		}
		rest := buffer[:kept+n]
		for len(rest) > 0 && (last || utf8.FullRune(rest)) {
			c, width := utf8.DecodeRune(rest)
			if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' || c == 0x7f {
				return contentUnknown, nil
			}
			rest = rest[width:]
		}
		if last {
			return contentText, nil
		}
		kept = copy(buffer, rest)
	}
}
