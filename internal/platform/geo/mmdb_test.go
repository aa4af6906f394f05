package geo_test

import "encoding/binary"

// What a MaxMind DB file can hold, as far as these tests need it: https://maxmind.github.io/MaxMind-DB/
type (
	value  any
	object map[string]value
	list   []value
)

// database writes a file that knows the addresses 0.0.0.0/1 and nothing else.
func database(record value) []byte {
	// One node: the left side leads to the data section (nodes + 16 + offset), the right side (= nodes) to nothing.
	out := []byte{0, 0, 1 + 16, 0, 0, 1}
	out = append(out, make([]byte, 16)...)
	out = appendValue(out, record)
	out = append(out, "\xab\xcd\xefMaxMind.com"...)
	return appendValue(out, object{
		"node_count": uint32(1), "record_size": uint16(24), "ip_version": uint16(4), "database_type": "test", "languages": list{},
		"binary_format_major_version": uint16(2), "binary_format_minor_version": uint16(0), "build_epoch": uint64(1), "description": object{},
	})
}

func appendValue(out []byte, v value) []byte {
	switch v := v.(type) {
	case string:
		return append(append(out, 2<<5|byte(len(v))), v...) // shorter than 29
	case uint16:
		return binary.BigEndian.AppendUint16(append(out, 5<<5|2), v)
	case uint32:
		return binary.BigEndian.AppendUint32(append(out, 6<<5|4), v)
	case uint64:
		return binary.BigEndian.AppendUint64(append(out, 8, 9-7), v)
	case list:
		out = append(out, byte(len(v)), 11-7)
		for _, item := range v {
			out = appendValue(out, item)
		}
		return out
	case object:
		out = append(out, 7<<5|byte(len(v)))
		for key, item := range v {
			out = appendValue(appendValue(out, key), item)
		}
		return out
	default:
		panic("not needed so far")
	}
}
