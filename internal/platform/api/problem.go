package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/text"
)

const problemType = "application/problem+json"

// Problem is the one shape of every refusal (RFC 9457).
type Problem struct {
	Type      string         `json:"type" doc:"Always about:blank; the code tells refusals apart."`
	Title     string         `json:"title" doc:"The status in words."`
	Status    int            `json:"status"`
	Code      fault.Code     `json:"code" doc:"From a closed list."`
	Detail    string         `json:"detail" doc:"For people, in the language of Accept-Language: pt, en or es."`
	Fields    []ProblemField `json:"fields,omitempty" doc:"The inputs that are not acceptable."`
	RequestID string         `json:"request_id" doc:"To be named when asking for help."`

	// retryAfter is in seconds; 0 for none.
	retryAfter int
}

// ProblemField names one unacceptable input.
type ProblemField struct {
	Field  string `json:"field"`
	Code   string `json:"code" doc:"From a closed list."`
	Detail string `json:"detail" doc:"What is allowed, for people."`
	Limit  any    `json:"limit,omitempty" doc:"The number or values the detail speaks of."`
}

// Error returns the code: a Problem is what a handler's error became.
func (p *Problem) Error() string { return string(p.Code) }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders tells when to come back, where that is known (RFC 9110, 10.2.3).
func (p *Problem) GetHeaders() http.Header {
	if p.retryAfter == 0 {
		return nil
	}
	return http.Header{"Retry-After": {strconv.Itoa(p.retryAfter)}}
}

// ContentType makes huma answer with application/problem+json.
func (p *Problem) ContentType(string) string { return problemType }

// Problem returns err as a problem in the language of the request, and logs what must not be sent.
func (a *API) Problem(ctx context.Context, err error) *Problem { return a.toProblem(ctx, err) }

func (a *API) toProblem(ctx context.Context, err error) *Problem {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		err = fault.Wrap(fault.RequestTooLarge, err)
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		f = fault.Wrap(fault.Internal, err)
	}
	if f.Code.Status() >= http.StatusInternalServerError && f.Code != fault.Overloaded { // that one is counted: many are refused at once
		a.config.Logger.LogAttrs(ctx, slog.LevelError, "request failed", slog.String("request", RequestID(ctx)), slog.Any("error", err))
	}
	return NewProblem(LanguageOf(ctx), RequestID(ctx), f)
}

// NewProblem writes a fault as a problem in a language: for sockets too.
func NewProblem(l text.Language, requestID string, f *fault.Error) *Problem {
	p := &Problem{
		Type: "about:blank", Title: http.StatusText(f.Code.Status()), Status: f.Code.Status(), Code: f.Code,
		Detail: text.Refusal(l, f), RequestID: requestID,
	}
	p.retryAfter, _ = f.Params["seconds"].(int)
	for _, field := range f.Fields {
		p.Fields = append(p.Fields, ProblemField{Field: field.Name, Code: field.Code, Detail: text.Field(l, field), Limit: field.Limit})
	}
	return p
}

// WriteProblem answers with a problem outside of huma.
func WriteProblem(w http.ResponseWriter, _ *http.Request, p *Problem) {
	w.Header().Set("Content-Type", problemType)
	maps.Copy(w.Header(), p.GetHeaders())
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client is gone: nobody to tell
}

// describeProblem puts the schema of problems with its closed lists into the document.
func (a *API) describeProblem() {
	schemas := a.Huma.OpenAPI().Components.Schemas
	schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	codes := fault.Codes()
	slices.Sort(codes)
	schema := schemas.Map()["Problem"]
	schema.Properties["code"].Enum = make([]any, len(codes))
	for i, c := range codes {
		schema.Properties["code"].Enum[i] = string(c)
	}
	field := schemas.Map()["ProblemField"]
	for _, c := range fault.FieldCodes() {
		field.Properties["code"].Enum = append(field.Properties["code"].Enum, c)
	}
}

