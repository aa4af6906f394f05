package conversation

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// Embedded is a value kept as JSON text in a column, and handed on as it stands: a message carries its conversation's
// description without its being decoded and encoded again each time.
type Embedded[T any] struct {
	text string
}

// Embed encodes v. It panics only for a type that JSON cannot hold, which is a fault of the program.
func Embed[T any](v T) Embedded[T] {
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Errorf("conversation: embed %T: %w", v, err))
	}
	return Embedded[T]{text: string(text)}
}

// Value decodes what is embedded.
func (e Embedded[T]) Value() (T, error) {
	var v T
	if err := json.Unmarshal([]byte(e.text), &v); err != nil {
		return v, fmt.Errorf("conversation: decode the stored %T: %w", v, err)
	}
	return v, nil
}

// MarshalJSON returns the text as it stands; null when there is none.
func (e Embedded[T]) MarshalJSON() ([]byte, error) {
	if e.text == "" {
		return []byte("null"), nil
	}
	return []byte(e.text), nil
}

// UnmarshalJSON keeps the text.
func (e *Embedded[T]) UnmarshalJSON(text []byte) error {
	e.text = string(text)
	return nil
}

// Schema is T's, for the API document.
func (Embedded[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}
