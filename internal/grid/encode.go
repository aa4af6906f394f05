package grid

import (
	"strconv"
	"unicode/utf8"

	"github.com/aceno-chat/aceno/internal/visitor"
)

// Frames are built by hand: rows of forty fields, five times a second for every panel, are most of what the grid does.

// appendRow appends a complete row as a JSON object.
func appendRow(dst []byte, r *row) []byte {
	for i := range columns {
		dst = appendColumn(dst, i, r)
	}
	return append(dst, '}')
}

// appendPatch appends n and the given columns of a row as a JSON object.
func appendPatch(dst []byte, r *row, columnsChanged columnSet) []byte {
	dst = appendColumn(dst, 0, r)
	for i := 1; i < len(columns); i++ {
		if columnsChanged.has(i) {
			dst = appendColumn(dst, i, r)
		}
	}
	return append(dst, '}')
}

// appendColumn appends `{"n":…` for the first column, `,"name":…` for the others.
func appendColumn(dst []byte, i int, r *row) []byte {
	if i == 0 {
		dst = append(dst, '{')
	} else {
		dst = append(dst, ',')
	}
	dst = append(append(append(dst, '"'), columns[i].name...), '"', ':')
	return columns[i].append(dst, r)
}

// appendHeading appends a group's heading as a JSON object.
func appendHeading(dst []byte, l line) []byte {
	dst = strconv.AppendInt(append(dst, `{"n":`...), l.head.number, 10)
	dst = appendString(append(dst, `,"key":`...), l.head.key)
	dst = strconv.AppendInt(append(dst, `,"count":`...), int64(l.head.count), 10)
	return append(strconv.AppendBool(append(dst, `,"open":`...), l.open), '}')
}

func appendFields(dst []byte, fields []visitor.Field) []byte {
	dst = append(dst, '{')
	for i, f := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, f.Key), ':')
		dst = appendString(dst, f.Value)
	}
	return append(dst, '}')
}

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string (RFC 8259). Malformed UTF-8 becomes U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, s[start:i]...), `\ufffd`...)
				start = i + 1
			}
			i += size
			continue
		}
		dst = append(dst, s[start:i]...)
		if c == '"' || c == '\\' {
			dst = append(dst, '\\', c)
		} else {
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
		}
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

// appendVisit appends the frame of a followed visit.
func appendVisit(dst []byte, visitID string, r *row, f *followed) []byte {
	dst = append(dst, `{"t":"visit","id":`...)
	dst = append(appendString(dst, visitID), `,"gone":`...)
	dst = append(strconv.AppendBool(dst, f.gone), `,"visit":`...)
	dst = appendRow(dst, r)
	dst = append(dst[:len(dst)-1], `,"trail":[`...)
	for i, page := range f.detail.Trail {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(append(dst, `{"url":`...), page.URL.String()), `,"title":`...)
		dst = append(appendString(dst, page.Title.String()), `,"at":`...)
		dst = append(strconv.AppendInt(dst, page.At, 10), `,"left_at":`...)
		if page.LeftAt == 0 {
			dst = append(dst, "null}"...)
		} else {
			dst = append(strconv.AppendInt(dst, page.LeftAt, 10), '}')
		}
	}
	return append(dst, "]}}"...)
}
