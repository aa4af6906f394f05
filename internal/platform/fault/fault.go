// Package fault is the one shape of every refusal: a code from a closed list, the fields concerned, and the internal cause.
//
// Rules return it, sockets and HTTP map it in one place (platform/api), texts in three languages stand in platform/text.
// Nobody looks at error texts; causes are logged with the request id and never sent.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"strings"
)

// Error is a refusal or a failure.
type Error struct {
	Code   Code
	Fields []Field
	// Params fill the placeholders of the code's text, as {limit}.
	Params map[string]any
	// Cause is for the log only.
	Cause error
}

// Field names one input that is not acceptable, and what would be.
type Field struct {
	Name string
	// Code is one of the Field* constants.
	Code string
	// Limit is the number or list the text of the code speaks of; nil when it needs none.
	Limit any
}

// Field codes: the closed list of what can be wrong with one input.
const (
	FieldRequired     = "required"
	FieldTooLong      = "too_long"
	FieldTooShort     = "too_short"
	FieldTooLarge     = "too_large"
	FieldTooSmall     = "too_small"
	FieldTooMany      = "too_many"
	FieldInvalid      = "invalid"
	FieldNotAllowed   = "not_allowed"
	FieldControlChars = "control_characters"
	FieldTaken        = "taken"
	FieldUnknown      = "unknown"
	// FieldPrivate is an address of a private network.
	FieldPrivate       = "private_network"
	FieldContradiction = "contradiction"
)

// New returns an error with a code and no cause.
func New(code Code) *Error { return &Error{Code: code} }

// Wrap returns an error with a code and an internal cause.
func Wrap(code Code, cause error) *Error { return &Error{Code: code, Cause: cause} }

// Invalid returns a Validation error that names the fields.
func Invalid(fields ...Field) *Error { return &Error{Code: Validation, Fields: fields} }

// With adds a parameter for the text and returns the error.
func (e *Error) With(name string, value any) *Error {
	params := make(map[string]any, len(e.Params)+1)
	maps.Copy(params, e.Params)
	params[name] = value
	return &Error{Code: e.Code, Fields: e.Fields, Params: params, Cause: e.Cause}
}

// Error returns the code, the fields and the cause, for logs.
func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString(string(e.Code))
	for _, f := range e.Fields {
		fmt.Fprintf(&text, " %s:%s", f.Name, f.Code)
	}
	if e.Cause != nil {
		fmt.Fprintf(&text, ": %v", e.Cause)
	}
	return text.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// CodeOf returns the code of err: Internal when it is not a fault, empty when err is nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// Is says whether err carries code.
func Is(err error, code Code) bool { return CodeOf(err) == code }

// FieldsOf returns the fields an error names; none when it is not a fault.
func FieldsOf(err error) []Field {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Fields
	}
	return nil
}