var installErrors = sync.OnceFunc(func() {
	// huma gives its own refusals as a status and English texts. The texts are its variables: set to `field code|limit`, they carry
	// our codes to where the language is known.
	set := map[*string]string{
		&validation.MsgUnexpectedProperty:            fault.FieldUnknown + "|",
		&validation.MsgExpectedRFC5322Email:          fault.FieldInvalid + "|%.0v",
		&validation.MsgExpectedRFC3986URI:            fault.FieldInvalid + "|%.0v",
		&validation.MsgExpectedRFC4122UUID:           fault.FieldInvalid + "|UUID%.0v",
		&validation.MsgExpectedBoolean:               fault.FieldNotAllowed + "|true, false",
		&validation.MsgExpectedNumber:                fault.FieldInvalid + "|number",
		&validation.MsgExpectedInteger:               fault.FieldInvalid + "|integer",
		&validation.MsgExpectedString:                fault.FieldInvalid + "|string",
		&validation.MsgExpectedArray:                 fault.FieldInvalid + "|array",
		&validation.MsgExpectedObject:                fault.FieldInvalid + "|object",
		&validation.MsgExpectedArrayItemsUnique:      fault.FieldInvalid + "|",
		&validation.MsgExpectedOneOf:                 fault.FieldNotAllowed + "|%s",
		&validation.MsgExpectedMinimumNumber:         fault.FieldTooSmall + "|%v",
		&validation.MsgExpectedMaximumNumber:         fault.FieldTooLarge + "|%v",
		&validation.MsgExpectedMinLength:             fault.FieldTooShort + "|%d",
		&validation.MsgExpectedMaxLength:             fault.FieldTooLong + "|%d",
		&validation.MsgExpectedMatchPattern:          fault.FieldInvalid + "|%s",
		&validation.MsgExpectedBePattern:             fault.FieldInvalid + "|%s",
		&validation.MsgExpectedMinItems:              fault.FieldTooShort + "|%d",
		&validation.MsgExpectedMaxItems:              fault.FieldTooMany + "|%d",
		&validation.MsgExpectedMinProperties:         fault.FieldTooShort + "|%d",
		&validation.MsgExpectedMaxProperties:         fault.FieldTooMany + "|%d",
		&validation.MsgExpectedRequiredProperty:      fault.FieldRequired + "|%s",
		&validation.MsgExpectedMatchAtLeastOneSchema: fault.FieldInvalid + "|",
	}
	for variable, value := range set {
		*variable = value
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
		return fromHuma(ctx, status, errs)
	}
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		return fromHuma(nil, status, errs)
	}
})

// fromHuma turns huma's own refusal of an input into a problem.
func fromHuma(ctx huma.Context, status int, errs []error) huma.StatusError {
	f := fault.New(codeOfStatus(status))
	for _, err := range errs {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			f = fault.New(fault.RequestTooLarge)
			break
		}
		var detailer huma.ErrorDetailer
		if errors.As(err, &detailer) {
			f.Fields = append(f.Fields, toField(detailer.ErrorDetail()))
		}
	}
	language, requestID := text.English, ""
	if ctx != nil {
		if info, ok := ctx.Context().Value(requestKey).(*request); ok && info.tooLarge {
			f = fault.New(fault.RequestTooLarge)
		}
		language, requestID = LanguageOf(ctx.Context()), RequestID(ctx.Context())
	}
	return NewProblem(language, requestID, f)
}

// toField reads `code|limit`, see installErrors.
func toField(d *huma.ErrorDetail) fault.Field {
	name := d.Location
	for _, prefix := range []string{"body.", "query.", "path.", "header.", "cookie.", "form."} {
		name = strings.TrimPrefix(name, prefix)
	}
	code, limit, ok := strings.Cut(d.Message, "|")
	if !ok || !slices.Contains(fault.FieldCodes(), code) {
		return fault.Field{Name: name, Code: fault.FieldInvalid}
	}
	field := fault.Field{Name: name, Code: code}
	switch n, err := strconv.Atoi(limit); {
	case code == fault.FieldRequired:
		if name == "body" || name == "" {
			field.Name = limit
		} else {
			field.Name = name + "." + limit
		}
	case limit == "" || limit == "%!.0v(MISSING)":
	case err == nil:
		field.Limit = n
	default:
		field.Limit = limit
	}
	return field
}

func codeOfStatus(status int) fault.Code {
	switch status {
	case http.StatusBadRequest:
		return fault.MalformedRequest
	case http.StatusUnprocessableEntity:
		return fault.Validation
	case http.StatusRequestEntityTooLarge:
		return fault.RequestTooLarge
	case http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		return fault.UnsupportedType
	case http.StatusNotFound:
		return fault.NotFound
	case http.StatusRequestTimeout:
		return fault.MalformedRequest
	}
	if status < http.StatusInternalServerError {
		return fault.MalformedRequest
	}
	return fault.Internal
}

var errPanic = errors.New("panic")

func panicError(p any, stack []byte) error { return fmt.Errorf("%w: %v\n%s", errPanic, p, stack) }
